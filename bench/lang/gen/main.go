// Command gen writes the table of language profiles that services/extractor/lang reads, out of the source of whatlanggo,
// which keeps its profiles to itself.
//
//	go run ./lang/gen > ../services/extractor/lang/profiles.txt
//
// A line is a script, a language (ISO 639-3) and its trigrams, most frequent first, all separated by tabs and the trigrams
// by |.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/RadhiFadlillah/whatlanggo"

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	dir, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return fmt.Errorf("find the source of %s: %w", module, err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "lang.go"), nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	lines, err := profiles(file)
	if err != nil {
		return err
	}
	slices.SortFunc(lines, func(a, b string) int {
		return cmp.Compare(a[:strings.LastIndexByte(a, '\t')], b[:strings.LastIndexByte(b, '\t')])
	})
	_, err = fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}

// profiles are the lines for every variable such as latinLangs.
func profiles(file *ast.File) (lines []string, err error) {
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			return true
		}
		list, ok := v.Values[0].(*ast.CompositeLit)
		if kind, _ := typeName(list); !ok || kind != "langProfileList" {
			return true
		}
		for _, e := range list.Elts {
			line, lineErr := profile(strings.TrimSuffix(v.Names[0].Name, "Langs"), e)
			lines, err = append(lines, line), errors.Join(err, lineErr)
		}
		return false
	})
	if len(lines) == 0 {
		err = errors.Join(err, errors.New("no profiles were found; has the source changed?"))
	}
	return lines, err
}

func typeName(list *ast.CompositeLit) (string, bool) {
	if list == nil {
		return "", false
	}
	id, ok := list.Type.(*ast.Ident)
	if !ok {
		return "", false
	}
	return id.Name, true
}

// profile is the line of one language.
func profile(script string, e ast.Expr) (string, error) {
	pair, ok := e.(*ast.KeyValueExpr)
	if !ok {
		return "", fmt.Errorf("%s: %T is no pair", script, e)
	}
	language, ok := pair.Key.(*ast.Ident)
	list, ok2 := pair.Value.(*ast.CompositeLit)
	if !ok || !ok2 {
		return "", fmt.Errorf("%s: not a language and its trigrams", script)
	}
	trigrams := make([]string, len(list.Elts))
	for i, e := range list.Elts {
		literal, ok := e.(*ast.BasicLit)
		if !ok {
			return "", fmt.Errorf("%s %s: %T is no string", script, language.Name, e)
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil || len([]rune(text)) != 3 || strings.ContainsAny(text, "|\t\n") {
			return "", fmt.Errorf("%s %s: %q is no trigram", script, language.Name, text)
		}
		trigrams[i] = text
	}
	return strings.Join([]string{script, strings.ToLower(language.Name), strings.Join(trigrams, "|")}, "\t"), nil
}
