// Command indexer writes enriched articles to the index.
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
	assembly.IndexFlags
	assembly.BatchFlags
	Version kong.VersionFlag `help:"Print the version and exit."`
}

func main() {
	var f flags
	kong.Parse(&f, assembly.Kong("indexer",
		"Writes enriched articles to Elasticsearch or to a SQLite file, each batch in one write. Run as many as you like on Elasticsearch, one on SQLite.")...)
	if err := run(context.Background(), f); err != nil {
		fmt.Fprintln(os.Stderr, "indexer:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, f flags) error {
	build := func(ctx context.Context, p *assembly.Process) error {
		if err := p.Connect(ctx, f.NATSFlags); err != nil {
			return err
		}
		_, err := p.Indexer(ctx, f.IndexFlags, f.BatchFlags)
		return err
	}
	return assembly.Serve(ctx, "indexer", assembly.Version(), f.ProcessFlags, os.Stderr, build)
}
