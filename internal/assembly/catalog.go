package assembly

import (
	"context"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
)

// Feeds opens the list of feeds that are read.
func Feeds(ctx context.Context, b *bus.Bus) (*operate.Feeds, error) {
	bucket, err := b.Bucket(ctx, messages.BucketFeeds)
	if err != nil {
		return nil, err
	}
	return operate.NewFeeds(listed{bucket}, time.Now), nil
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
	return operate.NewWatchlists(blobs{objects}, listed{bucket}, time.Now), nil
}
