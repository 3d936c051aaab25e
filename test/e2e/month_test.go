package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/watch"
	"tocsin/services/fetcher"
	"tocsin/services/fetcher/httpfeed"
	"tocsin/services/indexer"
	"tocsin/services/indexer/elastic"
	"tocsin/services/indexer/sqlite"
)

// twoFeeds serves one article that two feeds carry, and changes it when told to.
type twoFeeds struct {
	*httptest.Server
	edited atomic.Bool
}

func serveTwoFeeds(t *testing.T) *twoFeeds {
	t.Helper()
	w := &twoFeeds{}
	mux := http.NewServeMux()
	for _, name := range []string{"/one.xml", "/two.xml"} {
		mux.HandleFunc(name, func(rw http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(rw, `<rss version="2.0"><channel><title>x</title><item><title>%s</title><link>%s/bridge</link>
				<guid isPermaLink="false">bridge%s</guid><description>A bridge.</description></item></channel></rss>`,
				w.title(), w.URL, name)
		})
	}
	mux.HandleFunc("/bridge", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(rw, "<html><body><article><h1>%s</h1><p>The old bridge over the river was closed to lorries on Monday.</p></article></body></html>", w.title())
	})
	w.Server = httptest.NewServer(mux)
	t.Cleanup(w.Close)
	return w
}

func (w *twoFeeds) title() string {
	if w.edited.Load() {
		return "Bridge closed until the spring"
	}
	return "Bridge closed to lorries"
}

// dying is a publisher that acknowledges so many messages and then behaves like a process that was killed.
type dying struct {
	*bus.Bus
	left int
}

var errKilled = errors.New("killed here")

func (d *dying) Publish(ctx context.Context, m messages.Outgoing) error {
	if d.left == 0 {
		return errKilled
	}
	d.left--
	return d.Bus.Publish(ctx, m)
}

// forgetful is an index whose first write is stored and then never answered for, as when the indexer is killed between
// the bulk write and the acknowledgement.
type forgetful struct {
	indexer.Writer
	written atomic.Bool
}

func (f *forgetful) Write(ctx context.Context, docs []indexer.Document) ([]indexer.Outcome, error) {
	outcomes, err := f.Writer.Write(ctx, docs)
	if err == nil && f.written.CompareAndSwap(false, true) {
		return nil, retry.After(time.Millisecond, errKilled)
	}
	return outcomes, err
}

// An article first seen in the last seconds of January by one feed, whose fetcher dies before its poll closes; seen again
// in February by that feed and by another; edited later; written twice. It stays one document.
func TestOneDocumentAcrossAMonth(t *testing.T) {
	for _, index := range []struct {
		name string
		open func(*testing.T) (indexer.Writer, indexer.Reader)
	}{{"SQLite", openSQLite}, {"Elasticsearch", openElastic}} {
		t.Run(index.name, func(t *testing.T) {
			writer, reader := index.open(t)
			crossMonth(t, writer, reader)
		})
	}
}

func crossMonth(t *testing.T, writer indexer.Writer, reader indexer.Reader) {
	world := serveTwoFeeds(t)
	b := connect(t, natsServer(t).URL())
	if _, err := b.Setup(t.Context(), bus.SetupOptions{}); err != nil {
		t.Fatal(err)
	}
	january := time.Date(2026, 1, 31, 23, 59, 58, 0, time.UTC)
	february := january.Add(10 * time.Minute)
	configure(t, b, "one", world.URL+"/one.xml", january)
	configure(t, b, "two", world.URL+"/two.xml", january)
	consume(t, b, &forgetful{Writer: writer})

	if err := poll(t, b, "one", january, &dying{b, 1}); !errors.Is(err, errKilled) {
		t.Fatalf("the fetcher that should die after its first publish said %v", err)
	}
	for _, step := range []struct {
		feed string
		at   time.Time
	}{{"one", february}, {"two", february}} {
		if err := poll(t, b, step.feed, step.at, &dying{b, -1}); err != nil {
			t.Fatal(err)
		}
	}
	world.edited.Store(true)
	if err := poll(t, b, "one", february.Add(time.Hour), &dying{b, -1}); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error {
		page, err := reader.Search(t.Context(), indexer.Query{Text: "bridge"})
		if err != nil {
			return err
		}
		if page.Total != 1 || page.Hits[0].Revision != 2 {
			return fmt.Errorf("the index holds %d documents: %+v; want one, in its second revision", page.Total, page.Hits)
		}
		if got := page.Hits[0].FirstSeen; got.Month() != time.January {
			return fmt.Errorf("first seen %v; the article belongs to January, whoever saw it again later", got)
		}
		return nil
	})
}

