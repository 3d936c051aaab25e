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
