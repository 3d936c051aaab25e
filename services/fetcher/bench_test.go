package fetcher_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/bus/bustest"
	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
)

// BenchmarkPublish polls feeds of 30 new items of 4 KB each, carried in the feed, from an embedded server, and says how many
// articles a second get through a whole poll (claims, publishes, confirmations, commit, next schedule), 8 polls at once:
// by when the server flushes its disk, and by whether a poll publishes its articles together.
func BenchmarkPublish(b *testing.B) {
	for _, c := range []struct {
		name             string
		always, together bool
	}{
		{"interval/each", false, false},
		{"interval/together", false, true},
		{"always/each", true, false},
		{"always/together", true, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			live := bustest.Live(b, broker.Options{SyncAlways: c.always}, bus.SetupOptions{})
			for i := range b.N {
				benchRound(b, live, i, c.together)
			}
			b.ReportMetric(float64(b.N*benchFeeds*benchItems)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}

const (
	benchFeeds = 16
	benchItems = 30
)

// benchRound polls every feed once; no item was met in a round before.
func benchRound(b *testing.B, live *bus.Bus, round int, together bool) {
	b.StopTimer()
	f := benchFetcher(b, live, round, together)
	feeds := liveBucket(b, live, messages.BucketFeeds)
	var ids []string
	for i := range benchFeeds {
		feed := fetcher.Feed{ID: fmt.Sprintf("feed%d-%d", round, i), URL: fmt.Sprintf("https://e.com/%d", i), AddedAt: time.Now()}.WithDefaults()
		addLive(b, feeds, feed)
		ids = append(ids, feed.ID)
	}
	b.StartTimer()
	var running sync.WaitGroup
	slots := make(chan struct{}, 8)
	for _, id := range ids {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			if err := f.Handle(b.Context(), messages.Delivery{Data: []byte(id), Time: time.Now()}); err != nil {
				b.Error(err)
			}
		})
	}
	running.Wait()
}

func benchFetcher(b *testing.B, live *bus.Bus, round int, together bool) *fetcher.Fetcher {
	b.Helper()
	pages, err := live.Objects(b.Context(), messages.ObjectsPages)
	if err != nil {
		b.Fatal(err)
	}
	o := fetcher.Options{
		Publisher: live, Feeds: liveFeeds{liveBucket(b, live, messages.BucketFeeds)}, Polls: liveBucket(b, live, messages.BucketPolls),
		Articles: liveBucket(b, live, messages.BucketArticles), Pages: pages, Scheduler: live, Client: fullFeed{round},
		Now: time.Now, Rand: func() float64 { return 0.5 }, ID: fmt.Sprint("bench", round),
	}
	if together {
		o.Batcher = live
	}
	f, err := fetcher.New(o)
	if err != nil {
		b.Fatal(err)
	}
	return f
}

// fullFeed answers every address with a feed whose items nobody has met before this round.
type fullFeed struct{ round int }

func (c fullFeed) Fetch(_ context.Context, r fetcher.Request) (fetcher.Response, error) {
	var doc strings.Builder
	doc.WriteString(`<rss version="2.0"><channel><title>T</title><link>https://e.com/</link>`)
	for i := range benchItems {
		fmt.Fprintf(&doc, "<item><title>Story %d %d</title><link>%s/%d/%d</link><description>%s</description></item>",
			c.round, i, r.URL, c.round, i, strings.Repeat("four kilobytes of news ", 180))
	}
	doc.WriteString("</channel></rss>")
	return fetcher.Response{Status: 200, URL: r.URL, ContentType: "application/rss+xml", Body: []byte(doc.String())}, nil
}
