package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	dateparser "github.com/markusmobius/go-dateparser"
	"github.com/olebedev/when"
	"github.com/olebedev/when/rules/common"
	"github.com/olebedev/when/rules/en"
)

// rivals are the Go libraries that look for dates in running text.
func rivals() []engine { return []engine{{"go-dateparser", searchDateparser}, {"when", searchWhen()}} }

func searchDateparser(text string, ref time.Time) {
	cfg := &dateparser.Configuration{CurrentTime: ref, DefaultTimezone: time.UTC, Locales: []string{"en"}}
	_, _, _ = dateparser.Search(cfg, text) // finding nothing is an answer, and errors are its way to say so
}

// searchWhen parses one expression after the other, since the library only knows how to find the first.
func searchWhen() func(string, time.Time) {
	w := when.New(nil)
	w.Add(en.All...)
	w.Add(common.All...)
	return func(text string, ref time.Time) {
		for line := range strings.SplitSeq(text, "\n") {
			for line != "" {
				r, err := w.Parse(line, ref)
				if err != nil || r == nil {
					break
				}
				line = line[min(len(line), max(r.Index+len(r.Text), 1)):]
			}
		}
	}
}

//go:embed chrono.js
var chronoScript string

// chrono times chrono-node in a node process of its own; the package is looked for from the working directory and in
// NODE_PATH.
func chrono(docs []document, limit time.Duration) (rate, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return rate{}, errors.New("node is not installed")
	}
	in, err := json.Marshal(map[string]any{"seconds": limit.Seconds(), "docs": docs})
	if err != nil {
		return rate{}, err
	}
	cmd := exec.Command(node, "-e", chronoScript)
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if strings.Contains(stderr.String(), "Cannot find module 'chrono-node'") {
			return rate{}, errors.New("install it with npm install chrono-node and run there, or set NODE_PATH")
		}
		return rate{}, fmt.Errorf("%w: %s", err, stderr.String())
	}
	r := rate{Engine: "chrono-node"}
	return r, json.Unmarshal(out, &r)
}
