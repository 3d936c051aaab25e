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

	KibanaSystemPassword string `help:"Give Kibana's own user in Elasticsearch this password." env:"TOCSIN_KIBANA_SYSTEM_PASSWORD"`
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
	log := slog.New(slog.NewTextHandler(g.errs, nil))
	if c.KibanaSystemPassword != "" {
		if err := g.index().SetKibanaPassword(ctx, c.KibanaSystemPassword, log); err != nil {
			return err
		}
	}
	return g.index().SetupElastic(ctx, log)
}
