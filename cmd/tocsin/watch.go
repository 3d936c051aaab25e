package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tocsin/internal/assembly/extracting"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch"
)

type watchCmd struct {
	List     watchListCmd     `cmd:"" help:"Show the watched names."`
	Add      watchAddCmd      `cmd:"" help:"Watch a name from now on."`
	Remove   watchRemoveCmd   `cmd:"" help:"Stop watching an entry, named LIST.ID or by id."`
	Import   watchImportCmd   `cmd:"" help:"Watch the names of list files: YAML, CSV, OFAC, UN, EU, OpenSanctions. Shows what is read, skipped and changed."`
	Test     watchTestCmd     `cmd:"" help:"Show what would ring in a text, or in what was published, and why."`
	Explain  watchExplainCmd  `cmd:"" help:"Show the full sum for one name in one text, also why it does not ring."`
	Near     watchNearCmd     `cmd:"" help:"Show what almost rang, and accept a spelling as an alias."`
	Reject   watchRejectCmd   `cmd:"" help:"Say of an alert \"not him\", so that it never rings there again; list and take back rejections."`
	Lookback watchLookbackCmd `cmd:"" help:"Ring for a watched name in what was published before; goes on where it was cut short."`
	Lint     watchLintCmd     `cmd:"" help:"Look for names that cannot work well: too common, of one word, listed twice. Fails when it finds any."`
}

// withWatchlists opens the watchlists for one command.
func withWatchlists(ctx context.Context, open func(context.Context) (*bus.Bus, func(), error), do func(*bus.Bus, *operate.Watchlists) error) error {
	b, closeBus, err := open(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	lists, err := extracting.Watchlists(ctx, b)
	if err != nil {
		return err
	}
	return do(b, lists)
}

// changed is the JSON of a command that changed the lists: the entry, and where the change is in force.
type changed struct {
	watch.Entry
	extracting.Arrival
}

// awaitEdit waits until every living extractor has an edit in force, and says so.
func (g *globals) awaitEdit(ctx context.Context, b *bus.Bus, rev uint64, entry watch.Entry, text string) error {
	arrival, err := extracting.Await(ctx, b, func(f messages.InForce) bool { return f.Edits >= rev }, extracting.Patience)
	if err != nil {
		return err
	}
	if len(arrival.Late) > 0 {
		_, _ = fmt.Fprintln(g.errs, "tocsin:", arrival.Sentence()) // nobody to tell otherwise
	}
	return g.line(changed{entry, arrival}, text+" "+arrival.Sentence())
}

type watchListCmd struct{}

// Run implements the command.
func (watchListCmd) Run(ctx context.Context, g *globals) error {
	return withWatchlists(ctx, g.connect, func(b *bus.Bus, lists *operate.Watchlists) error {
		all, err := lists.All(ctx)
		if err != nil {
			return err
		}
		for _, e := range all {
			if err := g.line(e, entryText(e)); err != nil {
				return err
			}
		}
		if len(all) == 0 && !g.JSON {
			_, err = fmt.Fprintln(g.out, "No watched names yet. Add one with `tocsin watch add \"Given Family\"`.")
		}
		return err
	})
}

func entryText(e operate.OwnedEntry) string {
	spellings := make([]string, len(e.Names))
	for i, n := range e.Names {
		spellings[i] = n.Text
	}
	return fmt.Sprintf("%s  %s  (%s, %s)", operate.EntryKey(e.Entry), strings.Join(spellings, " | "), e.Kind, e.Owner)
}

type watchAddCmd struct {
	Name    string   `arg:"" help:"The name as you would write it."`
	Alias   []string `help:"Another spelling. Repeatable." sep:"none"`
	List    string   `help:"Watchlist, one word." default:"default"`
	ID      string   `name:"id" help:"Id to call it by, one word; a short hash when empty, so that the name stays out of subjects and logs."`
	Kind    string   `help:"${enum}." enum:"person,organization" default:"person"`
	Country []string `help:"Country it belongs to, such as TJ."`
	Since   span     `help:"Also ring, as retro, in what was published this long ago or later, such as 30d." placeholder:"SPAN"`
}

// Run implements the command.
func (c *watchAddCmd) Run(ctx context.Context, g *globals) error {
	entry := watch.Entry{ID: c.ID, List: c.List, Kind: watch.Kind(c.Kind), Countries: c.Country}
	entry.Names = append(entry.Names, watch.Name{Text: c.Name})
	for _, alias := range c.Alias {
		entry.Names = append(entry.Names, watch.Name{Text: alias})
	}
	entry = entry.WithIdentity()
	return withWatchlists(ctx, g.connectOrCreate, func(b *bus.Bus, lists *operate.Watchlists) error {
		rev, err := lists.Add(ctx, entry)
		if err != nil {
			return err
		}
		if !ringsAlone(entry) {
			_, _ = fmt.Fprintf(g.errs, "%q is too common to ring by itself: it needs more of the name, or --country and the like, beside it. Try `tocsin watch test`.\n", c.Name)
		}
		err = g.awaitEdit(ctx, b, rev, entry, fmt.Sprintf("Watching %s as %s; it rings on alerts.%s.>.", c.Name, operate.EntryKey(entry), operate.EntryKey(entry)))
		if err != nil || c.Since == 0 {
			return err
		}
		return lookBack(ctx, g, b, rev, entry, c.Since)
	})
}

// ringsAlone reports whether an entry's own spelling, with nothing around it, would ring.
func ringsAlone(entry watch.Entry) bool {
	index, _ := watch.Compile([]watch.Entry{entry}, watch.Options{})
	return len(index.Find(watch.Doc{Text: "Then came " + entry.Names[0].Text + ".", Now: time.Now()})) > 0
}

type watchRemoveCmd struct {
	Entry string `arg:"" help:"LIST.ID, or an id that only one list has."`
}

// Run implements the command.
func (c *watchRemoveCmd) Run(ctx context.Context, g *globals) error {
	return withWatchlists(ctx, g.connect, func(b *bus.Bus, lists *operate.Watchlists) error {
		entry, rev, err := lists.Remove(ctx, c.Entry)
		if err != nil {
			return err
		}
		return g.awaitEdit(ctx, b, rev, entry, "No longer watching "+operate.EntryKey(entry)+".")
	})
}
