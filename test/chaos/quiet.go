package main

import (
	"context"
	"fmt"
	"time"

	"tocsin/internal/assembly/fetching"
	"tocsin/internal/bus"
	"tocsin/pkg/messages"
	"tocsin/test/mortal"
)

// stillFor is how long nothing may wait before the pipeline counts as quiet: longer than the pause between two polls,
// and than an index takes to show what was written.
const stillFor = 3 * time.Second

// waitForQuiet returns when every feed was polled to its end after since and the queues of extractor and indexer stayed
// empty for a while. The error says what still moves when ctx ends first.
func waitForQuiet(ctx context.Context, b *bus.Bus, since time.Time) error {
	var still time.Time // since when nothing moves
	busy := "it was not asked yet"
	for {
		if now := moves(ctx, b, since); ctx.Err() == nil {
			busy = now
		}
		switch {
		case busy != "":
			still = time.Time{}
		case still.IsZero():
			still = time.Now()
		case time.Since(still) >= stillFor:
			return nil
		}
		if mortal.Pause(ctx, 200*time.Millisecond) != nil {
			return fmt.Errorf("the pipeline does not come to rest: %s", busy)
		}
	}
}

// moves says what is not at rest, "" when all is.
func moves(ctx context.Context, b *bus.Bus, since time.Time) string {
	for _, consumer := range []string{messages.ConsumerExtractor, messages.ConsumerIndexer} {
		l, err := b.Backlog(ctx, consumer)
		if err != nil {
			return err.Error()
		}
		if l.Pending > 0 || l.AckPending > 0 {
			return fmt.Sprintf("%d messages wait for the %s and %d are in its hands", l.Pending, consumer, l.AckPending)
		}
	}
	feeds, err := fetching.Feeds(ctx, b)
	if err != nil {
		return err.Error()
	}
	states, err := fetching.FeedStates(ctx, b, feeds)
	if err != nil {
		return err.Error()
	}
	for _, f := range states {
		if f.Polled.Before(since) {
			return fmt.Sprintf("feed %s was polled last %v before the end: %s", f.ID, since.Sub(f.Polled).Round(time.Second), f.Sentence)
		}
	}
	if len(states) < publishers {
		return fmt.Sprintf("%d feeds of %d are configured", len(states), publishers)
	}
	return ""
}
