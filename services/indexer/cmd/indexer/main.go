// Command indexer writes enriched articles to the index.
package main

import (
	"context"
	"os"

	"tocsin/internal/assembly"
	"tocsin/internal/assembly/indexing"
)

type flags struct {
	assembly.ServiceFlags
	indexing.IndexFlags
	indexing.BatchFlags
}

func main() {
	var f flags
	os.Exit(assembly.Main("indexer", "Writes enriched articles to Elasticsearch or to a SQLite file, each batch in one write. Run as many as you like on Elasticsearch, one on SQLite.",
		&f, &f.ServiceFlags, func(ctx context.Context, p *assembly.Process) error {
			_, err := indexing.Add(ctx, p, f.IndexFlags, f.BatchFlags)
			return err
		}))
}
