package main

import (
	"context"
	"fmt"
	"log/slog"

	"tocsin/internal/assembly"
)

type setupCmd struct {
	assembly.SetupFlags
	DryRun bool `help:"Only show what would be done."`
}

// Run implements the command.
func (c *setupCmd) Run(ctx context.Context, g *globals) error {
	b, closeBus, err := g.connectOrCreate(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	do := b.Setup
	if c.DryRun {
		do = b.Plan
	}
	changes, err := do(ctx, c.Options())
	if err != nil {
		return err
	}
	for _, change := range changes {
		if err := g.line(change, fmt.Sprintf("%-6s %s %s: %s", change.Action, change.Kind, change.Name, change.Detail)); err != nil {
			return err
		}
	}
	if len(changes) == 0 && !g.JSON {
		if _, err := fmt.Fprintln(g.out, "NATS is as it should be."); err != nil {
			return err
		}
	}
	if c.DryRun {
		return nil
	}
	return g.index().SetupElastic(ctx, slog.New(slog.NewTextHandler(g.errs, nil)))
}
