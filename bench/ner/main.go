// Command ner measures how well and how fast names are found, beside prose.
//
//	ner score [--model FILE] [--engine crf|prose] [--classes 3|4] [--raw] [--json] FILE.bio[.gz]…
//	ner speed [--model FILE] [--json] FILE…
//	ner errors [--model FILE] [--raw] [--show N] FILE.bio[.gz]…
//
// Labelled files hold a token, a tab and a BIO tag on a line, a blank line between sentences, -DOCSTART- between
// documents. Scores are by exact span and type, as conlleval counts. The CRF gets the files' tokens and sentences, or
// with --raw the rebuilt text; prose always gets text.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/newswire"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ner:", err)
		os.Exit(1)
	}
}

// options are the flags of all commands.
type options struct {
	model   string
	engine  string
	classes int
	raw     bool
	json    bool
	show    int
	files   []string
	out     io.Writer
}

func run(args []string, out io.Writer) error {
	commands := map[string]func(options) error{"score": score, "speed": speed, "errors": mistakes}
	if len(args) == 0 || commands[args[0]] == nil {
		return errors.New("say what to measure: score, speed or errors, and the files")
	}
	o := options{out: out}
	fs := flag.NewFlagSet("ner "+args[0], flag.ContinueOnError)
	fs.StringVar(&o.model, "model", "", "model `FILE`; default: the shipped one")
	fs.StringVar(&o.engine, "engine", "", "crf or prose; default: both")
	fs.IntVar(&o.classes, "classes", 3, "3, or 4 to count MISC as well")
	fs.BoolVar(&o.raw, "raw", false, "rebuild the text and let the engine find words and sentences")
	fs.BoolVar(&o.json, "json", false, "one JSON object a line")
	fs.IntVar(&o.show, "show", 12, "examples of each kind of mistake")
	if err := fs.Parse(args[1:]); err != nil {
		return err
	}
	o.files = fs.Args()
	switch {
	case len(o.files) == 0:
		return errors.New("name the files to measure on")
	case o.engine != "" && o.engine != "crf" && o.engine != "prose":
		return fmt.Errorf("--engine %q: want crf or prose", o.engine)
	case o.classes != 3 && o.classes != 4:
		return fmt.Errorf("--classes %d: want 3 or 4", o.classes)
	}
	return commands[args[0]](o)
}

func (o options) engines() []string {
	if o.engine != "" {
		return []string{o.engine}
	}
	return []string{"crf", "prose"}
}

func (o options) types() []string {
	return []string{bio.Person, bio.Organization, bio.Place, bio.Other}[:o.classes]
}

func (o options) crf() (*newswire.Recognizer, error) {
	if o.model == "" {
		return newswire.New()
	}
	file, err := os.ReadFile(o.model)
	if err != nil {
		return nil, err
	}
	r, err := newswire.Open(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.model, err)
	}
	return r, nil
}

// print writes a result as JSON or as a line of the given format.
func (o options) print(v any, format string, args ...any) {
	if o.json {
		b, err := json.Marshal(v)
		if err != nil {
			fmt.Fprintln(o.out, err)
			return
		}
		fmt.Fprintf(o.out, "%s\n", b)
		return
	}
	fmt.Fprintf(o.out, format+"\n", args...)
}

func readLabelled(name string) ([]bio.Document, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	docs, err := bio.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return docs, nil
}
