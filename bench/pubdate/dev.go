package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// makeDev writes LABELS.jsonl and the pages it names to a folder.
func makeDev(o options, stdout io.Writer) error {
	labels, err := devLabels(o.module)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(o.out, "pages"), 0o755); err != nil {
		return err
	}
	var lines bytes.Buffer
	out := json.NewEncoder(&lines)
	for _, l := range labels {
		page, err := os.ReadFile(l.File)
		if err != nil {
			return err
		}
		l.File = filepath.Join("pages", filepath.Base(l.File))
		if err := os.WriteFile(filepath.Join(o.out, l.File), page, 0o644); err != nil {
			return err
		}
		if err := out.Encode(l); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(stdout, "%d pages\n", len(labels)); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(o.out, "LABELS.jsonl"), lines.Bytes(), 0o644)
}

// devLabels returns entries 0, 2, 4 … of each of go-htmldate's tables, with the paths of their pages in the module. The
// others stay unseen, so that somebody else can judge by them.
func devLabels(module string) ([]label, error) {
	tables, err := filepath.Glob(filepath.Join(module, "scripts", "comparison", "data-*.go"))
	if err != nil || len(tables) == 0 {
		return nil, fmt.Errorf("%s has no tables scripts/comparison/data-*.go; give the folder of go-htmldate's module", module)
	}
	var labels []label
	for _, name := range tables {
		entries, err := readTable(name)
		if err != nil {
			return nil, err
		}
		for i := 0; i < len(entries); i += 2 {
			l, err := labelOf(entries[i], module)
			if err != nil {
				return nil, err
			}
			labels = append(labels, l)
		}
	}
	return labels, nil
}

// readTable returns the entries of the tables in one Go file, each as its fields' names and string values.
func readTable(name string) ([]map[string]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		return nil, err
	}
	var entries []map[string]string
	ast.Inspect(file, func(n ast.Node) bool {
		list, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if _, ok := list.Type.(*ast.ArrayType); !ok {
			return true
		}
		for _, e := range list.Elts {
			if entry, ok := e.(*ast.CompositeLit); ok {
				entries = append(entries, fieldsOf(entry))
			}
		}
		return false
	})
	return entries, nil
}

func fieldsOf(entry *ast.CompositeLit) map[string]string {
	fields := map[string]string{}
	for _, e := range entry.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, isName := pair.Key.(*ast.Ident)
		value, isText := pair.Value.(*ast.BasicLit)
		if !isName || !isText {
			continue
		}
		if s, err := strconv.Unquote(value.Value); err == nil {
			fields[key.Name] = s
		}
	}
	return fields
}

// labelOf finds the page of an entry. The tables write "nan" where a page has no date.
func labelOf(entry map[string]string, module string) (label, error) {
	l := label{URL: entry["URL"]}
	if d := entry["Date"]; d != "" && d != "nan" {
		l.Date = &d
	}
	for _, folder := range []string{"mediacloud", "comparison", "mock"} {
		l.File = filepath.Join(module, "test-files", folder, entry["File"])
		if _, err := os.Stat(l.File); err == nil {
			return l, nil
		}
	}
	return l, fmt.Errorf("page %s of %s is not in the module's test-files", entry["File"], entry["URL"])
}
