package fetcher_test

import (
	"testing"
	"time"

	"tocsin/services/fetcher"
)

// TestRequestsSetThePace: with more requests than the feeds could ever use a silent feed is polled at the floor, with next
// to none at the ceiling.
func TestRequestsSetThePace(t *testing.T) {
	for _, c := range []struct {
		why      string
		requests float64
		want     time.Duration
	}{
		{"no wish: the feed's own rhythm, threefold after silence", 0, 90 * time.Minute},
		{"plenty", 1000, 10 * time.Minute},
		{"few: silence lets the interval grow as fast as it may", 1e-9, 90 * time.Minute},
	} {
		w := newWorld(t)
		w.change = func(o *fetcher.Options) { o.Requests = c.requests }
		f := w.start()
		w.addFeed("news", news, nil)
		w.serve(news, item("a"))
		for range 2 {
			if err := f.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.poll(f, "news")
		}
		if got := time.Duration(w.state("news").Interval) * time.Second; got != c.want {
			t.Errorf("%s: interval %s, want %s", c.why, got, c.want)
		}
	}
}
