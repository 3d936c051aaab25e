package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
)

// readSamples reads the pages that go-trafilatura compares itself on: scripts/comparison/data.go names them, with
// sentences that belong to the text and sentences that do not.
func readSamples(dir string) ([]page, error) {
	source, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, "scripts", "comparison", "data.go"), nil, 0)
	if err != nil {
		return nil, err
	}
	var pages []page
	ast.Inspect(source, func(n ast.Node) bool {
		pair, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		entry, isEntry := pair.Value.(*ast.CompositeLit)
		address, isText := pair.Key.(*ast.BasicLit)
		if !isEntry || !isText {
			return true
		}
		if p, ok := sample(dir, entry); ok {
			p.address, _ = strconv.Unquote(address.Value)
			pages = append(pages, p)
		}
		return false
	})
	if len(pages) == 0 {
		return nil, errors.New("no pages")
	}
	return pages, nil
}

func sample(dir string, entry *ast.CompositeLit) (page, bool) {
	p := page{judgedBySamples: true}
	for _, e := range entry.Elts {
		field, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		name, ok := field.Key.(*ast.Ident)
		if !ok {
			continue
		}
		switch texts := literals(field.Value); {
		case name.Name == "File" && len(texts) == 1:
			p.name = texts[0]
		case name.Name == "With":
			p.with = texts
		case name.Name == "Without":
			p.without = texts
		}
	}
	for _, folder := range []string{"comparison", "mock"} {
		var err error
		if p.html, err = os.ReadFile(filepath.Join(dir, "test-files", folder, p.name)); err == nil { //nolint:gosec // a path the caller gave
			return p, true
		}
	}
	return p, false
}

// literals are the strings an expression holds.
func literals(e ast.Expr) []string {
	var out []string
	ast.Inspect(e, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil {
				out = append(out, s)
			}
		}
		return true
	})
	return out
}
