package e2e

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/newsroom"
	"tocsin/pkg/messages"
)

// deadLetters counts what stands in the dead letters, by subject.
func deadLetters(t *testing.T, b *bus.Bus) map[string]int {
	t.Helper()
	count := map[string]int{}
	err := b.Follow(t.Context(), bus.FollowOptions{Stream: messages.StreamDLQ, Once: true}, func(d messages.Delivery) error {
		count[d.Subject]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

func TestWhatCannotBeReadBecomesADeadLetterOnce(t *testing.T) {
	room := serve(t, []newsroom.Item{{Title: "Envoy arrives", Text: "Oto Brandsma arrived on Monday."}}, newsroom.Options{})
	data := t.TempDir()
	_, at := startTocsin(t, data, "--ner", "none")
	b := connect(t, at.NATS)
	for i, m := range []messages.Outgoing{
		{Subject: "raw.nobody", Data: []byte("{")},
		{Subject: "raw.nobody", Data: []byte(`{"version":1,"id":"../x"}`)},
		{Subject: "raw.nobody", Data: []byte(`{"version":99}`)},
		{Subject: "enriched.en.nobody", Data: []byte("\xff\xfe")},
		{Subject: "enriched.en.nobody", Data: []byte(`{"version":1}`)},
		{Subject: messages.DueSubject("nobody"), Data: []byte("no feed id at all")},
	} {
		m.ID = "test:" + strconv.Itoa(i)
		if err := b.Publish(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Publish(t.Context(), messages.Outgoing{Subject: "raw.nobody", ID: "test:big", Data: make([]byte, 2<<20)}); !errors.Is(err, bus.ErrTooLarge) {
		t.Errorf("a message of 2 MiB gave %v; want it refused before it is sent", err)
	}
	want := map[string]int{
		"dlq.extractor.undecodable": 1, "dlq.extractor.invalid": 2,
		"dlq.indexer.undecodable": 1, "dlq.indexer.invalid": 1,
		"dlq.fetcher.undecodable": 1,
	}
	eventually(t, func() error {
		if got := deadLetters(t, b); fmt.Sprint(got) != fmt.Sprint(want) {
			return fmt.Errorf("dead letters %v, want %v", got, want)
		}
		return nil
	})
	mustRun(t, "tocsin", "feeds", "import", "--data", data, feedList(t, room.Feeds()))
	eventually(t, func() error {
		if out := mustRun(t, "tocsin", "search", "--data", data, "envoy"); !strings.Contains(out, "Envoy arrives") {
			return errors.New("after the broken messages a good article does not come through")
		}
		return nil
	})
	if got := deadLetters(t, b); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("dead letters grew to %v", got)
	}
}

// oddWorld serves feeds and pages as they should not be.
func oddWorld(t *testing.T) *httptest.Server {
	t.Helper()
	items := func(list string) string {
		return `<rss version="2.0"><channel><title>Odd</title>` + list + `</channel></rss>`
	}
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	page := func(path, kind, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = fmt.Fprint(w, body) // the asker may have had enough
		})
	}
	page("/html", "text/html", `<html><head><link rel="alternate" type="application/rss+xml" href="/good"></head><body>news</body></html>`)
	page("/empty", "application/rss+xml", items(""))
	page("/nothing", "application/rss+xml", "")
	page("/broken", "application/rss+xml", items(`<item><title>First ferry sails</title><link>` + server.URL + `/a</link></item><item><title>cut of`)[:150])
	page("/odd", "application/rss+xml", items(
		`<item><title>Heron without link or date</title><description>A heron stood there.</description></item>`+
			`<item><title>Otter with a huge page</title><link>`+server.URL+`/huge</link><guid>otter</guid></item>`+
			`<item><title>Badger with a picture for a page</title><link>`+server.URL+`/picture</link><pubDate>nonsense</pubDate></item>`+
			`<item><title>Lynx with a page that is gone</title><link>`+server.URL+`/gone</link></item>`))
	page("/picture", "image/png", "\x89PNG\r\n\x1a\n")
	page("/huge", "text/html", "<html><body><p>An otter swam.</p>"+strings.Repeat("<p>"+strings.Repeat("water ", 1000)+"</p>", 3400)+"</body></html>")
	return server
}

func TestOddFeedsLoseNothingAndStopNobody(t *testing.T) {
	world := oddWorld(t)
	list := "feeds:\n"
	for _, name := range []string{"html", "empty", "nothing", "broken", "odd", "absent"} {
		list += fmt.Sprintf("  - {url: %s/%s, id: %s, source: odd, every: 1s}\n", world.URL, name, name)
	}
	data := t.TempDir()
	startTocsin(t, data, "--ner", "none", "--no-robots", "--feeds", write(t, "feeds.yaml", list))
	for _, word := range []string{"heron", "otter", "badger", "lynx", "ferry"} {
		eventually(t, func() error {
			if out := mustRun(t, "tocsin", "search", "--data", data, word); !strings.HasSuffix(strings.TrimSpace(out), "1 of 1 articles") {
				return fmt.Errorf("search %s says %s", word, out)
			}
			return nil
		})
	}
	eventually(t, func() error {
		out := mustRun(t, "tocsin", "feeds", "list", "--data", data)
		for feed, says := range map[string]string{
			"html": "web page", "empty": "holds no items", "nothing": "empty", "absent": "404", "odd": "works: 4 items",
		} {
			_, after, _ := strings.Cut(out, feed+"  http")
			if sentence, _, _ := strings.Cut(after, "next poll"); !strings.Contains(sentence, says) {
				return fmt.Errorf("feeds list says %q of %s; want it to say %q", sentence, feed, says)
			}
		}
		return nil
	})
}

// NATS is away when the services start, and again while they work: they wait, say so, and go on.
func TestServicesOutliveTheirBroker(t *testing.T) {
	dir, port := t.TempDir(), portOf(t, freeAddress(t))
	up := func() *broker.Server {
		server, err := broker.Start(broker.Options{Dir: dir, Port: port})
		if err != nil {
			t.Fatal(err)
		}
		return server
	}
	server := up()
	mustRun(t, "tocsin", "setup", "--nats", server.URL())
	natsURL := server.URL()
	server.Shutdown()

	room := serve(t, []newsroom.Item{
		{Title: "Envoy arrives", Text: "Oto Brandsma arrived on Monday."},
		{Title: "Envoy leaves", Text: "Oto Brandsma left on Tuesday.", Appears: 3 * time.Second},
	}, newsroom.Options{})
	index := filepath.Join(t.TempDir(), "index.db")
	admin := freeAddress(t)
	start(t, "indexer", "--nats", natsURL, "--sqlite", index)
	start(t, "extractor", "--nats", natsURL, "--ner", "none", "--admin", admin)
	start(t, "fetcher", "--nats", natsURL, "--feeds", feedList(t, room.Feeds()), "--allow-private", "127.0.0.0/8")
	eventually(t, func() error {
		if err := ready(admin); err == nil || !strings.Contains(err.Error(), "not ready") {
			return fmt.Errorf("with no broker the extractor says %w; want not ready", err)
		}
		return nil
	})
	server = up()
	eventually(t, func() error { return ready(admin) })
	server.Shutdown()
	eventually(t, func() error {
		if err := ready(admin); err == nil || !strings.Contains(err.Error(), "nats") {
			return fmt.Errorf("with the broker gone the extractor says %w; want it to name nats", err)
		}
		return nil
	})
	server = up()
	t.Cleanup(server.Shutdown)
	for _, word := range []string{"arrives", "leaves"} {
		eventually(t, func() error {
			if _, err := os.Stat(index); err != nil {
				return err
			}
			if out := mustRun(t, "tocsin", "search", "--sqlite", index, word); !strings.Contains(out, "1 of 1") {
				return fmt.Errorf("search %s says %s", word, out)
			}
			return nil
		})
	}
}

func portOf(t *testing.T, address string) int {
	t.Helper()
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// outage is how long the index is away in the test below, beyond what it takes to be noticed. TOCSIN_OUTAGE=10m makes it
// as long as an operator would have to bear; nothing in the pipeline depends on its being short.
func outage(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("TOCSIN_OUTAGE")
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("TOCSIN_OUTAGE: %v", err)
	}
	return d
}

// Elasticsearch is away when the indexer starts, and again while it works: nothing is dead-lettered, nothing is lost, and
// readiness, feeds and ledger say what there is to say meanwhile.
func TestIndexerOutlivesElasticsearch(t *testing.T) {
	flags := elasticFlags(t)
	cluster, err := url.Parse(flags[1])
	if err != nil {
		t.Fatal(err)
	}
	door := freeAddress(t)
	open := func() *http.Server {
		listener, err := net.Listen("tcp", door)
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: httputil.NewSingleHostReverseProxy(cluster), ReadHeaderTimeout: time.Minute}
		go func() { _ = server.Serve(listener) }() // ends with Close
		return server
	}
	items := []newsroom.Item{
		{Title: "Envoy arrives", Text: "Oto Brandsma arrived on Monday."},
		{Title: "Envoy leaves", Text: "Oto Brandsma left on Tuesday.", Appears: 20 * time.Second},
	}
	for at := 25 * time.Second; at < outage(t); at += 2 * time.Second {
		items = append(items, newsroom.Item{Title: "Ferry sails at " + at.String(), Text: "It sailed.", Appears: at})
	}
	room := serve(t, items, newsroom.Options{Window: len(items)})
	natsURL := natsServer(t).URL()
	mustRun(t, "tocsin", "setup", "--nats", natsURL)
	admin := freeAddress(t)
	start(t, "indexer", "--nats", natsURL, "--elastic", "http://"+door, "--elastic-prefix", flags[3], "--admin", admin)
	start(t, "extractor", "--nats", natsURL, "--ner", "none")
	start(t, "fetcher", "--nats", natsURL, "--feeds", feedList(t, room.Feeds()), "--allow-private", "127.0.0.0/8")
	found := func(word string) error {
		out, errs, _ := run(t, "tocsin", append([]string{"search", word}, flags...)...) // fails until the index is made
		if !strings.Contains(out, "1 of 1") {
			return fmt.Errorf("search %s says %s%s", word, out, errs)
		}
		return nil
	}
	eventually(t, func() error {
		if err := ready(admin); err == nil {
			return errors.New("with no cluster the indexer says it is ready")
		}
		return nil
	})
	proxy := open()
	eventually(t, func() error { return found("arrives") })
	_ = proxy.Close()
	eventually(t, func() error {
		if err := ready(admin); err == nil || !strings.Contains(err.Error(), "index") {
			return fmt.Errorf("with the cluster gone the indexer says %w; want it to name the index", err)
		}
		return nil
	})
	b := connect(t, natsURL)
	eventually(t, func() error { // the second article waits for the cluster
		backlog, err := b.Backlog(t.Context(), messages.ConsumerIndexer)
		if err == nil && backlog.Pending+uint64(backlog.AckPending) == 0 {
			err = errors.New("the second article is not there yet")
		}
		return err
	})
	through := []string{"--nats", natsURL, "--elastic", "http://" + door, "--elastic-prefix", flags[3]}
	if a := books(t, through...); a.Unverified == "" || a.Pending == 0 || a.Difference != 0 || a.Indexed != 1 {
		t.Errorf("with the cluster gone the ledger says %+v; want the second article pending, and that the index was not asked", a)
	}
	for end := time.Now().Add(outage(t)); time.Now().Before(end); time.Sleep(30 * time.Second) {
		t.Logf("%s readyz: %v", time.Now().Format(time.TimeOnly), ready(admin))
		t.Logf("feeds list: %s", mustRun(t, "tocsin", "feeds", "list", "--nats", natsURL))
		t.Logf("ledger: %s", mustRun(t, "tocsin", append([]string{"ledger"}, through...)...))
		t.Logf("dead letters: %v", deadLetters(t, b))
	}
	proxy = open()
	t.Cleanup(func() { _ = proxy.Close() })
	opened := time.Now()
	eventually(t, func() error { return found("leaves") })
	if a := even(t, len(items), through...); a.Indexed != len(items) || a.Unverified != "" {
		t.Errorf("after the outage: %+v", a)
	}
	t.Logf("balanced %v after the cluster was back", time.Since(opened).Round(time.Second))
	if dead := deadLetters(t, b); len(dead) > 0 {
		t.Errorf("dead letters %v; an outage is nobody's fault", dead)
	}
}
