package operate

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tocsin/services/fetcher"
)

// States reads the poll states of feeds.
type States interface {
	// Load returns the value and its revision; absent: nil, 0, nil.
	Load(ctx context.Context, key string) ([]byte, uint64, error)
}

// FeedState is a feed and how it is doing.
type FeedState struct {
	OwnedFeed
	// Sentence says in plain words how the feed is doing.
	Sentence string    `json:"sentence"`
	Failures int       `json:"failures"`
	Items    int       `json:"items"`
	Polled   time.Time `json:"polled,omitzero"`
	NextPoll time.Time `json:"next_poll,omitzero"`
}

// States joins the feeds with their poll states, in order of id.
func (f *Feeds) States(ctx context.Context, states States) ([]FeedState, error) {
	feeds, err := f.All(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]FeedState, len(feeds))
	for i, feed := range feeds {
		data, _, err := states.Load(ctx, feed.ID)
		if err != nil {
			return nil, fmt.Errorf("poll state of feed %s: %w", feed.ID, err)
		}
		var state fetcher.PollState
		if len(data) > 0 {
			if err := json.Unmarshal(data, &state); err != nil {
				return nil, fmt.Errorf("poll state of feed %s: %w", feed.ID, err)
			}
		}
		all[i] = FeedState{
			OwnedFeed: feed, Sentence: sentence(state, f.records.now()), Failures: state.Failures,
			Items: state.Items, Polled: state.Committed, NextPoll: state.NextPoll,
		}
	}
	return all, nil
}

// overdueAfter is how late a poll may be before it is called so; on a working pipeline it is a second.
const overdueAfter = 10 * time.Second

// sentence says how the feed is doing, and that its poll is late where it is: then it is the pipeline that does not work,
// whatever the feed does.
func sentence(s fetcher.PollState, now time.Time) string {
	text := condition(s, now)
	late := now.Sub(s.NextPoll)
	switch {
	case s.Removed, s.NextPoll.IsZero(), late < overdueAfter:
		return text
	case s.Claim != nil && s.Claim.Until.After(now):
		return fmt.Sprintf("%s; the poll that was due %s ago is still under way", text, late.Round(time.Second))
	}
	return fmt.Sprintf("%s; the next poll is overdue for %s: no fetcher runs, or they wait, and /readyz of each says for what", text, late.Round(time.Second))
}

func condition(s fetcher.PollState, now time.Time) string {
	ago := now.Sub(s.Committed).Round(time.Second)
	switch {
	case s.Committed.IsZero():
		return "not polled yet"
	case s.Failures > 0 && s.Succeeded.IsZero():
		return fmt.Sprintf("never worked, %d tries: %s", s.Failures, s.Reason)
	case s.Failures > 0:
		return fmt.Sprintf("failing for %s (%d tries): %s", now.Sub(s.Succeeded).Round(time.Second), s.Failures, s.Reason)
	case s.Items == 0:
		return fmt.Sprintf("works, but was empty when polled %s ago", ago)
	}
	return fmt.Sprintf("works: %d items when polled %s ago", s.Items, ago)
}
