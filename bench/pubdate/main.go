// Command pubdate measures the room services/extractor/pubdate on pages whose date is known, beside go-htmldate.
//
//	pubdate score  [--fetched 2026-01-01] LABELS.jsonl …
//	pubdate errors [--fetched 2026-01-01] LABELS.jsonl …
//	pubdate dev    --module DIR --out DIR
//
// dev makes LABELS.jsonl and its pages of every other entry of go-htmldate's tables, the set to develop on.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const usage = "usage: pubdate score|errors [--fetched DATE] LABELS.jsonl …\n       pubdate dev --module DIR --out DIR\n"

// run carries out one command and returns the exit status: 0 done, 1 failed, 2 misused.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		say(stderr, usage)
		return 2
	}
	commands := map[string]func(options, io.Writer) error{"score": score, "errors": listErrors, "dev": makeDev}
	command, ok := commands[args[0]]
	if !ok {
		say(stderr, usage)
		return 2
	}
	o, err := parse(args[0], args[1:], stderr)
	if err != nil {
		return 2
	}
	if err := command(o, stdout); err != nil {
		say(stderr, "pubdate %s: %v\n", args[0], err)
		return 1
	}
	return 0
}

// say writes to the user; when that fails there is nobody left to tell.
func say(to io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(to, format, args...) }

// options are what the command line says.
type options struct {
	fetched     time.Time
	module, out string
	files       []string
}

func parse(name string, args []string, stderr io.Writer) (options, error) {
	f := flag.NewFlagSet("pubdate "+name, flag.ContinueOnError)
	f.SetOutput(stderr)
	fetched := f.String("fetched", time.Now().UTC().Format(time.DateOnly), "the day the pages count as read on; later dates are not believed")
	var o options
	f.StringVar(&o.module, "module", "", "the folder of go-htmldate's module, for dev")
	f.StringVar(&o.out, "out", "", "the folder to write to, for dev")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	var err error
	if o.fetched, err = time.Parse(time.DateOnly, *fetched); err != nil {
		say(stderr, "pubdate %s: --fetched %s is no date; write it as 2026-01-31\n", name, *fetched)
		return o, err
	}
	o.files = f.Args()
	if name == "dev" && (o.module == "" || o.out == "") || name != "dev" && len(o.files) == 0 {
		say(stderr, usage)
		return o, flag.ErrHelp
	}
	return o, nil
}
