package fetcher_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/bus/bustest"
	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
	"tocsin/services/fetcher/httpfeed"
)

// TestOnTheRealBus polls a feed and its pages over HTTP on loopback, scheduled by an embedded server, with two fetchers.
func TestOnTheRealBus(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/feed" {
			_, _ = fmt.Fprintf(w, `<rss version="2.0"><channel><title>T</title><link>http://%[1]s/</link><item><title>One</title><link>/a/1</link></item><item><title>Two</title><link>/a/2</link></item></channel></rss>`, r.Host)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, "<p>page %s", r.URL.Path)
	}))
	t.Cleanup(site.Close)
	b, feeds := liveBus(t)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for n := range 2 {
		f := liveFetcher(t, b, feeds, fmt.Sprintf("fetcher%d", n))
		running.Go(func() { _ = f.Run(ctx) })
		running.Go(func() {
			err := b.Consume(ctx, bus.ConsumeOptions{Consumer: messages.ConsumerFetcher, Stage: messages.StageFetcher, Concurrency: 2, Handle: f.Handle})
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		})
	}
	defer running.Wait()
	defer stop()
	feed := fetcher.Feed{URL: site.URL + "/feed", AddedAt: time.Now()}.WithDefaults()
	addLive(t, feeds, feed)

	got := map[string]int{}
	found, once := make(chan struct{}), sync.Once{}
	running.Go(func() {
		_ = b.Follow(ctx, bus.FollowOptions{Stream: messages.StreamRaw}, func(d messages.Delivery) error {
			r, err := messages.Decode[messages.RawArticle](d.Data)
			if err != nil {
				t.Error(err)
			}
			got[r.URL]++
			if len(got) == 2 {
				once.Do(func() { close(found) })
			}
			return nil
		})
	})
	select {
	case <-found:
	case <-time.After(20 * time.Second):
		t.Fatalf("after 20 s: %v", got)
	}
	stop()
	running.Wait()
	want := []string{site.URL + "/a/1", site.URL + "/a/2"}
	for _, url := range want {
		if got[url] != 1 {
			t.Errorf("got %v, want each of %v once", got, want)
		}
	}
}

// liveBus is an embedded server, set up, for the time of the test.
func liveBus(t *testing.T) (*bus.Bus, *bus.Bucket) {
	t.Helper()
	b := bustest.Live(t, broker.Options{}, bus.SetupOptions{})
	return b, liveBucket(t, b, messages.BucketFeeds)
}

func liveBucket(t testing.TB, b *bus.Bus, name string) *bus.Bucket {
	t.Helper()
	k, err := b.Bucket(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// liveFetcher is a fetcher on the bus and on HTTP, allowed to fetch from loopback.
func liveFetcher(t *testing.T, b *bus.Bus, feeds *bus.Bucket, id string) *fetcher.Fetcher {
	t.Helper()
	client, err := httpfeed.New(httpfeed.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, FeedSpacing: -1, PageSpacing: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	pages, err := b.Objects(t.Context(), messages.ObjectsPages)
	if err != nil {
		t.Fatal(err)
	}
	f, err := fetcher.New(fetcher.Options{
		Publisher: b, Feeds: liveFeeds{feeds}, Polls: liveBucket(t, b, messages.BucketPolls),
		Articles: liveBucket(t, b, messages.BucketArticles), Pages: pages, Scheduler: b, Client: client, Pager: client,
		Now: time.Now, Rand: rand.Float64, ID: id, MaxPayload: int(b.MaxPayload()),
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// liveFeeds is a bucket as fetcher.FeedStore wants it.
type liveFeeds struct{ *bus.Bucket }

func (l liveFeeds) List(ctx context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := l.Bucket.List(ctx, func(key string, value []byte) error {
		all[key] = value
		return nil
	})
	return all, err
}

func addLive(t testing.TB, feeds *bus.Bucket, f fetcher.Feed) {
	t.Helper()
	value, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := messages.Encode(messages.Record{Version: 1, Owner: messages.OwnerCommand, Changed: time.Now(), Value: value})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := feeds.Store(t.Context(), f.ID, data, 0); err != nil || !ok {
		t.Fatal(ok, err)
	}
}
