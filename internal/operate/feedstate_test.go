package operate

import (
	"testing"
	"time"

	"tocsin/services/fetcher"
)

// TestFeedSentences holds what an operator reads of a feed to one honest sentence for each condition.
func TestFeedSentences(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	polled := now.Add(-time.Minute)
	for _, c := range []struct {
		state fetcher.PollState
		want  string
	}{
		{fetcher.PollState{}, "not polled yet"},
		{fetcher.PollState{Committed: polled, Succeeded: polled, Items: 7}, "works: 7 items when polled 1m0s ago"},
		{fetcher.PollState{Committed: polled, Failures: 2, Reason: "no host"}, "never worked (failing), 2 tries: no host"},
		{
			fetcher.PollState{Committed: polled, Succeeded: now.Add(-time.Hour), Failures: 4, Reason: "HTTP 403", Trouble: "blocked"},
			"blocked for 1h0m0s (4 tries): HTTP 403",
		},
		{
			fetcher.PollState{Committed: polled, Succeeded: polled, Items: 7, Signs: map[string]fetcher.Sign{"silent": {Sentence: "nothing new since Monday"}, "lying": {Sentence: "its server hid items"}}},
			"works: 7 items when polled 1m0s ago; lying: its server hid items; silent: nothing new since Monday",
		},
		{
			fetcher.PollState{Committed: polled, Succeeded: polled, Items: 7, Move: &fetcher.Move{To: "https://e.com/b", Adopted: true}},
			"works: 7 items when polled 1m0s ago; moved, and asked at https://e.com/b; change the address where it is configured",
		},
	} {
		if got := sentence(c.state, now); got != c.want {
			t.Errorf("%+v:\n have %s\n want %s", c.state, got, c.want)
		}
	}
}
