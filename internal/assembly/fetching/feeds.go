package fetching

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
	"tocsin/services/fetcher/feedlist"
)

// Feeds opens the list of feeds that are read.
func Feeds(ctx context.Context, b *bus.Bus) (*operate.Feeds, error) {
	bucket, err := b.Bucket(ctx, messages.BucketFeeds)
	if err != nil {
		return nil, err
	}
	return operate.NewFeeds(assembly.Listed{Bucket: bucket}, time.Now), nil
}

// FeedStates returns every feed and how it is doing.
func FeedStates(ctx context.Context, b *bus.Bus, feeds *operate.Feeds) ([]operate.FeedState, error) {
	polls, err := b.Bucket(ctx, messages.BucketPolls)
	if err != nil {
		return nil, err
	}
	return feeds.States(ctx, polls)
}

// ListEntry is a feed as a list writes it.
func ListEntry(f fetcher.Feed) feedlist.Entry {
	return feedlist.Entry{
		URL: f.URL, ID: f.ID, Name: f.Name, Source: f.Source, Zone: f.Zone, Country: f.Country, Language: f.Language,
		Every: time.Duration(f.EverySeconds) * time.Second, Tags: f.Tags, Pages: f.FetchPages,
	}
}

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
func followFeeds(ctx context.Context, p *assembly.Process, feeds *operate.Feeds, path string) error {
	name := filepath.Base(path)
	return p.Follow(ctx, path, feeds.Owns, func(ctx context.Context, data []byte) error {
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
