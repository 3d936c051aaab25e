package fetcher

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/fetcher/feed"
)

// Broken remembers which unreadable items of a feed lie with the dead letters, so that each lies there once.
type Broken struct {
	// Keys name them, those met last first.
	Keys []string `json:"keys,omitempty"`
	// Day is when a letter was written last, to the day (UTC), Sent how many were on that day.
	Day  time.Time `json:"day,omitzero"`
	Sent int       `json:"sent,omitempty"`
}

// Dead letters are kept for good. One poll adds at most lettersBytes to them, over and above the bounds of
// feed.Document.Broken, and one feed lettersDaily a day; lettersKept are remembered.
const (
	lettersBytes = 256 << 10
	lettersDaily = 50
	lettersKept  = 100
	// brokenHead is how much of an item tells it from others: a document that is cut off ends elsewhere each time.
	brokenHead = 1 << 10
)

// setAside publishes the items of a document that cannot be read as dead letters. The ledger counts them as dropped: they
// have no article, and neither have their letters.
func (p *poll) setAside(ctx context.Context, doc feed.Document) error {
	now, before := p.o.Now().UTC(), p.state.Broken
	after := Broken{Day: before.Day, Sent: before.Sent}
	if today := now.Truncate(24 * time.Hour); !after.Day.Equal(today) {
		after.Day, after.Sent = today, 0
	}
	size, left := 0, doc.Lost-len(doc.Broken)
	for _, item := range doc.Broken {
		key := messages.Hash("broken", p.feed.ID, string(item[:min(len(item), brokenHead)]))
		switch {
		case slices.Contains(after.Keys, key):
			continue
		case slices.Contains(before.Keys, key):
		case size+len(item) > lettersBytes || after.Sent >= lettersDaily:
			left++
			continue
		default:
			if err := p.bury(ctx, key, item); err != nil {
				return err
			}
			size += len(item)
			after.Sent++
		}
		after.Keys = append(after.Keys, key)
	}
	if left > 0 {
		p.notes = append(p.notes, fmt.Sprintf("%d unreadable items were not copied to the dead letters, which take the first 20 of a document, %d KiB of a poll and %d items of a feed a day", left, lettersBytes>>10, lettersDaily))
	}
	for _, key := range before.Keys {
		if len(after.Keys) < lettersKept && !slices.Contains(after.Keys, key) {
			after.Keys = append(after.Keys, key)
		}
	}
	if len(after.Keys) > 0 {
		p.state.Broken = after
	}
	return nil
}

// bury publishes one dead letter. Its id is the same each time the same item is met.
func (p *poll) bury(ctx context.Context, key string, item []byte) error {
	err := p.o.Publisher.Publish(ctx, messages.Outgoing{
		Subject: messages.DLQSubject(messages.StageFetcher, dropUnreadable), ID: messages.MsgID(messages.StageFetcher, key, 1, 0), Data: item,
		Header: map[string]string{
			messages.HeaderStage: messages.StageFetcher, messages.HeaderReason: dropUnreadable, messages.HeaderFeed: p.feed.ID,
			messages.HeaderError: fmt.Sprintf("an item of the feed cannot be read; these are %d bytes of it as they came. Tell the publisher; there is nothing to replay", len(item)),
		},
	})
	if err != nil {
		return fmt.Errorf("dead letter of an unreadable item: %w", err)
	}
	p.o.Log.Warn("dead letter", "stage", messages.StageFetcher, "reason", dropUnreadable, "feed", p.feed.ID, "bytes", len(item))
	return nil
}
