package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRun measures forty made-up texts, one of them twice.
func TestRun(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var lines strings.Builder
	for i := range 40 {
		fmt.Fprintf(&lines, "t%d", i)
		for range 300 {
			fmt.Fprintf(&lines, " w%d", r.IntN(3000))
		}
		lines.WriteByte('\n')
	}
	lines.WriteString(strings.Split(lines.String(), "\n")[0] + "\n")
	file := filepath.Join(t.TempDir(), "texts")
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run([]string{"--json", file}, &out); err != nil {
		t.Fatal(err)
	}
	var got row
	if err := json.NewDecoder(&out).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Engine != "tocsin" || got.Texts != 41 || got.Edited != 41 || got.Pairs != 820 || got.Planted != 1 || got.FalsePairs != 0 || got.Recall < 0.98 {
		t.Errorf("got %+v", got)
	}
}

func TestNothingToRead(t *testing.T) {
	if err := run([]string{t.TempDir()}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "ground-truth.json") {
		t.Errorf("an empty folder: got %v, want an error that says what to give", err)
	}
}
