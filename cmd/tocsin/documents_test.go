package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"tocsin/internal/assembly"
)

// documents are the pages that tell people what to type.
var documents = []string{"README.md", "CONTRIBUTING.md", "docs/*.md"}

// TestDocumentedCommandsExist: every tocsin command in the documents is one, with those arguments and flags. One that is
// only named may leave its arguments out.
func TestDocumentedCommandsExist(t *testing.T) {
	root := filepath.Join("..", "..")
	found := map[string]bool{}
	for _, pattern := range documents {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no such document (%v)", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			lines, names := typed(string(text))
			for i, line := range append(lines, names...) {
				found[line] = true
				if err := parses(words(line)); err != nil && (i < len(lines) || parses(append(words(line), "--help")) != nil) {
					t.Errorf("%s: `%s`: %v", filepath.Base(file), line, err)
				}
			}
		}
	}
	if len(found) < 30 {
		t.Errorf("only %d commands were found in the documents", len(found))
	}
}

func TestCommandsAreFoundInDocuments(t *testing.T) {
	lines, names := typed("Type `tocsin dlq list` or\n```\nbin/tocsin search --data x \"two words\"   # full text\nx | tocsin status\ndocker compose run --rm setup check\nalias tocsin='x'\nkubectl exec tocsin\n```\nsee tocsin here")
	if strings.Join(lines, "|") != `tocsin search --data x "two words"|tocsin check` || strings.Join(names, "|") != "tocsin dlq list" {
		t.Errorf("found the lines %q and the names %q", lines, names)
	}
	for line, wrong := range map[string]bool{
		"tocsin dlq list --since 1h": false, "tocsin dlq lits": true, "tocsin dlq show": true, "tocsin dlq list --sinse 1h": true, "tocsin status --every soon": true,
		"tocsin dlq show --help": false, "tocsin dlq lits --help": true, "tocsin dlq list --sinse --help": true,
	} {
		if err := parses(words(line)); (err != nil) != wrong {
			t.Errorf("%s: %v", line, err)
		}
	}
}

var (
	fence  = regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```")
	inline = regexp.MustCompile("`(tocsin [^`]+)`")
	alone  = regexp.MustCompile(`(?m)^(?:bin/)?(tocsin [^#|;&\n]+)|^docker compose run --rm setup ([^#|;&\n]+)`)
)

// typed are the tocsin commands of a page: the lines of its fences, and the names that stand between backquotes.
func typed(page string) (lines, names []string) {
	text := fence.ReplaceAllStringFunc(page, func(block string) string {
		for _, m := range alone.FindAllStringSubmatch(block, -1) {
			if m[2] != "" { // the container setup has the program, and its name comes first
				m[1] = "tocsin " + m[2]
			}
			lines = append(lines, strings.TrimSpace(m[1]))
		}
		return ""
	})
	for _, m := range inline.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return lines, names
}

// words cuts a line as a shell would, and puts something in the place of what the reader fills in.
func words(line string) []string {
	var all []string
	for _, m := range regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`).FindAllString(line, -1) {
		switch word := strings.Trim(m, `"'`); word {
		case "…", "N":
			all = append(all, "1")
		case "COMMAND":
			all = append(all, "status")
		default:
			all = append(all, word)
		}
	}
	return all[1:]
}

// parses reads a command line without running it. A command group alone, and help of any command, are fine.
func parses(args []string) error {
	var c cli
	options := append(assembly.Kong("tocsin", ""), kong.Vars{"log_level": "warn", "log_format": "text", "nats": ""},
		kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) { panic(helped{}) }))
	k, err := kong.New(&c, options...)
	if err != nil {
		return err
	}
	return asked(func() error {
		_, err := k.Parse(args)
		return err
	})
}

// helped is what ends a parser that was asked for help.
type helped struct{}

func asked(parse func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			if _, ok := v.(helped); !ok {
				panic(v)
			}
		}
	}()
	return parse()
}
