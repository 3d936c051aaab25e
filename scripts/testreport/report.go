package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is one line of go test -json; see go doc test2json.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build events
	Test       string
	Output     string
}

// key names a running test, or a package when test is empty.
type key struct{ pkg, test string }

type report struct {
	w       io.Writer
	output  map[key][]string // of what still runs
	results int              // packages that came to an end
	failed  bool
	skipped []string // "package Test: reason"
}

func newReport(w io.Writer) *report { return &report{w: w, output: map[key][]string{}} }

// read prints results as they come. A line that is no event is passed on as it is.
func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		switch {
		case len(line) > 0 && json.Unmarshal(line, &e) == nil:
			r.see(e)
		case len(line) > 0:
			r.print(string(line))
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) see(e event) {
	k := key{e.Package, e.Test}
	switch e.Action {
	case "output":
		r.output[k] = append(r.output[k], e.Output)
	case "build-output":
		r.print(e.Output)
	case "build-fail":
		r.failed = true
	case "pass", "fail", "skip":
		r.end(k, e.Action)
		delete(r.output, k)
	}
}

// end settles a test or a package. A failed test hands its output to its package, which prints it all together.
func (r *report) end(k key, action string) {
	out := r.output[k]
	parent := key{pkg: k.pkg}
	switch {
	case k.test == "":
		r.results++
		r.failed = r.failed || action == "fail"
		for _, line := range out {
			if closing(line) || action == "fail" && !strings.HasPrefix(line, "=== ") {
				r.print(line)
			}
		}
	case action == "fail":
		r.output[parent] = append(out, r.output[parent]...)
	case action == "skip" && !isSeed(k.test):
		r.skipped = append(r.skipped, fmt.Sprintf("%s %s: %s", k.pkg, k.test, reason(out)))
	}
}

// closing reports whether a line is the one that go test ends a package with.
func closing(line string) bool {
	return strings.HasPrefix(line, "ok  \t") || strings.HasPrefix(line, "FAIL\t") || strings.HasPrefix(line, "?   \t")
}

// isSeed reports whether a test is one input of a fuzz target's corpus; such a skip only says that the property does
// not speak of this input.
func isSeed(test string) bool { return strings.HasPrefix(test, "Fuzz") && strings.Contains(test, "/") }

// reason is what the test said when it skipped: the output without the frame that go test puts around it.
func reason(out []string) string {
	var said []string
	for _, line := range out {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- SKIP") {
			continue
		}
		if place, text, ok := strings.Cut(line, ": "); ok && strings.Contains(place, "_test.go:") {
			line = text
		}
		if line != "" {
			said = append(said, line)
		}
	}
	if len(said) == 0 {
		return "gave no reason"
	}
	return strings.Join(said, " ")
}

// close prints the list of skips and returns whether the run is good.
func (r *report) close(noskip bool) bool {
	slices.Sort(r.skipped)
	switch {
	case r.results == 0:
		r.print("no test results came; look above for what go test says\n")
		return false
	case len(r.skipped) == 0:
		r.print("nothing was skipped\n")
	default:
		r.print(fmt.Sprintf("skipped %d:\n", len(r.skipped)))
		for _, s := range r.skipped {
			r.print("  " + s + "\n")
		}
	}
	if noskip && len(r.skipped) > 0 {
		r.print("a skipped test fails this run (-noskip)\n")
		return false
	}
	return !r.failed
}

// print ignores a failing standard output: the exit status still tells.
func (r *report) print(s string) { _, _ = io.WriteString(r.w, s) }
