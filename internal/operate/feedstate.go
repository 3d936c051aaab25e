package operate

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
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
	// Trouble is why the feed cannot be read, one of the Event constants; empty when it can.
	Trouble string `json:"trouble,omitempty"`
	// Signs are the other troubles that were announced and are not over, by event.
	Signs map[string]fetcher.Sign `json:"signs,omitempty"`
	// News is when the feed last brought something new.
	News time.Time `json:"news,omitzero"`
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
			Trouble: state.Trouble, Signs: state.Signs, News: state.Rhythm.Last,
		}
	}
	return all, nil
}

// overdueAfter is how late a poll may be before it is called so; on a working pipeline it is a second.
const overdueAfter = 10 * time.Second

// sentence says how the feed is doing, every trouble that was announced and is not over, and that its poll is late where it
// is: then it is the pipeline that does not work, whatever the feed does.
func sentence(s fetcher.PollState, now time.Time) string {
	parts := []string{condition(s, now)}
	for _, event := range slices.Sorted(maps.Keys(s.Signs)) {
		parts = append(parts, event+": "+s.Signs[event].Sentence)
	}
	if m := s.Move; m != nil {
		parts = append(parts, moved(*m))
	}
	late := now.Sub(s.NextPoll)
	switch {
	case s.Removed, s.NextPoll.IsZero(), late < overdueAfter:
	case s.Claim != nil && s.Claim.Until.After(now):
		parts = append(parts, fmt.Sprintf("the poll that was due %s ago is still under way", late.Round(time.Second)))
	default:
		parts = append(parts, fmt.Sprintf("the next poll is overdue for %s: no fetcher runs, or they wait, and /readyz of each says for what", late.Round(time.Second)))
	}
	return strings.Join(parts, "; ")
}

func condition(s fetcher.PollState, now time.Time) string {
	ago := now.Sub(s.Committed).Round(time.Second)
	kind := cmp.Or(s.Trouble, "failing")
	switch {
	case s.Committed.IsZero():
		return "not polled yet"
	case s.Failures > 0 && s.Succeeded.IsZero():
		return fmt.Sprintf("never worked (%s), %d tries: %s", kind, s.Failures, s.Reason)
	case s.Failures > 0:
		return fmt.Sprintf("%s for %s (%d tries): %s", kind, now.Sub(s.Succeeded).Round(time.Second), s.Failures, s.Reason)
	}
	return fmt.Sprintf("works: %d items when polled %s ago", s.Items, ago)
}

func moved(m fetcher.Move) string {
	switch {
	case m.Refused != "":
		return m.Refused
	case m.Adopted:
		return "moved, and asked at " + m.To + "; change the address where it is configured"
	}
	return fmt.Sprintf("says it moved to %s (%d times since %s)", m.To, m.Met, m.Since.UTC().Format(time.DateOnly))
}
