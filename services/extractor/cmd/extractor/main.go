// Command extractor turns raw articles into enriched ones and rings for watched names.
package main

import (
	"context"
	"os"

	"tocsin/internal/assembly"
	"tocsin/internal/assembly/extracting"
)

type flags struct {
	assembly.ServiceFlags
	extracting.ExtractFlags
}

func main() {
	var f flags
	os.Exit(assembly.Main("extractor", "Reads raw articles: main text, language, entities, dates, watched names. Publishes the enriched article and one alert per watched name.",
		&f, &f.ServiceFlags, func(ctx context.Context, p *assembly.Process) error {
			return extracting.Add(ctx, p, f.ExtractFlags)
		}))
}
