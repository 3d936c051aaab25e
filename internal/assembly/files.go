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
	return p.follow(ctx, path, feeds.Owns, func(ctx context.Context, data []byte) error {
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
	return p.follow(ctx, path, lists.Owns, func(ctx context.Context, data []byte) error {
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

// distinct refuses two files of one name: a file is known by its name, so that it may lie elsewhere on another machine.
func distinct(paths []string) error {
	seen := map[string]string{}
	for _, path := range paths {
		name := filepath.Base(path)
		if other, ok := seen[name]; ok {
			return fmt.Errorf("%s and %s have the same name, by which their entries are known; rename one", other, path)
		}
		seen[name] = path
	}
	return nil
}

// follow applies the file now and whenever its content changes. A file that cannot be used is reported and what it
// brought last stays; when it never brought anything the start is refused.
func (p *Process) follow(ctx context.Context, path string, owns func(context.Context, string) (bool, error), apply func(context.Context, []byte) error) error {
	data, err := p.first(ctx, path, owns, apply)
	if err != nil {
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

// first is the first look at a file; it returns the content that was tried.
func (p *Process) first(ctx context.Context, path string, owns func(context.Context, string) (bool, error), apply func(context.Context, []byte) error) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err == nil {
		err = apply(ctx, data)
	} else {
		err = fmt.Errorf("configuration: %w", err)
	}
	if err == nil {
		return data, nil
	}
	name := filepath.Base(path)
	if kept, ownErr := owns(ctx, name); ownErr != nil || !kept {
		return nil, err
	}
	p.Log.Error("configuration not taken over; what was read last stays", "file", name, "error", err)
	return data, nil
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
