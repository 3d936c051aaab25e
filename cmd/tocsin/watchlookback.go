package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"tocsin/internal/assembly/extracting"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/internal/operate/lookback"
	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch"
)

type watchLookbackCmd struct {
	Entry string `arg:"" help:"LIST.ID, or an id that only one list has."`
	Since span   `help:"How far back." default:"30d"`
}

// Help teaches the command.
func (watchLookbackCmd) Help() string {
	return `  tocsin watch lookback desk.nemati --since 30d

Reads the articles that NATS holds and, for what is older, those of the index, and rings for the name under the subject token
retro. What rang for an article never rings again. It can be stopped at any time; the same command goes on from there.`
}

// Run implements the command.
func (c *watchLookbackCmd) Run(ctx context.Context, g *globals) error {
	return withWatchlists(ctx, g.connect, func(b *bus.Bus, lists *operate.Watchlists) error {
		found, err := lists.Find(ctx, c.Entry)
		if err != nil {
			return err
		}
		return lookBack(ctx, g, b, 0, found.Entry, c.Since)
	})
}

// settlePatience is how long a look back waits for articles that were being read when the entry was added.
const settlePatience = 30 * time.Second

// lookBack rings in what was published before an edit of revision rev.
func lookBack(ctx context.Context, g *globals, b *bus.Bus, rev uint64, entry watch.Entry, since span) error {
	if since == 0 {
		return errors.New("--since 0 looks back at nothing; give a span such as 30d")
	}
	settled := func(f messages.InForce) bool { return f.Settled >= rev }
	if arrival, err := extracting.Await(ctx, b, settled, settlePatience); err != nil || len(arrival.Late) > 0 {
		return fmt.Errorf("the entry is watched, but some articles are still being read with the lists as they were; look back later with tocsin watch lookback %s: %w",
			operate.EntryKey(entry), errors.Join(err, errors.New(arrival.Sentence())))
	}
	progress, err := g.pastOf(ctx, b, extracting.LookBackOptions{Entry: entry, Since: since.before(time.Now())})
	if err != nil {
		return fmt.Errorf("after %d articles: %w; `tocsin watch lookback %s` goes on from there", progress.Read, err, operate.EntryKey(entry))
	}
	text := fmt.Sprintf("Looked back at %d articles since %s: %d rang as %s.%s", progress.Read, progress.Since.Local().Format(time.DateOnly),
		progress.Rang, messages.AlertSubject(entry.List, entry.ID, messages.TierRetro), beyond(progress))
	return g.line(progress, text)
}

// pastOf looks back with the index at hand, and says how far it is while it takes long.
func (g *globals) pastOf(ctx context.Context, b *bus.Bus, o extracting.LookBackOptions) (lookback.Progress, error) {
	index, closeIndex, err := g.openIndex(ctx)
	switch {
	case err == nil:
		defer func() { _ = closeIndex() }() // read only: nothing to lose
		o.Index = index
	case g.SQLite != "" || len(g.Elastic) > 0: // one was named
		return lookback.Progress{}, err
	default:
		if _, missing := os.Stat(g.index().SQLite); missing == nil {
			return lookback.Progress{}, err
		}
	}
	said := time.Now()
	o.Now = time.Now
	o.Tell = func(p lookback.Progress) {
		if now := time.Now(); now.Sub(said) >= time.Second {
			said = now
			_, _ = fmt.Fprintf(g.errs, "Read %d articles; %d rang\n", p.Read, p.Rang) // nobody to tell otherwise
		}
	}
	return extracting.LookBack(ctx, b, o)
}

// beyond says what was not looked at.
func beyond(p lookback.Progress) string {
	text := ""
	if p.Resumed > 0 {
		text += " It went on where it had been cut short."
	}
	if p.Unreadable > 0 {
		text += fmt.Sprintf(" %d articles could not be read.", p.Unreadable)
	}
	if p.Beyond {
		text += " Only what NATS still holds was read: there is no index here; name it with --sqlite or --elastic to look further back."
	}
	return text
}
