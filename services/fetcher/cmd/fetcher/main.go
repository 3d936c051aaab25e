// Command fetcher polls feeds and publishes what is new as raw articles.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"tocsin/internal/assembly"
)

type flags struct {
	assembly.ProcessFlags
	assembly.NATSFlags
	assembly.FetchFlags
	Version kong.VersionFlag `help:"Print the version and exit."`
}

func main() {
	var f flags
	kong.Parse(&f, assembly.Kong("fetcher",
		"Polls feeds and publishes what is new as raw articles. Run as many as you like: each due poll reaches one of them.")...)
	if err := run(context.Background(), f); err != nil {
		fmt.Fprintln(os.Stderr, "fetcher:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, f flags) error {
	build := func(ctx context.Context, p *assembly.Process) error {
		if err := p.Connect(ctx, f.NATSFlags); err != nil {
			return err
		}
		return p.Fetcher(ctx, f.FetchFlags)
	}
	return assembly.Serve(ctx, "fetcher", assembly.Version(), f.ProcessFlags, os.Stderr, build)
}
