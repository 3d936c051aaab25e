package main

import (
	"context"
	"fmt"
	"time"

	"tocsin/internal/assembly/extracting"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/internal/operate/watchlint"
	"tocsin/services/extractor/watch"
	"tocsin/services/extractor/watch/watchlist"
)

type watchLintCmd struct {
	Files []string `arg:"" optional:"" name:"file" help:"List files to look at; the names in force when left out." sep:"none"`
	Max   int      `help:"Most findings of one rule to show to people." default:"20"`
}

// Help teaches the command.
func (watchLintCmd) Help() string {
	return `  tocsin watch lint                     # the names in force
  tocsin watch lint watchlist.yaml      # a file, in a pipeline of your own: exit status 1 when there are findings

It needs no running instance for files. --json gives every finding as a line with rule, list, entry and sentence.`
}

// Run implements the command.
func (c *watchLintCmd) Run(ctx context.Context, g *globals) error {
	var entries []watch.Entry
	var err error
	if len(c.Files) > 0 {
		entries, err = entriesOf(c.Files)
	} else {
		err = withWatchlists(ctx, g.connect, func(_ *bus.Bus, lists *operate.Watchlists) error {
			all, err := lists.All(ctx)
			entries = operate.Entries(all)
			return err
		})
	}
	if err != nil {
		return err
	}
	findings := watchlint.Check(entries, time.Now(), g.progress("Looked at"))
	return c.show(g, len(entries), findings)
}

func (c *watchLintCmd) show(g *globals, entries int, findings []watchlint.Finding) error {
	count := map[string]int{}
	for _, f := range findings {
		if count[f.Rule]++; count[f.Rule] > c.Max && !g.JSON {
			continue
		}
		if err := g.line(f, fmt.Sprintf("%s.%s  %s: %s.", f.List, f.Entry, f.Rule, f.Sentence)); err != nil {
			return err
		}
	}
	for rule, n := range count {
		if n > c.Max && !g.JSON {
			_, _ = fmt.Fprintf(g.out, "and %d more of rule %s; --json or --max shows them\n", n-c.Max, rule)
		}
	}
	if len(findings) > 0 {
		return fmt.Errorf("%d findings in %d entries", len(findings), entries)
	}
	if g.JSON {
		return nil
	}
	_, err := fmt.Fprintf(g.out, "%d entries, nothing to say.\n", entries)
	return err
}

// entriesOf reads list files as one set.
func entriesOf(paths []string) ([]watch.Entry, error) {
	var all []watch.Entry
	for _, path := range paths {
		files, err := extracting.ListFiles(path)
		if err != nil {
			return nil, err
		}
		entries, _, err := watchlist.ParseFiles("", files...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", files[0].Name, err)
		}
		all = append(all, entries...)
	}
	return all, nil
}
