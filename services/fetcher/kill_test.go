package fetcher_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
)

// TestKilledAnywhere kills the fetcher before and after every single effect of a poll, lets another one handle the same
// message, and holds the outcome to: every item is published, once, as revision 1; no page is fetched twice but those
// whose articles were on their way; the state is committed and the next poll scheduled; the reports agree.
func TestKilledAnywhere(t *testing.T) {
	for _, together := range []bool{false, true} {
		steps := killAt(t, -1, false, together)
		if len(steps) < 12 {
			t.Fatalf("a poll of three items takes only %d steps: %v", len(steps), steps)
		}
		for at := range steps {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d %s after=%v", at, steps[at], after), func(t *testing.T) { killAt(t, at, after, together) })
			}
		}
	}
}

// killAt polls a feed, dying at a step, and again; it returns the steps of the first try. together publishes its articles
// as a batch.
func killAt(t *testing.T, at int, after, together bool) []string {
	t.Helper()
	w := newWorld(t)
	w.change = func(o *fetcher.Options) {
		if together {
			o.Batcher = w.mortal
		}
	}
	f := w.start()
	w.addFeed("news", news, nil)
	w.serve(news, item("a"), item("b"), damaged("x"), item("c"))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := &mortal{w: w, dieAt: at, after: after}
	w.mortal = first
	d := w.due("news")
	err := w.startAs(first).Handle(t.Context(), d)
	if at >= 0 && !errors.Is(err, errDead) {
		t.Fatalf("the first try gave %v, want death", err)
	}
	if at >= 0 {
		w.clock.Advance(6 * time.Minute) // past the claim
		d.Delivered++
		if err := w.start().Handle(t.Context(), d); err != nil {
			t.Fatalf("the second try: %v", err)
		}
	}
	if n := len(w.bus.Published("dlq.")); n != 1 {
		t.Errorf("the unreadable item makes %d dead letters, want one", n)
	}
	checkComplete(w, together)
	return first.steps
}

func checkComplete(w *world, together bool) {
	w.Helper()
	met := map[string]int{}
	for _, r := range w.raws() {
		met[r.GUID]++
		if r.Revision != 1 || r.Page == nil {
			w.Errorf("article %s has revision %d, page %d bytes", r.GUID, r.Revision, len(r.Page))
		}
	}
	if len(met) != 3 || met["a"] != 1 || met["b"] != 1 || met["c"] != 1 {
		w.Errorf("published: %v", met)
	}
	twice := 0
	for _, n := range w.pages {
		twice += n - 1
	}
	if twice > 1 && !together { // a batch dies with the pages of all its articles
		w.Errorf("pages were fetched again: %v", w.pages)
	}
	s := w.state("news")
	if next, ok := w.bus.Scheduled("news"); !ok || len(s.Seen) != 3 || s.Claim != nil || (s.ETag == "") != (len(s.Broken.Keys) > 0) || next.Before(s.NextPoll) {
		w.Errorf("state %+v, scheduled %v", s, ok)
	}
	for _, r := range w.reports() {
		if r.PollState != w.reports()[0].PollState || r.New != 3 {
			w.Errorf("reports: %+v", w.reports())
		}
	}
	if len(w.reports()) != 1 {
		w.Errorf("%d reports of one poll", len(w.reports()))
	}
}

// TestStreamAway lets every publish fail for a while: nothing is committed, no page is fetched again, and then all is there.
func TestStreamAway(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	w.addFeed("news", news, nil)
	w.serve(news, item("a"), item("b"))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := w.due("news")
	w.bus.Fail(func(messages.Outgoing) error { return errors.New("no stream") })
	for range 5 {
		if err := f.Handle(t.Context(), d); err == nil {
			t.Fatal("a publish that was not acknowledged passed for success")
		}
		w.clock.Advance(30 * time.Second)
	}
	if s := w.state("news"); len(s.Seen) != 0 || !s.Committed.IsZero() {
		t.Errorf("committed although nothing was published: %+v", s)
	}
	w.bus.Fail(nil)
	if err := f.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if len(w.raws()) != 2 || w.pages["https://e.com/a"] != 1 || w.pages["https://e.com/b"] != 1 {
		t.Errorf("%d articles, pages %v", len(w.raws()), w.pages)
	}
}

// TestStopGivesTheFeedBack ends the context in the middle of a poll: the next fetcher need not wait for the claim.
func TestStopGivesTheFeedBack(t *testing.T) {
	w := newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	w.change = func(o *fetcher.Options) { o.Pager = stopPager{stop} }
	f := w.start()
	w.addFeed("news", news, nil)
	w.serve(news, item("a"))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := w.due("news")
	if err := f.Handle(ctx, d); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v", err)
	}
	w.change = nil
	if err := w.start().Handle(t.Context(), d); err != nil || len(w.raws()) != 1 {
		t.Errorf("the next one at once: %v, %d articles", err, len(w.raws()))
	}
}

// stopPager ends the process's context instead of fetching.
type stopPager struct{ stop func() }

func (p stopPager) Page(context.Context, string) (fetcher.Page, error) {
	p.stop()
	return fetcher.Page{}, context.Canceled
}

// slowPager takes its time on the virtual clock.
type slowPager struct {
	w *world
	d time.Duration
}

func (p slowPager) Page(_ context.Context, url string) (fetcher.Page, error) {
	p.w.clock.Advance(p.d)
	return fetcher.Page{URL: url, Body: []byte("x"), ContentType: "text/html"}, nil
}
