package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/assembly/extracting"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch"
	"tocsin/services/extractor/watch/watchlist"
)

type watchImportCmd struct {
	Files  []string `arg:"" name:"file" help:"List files; gzip is fine. OFAC's alt.csv is found beside sdn.csv." sep:"none"`
	Format string   `help:"${enum}; told from the file when empty." enum:"yaml,csv,ofac,un,eu,opensanctions," default:""`
	DryRun bool     `help:"Only show what would be done."`
	Forget bool     `help:"Take out what files of these names brought; the files need not exist any more."`
}

// Help teaches the command.
func (watchImportCmd) Help() string {
	return `  tocsin watch import sdn.csv --dry-run       # what is read, skipped and why, and what would change
  tocsin watch import sdn.csv                 # now watch it
  tocsin watch import sdn.csv --forget        # take it out again

A file owns what it brought: import it again to add, update and remove what changed. What a command removed or replaced
stays so. A broken file changes nothing, and of several files none is taken over when one is broken.`
}

// importRead is what one list file holds, and what it would change.
type importRead struct {
	File    string         `json:"file"`
	Format  string         `json:"format,omitempty"`
	Records int            `json:"records"`
	Entries int            `json:"entries"`
	Names   int            `json:"names"`
	Skipped []skipped      `json:"skipped"`
	Change  operate.Change `json:"change"`
	// Unwatched are names that were read and cannot be matched by.
	Unwatched []skipped `json:"unwatched,omitempty"`
	DryRun    bool      `json:"dry_run,omitempty"`
	*extracting.Arrival

	entries []watch.Entry
	reasons []string
}

type skipped struct {
	Where string `json:"where"`
	Why   string `json:"why"`
}

// bulkPatience is how long an import waits for the extractors: they compile everything anew.
const bulkPatience = 30 * time.Second

// Run implements the command.
func (c *watchImportCmd) Run(ctx context.Context, g *globals) error {
	reads, err := c.read()
	if err != nil {
		return err
	}
	open := g.connectOrCreate
	if c.DryRun {
		open = g.connect
		if _, err := os.Stat(g.Data); g.NATS == "" && err != nil { // nothing is watched yet: all of it is new
			return c.show(g, reads)
		}
	}
	return withWatchlists(ctx, open, func(b *bus.Bus, lists *operate.Watchlists) error {
		for i := range reads {
			if reads[i].Change, err = lists.Plan(ctx, reads[i].File, reads[i].entries); err != nil {
				return err
			}
		}
		if c.DryRun {
			return c.show(g, reads)
		}
		return c.store(ctx, g, b, lists, reads)
	})
}

// store takes the lists over and waits until they are in force.
func (c *watchImportCmd) store(ctx context.Context, g *globals, b *bus.Bus, lists *operate.Watchlists, reads []importRead) error {
	for _, r := range reads {
		if _, err := lists.Import(ctx, r.File, r.entries); err != nil {
			return err
		}
	}
	rev, err := extracting.BulkRevision(ctx, b)
	if err != nil {
		return err
	}
	arrival, err := extracting.Await(ctx, b, func(f messages.InForce) bool { return f.Bulk >= rev }, bulkPatience)
	if err != nil {
		return err
	}
	reads[len(reads)-1].Arrival = &arrival
	return c.show(g, reads)
}

func (c *watchImportCmd) show(g *globals, reads []importRead) error {
	for _, r := range reads {
		r.DryRun = c.DryRun
		if err := g.line(r, r.text()); err != nil {
			return err
		}
	}
	return nil
}

// read reads every file before anything is changed.
func (c *watchImportCmd) read() ([]importRead, error) {
	if err := assembly.Distinct(c.Files); err != nil {
		return nil, err
	}
	var reads []importRead
	if c.Forget {
		for _, path := range c.Files {
			reads = append(reads, importRead{File: filepath.Base(path), Skipped: []skipped{}})
		}
		return reads, nil
	}
	for _, path := range c.Files {
		if beside := extracting.PrimaryOf(path); beside != "" && slices.Contains(c.Files, beside) {
			continue // read with its sdn.csv
		}
		r, err := c.readFile(path)
		if err != nil {
			return nil, err
		}
		reads = append(reads, r)
	}
	return reads, nil
}

func (c *watchImportCmd) readFile(path string) (importRead, error) {
	files, err := extracting.ListFiles(path)
	if err != nil {
		return importRead{}, err
	}
	r := importRead{File: filepath.Base(path), Skipped: []skipped{}}
	entries, report, err := watchlist.ParseFiles(c.Format, files...)
	if err != nil {
		return r, fmt.Errorf("%s: %w; nothing was changed", r.File, err)
	}
	r.Format, r.Records, r.Entries, r.Names = report.Format, report.Records, report.Entries, report.Names
	r.entries, r.reasons = entries, report.Reasons()
	for _, s := range report.Skipped {
		r.Skipped = append(r.Skipped, skipped{s.Where, s.Why})
	}
	_, problems := watch.Compile(entries, watch.Options{})
	for _, p := range problems {
		r.Unwatched = append(r.Unwatched, skipped{p.List + "." + p.Entry, p.Sentence})
	}
	for _, e := range entries { // until it is compared with what is in force
		r.Change.Added = append(r.Change.Added, operate.EntryKey(e))
	}
	return r, nil
}

// text is the report for people.
func (r importRead) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d records read as %s: %d entries with %d names, %d skipped.", r.File, r.Records, r.Format, r.Entries, r.Names, len(r.Skipped))
	if r.Format == "" {
		b.Reset()
		fmt.Fprintf(&b, "%s: forgotten.", r.File)
	}
	for _, why := range r.reasons {
		fmt.Fprintf(&b, "\n    skipped: %s", why)
	}
	for _, p := range r.Unwatched[:min(len(r.Unwatched), fewLines)] {
		fmt.Fprintf(&b, "\n    not watched in full: %s: %s", p.Where, p.Why)
	}
	if r.Change.Empty() {
		b.WriteString("\n    Nothing changes.")
	}
	for _, c := range []struct {
		verb string
		keys []string
	}{{"added", r.Change.Added}, {"updated", r.Change.Updated}, {"removed", r.Change.Removed}, {"kept as a command left them", r.Change.Kept}} {
		if len(c.keys) > 0 {
			fmt.Fprintf(&b, "\n    %d %s: %s", len(c.keys), c.verb, some(c.keys))
		}
	}
	switch {
	case r.DryRun:
		b.WriteString("\n    Nothing was changed; leave out --dry-run to do it.")
	case r.Arrival != nil:
		b.WriteString("\n    " + r.Sentence())
	}
	return b.String()
}

// fewLines is how much of a long list is shown to people; --json has all of it.
const fewLines = 8

func some(keys []string) string {
	text := strings.Join(keys[:min(len(keys), fewLines)], ", ")
	if more := len(keys) - fewLines; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
