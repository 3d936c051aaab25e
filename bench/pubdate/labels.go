package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// label is one line of a file of labels. File is looked for beside the labels, then from the working directory; Date
// is null where the page has none.
type label struct {
	File string  `json:"file"`
	URL  string  `json:"url"`
	Date *string `json:"date"`
}

// page is a labelled page in memory; day is zero where it has none.
type page struct {
	label
	bytes []byte
	day   time.Time
}

const maxLine = 1 << 20

// readPages reads all labels and their pages.
func readPages(names []string) ([]page, error) {
	var all []page
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(bytes.NewReader(data))
		lines.Buffer(nil, maxLine)
		for n := 1; lines.Scan(); n++ {
			if len(bytes.TrimSpace(lines.Bytes())) == 0 {
				continue
			}
			p, err := readPage(lines.Bytes(), filepath.Dir(name))
			if err != nil {
				return nil, fmt.Errorf("%s line %d: %w", name, n, err)
			}
			all = append(all, p)
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("the files hold no labels")
	}
	return all, nil
}

func readPage(line []byte, folder string) (p page, err error) {
	if err := json.Unmarshal(line, &p.label); err != nil {
		return p, err
	}
	return p, p.load(folder)
}

// load reads the page a label names and its date.
func (p *page) load(folder string) (err error) {
	if p.Date != nil {
		if p.day, err = time.Parse(time.DateOnly, *p.Date); err != nil {
			return fmt.Errorf("date %q; want 2026-01-31 or null", *p.Date)
		}
	}
	beside := p.File
	if !filepath.IsAbs(beside) {
		beside = filepath.Join(folder, p.File)
	}
	p.bytes, err = os.ReadFile(beside)
	if errors.Is(err, fs.ErrNotExist) {
		p.bytes, err = os.ReadFile(p.File)
	}
	return err
}
