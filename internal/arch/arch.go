// Package arch keeps the house in order: who may import whom, which rooms may not know a clock or a network, that every
// package says what it is for, and that the documents speak of things that exist. It holds no product code; its one
// test runs Check over the module. The floors themselves are the table in floors.go, and ARCHITECTURE.md says why they
// stand as they do.
package arch

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Module is the path that product imports begin with.
const Module = "tocsin"

// maxLines is how long a file may grow before it must be split by idea. Generated files and tests are exempt.
const maxLines = 600

// Problem is one place where the house is not as agreed.
type Problem struct {
	// File is relative to the module's root; Line counts from 1, 0 when the whole file or folder is meant.
	File string
	Line int
	// Sentence says what is wrong and what to do.
	Sentence string
}

// String is the problem as a compiler would print it.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Sentence
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Sentence)
}

// Check reads every Go file and document of a module and returns its problems, by file and line. An error means that
// the module could not be read at all.
func Check(module fs.FS) ([]Problem, error) {
	packages, problems, err := load(module)
	if err != nil {
		return nil, err
	}
	for _, p := range packages {
		problems = append(problems, p.check()...)
	}
	prose, err := checkDocuments(module)
	if err != nil {
		return nil, err
	}
	problems = append(problems, prose...)
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, strings.Compare(a.Sentence, b.Sentence))
	})
	return problems, nil
}

// pkg is one folder of product code; tests are not part of it.
type pkg struct {
	path  string // relative to the module's root, "." for the root
	files []file
}

type file struct {
	path  string
	lines int
	set   *token.FileSet
	tree  *ast.File
}

// load parses the module's product files, folder by folder.
func load(module fs.FS) ([]pkg, []Problem, error) {
	folders := map[string]*pkg{}
	var problems []Problem
	err := fs.WalkDir(module, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return skip(module, name)
		case !strings.HasSuffix(name, ".go"), strings.HasSuffix(name, "_test.go"), name == "deps.go":
			return nil // deps.go only keeps modules pinned; it is never compiled
		}
		problems = append(problems, add(folders, module, name)...)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the module: %w", err)
	}
	var all []pkg
	for _, p := range folders {
		all = append(all, *p)
	}
	return all, problems, nil
}

// add parses one file into its folder.
func add(folders map[string]*pkg, module fs.FS, name string) []Problem {
	f, err := parse(module, name)
	if err != nil {
		return []Problem{{File: name, Sentence: "cannot be parsed: " + err.Error()}}
	}
	dir := path.Dir(name)
	if folders[dir] == nil {
		folders[dir] = &pkg{path: dir}
	}
	folders[dir].files = append(folders[dir].files, f)
	return nil
}

// skip leaves out hidden folders, test data, and other modules.
func skip(module fs.FS, name string) error {
	if name == "." {
		return nil
	}
	base := path.Base(name)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "bin" {
		return fs.SkipDir
	}
	if _, err := fs.Stat(module, path.Join(name, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

func parse(module fs.FS, name string) (file, error) {
	source, err := fs.ReadFile(module, name)
	if err != nil {
		return file{}, err
	}
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, name, source, parser.ParseComments|parser.SkipObjectResolution)
	return file{path: name, lines: strings.Count(string(source), "\n"), set: set, tree: tree}, err
}

func (f file) problem(at token.Pos, format string, args ...any) Problem {
	return Problem{File: f.path, Line: f.set.Position(at).Line, Sentence: fmt.Sprintf(format, args...)}
}

// check holds one package to its floor and to what every package owes.
func (p pkg) check() []Problem {
	var problems []Problem
	if !slices.ContainsFunc(p.files, func(f file) bool { return f.tree.Doc != nil }) {
		problems = append(problems, Problem{File: p.path, Sentence: "no file has a package comment; say in a sentence what the room gives"})
	}
	r, ok := rowOf(p.path)
	if !ok {
		problems = append(problems, Problem{File: p.path, Sentence: "stands on no floor; add it to the table in internal/arch and to ARCHITECTURE.md"})
	}
	for _, f := range p.files {
		if f.lines > maxLines && !ast.IsGenerated(f.tree) {
			problems = append(problems, Problem{File: f.path, Sentence: fmt.Sprintf("has %d lines; over %d it is split by idea", f.lines, maxLines)})
		}
		if ok {
			problems = append(problems, f.checkImports(p.path, r)...)
			problems = append(problems, f.checkCode(r)...)
		}
	}
	return problems
}

// checkImports compares what a file imports with what its row allows.
func (f file) checkImports(dir string, r row) []Problem {
	var problems []Problem
	for _, spec := range f.tree.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has complained already
		}
		if why := r.refuses(dir, name); why != "" {
			problems = append(problems, f.problem(spec.Pos(), "%s may not import %s: %s", dir, name, why))
		}
	}
	return problems
}

// checkCode finds what imports alone do not show: clocks, exits and init functions.
func (f file) checkCode(r row) []Problem {
	var problems []Problem
	for _, decl := range f.tree.Decls {
		fn, isFunc := decl.(*ast.FuncDecl)
		if isFunc && fn.Recv == nil && fn.Name.Name == "init" {
			problems = append(problems, f.problem(fn.Pos(), "func init runs behind everybody's back; build the value where it is used"))
		}
		inLoop := isFunc && fn.Name.Name == "Run"
		ast.Inspect(decl, func(n ast.Node) bool {
			if why := r.refusesNode(n, inLoop); why != "" {
				problems = append(problems, f.problem(n.Pos(), "%s", why))
			}
			return true
		})
	}
	return problems
}

// selector returns "time.Now" for such an expression; names that a local variable shadows are not looked through.
func selector(n ast.Node) string {
	s, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return x.Name + "." + s.Sel.Name
}
