package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"tocsin/services/extractor/dates"
)

// timex is a temporal expression with half-open offsets in code points.
type timex struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Type  string `json:"type"`
	Value string `json:"value"`
}

// document is one line of a gold file.
type document struct {
	ID   string   `json:"id"`
	DCT  string   `json:"dct"`
	Text string   `json:"text"`
	Gold []timex  `json:"gold"`
	Skip [][2]int `json:"skip"`
}

// maxLine bounds a document.
const maxLine = 64 << 20

// readDocuments reads the lines of a JSONL file, gzipped when its name ends in .gz.
func readDocuments(name string) ([]document, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	var in io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		in = z
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<20), maxLine)
	var all []document
	for lines.Scan() {
		var d document
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", name, len(all)+1, err)
		}
		all = append(all, d)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return all, nil
}

func readAllDocuments(names []string) ([]document, error) {
	var all []document
	for _, n := range names {
		ds, err := readDocuments(n)
		if err != nil {
			return nil, err
		}
		all = append(all, ds...)
	}
	return all, nil
}

// reference is the publication date of a document, the zero time when it has none.
func (d document) reference() time.Time {
	if len(d.DCT) < 10 {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, d.DCT[:10])
	if err != nil {
		return time.Time{}
	}
	return t
}

// skipped tells whether a prediction lies in a range that does not count.
func (d document) skipped(t timex) bool {
	for _, s := range d.Skip {
		if t.Start < s[1] && t.End > s[0] {
			return true
		}
	}
	return false
}

func modeOf(name string) (dates.Mode, error) {
	switch name {
	case "auto":
		return dates.Auto, nil
	case "news":
		return dates.News, nil
	case "narrative":
		return dates.Narrative, nil
	}
	return 0, fmt.Errorf("mode %q is not news, narrative or auto", name)
}

// predict runs the room over a document; offsets are turned into code points.
func predict(d document, mode dates.Mode) []timex {
	var all []timex
	at, runes := 0, 0
	count := func(to int) int {
		runes += utf8.RuneCountInString(d.Text[at:to])
		at = to
		return runes
	}
	for _, m := range dates.Find(d.Text, d.reference(), dates.Options{Mode: mode}) {
		t := timex{Start: count(m.Start), End: count(m.End), Type: string(m.Type), Value: m.Value}
		if !d.skipped(t) {
			all = append(all, t)
		}
	}
	return all
}
