package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"tocsin/internal/assembly/indexing"
	"tocsin/internal/operate/reindex"
)

type reindexCmd struct {
	What    string `arg:"" optional:"" help:"${enum}." enum:"articles,alerts" default:"articles"`
	Abort   bool   `help:"Give up a reindex that was begun, and delete what it made." xor:"do"`
	DropOld bool   `help:"Delete the generations before the one in use." xor:"do"`
}

// Help teaches the command.
func (reindexCmd) Help() string {
	return `  tocsin reindex --nats … --elastic …            a new generation of tocsin-articles
  tocsin reindex alerts --nats … --elastic …     the same for tocsin-alerts
  tocsin reindex --drop-old --elastic …          when the new one is well: delete the one before

Makes the indices anew with the mapping of this build while the indexers run, and puts them in place when both hold the same.
It needs the room of a second index. At the end the indexers wait for some seconds; no message is lost or set aside. It can be
stopped or killed at any time: the same command goes on. If it was killed while the indexers wait, they wait for it.`
}

// Run implements the command.
func (c *reindexCmd) Run(ctx context.Context, g *globals) error {
	if len(g.Elastic) == 0 {
		return indexing.ErrNoGenerations
	}
	log := slog.New(slog.NewTextHandler(g.errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if c.DropOld {
		return c.dropOld(ctx, g, log)
	}
	b, closeBus, err := g.connect(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	if c.Abort {
		if err := g.index().AbortReindex(ctx, b, c.What, log); err != nil {
			return err
		}
		return g.line(map[string]bool{"aborted": true}, "The reindex is given up; the index is as it was.")
	}
	report, err := g.index().Reindex(ctx, b, c.What, log, g.tellReindex())
	if err != nil {
		return fmt.Errorf("%w; the old generation is whole, and the same command goes on", err)
	}
	text := fmt.Sprintf("The new generation is in use: %d documents, %d in the old one; %d were copied in %d passes, and indexers waited %.1f s. `tocsin reindex %s --drop-old` deletes the old one.",
		report.New, report.Old, report.Copied, report.Passes, report.Fenced, c.What)
	return g.line(report, text)
}

func (c *reindexCmd) dropOld(ctx context.Context, g *globals, log *slog.Logger) error {
	gone, err := g.index().DropOldGenerations(ctx, c.What, log)
	text := "There is no generation before the one in use."
	if len(gone) > 0 {
		text = "Deleted " + strings.Join(gone, ", ")
	}
	return errors.Join(g.line(map[string][]string{"deleted": gone}, text), err)
}

// tellReindex says how far a reindex is, each step once and then every second.
func (g *globals) tellReindex() func(reindex.Progress) {
	var said time.Time
	var step string
	return func(p reindex.Progress) {
		now := time.Now()
		if p.Step == step && now.Sub(said) < time.Second {
			return
		}
		said, step = now, p.Step
		text := map[string]string{
			reindex.StepCopy:  fmt.Sprintf("Pass %d: compared %d of %d, copied %d", p.Pass, p.Seen, p.Of, p.Copied),
			reindex.StepFeed:  "Waiting until the feed is level with the stream",
			reindex.StepFence: fmt.Sprintf("The indexers wait; pass %d: compared %d of %d, copied %d", p.Pass, p.Seen, p.Of, p.Copied),
			reindex.StepSwap:  "Both are the same; the alias goes over",
		}[p.Step]
		_, _ = fmt.Fprintln(g.errs, text) // nobody to tell otherwise
	}
}
