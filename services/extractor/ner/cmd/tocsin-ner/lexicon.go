package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"tocsin/services/extractor/ner/crf"
	"tocsin/services/extractor/ner/newswire"
)

// loadLexicon makes the lexicon of files, or takes that of a model.
func (t *trainFlags) loadLexicon() (*crf.Lexicon, error) {
	if t.words == "" && t.names == "" {
		m, err := loadModel(t.lexicon)
		if err != nil {
			return nil, err
		}
		return m.Lexicon(), nil
	}
	var words []crf.ClassedWord
	if t.words != "" {
		var err error
		if words, err = readClasses(t.words); err != nil {
			return nil, fmt.Errorf("%s: %w", t.words, err)
		}
	}
	var lists [][]string
	if t.names != "" {
		for name := range strings.SplitSeq(t.names, ",") {
			l, err := readLines(name)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			lists = append(lists, l)
		}
	}
	return crf.NewLexicon(words, lists, nil)
}

// readClasses reads what clusters writes.
func readClasses(name string) ([]crf.ClassedWord, error) {
	lines, err := readLines(name)
	if err != nil {
		return nil, err
	}
	out := make([]crf.ClassedWord, 0, len(lines))
	for i, l := range lines {
		cols := strings.Split(l, "\t")
		if len(cols) < 2 || len(cols) > 4 {
			return nil, fmt.Errorf("line %d: want a word and up to three classes", i+1)
		}
		w := crf.ClassedWord{Text: cols[0]}
		for k, c := range cols[1:] {
			n, err := strconv.ParseUint(c, 10, 12)
			if err != nil {
				return nil, fmt.Errorf("line %d: %q is no class", i+1, c)
			}
			w.Class[k] = uint16(n)
		}
		out = append(out, w)
	}
	return out, nil
}

// readLines reads the lines of a file, plain or gzip-compressed.
func readLines(name string) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // read only
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	var out []string
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<16), 1<<20)
	for sc.Scan() {
		out = append(out, sc.Text())
	}
	return out, sc.Err()
}

// loadModel reads a model file; no name means the shipped one.
func loadModel(name string) (*crf.Model, error) {
	if name == "" {
		return crf.Decode(newswire.Shipped())
	}
	file, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	m, err := crf.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}
