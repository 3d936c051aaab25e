package fetcher_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/services/fetcher"
)

// pollFor polls the feed whenever it is due for d, with what before says is served at each moment.
func (w *world) pollFor(f *fetcher.Fetcher, d time.Duration, before func(now time.Time)) {
	w.Helper()
	for end := w.clock.Now().Add(d); w.clock.Now().Before(end); {
		if at, ok := w.bus.Scheduled("news"); ok && at.After(w.clock.Now()) {
			w.clock.Advance(at.Sub(w.clock.Now()))
		}
		before(w.clock.Now())
		w.poll(f, "news")
	}
}

// hourly serves the last ten of items that appear each hour until a moment.
func (w *world) hourly(until time.Time) func(now time.Time) {
	return func(now time.Time) {
		if now.After(until) {
			now = until
		}
		n := int(now.Sub(start)/time.Hour) + 10
		var items []string
		for i := n; i > n-10; i-- {
			items = append(items, item(fmt.Sprint("s", i)))
		}
		w.serve(news, items...)
	}
}

// TestSilenceIsToldOnce lets an hourly feed fall silent and come back, with a new fetcher in between.
func TestSilenceIsToldOnce(t *testing.T) {
	w := newWorld(t)
	w.addFeed("news", news, func(f *fetcher.Feed) { f.EverySeconds = 600 })
	f := w.start()
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	quiet := start.Add(48 * time.Hour)
	w.pollFor(f, 52*time.Hour, w.hourly(quiet))
	if got := w.events(); len(got) != 0 {
		t.Fatalf("after four quiet hours: %v", got)
	}
	w.pollFor(f, 2*time.Hour, w.hourly(quiet))
	f = w.start() // what was told is remembered
	w.pollFor(f, 20*time.Hour, w.hourly(quiet))
	if got := w.events(); !slices.Equal(got, []string{"silent"}) {
		t.Fatalf("after a day: %v", got)
	}
	if s := w.state("news").Signs["silent"].Sentence; !strings.Contains(s, "nothing new since 2026-03-03 12:") || !strings.Contains(s, "every 60 minutes") {
		t.Errorf("the sentence is %q", s)
	}
	w.pollFor(f, time.Hour, w.hourly(w.clock.Now().Add(time.Hour)))
	if got := w.events(); !slices.Contains(got, "recovered") || w.state("news").Signs["silent"].Sentence != "" {
		t.Errorf("once it speaks again: %v", got)
	}
}

// TestChanceIsNoSilence polls feeds that post when they like: long pauses come of it that mean nothing, and one that does.
func TestChanceIsNoSilence(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for _, perDay := range []float64{1, 3, 12} {
		t.Run(fmt.Sprint(perDay), func(t *testing.T) {
			w := newWorld(t)
			w.addFeed("news", news, func(f *fetcher.Feed) { f.EverySeconds = 3600 })
			f := w.start()
			if err := f.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			next, n := start, 10
			serve := func(now time.Time) {
				for ; !next.After(now); n++ {
					next = next.Add(time.Duration(random.ExpFloat64() / perDay * float64(24*time.Hour)))
				}
				var items []string
				for i := n; i > n-10; i-- {
					items = append(items, item(fmt.Sprint("s", i)))
				}
				w.serve(news, items...)
			}
			w.pollFor(f, 35*24*time.Hour, serve)
			if got := w.events(); len(got) > 0 {
				t.Errorf("while it posted by chance: %v", got)
			}
			next = next.AddDate(1, 0, 0)
			w.pollFor(f, time.Duration(14/perDay*24)*time.Hour, serve)
			if got := w.events(); !slices.Contains(got, "silent") {
				t.Errorf("after fourteen stories that did not come: %v", got)
			}
		})
	}
}

// TestSigns walks through what else a feed can be told of.
func TestSigns(t *testing.T) {
	old := strings.ReplaceAll(item("a"), "2026", "2025")
	for _, c := range []struct {
		about string
		serve func(w *world, n int)
		polls int
		want  []string
	}{
		{"a feed whose newest item is a year old is stale, and said so at once", func(w *world, _ int) { w.serve(news, old) }, 2, []string{"stale"}},
		{"an empty feed is told when it empties and when it fills", func(w *world, n int) {
			if n == 1 || n == 2 {
				w.serve(news)
			} else {
				w.serve(news, item("a"))
			}
		}, 5, []string{"empty", "recovered"}},
		{"a feed that is gone is told at once", func(w *world, n int) {
			w.serve(news, item("a"))
			if n > 0 {
				w.answers[news] = fetcher.Response{Status: 410, URL: news}
			}
		}, 3, []string{"gone"}},
		{"items that cannot be read are told until all can be", func(w *world, n int) {
			items := []string{item("a"), item("b")}
			if n == 1 || n == 2 {
				items = append(items, item("c")[:20])
			}
			w.serve(news, items...)
		}, 4, []string{"broken", "recovered"}},
		{"an unsteady feed is told of its worst only", func(w *world, n int) {
			w.serve(news, item("a"))
			if n > 0 {
				w.answers[news] = fetcher.Response{Status: []int{500, 403}[n%2], URL: news}
			}
		}, 9, []string{"blocked"}},
	} {
		t.Run(c.about, func(t *testing.T) {
			w := newWorld(t)
			f := w.start()
			w.addFeed("news", news, nil)
			if err := f.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			for n := range c.polls {
				c.serve(w, n)
				w.poll(f, "news")
			}
			if got := w.events(); !slices.Equal(got, c.want) {
				t.Errorf("events %v, want %v; last report %+v", got, c.want, w.reports())
			}
		})
	}
}

