package arch

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// documents are held to the tree: what they name must exist. One that does not exist yet is nobody's fault.
var documents = []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"}

var (
	// ours is a path that begins with one of the house's folders, wherever it stands in code or between back-ticks.
	ours = regexp.MustCompile(`(?:^|[\s"'(=])((?:cmd|pkg|internal|services|bench|deploy|examples|scripts|test|\.ci)(?:/[A-Za-z0-9_.-]+)+)`)
	// target is a make target that a reader is told to call.
	target = regexp.MustCompile(`\bmake ([a-z][a-z0-9-]*)`)
	// linked is the address of a Markdown link into the tree.
	linked = regexp.MustCompile(`\]\(([A-Za-z0-9_./-]+)\)`)
	quoted = regexp.MustCompile("`([^`]+)`")
	rule   = regexp.MustCompile(`(?m)^([a-zA-Z][a-zA-Z0-9 _-]*):`)
)

// checkDocuments looks up every path and make target that the documents name.
func checkDocuments(module fs.FS) ([]Problem, error) {
	targets, err := makeTargets(module)
	if err != nil {
		return nil, err
	}
	var problems []Problem
	for _, name := range documents {
		source, err := fs.ReadFile(module, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		fenced, number := false, 0
		for line := range strings.Lines(string(source)) {
			number++
			if strings.HasPrefix(line, "```") {
				fenced = !fenced
				continue
			}
			for _, sentence := range checkLine(module, line, fenced, targets) {
				problems = append(problems, Problem{File: name, Line: number, Sentence: sentence})
			}
		}
	}
	return problems, nil
}

// checkLine returns what a line names and the tree lacks. Inside a fence the whole line is code.
func checkLine(module fs.FS, line string, fenced bool, targets map[string]bool) []string {
	code, paths := line, []string{}
	if !fenced {
		var parts []string
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			parts = append(parts, m[1])
		}
		code = strings.Join(parts, "\n")
		for _, m := range linked.FindAllStringSubmatch(line, -1) {
			paths = append(paths, m[1])
		}
	}
	for _, m := range ours.FindAllStringSubmatch(code, -1) {
		paths = append(paths, m[1])
	}
	var wrong []string
	for _, p := range paths {
		if _, err := fs.Stat(module, strings.TrimRight(p, "/.")); err != nil {
			wrong = append(wrong, fmt.Sprintf("names %s, which does not exist", p))
		}
	}
	for _, m := range target.FindAllStringSubmatch(code, -1) {
		if !targets[m[1]] {
			wrong = append(wrong, fmt.Sprintf("names make %s, which the Makefile does not have", m[1]))
		}
	}
	return wrong
}

func makeTargets(module fs.FS) (map[string]bool, error) {
	source, err := fs.ReadFile(module, "Makefile")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the Makefile: %w", err)
	}
	targets := map[string]bool{}
	for _, m := range rule.FindAllStringSubmatch(string(source), -1) {
		for name := range strings.FieldsSeq(m[1]) {
			targets[name] = true
		}
	}
	return targets, nil
}
