// Command dates measures the room services/extractor/dates: how right it is on documents with TIMEX3 gold, how fast
// it is beside rival engines, and what it gets wrong.
//
//	dates score  [--mode news|narrative|auto] [--json] FILE.jsonl[.gz] …
//	dates speed  [--json] [--seconds 2] FILE …
//	dates errors [--mode …] FILE.jsonl[.gz] …
//	dates predict [--mode …] FILE.jsonl[.gz] …   what was found, one JSON object a document, for other scorers
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const usage = "usage: dates score|speed|errors|predict [options] FILE …\n"

// run carries out one command and returns the exit status: 0 done, 1 failed, 2 misused.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		_, _ = fmt.Fprint(stderr, usage)
		return 2
	}
	commands := map[string]func(options, io.Writer, io.Writer) error{"score": score, "speed": speed, "errors": listErrors,
		"predict": printFound}
	command, ok := commands[args[0]]
	if !ok {
		_, _ = fmt.Fprint(stderr, usage)
		return 2
	}
	o, err := parse(args[0], args[1:], stderr)
	if err != nil {
		return 2
	}
	if err := command(o, stdout, stderr); err != nil {
		_, _ = fmt.Fprintf(stderr, "dates %s: %v\n", args[0], err)
		return 1
	}
	return 0
}

// options are what the command line says.
type options struct {
	mode    string
	json    bool
	seconds float64
	files   []string
}

func parse(name string, args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("dates "+name, flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.mode, "mode", "auto", "what relative dates are counted from: news, narrative or auto")
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.Float64Var(&o.seconds, "seconds", 2, "how long each engine is timed")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.files = f.Args()
	if len(o.files) == 0 {
		_, _ = fmt.Fprintf(stderr, "dates %s: name at least one file\n", name)
		return o, flag.ErrHelp
	}
	if _, err := modeOf(o.mode); err != nil {
		_, _ = fmt.Fprintf(stderr, "dates %s: %v\n", name, err)
		return o, err
	}
	return o, nil
}