// TestLyingValidators has a server that answers 304 whatever happens: the look without condition finds what was hidden, and
// from then on it is asked for everything.
func TestLyingValidators(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	w.addFeed("news", news, nil)
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.pollFor(f, 30*time.Hour, func(now time.Time) {
		var items []string
		for i := range int(now.Sub(start)/time.Hour) + 1 {
			items = append(items, item(fmt.Sprint("s", i)))
		}
		w.serve(news, items...)
		a := w.answers[news]
		a.ETag = `"always"`
		w.answers[news] = a
	})
	if got := w.events(); !slices.Equal(got, []string{"lying"}) {
		t.Errorf("events %v", got)
	}
	last := w.asked[len(w.asked)-1]
	if last.ETag != "" || w.lastReport().Status != "ok" {
		t.Errorf("asked with %+v, report %+v", last, w.lastReport())
	}
}

// TestMoveIsAdoptedAfterDays redirects for good: the new address is asked only when it was named often enough for long
// enough, and the old one again when the new one fails.
func TestMoveIsAdoptedAfterDays(t *testing.T) {
	w, f := polled(t, item("a"))
	const next = "https://news.example/new"
	moved := func(time.Time) {
		w.serve(next, item("a"))
		w.serve(news, item("a"))
		a := w.answers[news]
		a.Moved, a.URL = next, next
		w.answers[news] = a
	}
	w.pollFor(f, 2*24*time.Hour, moved)
	if got := w.asked[len(w.asked)-1].URL; got != news {
		t.Fatalf("after two days %s is asked", got)
	}
	w.pollFor(f, 3*24*time.Hour, moved)
	if got := w.asked[len(w.asked)-1].URL; got != next || !slices.Equal(w.events(), []string{"moved", "moved"}) {
		t.Fatalf("after five days %s is asked, events %v", got, w.events())
	}
	for range 4 {
		delete(w.answers, next)
		w.poll(f, "news")
	}
	if got := w.asked[len(w.asked)-1].URL; got != news || w.state("news").Failures != 0 {
		t.Errorf("once the new address fails, %s is asked", got)
	}
}

// census is a Meter that keeps the gauges, by name and labels.
type census map[string]float64

func (c census) Add(string, float64, ...string)              {}
func (c census) Observe(name string, v float64, _ ...string) { c[name] = v }
func (c census) Set(name string, v float64, labels ...string) {
	c[name+" "+strings.Join(labels, "=")] = v
}
func (c census) trouble(sign string) float64 { return c["tocsin_fetcher_feeds_in_trouble sign="+sign] }
func (c census) feeds() float64              { return c["tocsin_fetcher_feeds "] }

// TestTroublesAreCounted: the gauges show a feed that fell silent until it speaks again, and forget one that was removed.
func TestTroublesAreCounted(t *testing.T) {
	w, meter := newWorld(t), census{}
	w.addFeed("news", news, func(f *fetcher.Feed) { f.EverySeconds = 600 })
	w.change = func(o *fetcher.Options) { o.Meter = meter }
	f := w.start()
	look := func(feeds, silent float64, when string) {
		t.Helper()
		w.clock.Advance(5 * time.Minute) // past the grace, within which a feed is not looked at again
		if err := f.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
		if meter.feeds() != feeds || meter.trouble("silent") != silent {
			t.Errorf("%s: %v feeds, %v silent; want %v and %v", when, meter.feeds(), meter.trouble("silent"), feeds, silent)
		}
	}
	look(1, 0, "before its first poll")
	quiet := start.Add(48 * time.Hour)
	w.pollFor(f, 48*time.Hour, w.hourly(quiet))
	look(1, 0, "while it brings news")
	w.pollFor(f, 26*time.Hour, w.hourly(quiet))
	look(1, 1, "after a day of silence")
	w.pollFor(f, time.Hour, w.hourly(w.clock.Now().Add(time.Hour)))
	look(1, 0, "once it speaks again")
	w.removeFeed("news")
	look(0, 0, "after its removal")
	if late := meter["tocsin_fetcher_published_to_seen_seconds"]; late < 72*3600 || late > 100*3600 {
		t.Errorf("the last article was seen %v s after its publication; its stamp is days old by then", late)
	}
}
