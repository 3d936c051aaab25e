// Command feeds measures how feeds and pages are read, beside the libraries that others use alone.
//
//	feeds corpus  [--json] [--list] DIR         feed files, with or without the value feedparser's tests expect
//	feeds hostile [--json] [--seconds 20]       documents made to kill a parser, each in a process of its own
//	feeds poll    [--json] [--polls 400]        polls over TLS per second of processor time
//	feeds text    [--json] [--list] DIR         main text of pages: ground-truth.json and html/*.html.gz
//	feeds dates   [--json] [--list] FILE        written dates: a JSON string, a tab, the instant or ?
//
// corpus counts files that are read without an error; the dead format CDF is left out. Of the values that stand in the
// opening comment of feedparser's tests it compares title, link, id, published, updated and author of the feed and of
// its first entry (not in the folders base, amp and sanitize, which test the cleaning of HTML): texts on one line,
// titles with their markup read, times as instants.
//
// text follows the rule of scrapinghub/article-extraction-benchmark (runs of four words, every page weighs the same). A
// folder of go-trafilatura's module does too: its pages come with sentences that belong to the text and sentences that
// do not.
//
// --list names what is wrong.
//
// Measured on a machine of two cores under load (processor time, which load lengthens somewhat); the corpus is half of
// feedparser's files, the pages are go-trafilatura's own:
//
//	            corpus read   values      dates right, wrong   polls unchanged, one new
//	tocsin      1,060 of 1,060  200 of 202  54, 0 of 54        1,484/s, 873/s
//	gofeed      1,040           182         32, 5              1,600/s, 383/s (with net/http)
//
//	                             F1    precision  recall  pages per CPU second  slowest
//	tocsin                       .910  .917       .904    124                   127 ms
//	go-trafilatura               .910  .908       .912    57                    215 ms
//	go-trafilatura, no fallback  .900  .911       .890    80                    120 ms
//	go-readability               .883  .868       .898    112                   68 ms
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "feeds:", err)
		os.Exit(1)
	}
}

// options are the flags of all commands.
type options struct {
	json, list bool
	seconds    float64
	polls      int
	path       string
	out        io.Writer
}

func (o options) limit() time.Duration { return time.Duration(o.seconds * float64(time.Second)) }

func run(args []string, stdout io.Writer) error {
	commands := map[string]func(options) error{
		"corpus": corpus, "hostile": hostile, "poll": poll, "text": text, "dates": dates,
		serverCommand: serve,
	}
	if len(args) == 0 || commands[args[0]] == nil {
		return errors.New("say what to measure: corpus, hostile, poll, text or dates")
	}
	o := options{out: stdout}
	f := flag.NewFlagSet("feeds "+args[0], flag.ContinueOnError)
	f.BoolVar(&o.json, "json", false, "one JSON object a line")
	f.BoolVar(&o.list, "list", false, "name what is wrong")
	f.Float64Var(&o.seconds, "seconds", 20, "how long one hostile document may take")
	f.IntVar(&o.polls, "polls", 400, "polls of each kind")
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	o.path = f.Arg(0)
	if o.path == "" && (args[0] == "corpus" || args[0] == "text" || args[0] == "dates") {
		return fmt.Errorf("%s: name the folder or file to measure on", args[0])
	}
	return commands[args[0]](o)
}
