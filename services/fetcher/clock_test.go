package fetcher_test

import (
	"errors"
	"testing"
	"time"

	"tocsin/services/fetcher"
)

// TestClockThatJumpsAheadAndBack polls under a clock that is wrong for a while. Once it is right again the feed is polled
// at its usual pace, and every article came once.
func TestClockThatJumpsAheadAndBack(t *testing.T) {
	for _, c := range []struct {
		why  string
		jump time.Duration
		// ahead is what happens while the clock is wrong.
		ahead func(w *world, f *fetcher.Fetcher)
	}{
		{"a poll closes", 30 * 24 * time.Hour, func(w *world, f *fetcher.Fetcher) { w.poll(f, "news") }},
		{"a poll closes, an hour ahead", time.Hour, func(w *world, f *fetcher.Fetcher) { w.poll(f, "news") }},
		{"a fetcher dies in a poll", 24 * time.Hour, func(w *world, f *fetcher.Fetcher) {
			dying := &mortal{w: w, dieAt: 5}
			if err := w.startAs(dying).Handle(w.Context(), w.due("news")); !errors.Is(err, errDead) {
				w.Fatal(err)
			}
		}},
		{"a pass finds nothing overdue", 24 * time.Hour, func(w *world, f *fetcher.Fetcher) {
			w.poll(f, "news")
			if err := f.Reconcile(w.Context()); err != nil {
				w.Fatal(err)
			}
		}},
	} {
		t.Run(c.why, func(t *testing.T) {
			w, f := polled(t, item("a"))
			next, _ := w.bus.Scheduled("news")
			w.clock.Advance(next.Sub(w.clock.Now()) + c.jump)
			w.serve(news, item("b"), item("a"))
			c.ahead(w, f)
			w.clock.Advance(-(w.clock.Now().Sub(next)))
			w.serve(news, item("c"), item("b"), item("a"))
			if err := f.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.pollNow(f)
			w.expectHealed(3)
			w.clock.Advance(13 * time.Hour) // the rhythm goes on
			w.serve(news, item("d"), item("c"), item("b"), item("a"))
			w.poll(f, "news")
			w.expectHealed(4)
		})
	}
}

// TestDueMessageOfARightClock brings a due message before any pass has seen that the state is from the future.
func TestDueMessageOfARightClock(t *testing.T) {
	w, f := polled(t, item("a"))
	w.clock.Advance(48 * time.Hour)
	w.poll(f, "news")
	w.clock.Advance(-47 * time.Hour)
	w.serve(news, item("b"), item("a"))
	if err := w.bus.Schedule(t.Context(), "news", w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	w.pollNow(f)
	w.expectHealed(2)
}

// TestFeedBegunByAClockThatRanAhead gives a feed its first turn a month too late.
func TestFeedBegunByAClockThatRanAhead(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	w.addFeed("news", news, nil)
	w.serve(news, item("a"))
	w.clock.Advance(30 * 24 * time.Hour)
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(-30 * 24 * time.Hour)
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.pollNow(f)
	w.expectHealed(1)
}

// TestEditOfAnArticleFromTheFuture edits an article that was published under a clock that ran ahead.
func TestEditOfAnArticleFromTheFuture(t *testing.T) {
	w, f := polled(t, item("a"))
	w.clock.Advance(48 * time.Hour)
	w.serve(news, item("b"), item("a"))
	w.poll(f, "news")
	w.clock.Advance(-47 * time.Hour)
	w.serve(news, item("b", "corrected"), item("a"))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.pollNow(f)
	if raws := w.raws(); len(raws) != 3 || raws[2].Revision != 2 {
		t.Errorf("%d messages, want the edit as a revision: %+v", len(raws), w.lastReport())
	}
}

// pollNow handles the feed's poll, which must be due without any waiting.
func (w *world) pollNow(f *fetcher.Fetcher) {
	w.Helper()
	if at, ok := w.bus.Scheduled("news"); ok && at.After(w.clock.Now()) {
		w.Fatalf("the next poll is scheduled %v from now, want it due", at.Sub(w.clock.Now()))
	}
	asked := len(w.asked)
	w.poll(f, "news")
	if len(w.asked) != asked+1 {
		w.Fatal("the feed was not asked")
	}
}

// expectHealed wants n articles, each once, and a state that a right clock could have written.
func (w *world) expectHealed(n int) {
	w.Helper()
	ids := map[string]bool{}
	for _, a := range w.raws() {
		ids[a.ID] = true
	}
	if len(ids) != n || len(w.raws()) != n {
		w.Errorf("%d messages of %d articles, want %d", len(w.raws()), len(ids), n)
	}
	s, now := w.state("news"), w.clock.Now()
	if s.Claim != nil || s.Committed.After(now) || s.Full.After(now) || s.Succeeded.After(now) || s.Rhythm.Last.After(now) || s.Days.First.After(now) || s.NextPoll.Sub(now) > 12*time.Hour {
		w.Errorf("at %v the state is %+v", now, s)
	}
}
