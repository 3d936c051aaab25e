package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// writeFile writes through a temporary neighbour, so that a file is there whole or not at all.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name + ".part")
	if err != nil {
		return err
	}
	err = write(f)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", name, err)
	}
	return os.Rename(f.Name(), name)
}

// numbers reads a list of numbers with commas between them.
func numbers(s string) ([]int, error) {
	var out []int
	for p := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil {
			return nil, fmt.Errorf("%q is no number", p)
		}
		out = append(out, n)
	}
	return out, nil
}
