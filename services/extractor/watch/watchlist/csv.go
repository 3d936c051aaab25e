package watchlist

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tocsin/services/extractor/watch"
)

// readCSV reads Tocsin's own table: a header line, then one entry a line. Cells with several values separate them by
// semicolons. Only the column "name" is needed; "country" may be written for "countries".
func readCSV(files []File, report *Report) ([]watch.Entry, error) {
	r := csv.NewReader(bytes.NewReader(files[0].Data))
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; begin it with a header line such as \"name,aliases,list\"")
	}
	if err != nil {
		return nil, fmt.Errorf("not readable as CSV: %w", err)
	}
	if err := checkHeader(header); err != nil {
		return nil, err
	}
	var entries []watch.Entry
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			report.Records = len(entries)
			return entries, nil
		}
		if err != nil {
			return nil, fmt.Errorf("not readable as CSV: %w", err)
		}
		line, _ := r.FieldPos(0)
		e, err := csvEntry(header, row)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		entries = append(entries, e)
	}
}

func checkHeader(header []string) error {
	known := append(slices.DeleteFunc(entryKeys(), func(k string) bool { return k == "policy" }), "country")
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(header[i]))
		if !slices.Contains(known, header[i]) {
			return fmt.Errorf("line 1: unknown column %q; known are %s", header[i], strings.Join(known, ", "))
		}
		if slices.Index(header, header[i]) < i {
			return fmt.Errorf("line 1: column %q appears twice", header[i])
		}
	}
	if !slices.Contains(header, "name") {
		return errors.New("line 1: no column \"name\"; write a header line such as \"name,aliases,list\"")
	}
	return nil
}

func csvEntry(header, row []string) (watch.Entry, error) {
	if len(row) > len(header) {
		return watch.Entry{}, fmt.Errorf("%d cells under %d columns; quote cells that hold commas", len(row), len(header))
	}
	var f fields
	for i, cell := range row {
		if into := f.list1(header[i]); into != nil {
			*into = append(*into, splitCell(cell)...)
			continue
		}
		if err := f.value(header[i], cell); err != nil {
			return watch.Entry{}, err
		}
	}
	return f.entry()
}

func splitCell(cell string) []string {
	var out []string
	for part := range strings.SplitSeq(cell, ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
