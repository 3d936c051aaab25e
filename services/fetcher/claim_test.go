package fetcher_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/internal/retry"
	"tocsin/services/fetcher"
)

// TestDeadFetchersFeedIsSoonAnothers kills a fetcher in the middle of a poll: another one may take the feed within a minute.
func TestDeadFetchersFeedIsSoonAnothers(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	w.addFeed("news", news, nil)
	w.serve(news, item("a"))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := w.due("news")
	if err := w.startAs(&mortal{w: w, dieAt: 3}).Handle(t.Context(), d); !errors.Is(err, errDead) {
		t.Fatal(err)
	}
	other := w.start()
	err := other.Handle(t.Context(), d)
	wait, _ := retry.Delay(err)
	if err == nil || wait <= 0 || wait > time.Minute {
		t.Fatalf("the claim still holds: %v, to be tried again in %v; want within a minute", err, wait)
	}
	w.clock.Advance(wait)
	if err := other.Handle(t.Context(), d); err != nil || len(w.raws()) != 1 {
		t.Errorf("after %v: %v, %d articles", wait, err, len(w.raws()))
	}
}

// TestSlowPollKeepsItsFeed lets a page take many times as long as a claim holds: nobody else gets the feed meanwhile.
func TestSlowPollKeepsItsFeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.change = func(o *fetcher.Options) {
			o.Now = time.Now
			o.Pager = sleepPager{5 * time.Minute}
			o.PollBudget = time.Hour
		}
		f := w.start()
		w.addFeed("news", news, nil)
		w.serve(news, item("a"), item("b"))
		if err := f.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Since(w.clock.Now()))
		d := w.bus.Due()[0]
		done := make(chan error)
		go func() { done <- f.Handle(t.Context(), d) }()
		time.Sleep(7 * time.Minute)
		if _, later := retry.Delay(w.start().Handle(t.Context(), d)); !later {
			t.Error("another fetcher got the feed")
		}
		if err := <-done; err != nil || len(w.raws()) != 2 {
			t.Errorf("the slow poll: %v, %d articles", err, len(w.raws()))
		}
	})
}

// sleepPager takes real time, or what synctest calls so.
type sleepPager struct{ d time.Duration }

func (p sleepPager) Page(_ context.Context, url string) (fetcher.Page, error) {
	time.Sleep(p.d)
	return fetcher.Page{URL: url, Body: []byte("x"), ContentType: "text/html"}, nil
}
