package assembly

import (
	"context"
	"fmt"
	"os"

	"github.com/alecthomas/kong"
)

// ServiceFlags are the flags that fetcher, extractor and indexer share.
type ServiceFlags struct {
	ProcessFlags
	NATSFlags
	Version kong.VersionFlag `help:"Print the version and exit."`
}

// Main is the whole of a service's main function: it parses the command line into flags, a pointer to a struct that
// embeds common, runs the process that add builds on the bus, and returns the exit status.
func Main(name, description string, flags any, common *ServiceFlags, add func(context.Context, *Process) error) int {
	kong.Parse(flags, Kong(name, description)...)
	err := Serve(context.Background(), name, Version(), common.ProcessFlags, os.Stderr, func(ctx context.Context, p *Process) error {
		if err := p.Connect(ctx, common.NATSFlags); err != nil {
			return err
		}
		return add(ctx, p)
	})
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		return 1
	}
	return 0
}
