package fetcher_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tocsin/services/fetcher"
)

// TestADropInVolumeIsTold lets a feed of four items a day bring one every two days after a month: silence it is not.
func TestADropInVolumeIsTold(t *testing.T) {
	w := newWorld(t)
	w.addFeed("news", news, func(f *fetcher.Feed) { f.EverySeconds = 6 * 3600 })
	f := w.start()
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	const full = 30
	serve := func(now time.Time) {
		hours := int(now.Sub(start) / time.Hour)
		n := 10 + min(hours, full*24)/6 + max(0, hours-full*24)/48
		var items []string
		for i := n; i > n-10; i-- {
			items = append(items, item(fmt.Sprint("s", i)))
		}
		w.serve(news, items...)
	}
	w.pollFor(f, full*24*time.Hour, serve)
	if got := w.events(); len(got) != 0 {
		t.Fatalf("while all is well: %v", got)
	}
	w.pollFor(f, 9*24*time.Hour, serve)
	if got := w.events(); !slices.Contains(got, "drop") {
		t.Errorf("after nine days of little: %v, days %v", got, w.state("news").Days.New)
	}
}

// TestASourceThatThinsOutIsTold has five feeds of one publisher, each of them too quiet to say anything by itself. All but
// one fall silent after a month: one event, of the source. A feed that takes over for the others is no drop.
func TestASourceThatThinsOutIsTold(t *testing.T) {
	for _, c := range []struct {
		about     string
		takesOver int // items a day of the last feed afterwards
		want      int
	}{
		{"all but one feed of a source fall silent", 1, 1},
		{"one feed of the source makes up for the others", 5, 0},
	} {
		t.Run(c.about, func(t *testing.T) {
			w := newWorld(t)
			for i := range 5 {
				w.addFeed(fmt.Sprint("news", i), fmt.Sprintf("https://news.example/%d", i), func(f *fetcher.Feed) {
					f.EverySeconds, f.Source = 24*3600, "news"
				})
			}
			f := w.start()
			if err := f.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			met := make([]int, 5)
			for day := range 42 {
				for i := range met {
					switch {
					case day < 32, i == 4 && c.takesOver == 1:
						met[i]++
					case i == 4:
						met[i] += c.takesOver
					}
					var items []string
					for n := met[i]; n > max(0, met[i]-10); n-- {
						items = append(items, item(fmt.Sprintf("s%d-%d", i, n)))
					}
					w.serve(fmt.Sprintf("https://news.example/%d", i), items...)
				}
				w.clock.Advance(24 * time.Hour)
				for _, d := range w.bus.Due() {
					if err := f.Handle(t.Context(), d); err != nil {
						t.Fatal(err)
					}
				}
				if err := f.Reconcile(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			thin := 0
			for _, e := range w.events() {
				if e == "thin" {
					thin++
				}
			}
			if thin != c.want {
				t.Errorf("%d events of the source, want %d: %v", thin, c.want, w.events())
			}
		})
	}
}
