package operate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
)

// ErrUnknown says that the named feed or watch entry does not exist.
var ErrUnknown = errors.New("no such thing configured")

// Feeds is the list of feeds that are read.
type Feeds struct{ records records }

// NewFeeds works on the bucket messages.BucketFeeds.
func NewFeeds(bucket Bucket, now func() time.Time) *Feeds {
	return &Feeds{records{bucket: bucket, now: now}}
}

// OnProgress makes Import call do with how many of its feeds are written, one call at a time.
func (f *Feeds) OnProgress(do func(done, total int)) { f.records.progress = do }

// OwnedFeed is a feed and who brought it.
type OwnedFeed struct {
	fetcher.Feed
	Owner string `json:"owner"`
}

// All returns the feeds in order of id, removed ones left out.
func (f *Feeds) All(ctx context.Context) ([]OwnedFeed, error) {
	all, err := f.records.bucket.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list feeds: %w", err)
	}
	var feeds []OwnedFeed
	for key, data := range all {
		record, err := messages.Decode[messages.Record](data)
		if err != nil {
			return nil, fmt.Errorf("feed %s: %w", key, err)
		}
		if record.Removed {
			continue
		}
		feed := OwnedFeed{Owner: record.Owner}
		if err := json.Unmarshal(record.Value, &feed.Feed); err != nil {
			return nil, fmt.Errorf("feed %s: %w", key, err)
		}
		feeds = append(feeds, feed)
	}
	slices.SortFunc(feeds, func(a, b OwnedFeed) int { return strings.Compare(a.ID, b.ID) })
	return feeds, nil
}

// Import reconciles the feeds of one file. The moment a feed is first brought becomes its AddedAt and stays.
func (f *Feeds) Import(ctx context.Context, file string, feeds []fetcher.Feed) (Change, error) {
	have, err := f.All(ctx)
	if err != nil {
		return Change{}, err
	}
	added := map[string]time.Time{}
	for _, feed := range have {
		added[feed.ID] = feed.AddedAt
	}
	wanted := make(map[string]json.RawMessage, len(feeds))
	for _, feed := range feeds {
		feed.AddedAt = added[feed.ID]
		if feed.AddedAt.IsZero() {
			feed.AddedAt = f.records.now().UTC()
		}
		value, err := json.Marshal(feed)
		if err != nil {
			return Change{}, fmt.Errorf("feed %s: %w", feed.ID, err)
		}
		wanted[feed.ID] = value
	}
	return f.records.reconcile(ctx, "file:"+file, wanted)
}

// Owns reports whether a file brought any of the feeds there are.
func (f *Feeds) Owns(ctx context.Context, file string) (bool, error) {
	all, err := f.All(ctx)
	return slices.ContainsFunc(all, func(feed OwnedFeed) bool { return feed.Owner == "file:"+file }), err
}

// Add adds a feed by command, or replaces the one of the same id, which keeps the moment it was added. An address that is
// read already under another id is refused.
func (f *Feeds) Add(ctx context.Context, feed fetcher.Feed) error {
	if err := feed.Validate(); err != nil {
		return err
	}
	all, err := f.All(ctx)
	if err != nil {
		return err
	}
	feed.AddedAt = f.records.now().UTC()
	for _, have := range all {
		switch {
		case have.ID == feed.ID:
			feed.AddedAt = have.AddedAt
		case have.URL == feed.URL:
			return fmt.Errorf("%s is read already, as %s; give --id %s to change that feed", feed.URL, have.ID, have.ID)
		}
	}
	value, err := json.Marshal(feed)
	if err != nil {
		return fmt.Errorf("feed %s: %w", feed.ID, err)
	}
	return f.records.put(ctx, feed.ID, messages.Record{Owner: messages.OwnerCommand, Value: value})
}

// Remove stops a feed, named by id or URL; a file that lists it does not bring it back.
func (f *Feeds) Remove(ctx context.Context, name string) (fetcher.Feed, error) {
	all, err := f.All(ctx)
	if err != nil {
		return fetcher.Feed{}, err
	}
	for _, feed := range all {
		if feed.ID == name || feed.URL == name {
			err := f.records.put(ctx, feed.ID, messages.Record{Owner: messages.OwnerCommand, Removed: true})
			return feed.Feed, err
		}
	}
	return fetcher.Feed{}, fmt.Errorf("%w: feed %q; `tocsin feeds list` shows those there are", ErrUnknown, name)
}
