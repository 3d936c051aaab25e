package main

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"tocsin/internal/operate/retain"
	"tocsin/services/indexer"
)

type retainCmd struct {
	Keep   months `help:"How many months to keep beside the present one: 12mo or 2y." required:"" placeholder:"12mo"`
	DryRun bool   `help:"Only show what would be dropped."`
}

// Help teaches the command.
func (retainCmd) Help() string {
	return `  tocsin retain --keep 12mo --dry-run
  tocsin retain --keep 2y --nats … --elastic …

Drops whole months of the index: articles by the month they were first seen, alerts by that of their first ring. A month stays
while the ledger has yet to account for one of its articles, and nothing is dropped while a stage is a day behind or a reindex
is under way. What was dropped does not come back but from a backup; streams and dead letters are not touched.`
}

// Run implements the command.
func (c *retainCmd) Run(ctx context.Context, g *globals) error {
	before, err := retain.Before(time.Now(), int(c.Keep))
	if err != nil {
		return fmt.Errorf("--keep: %w", err)
	}
	b, closeBus, err := g.connect(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	log := slog.New(slog.NewTextHandler(g.errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	shown := 0
	show := func(v retain.Verdict) error {
		shown++
		return g.line(v, c.text(v))
	}
	err = g.index().Retain(ctx, b, before, log, func(index indexer.Shelf, plan []retain.Verdict) error {
		if !c.DryRun {
			return retain.Drop(ctx, index, plan, show)
		}
		for _, v := range plan {
			if err := show(v); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && shown == 0 && !g.JSON {
		_, err = fmt.Fprintf(g.out, "Nothing in the index is older than %s.\n", before.Format(time.DateOnly))
	}
	return err
}

// text is one verdict in a line.
func (c *retainCmd) text(v retain.Verdict) string {
	what := fmt.Sprintf("%s: %d documents", v.Name, v.Documents)
	if v.Bytes > 0 {
		what += fmt.Sprintf(", %.1f MB", float64(v.Bytes)/1e6)
	}
	switch {
	case v.Needed > 0:
		return fmt.Sprintf("kept     %s; the ledger has yet to account for %d of them", what, v.Needed)
	case v.Dropped:
		return "dropped  " + what
	}
	return "would go " + what
}

// months is a number of months on the command line: 12mo or 2y.
type months int

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *months) UnmarshalText(text []byte) error {
	for unit, factor := range map[string]int{"mo": 1, "y": 12} {
		number, ok := strings.CutSuffix(string(text), unit)
		if n, err := strconv.Atoi(number); ok && err == nil && n > 0 && n <= 1200 {
			*m = months(n * factor)
			return nil
		}
	}
	return fmt.Errorf("%q is no number of months; write 12mo or 2y", text)
}
