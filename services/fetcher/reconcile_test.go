package fetcher_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
)

func TestReconcileBeginsNewFeedsAtOnce(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	w.addFeed("a", "https://a.example/rss", nil)
	w.addFeed("b", "https://b.example/rss", nil)
	w.putRecord("broken", messages.Record{Version: 1, Owner: "file:x", Value: []byte(`{"id":"broken"}`)})
	for range 3 {
		if err := f.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	due := w.bus.Due()
	if len(due) != 2 {
		t.Fatalf("%d polls are due, want one for each feed that can be read", len(due))
	}
}

func TestReconcileSchedulesWhatIsOverdue(t *testing.T) {
	w, f := polled(t, item("a"))
	next, _ := w.bus.Scheduled("news")
	if err := w.bus.Unschedule(t.Context(), "news"); err != nil { // a schedule is lost
		t.Fatal(err)
	}
	for _, c := range []struct {
		why  string
		at   time.Time
		want bool
	}{
		{"not due yet", next.Add(-time.Minute), false},
		{"due, within the grace", next.Add(time.Minute), false},
		{"overdue", next.Add(3 * time.Minute), true},
	} {
		w.clock.Advance(c.at.Sub(w.clock.Now()))
		if err := f.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, ok := w.bus.Scheduled("news"); ok != c.want {
			t.Errorf("%s: scheduled = %v, want %v", c.why, ok, c.want)
		}
	}
}

func TestReconcileLeavesAPollInProgress(t *testing.T) {
	w, f := polled(t, item("a"))
	w.serve(news, item("b"))
	d := w.due("news")
	dying := &mortal{w: w, dieAt: 3}
	if err := w.startAs(dying).Handle(t.Context(), d); !errors.Is(err, errDead) {
		t.Fatal(err)
	}
	w.clock.Advance(2*time.Minute + 15*time.Second)
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, ok := w.bus.Scheduled("news"); ok {
		t.Error("a poll whose claim still holds was scheduled again")
	}
	w.clock.Advance(10 * time.Minute) // the message is lost as well
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")
	if len(w.raws()) != 2 {
		t.Errorf("%d articles, want both", len(w.raws()))
	}
}

func TestRemovedFeedComesBack(t *testing.T) {
	w, f := polled(t, item("a"))
	w.removeFeed("news")
	for range 2 {
		if err := f.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := w.bus.Scheduled("news"); ok || !w.state("news").Removed {
		t.Fatalf("removed: scheduled %v, state %+v", ok, w.state("news"))
	}
	w.clock.Advance(time.Hour)
	w.addFeed("news", news, nil)
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")
	if s := w.state("news"); s.Removed || len(w.raws()) != 1 {
		t.Errorf("back: %+v, %d articles; what it saw before is known", s, len(w.raws()))
	}
}

func TestPause(t *testing.T) {
	w := newWorld(t)
	load := fetcher.Pressure{}
	var readError error
	w.change = func(o *fetcher.Options) {
		o.Backlog = func(context.Context) (fetcher.Pressure, error) { return load, readError }
	}
	f := w.start()
	w.addFeed("news", news, nil)
	w.serve(news, item("a"))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why    string
		load   fetcher.Pressure
		err    error
		paused bool
	}{
		{"too many messages", fetcher.Pressure{Messages: 50_000}, nil, true},
		{"a backlog that cannot be read changes nothing", fetcher.Pressure{}, errors.New("away"), true},
		{"half of the bytes", fetcher.Pressure{Bytes: 50, MaxBytes: 100}, nil, true},
		{"an old message", fetcher.Pressure{Oldest: time.Hour}, nil, true},
		{"bytes without a limit", fetcher.Pressure{Bytes: 50}, nil, false},
	} {
		load, readError = c.load, c.err
		w.clock.Advance(time.Minute)
		w.poll(f, "news")
		reason, since := f.Paused()
		if (reason != "") != c.paused || c.paused == since.IsZero() {
			t.Errorf("%s: paused %q since %v", c.why, reason, since)
		}
		if polled := len(w.asked) > 0; polled == c.paused {
			t.Errorf("%s: polled = %v", c.why, polled)
		}
		if _, ok := w.bus.Scheduled("news"); !ok {
			t.Errorf("%s: the poll was lost", c.why)
		}
	}
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		f := w.start()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- f.Run(ctx) }()
		synctest.Wait()
		w.addFeed("news", news, nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		if due := w.bus.Due(); len(due) != 1 {
			t.Errorf("%d polls are due a minute after the feed was added, want 1", len(due))
		}
		stop()
		if err := <-done; err != nil {
			t.Errorf("Run ended with %v", err)
		}
	})
}

func TestOverdueFeedsTakeTurns(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	var order []string
	w.change = func(o *fetcher.Options) { o.Scheduler = recorder{&order} }
	late := w.startAs(&mortal{w: w, dieAt: -1})
	for _, id := range []string{"c", "a", "b"} {
		w.addFeed(id, "https://"+id+".example/rss", nil)
		if err := f.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Second)
	}
	w.clock.Advance(time.Hour)
	if err := late.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(order, []string{"c", "a", "b"}) {
		t.Errorf("scheduled in the order %v, want the longest overdue first", order)
	}
}

// recorder notes what is scheduled.
type recorder struct{ order *[]string }

func (r recorder) Schedule(_ context.Context, feed string, _ time.Time) error {
	*r.order = append(*r.order, feed)
	return nil
}

func (recorder) Unschedule(context.Context, string) error { return nil }

// TestManyNewFeedsTakeTurns adds a thousand feeds at once: the first are polled at once, the others one after the other.
func TestManyNewFeedsTakeTurns(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	for i := range 1000 {
		w.addFeed(fmt.Sprint("feed", i), fmt.Sprintf("https://news.example/%d", i), nil)
	}
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(w.bus.Due()); n != 200 {
		t.Errorf("%d feeds are due at once, want 200", n)
	}
	w.clock.Advance(8 * time.Second)
	if n := len(w.bus.Due()); n < 300 || n > 450 {
		t.Errorf("%d more are due after eight seconds, want some fifty a second", n)
	}
	w.clock.Advance(9 * time.Second)
	if w.bus.Due(); len(w.events()) != 0 {
		t.Error("waiting for its turn is no trouble")
	}
}

// TestBeginsAsFastAsIsAllowed adds a thousand feeds where two hundred requests a second are allowed.
func TestBeginsAsFastAsIsAllowed(t *testing.T) {
	w := newWorld(t)
	w.change = func(o *fetcher.Options) { o.Requests = 200 }
	f := w.start()
	for i := range 1000 {
		w.addFeed(fmt.Sprint("feed", i), fmt.Sprintf("https://news.example/%d", i), nil)
	}
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(2 * time.Second)
	if n := len(w.bus.Due()); n < 550 || n > 650 {
		t.Errorf("%d feeds are due after two seconds, want 200 and two hundred a second", n)
	}
}
