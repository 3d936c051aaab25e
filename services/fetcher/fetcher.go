package fetcher

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// Fetcher handles due polls. It is safe for concurrent use; one Handle call works on one feed.
type Fetcher struct {
	o     Options
	gauge gauge
	held  held
	watch watchkeeper
	pace  pace

	volumes volumes
}

// New checks the options, fills their defaults and returns a Fetcher. It starts nothing.
func New(o Options) (*Fetcher, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	declare(o.Meter)
	return &Fetcher{o: o, watch: watchkeeper{due: map[string]time.Time{}, retired: map[string]bool{}, signs: map[string][]string{}}}, nil
}

// Handle does one due poll; d.Data is the feed's id. A feed that cannot be read is no error: what happened is published
// and remembered, and the next poll scheduled. An error means that this poll did not close: a publish was not
// acknowledged, a bucket not reached, or another fetcher holds the feed. Nothing is lost then; the message handled
// again goes on where this one stopped.
func (f *Fetcher) Handle(ctx context.Context, d messages.Delivery) error {
	id := string(d.Data)
	if !messages.IsToken(id) {
		return retry.Never("undecodable", fmt.Errorf("due poll holds %.40q; want a feed id", id))
	}
	feed, there, err := f.configured(ctx, id)
	switch {
	case err != nil:
		return err
	case !there:
		f.o.Log.Info("feed is configured no more", "feed", id)
		return f.o.Scheduler.Unschedule(ctx, id)
	case f.paused(ctx):
		return f.putOff(ctx, id)
	}
	p, err := f.claim(ctx, feed, d)
	if err != nil || p == nil {
		return err
	}
	if err := p.run(ctx); err != nil {
		p.release(ctx)
		return fmt.Errorf("poll of feed %s: %w", id, err)
	}
	return nil
}

// configured loads a feed; there is false for one that was removed or never was.
func (f *Fetcher) configured(ctx context.Context, id string) (feed Feed, there bool, err error) {
	data, rev, err := f.o.Feeds.Load(ctx, id)
	if err != nil || rev == 0 {
		return Feed{}, false, err
	}
	feed, there, err = decodeFeed(data)
	if err != nil {
		return Feed{}, false, retry.Never("invalid", fmt.Errorf("feed %s: %w; correct it where it is configured", id, err))
	}
	return feed, there, nil
}

func decodeFeed(data []byte) (feed Feed, there bool, err error) {
	record, err := messages.Decode[messages.Record](data)
	if err != nil || record.Removed {
		return Feed{}, false, err
	}
	if err := json.Unmarshal(record.Value, &feed); err != nil {
		return Feed{}, false, fmt.Errorf("%w: %w", ErrFeed, err)
	}
	return feed, true, feed.Validate()
}

// putOff makes the feed due again later and lets the message go, so that a pause costs no deliveries.
func (f *Fetcher) putOff(ctx context.Context, id string) error {
	f.o.Meter.Add(metricPostponed, 1)
	wait := f.o.PauseFor + time.Duration(f.o.Rand()*float64(f.o.PauseFor))
	return f.o.Scheduler.Schedule(ctx, id, f.o.Now().Add(wait))
}
