package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mmcdole/gofeed"

	"tocsin/bench/measure"
	"tocsin/services/fetcher/feed"
)

// corpusRow is what an engine made of a folder.
type corpusRow struct {
	Engine     string  `json:"engine"`
	Files      int     `json:"files"`
	OK         int     `json:"ok"`
	OKShare    float64 `json:"ok_share"`
	Items      int     `json:"items"`
	Expected   int     `json:"expected"`
	ExpectedOK int     `json:"expected_ok"`
	Panics     int     `json:"panics"`
	SlowestMS  float64 `json:"slowest_ms"`
}

// file is one document and how it is served.
type file struct {
	path, contentType, base string
	body                    []byte
	want                    expectation
}

// reading is what an engine says of a document: the values by the names that expectations use.
type reading struct {
	items  int
	values map[string]string
}

// parsers are the engines. gofeed gets the bytes as they are, as its users do.
var parsers = []struct {
	name string
	read func(f file) (reading, error)
}{
	{"tocsin", func(f file) (reading, error) {
		doc, err := feed.Parse(f.body, f.contentType, f.base, nil, feed.Limits{})
		return ofDocument(doc), err
	}},
	{"gofeed", func(f file) (reading, error) {
		parsed, err := gofeed.NewParser().Parse(bytes.NewReader(f.body))
		if err != nil {
			return reading{}, err
		}
		return ofGofeed(parsed), nil
	}},
}

func corpus(o options) error {
	files, err := readCorpus(o.path)
	if err != nil {
		return err
	}
	var rows []corpusRow
	for _, p := range parsers {
		row := corpusRow{Engine: p.name}
		for _, f := range files {
			row.add(o, f, p.read)
		}
		row.OKShare = float64(row.OK) / float64(max(row.Files, 1))
		rows = append(rows, row)
	}
	return measure.Write(o.out, rows, o.json)
}

func (row *corpusRow) add(o options, f file, read func(file) (reading, error)) {
	row.Files++
	before := measure.CPU()
	got, panicked, err := guarded(f, read)
	row.SlowestMS = max(row.SlowestMS, (measure.CPU()-before).Seconds()*1000)
	switch {
	case panicked:
		row.Panics++
	case err == nil:
		row.OK++
		row.Items += got.items
	}
	if err != nil && o.list {
		_, _ = fmt.Fprintf(o.out, "%s\t%s\t%v\n", row.Engine, f.path, err)
	}
	if f.want.key == "" {
		return
	}
	row.Expected++
	if err == nil && f.want.met(got.values[f.want.key]) {
		row.ExpectedOK++
	} else if o.list {
		_, _ = fmt.Fprintf(o.out, "%s\t%s\t%s is %q, want %q\n", row.Engine, f.path, f.want.key, got.values[f.want.key], f.want.value)
	}
}

func guarded(f file, read func(file) (reading, error)) (got reading, panicked bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err, panicked = fmt.Errorf("panic: %v", r), true
		}
	}()
	got, err = read(f)
	return got, false, err
}

// readCorpus reads all files of a folder but those of the dead format CDF.
func readCorpus(dir string) ([]file, error) {
	var files []file
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		inside, err := filepath.Rel(dir, path)
		if err != nil || strings.HasPrefix(d.Name(), ".") || strings.Contains("/"+filepath.ToSlash(inside), "/cdf/") {
			return err
		}
		body, err := os.ReadFile(path) //nolint:gosec // a path the caller gave
		if err != nil {
			return err
		}
		files = append(files, newFile(filepath.ToSlash(inside), body))
		return nil
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s holds no files", dir)
	}
	return files, err
}
