package extracting

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
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

// Rejections opens the set of what operators rejected. last is the revision of its newest change.
func Rejections(ctx context.Context, b *bus.Bus) (all *operate.Rejections, last func(context.Context) (uint64, error), err error) {
	bucket, err := b.Bucket(ctx, messages.BucketRejected)
	if err != nil {
		return nil, nil, err
	}
	return operate.NewRejections(assembly.Listed{Bucket: bucket}, time.Now), bucket.Last, nil
}

// BulkRevision is the revision of the newest bulk list.
func BulkRevision(ctx context.Context, b *bus.Bus) (uint64, error) {
	objects, err := b.Objects(ctx, messages.ObjectsLists)
	if err != nil {
		return 0, err
	}
	return objects.Last(ctx)
}
