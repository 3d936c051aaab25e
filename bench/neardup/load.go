package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tocsin/services/extractor/maintext"
)

// text is one article and where it is from.
type text struct{ name, body string }

// load reads all texts of the paths, in a fixed order. What holds none is an error.
func load(paths []string) ([]text, error) {
	var all []text
	for _, path := range paths {
		read := readLines
		if info, err := os.Stat(path); err != nil {
			return nil, err
		} else if info.IsDir() {
			read = readFolder
		}
		texts, err := read(path)
		if err != nil {
			return nil, err
		}
		if len(texts) == 0 {
			return nil, fmt.Errorf("%s holds no text; want ground-truth.json, .html or .txt files, or one text a line", path)
		}
		all = append(all, texts...)
	}
	return all, nil
}

func readFolder(dir string) ([]text, error) {
	if data, err := os.ReadFile(filepath.Join(dir, "ground-truth.json")); err == nil { //nolint:gosec // a path the caller gave
		return readTruth(data)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.[ht][tx]*"))
	if err != nil {
		return nil, err
	}
	var texts []text
	for _, name := range names {
		data, err := os.ReadFile(name) //nolint:gosec // a path the caller gave
		if err != nil {
			return nil, err
		}
		body := string(data)
		if strings.Contains(filepath.Ext(name), "htm") {
			page, _, err := maintext.Decode(data, "")
			if err != nil {
				continue
			}
			found, err := maintext.Extract(page, "")
			if err != nil {
				continue
			}
			body = found.Body
		}
		texts = append(texts, text{name, body})
	}
	return texts, nil
}

func readTruth(data []byte) ([]text, error) {
	var truth map[string]struct {
		ArticleBody string `json:"articleBody"`
	}
	if err := json.Unmarshal(data, &truth); err != nil {
		return nil, fmt.Errorf("ground-truth.json: %w", err)
	}
	var texts []text
	for _, id := range slices.Sorted(maps.Keys(truth)) {
		texts = append(texts, text{id, truth[id].ArticleBody})
	}
	return texts, nil
}

// readLines takes each line for a text; its first word is its name.
func readLines(name string) ([]text, error) {
	data, err := os.ReadFile(name) //nolint:gosec // a path the caller gave
	if err != nil {
		return nil, err
	}
	var texts []text
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		id, body, ok := strings.Cut(lines.Text(), " ")
		if ok {
			texts = append(texts, text{id, body})
		}
	}
	return texts, lines.Err()
}
