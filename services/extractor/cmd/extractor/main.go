// Command extractor turns raw articles into enriched ones and rings for watched names.
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
	assembly.ExtractFlags
	Version kong.VersionFlag `help:"Print the version and exit."`
}

func main() {
	var f flags
	kong.Parse(&f, assembly.Kong("extractor",
		"Reads raw articles: main text, language, entities, dates, watched names. Publishes the enriched article and one alert per watched name.")...)
	if err := run(context.Background(), f); err != nil {
		fmt.Fprintln(os.Stderr, "extractor:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, f flags) error {
	build := func(ctx context.Context, p *assembly.Process) error {
		if err := p.Connect(ctx, f.NATSFlags); err != nil {
			return err
		}
		return p.Extractor(ctx, f.ExtractFlags)
	}
	return assembly.Serve(ctx, "extractor", assembly.Version(), f.ProcessFlags, os.Stderr, build)
}
