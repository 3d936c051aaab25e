package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tocsin/pkg/messages"
)

// Schedule makes the due poll of feed arrive at the fetchers at that time or up to a second after it, replacing an
// earlier schedule of the same feed. A time that is past means at once. The schedule is on disk: it survives everything
// the stream survives, and fires late rather than not at all.
//
// The due poll's body is the feed id, and so is its header Tocsin-Feed.
func (b *Bus) Schedule(ctx context.Context, feed string, at time.Time) error {
	msg := &nats.Msg{Subject: messages.ScheduleSubject(feed), Data: []byte(feed), Header: nats.Header{}}
	msg.Header.Set(messages.HeaderFeed, headerValue(feed))
	_, err := b.js.PublishMsg(ctx, msg, jetstream.WithExpectStream(messages.StreamPolls),
		jetstream.WithScheduleAt(wholeSecond(at)), jetstream.WithScheduleTarget(messages.DueSubject(feed)))
	if err = b.wrote(err); err != nil {
		return fmt.Errorf("schedule feed %s: %w", feed, explainPublish(msg.Subject, err))
	}
	return nil
}

// wholeSecond is at rounded up: a schedule knows whole seconds only, and cutting the rest off would fire it early.
func wholeSecond(at time.Time) time.Time {
	return at.Add(time.Second - time.Nanosecond).Truncate(time.Second).UTC()
}

// Unschedule removes the pending schedule of feed and a due poll of it that is still there; none is no error.
func (b *Bus) Unschedule(ctx context.Context, feed string) error {
	s, err := b.js.Stream(ctx, messages.StreamPolls)
	if err != nil {
		return missing("stream "+messages.StreamPolls, err)
	}
	for _, subject := range []string{messages.ScheduleSubject(feed), messages.DueSubject(feed)} {
		if err := s.Purge(ctx, jetstream.WithPurgeSubject(subject)); err != nil {
			return fmt.Errorf("unschedule feed %s: %w", feed, err)
		}
	}
	return nil
}
