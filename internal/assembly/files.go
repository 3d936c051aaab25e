package assembly

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tocsin/internal/operate"
	"tocsin/services/extractor/watch/watchlist"
	"tocsin/services/fetcher"
	"tocsin/services/fetcher/feedlist"
)

// followEvery is how often a configuration file is looked at for changes.
const followEvery = 2 * time.Second

// ParseFeeds reads a feed list, YAML or OPML. problems are lines that could not be used, or only in part; name is for
// the error.
func ParseFeeds(name string, data []byte) (feeds []fetcher.Feed, problems []feedlist.Problem, err error) {
	entries, problems, err := feedlist.Parse(data)
	if err != nil {
		return nil, nil, fmt.Errorf("feed list %s: %w", name, err)
	}
	var errs []error
	for _, entry := range entries {
		feed, err := fetcher.FromList(entry)
		errs = append(errs, err)
		feeds = append(feeds, feed)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, fmt.Errorf("feed list %s: %w", name, err)
	}
	return feeds, problems, nil
}

// followFeeds keeps what a feed list brings in step with the file.
func (p *Process) followFeeds(ctx context.Context, feeds *operate.Feeds, path string) error {
	name := filepath.Base(path)
	return p.follow(ctx, path, func(ctx context.Context, data []byte) error {
		list, problems, err := ParseFeeds(name, data)
		if err != nil {
			return err
		}
		for _, problem := range problems {
			p.Log.Warn("feed list", "file", name, "line", problem.Line, "problem", problem.Sentence)
		}
		change, err := feeds.Import(ctx, name, list)
		if err != nil {
			return err
		}
		if !change.Empty() {
			p.Log.Info("feed list read", "file", name, "feeds", len(list),
				"added", len(change.Added), "updated", len(change.Updated), "removed", len(change.Removed))
		}
		return nil
	})
}

// followWatchlist keeps what a watchlist brings in step with the file.
func (p *Process) followWatchlist(ctx context.Context, lists *operate.Watchlists, path string) error {
	name := filepath.Base(path)
	return p.follow(ctx, path, func(ctx context.Context, data []byte) error {
		entries, report, err := watchlist.Parse("", path, data)
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

// follow applies the file now and whenever its content changes. A first reading that fails refuses the start; a later
// one is logged and what was applied last stays.
func (p *Process) follow(ctx context.Context, path string, apply func(context.Context, []byte) error) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	if err := apply(ctx, data); err != nil {
		return err
	}
	p.Go("file "+filepath.Base(path), func(ctx context.Context) error {
		tick := time.NewTicker(followEvery)
		defer tick.Stop()
		last := data
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
			last = p.reapply(ctx, path, last, apply)
		}
	})
	return nil
}

// reapply returns the content that was tried last, so that a broken file is reported once and not at every look.
func (p *Process) reapply(ctx context.Context, path string, last []byte, apply func(context.Context, []byte) error) []byte {
	data, err := os.ReadFile(path)
	if err != nil || bytes.Equal(data, last) { // a file being replaced is gone for a moment
		return last
	}
	if err := apply(ctx, data); err != nil && ctx.Err() == nil {
		p.Log.Error("configuration not taken over; what was read last stays", "file", filepath.Base(path), "error", err)
	}
	return data
}
