package extracting

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/daemon"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/watch"
	"tocsin/services/extractor/watch/watchlist"
)

// settle is how long a burst of list edits may go on before it is compiled as one.
const settle = 50 * time.Millisecond

// watchLists loads the watchlists into core, and again whenever they change in NATS, whoever changed them.
func watchLists(ctx context.Context, p *assembly.Process, lists *operate.Watchlists, core *extractor.Extractor, meter *daemon.Meter) error {
	bucket, err := p.Bus.Bucket(ctx, messages.BucketWatch)
	if err != nil {
		return err
	}
	objects, err := p.Bus.Objects(ctx, messages.ObjectsLists)
	if err != nil {
		return err
	}
	if err := loadLists(ctx, p, lists, core, meter); err != nil {
		return err
	}
	changed := make(chan struct{}, 1) // one pending mark is enough: a reload reads everything
	mark := func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	p.Go("watch entries", func(ctx context.Context) error {
		return bucket.Watch(ctx, func(bus.KeyChange) error { mark(); return nil })
	})
	p.Go("watchlists", func(ctx context.Context) error {
		return objects.Watch(ctx, func(bus.ObjectInfo) error { mark(); return nil })
	})
	p.Go("watchlist reload", func(ctx context.Context) error {
		return reloadLists(ctx, p, changed, lists, core, meter)
	})
	return nil
}

func reloadLists(ctx context.Context, p *assembly.Process, changed <-chan struct{}, lists *operate.Watchlists, core *extractor.Extractor, meter *daemon.Meter) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(settle):
		}
		if err := loadLists(ctx, p, lists, core, meter); err != nil && ctx.Err() == nil {
			p.Log.Error("watchlists not reloaded; those in force stay", "error", err)
		}
	}
}

func loadLists(ctx context.Context, p *assembly.Process, lists *operate.Watchlists, core *extractor.Extractor, meter *daemon.Meter) error {
	owned, err := lists.All(ctx)
	if err != nil {
		return err
	}
	index, problems := watch.Compile(operate.Entries(owned), watch.Options{})
	for _, problem := range problems {
		if !messages.IsToken(problem.List) || !messages.IsToken(problem.Entry) {
			problem.List, problem.Entry = "", "" // somebody's name in the wrong place, perhaps; names never reach a log
		}
		p.Log.Warn("watch entry not watched in full", "list", problem.List, "entry", problem.Entry, "reason", problem.Sentence)
	}
	core.SetIndex(index)
	entries, names := index.Size()
	meter.Set("tocsin_extractor_watched_names", float64(names))
	p.Log.Info("watchlists in force", "entries", entries, "names", names, "problems", len(problems))
	return nil
}

// Watchlists opens the set of watched names.
func Watchlists(ctx context.Context, b *bus.Bus) (*operate.Watchlists, error) {
	bucket, err := b.Bucket(ctx, messages.BucketWatch)
	if err != nil {
		return nil, err
	}
	objects, err := b.Objects(ctx, messages.ObjectsLists)
	if err != nil {
		return nil, err
	}
	return operate.NewWatchlists(assembly.Blobs{Objects: objects}, assembly.Listed{Bucket: bucket}, time.Now), nil
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
