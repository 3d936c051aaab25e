// Command fetcher polls feeds and publishes what is new as raw articles.
package main

import (
	"context"
	"os"

	"tocsin/internal/assembly"
	"tocsin/internal/assembly/fetching"
)

type flags struct {
	assembly.ServiceFlags
	fetching.FetchFlags
}

func main() {
	var f flags
	os.Exit(assembly.Main("fetcher", "Polls feeds and publishes what is new as raw articles. Run as many as you like: each due poll reaches one of them.",
		&f, &f.ServiceFlags, func(ctx context.Context, p *assembly.Process) error {
			return fetching.Add(ctx, p, f.FetchFlags)
		}))
}