func configure(t *testing.T, b *bus.Bus, id, url string, added time.Time) {
	t.Helper()
	bucket, err := b.Bucket(t.Context(), messages.BucketFeeds)
	if err != nil {
		t.Fatal(err)
	}
	value, err := json.Marshal(fetcher.Feed{ID: id, URL: url, Source: "bridge", AddedAt: added})
	if err != nil {
		t.Fatal(err)
	}
	record, err := messages.Encode(messages.Record{Version: 1, Owner: messages.OwnerCommand, Changed: added, Value: value})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := bucket.Store(t.Context(), id, record, 0); err != nil || !ok {
		t.Fatalf("configure feed %s: %v %v", id, ok, err)
	}
}

// listing is the feeds bucket as the fetcher wants it.
type listing struct{ *bus.Bucket }

func (l listing) List(ctx context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := l.Bucket.List(ctx, func(key string, value []byte) error { all[key] = value; return nil })
	return all, err
}

// poll is one poll by a fetcher of its own that lives at the given time.
func poll(t *testing.T, b *bus.Bus, feed string, at time.Time, publisher fetcher.Publisher) error {
	t.Helper()
	bucket := func(name string) *bus.Bucket {
		bucket, err := b.Bucket(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		return bucket
	}
	pages, err := b.Objects(t.Context(), messages.ObjectsPages)
	if err != nil {
		t.Fatal(err)
	}
	client, err := httpfeed.New(httpfeed.Options{
		Name: "tocsin", AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, FeedSpacing: -1, PageSpacing: -1, IgnoreRobots: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	f, err := fetcher.New(fetcher.Options{
		Publisher: publisher, Feeds: listing{bucket(messages.BucketFeeds)}, Polls: bucket(messages.BucketPolls),
		Articles: bucket(messages.BucketArticles), Pages: pages, Scheduler: b, Client: client, Pager: client,
		Now: func() time.Time { return at }, Rand: func() float64 { return 0 }, ID: "fetcher-" + at.String(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return f.Handle(t.Context(), messages.Delivery{
		Subject: messages.DueSubject(feed), Data: []byte(feed), Stream: messages.StreamPolls, Time: at, Delivered: 1,
	})
}

// consume runs an extractor and an indexer until the test ends.
func consume(t *testing.T, b *bus.Bus, writer indexer.Writer) {
	t.Helper()
	rang, err := b.Bucket(t.Context(), messages.BucketRang)
	if err != nil {
		t.Fatal(err)
	}
	stories, err := b.Bucket(t.Context(), messages.BucketStories)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := b.Objects(t.Context(), messages.ObjectsPages)
	if err != nil {
		t.Fatal(err)
	}
	x, err := extractor.New(extractor.Options{Publisher: b, Rang: rang, Stories: stories, Pages: pages, Recognizer: ner.None{}})
	if err != nil {
		t.Fatal(err)
	}
	lists, _ := watch.Compile(nil, watch.Options{})
	x.SetIndex(lists)
	i, err := indexer.New(indexer.Options{Writer: writer})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	go func() {
		ended <- b.Consume(ctx, bus.ConsumeOptions{Consumer: messages.ConsumerExtractor, Handle: x.Handle})
	}()
	go func() {
		ended <- b.ConsumeBatch(ctx, bus.BatchOptions{Consumer: messages.ConsumerIndexer, Handle: i.HandleBatch})
	}()
	t.Cleanup(func() {
		cancel()
		for range cap(ended) {
			if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
	})
}

func openSQLite(t *testing.T) (indexer.Writer, indexer.Reader) {
	index, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "index.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	return index, index
}

func openElastic(t *testing.T) (indexer.Writer, indexer.Reader) {
	flags := elasticFlags(t)
	index, err := elastic.Open(elastic.Options{URLs: []string{flags[1]}, Prefix: flags[3]})
	if err != nil {
		t.Fatal(err)
	}
	if err := index.Setup(t.Context()); err != nil {
		t.Fatal(err)
	}
	return index, index
}
