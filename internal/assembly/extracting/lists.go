package extracting

import (
	"context"
	"fmt"
	"path/filepath"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/services/extractor/watch/watchlist"
)

// Watchlists opens the set of watched names.
func Watchlists(ctx context.Context, b *bus.Bus) (*operate.Watchlists, error) {
	s, err := openStores(ctx, b)
	return s.lists, err
}

// followWatchlist keeps what a watchlist brings in step with the file.
func followWatchlist(ctx context.Context, p *assembly.Process, lists *operate.Watchlists, path string) error {
	name := filepath.Base(path)
	return p.Follow(ctx, path, lists.Owns, func(ctx context.Context, data []byte) error {
		entries, report, err := watchlist.Parse("", name, data)
		if err != nil {
			return fmt.Errorf("watchlist %s: %w", name, err)
		}
		changed, err := lists.Import(ctx, name, entries)
		if err != nil {
			return err
		}
		if changed {
			p.Log.Info("watchlist read", "file", name, "entries", len(entries), "skipped", len(report.Skipped))
		}
		return nil
	})
}
