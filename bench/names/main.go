// Command names measures how watched names are found, beside what other projects use for it.
//
//	names pairs FILE.csv[.gz]                                 labelled pairs of names
//	names screen --list FORMAT:FILE… --negatives FILE.csv     aliases against primary names
//	names text --list FORMAT:FILE… FILE.jsonl[.gz]            alerts on articles
//	names plant --list FORMAT:FILE…                           aliases planted in running sentences
//	names tokens FILE.tsv                                     pairs of name parts
//	names scan [--names N] --list FORMAT:FILE… FILE…          speed and memory
//
// Each prints a table, or with --json one object a line.
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "names:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	commands := map[string]func([]string, *printer) error{
		"pairs": pairs, "screen": screen, "text": text, "plant": plant, "scan": scan, "tokens": tokens,
	}
	if len(args) == 0 {
		return errors.New("say what to measure: pairs, screen, text, plant, tokens or scan")
	}
	command, ok := commands[args[0]]
	if !ok {
		return fmt.Errorf("unknown measurement %q: say pairs, screen, text, plant, tokens or scan", args[0])
	}
	return command(args[1:], &printer{w: os.Stdout})
}
