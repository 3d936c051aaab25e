package bustest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tocsin/pkg/messages"
)

// Schedule notes that the due poll of feed shall come at that time, rounded up to a whole second, instead of any
// scheduled before. A time in the past comes at once.
func (b *Bus) Schedule(ctx context.Context, feed string, at time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.schedules[feed] = schedule{feed, at.Add(time.Second - time.Nanosecond).Truncate(time.Second)}
	return nil
}

// Unschedule removes the schedule of feed and a due poll nobody took.
func (b *Bus) Unschedule(ctx context.Context, feed string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fire()
	delete(b.schedules, feed)
	b.due = slices.DeleteFunc(b.due, func(d messages.Delivery) bool { return string(d.Data) == feed })
	return nil
}

// Due takes the polls that have become due by the clock, the earliest first.
func (b *Bus) Due() []messages.Delivery {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fire()
	out := b.due
	b.due = nil
	return out
}

// Scheduled returns when the next poll of feed comes; false when none is pending.
func (b *Bus) Scheduled(feed string) (time.Time, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, ok := b.schedules[feed]
	return s.at, ok
}

// fire turns schedules whose time has come into due polls. Like the stream it keeps one per feed.
func (b *Bus) fire() {
	now := b.clock.Now()
	var ready []schedule
	for feed, s := range b.schedules {
		if !s.at.After(now) {
			ready = append(ready, s)
			delete(b.schedules, feed)
		}
	}
	slices.SortFunc(ready, func(x, y schedule) int { return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.feed, y.feed)) })
	for _, s := range ready {
		b.due = slices.DeleteFunc(b.due, func(d messages.Delivery) bool { return string(d.Data) == s.feed })
		b.due = append(b.due, b.store(messages.StreamPolls, messages.Outgoing{
			Subject: messages.DueSubject(s.feed), Data: []byte(s.feed), Header: map[string]string{messages.HeaderFeed: s.feed},
		}))
	}
}
