package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mmcdole/gofeed"

	"tocsin/bench/measure"
	"tocsin/services/fetcher"
	"tocsin/services/fetcher/feed"
	"tocsin/services/fetcher/httpfeed"
)

// pollRow is polls per second of this process's own processor time; the server is another process.
type pollRow struct {
	Engine    string  `json:"engine"`
	Unchanged float64 `json:"unchanged_s"`
	OneNew    float64 `json:"one_new_s"`
}

// serverCommand is what this program is called with to serve feeds until its input ends.
const serverCommand = "serve"

// pollers is how many polls run at once.
const pollers = 8

// poll asks a feed of 20 items over TLS, each time on a connection of its own as with feeds of different hosts: first when
// nothing changed and the server says so, then when each answer brings one new item.
func poll(o options) error {
	base, roots, stop, err := startServer()
	if err != nil {
		return err
	}
	defer stop()
	client, err := httpfeed.New(httpfeed.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, TLS: &tls.Config{RootCAs: roots}})
	if err != nil {
		return err
	}
	defer client.Close()
	plain := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}, Timeout: 30 * time.Second}
	engines := []struct {
		name string
		poll func(address, etag string, seen func(uint64) bool) (items int, err error)
	}{
		{"tocsin", func(address, etag string, seen func(uint64) bool) (int, error) {
			return pollTocsin(client, address, etag, seen)
		}},
		{"net/http + gofeed", func(address, etag string, _ func(uint64) bool) (int, error) { return pollPlain(plain, address, etag) }},
	}
	rows := make([]pollRow, len(engines))
	for round := range 3 { // the first warms up; the others take turns, so that both engines meet the same load
		for i, e := range engines {
			unchanged, err := rate(o.polls, func(int) error {
				n, err := e.poll(base+"/feed?n=0", `"0"`, nil)
				if err == nil && n != 0 {
					err = fmt.Errorf("%s: %d items in an unchanged feed", e.name, n)
				}
				return err
			})
			if err != nil {
				return err
			}
			oneNew, err := rate(o.polls, func(n int) error {
				_, err := e.poll(fmt.Sprintf("%s/feed?n=%d", base, n+1), `"0"`, knownBefore(n+1))
				return err
			})
			if err != nil {
				return err
			}
			if round > 0 {
				rows[i].Engine = e.name
				rows[i].Unchanged, rows[i].OneNew = max(rows[i].Unchanged, unchanged), max(rows[i].OneNew, oneNew)
			}
		}
	}
	return measure.Write(o.out, rows, o.json)
}

// rate runs n polls and returns how many a second of processor time does.
func rate(n int, do func(i int) error) (float64, error) {
	before := measure.CPU()
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	for range pollers {
		all.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				if err := do(i); err != nil {
					failed.Store(&err)
					return
				}
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(n) / (measure.CPU() - before).Seconds(), nil
}

func pollTocsin(c *httpfeed.Client, address, etag string, seen func(uint64) bool) (int, error) {
	r, err := c.Fetch(context.Background(), fetcher.Request{URL: address, ETag: etag})
	if err != nil || r.Status == http.StatusNotModified {
		return 0, err
	}
	doc, err := feed.Parse(r.Body, r.ContentType, r.URL, seen, feed.Limits{})
	if err == nil && (len(doc.Items) != 1 || len(doc.Known) != feedItems-1) {
		err = fmt.Errorf("tocsin: %d new and %d known items, want 1 and %d", len(doc.Items), len(doc.Known), feedItems-1)
	}
	return len(doc.Items), err
}

func pollPlain(c *http.Client, address, etag string) (int, error) {
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("If-None-Match", etag)
	r, err := c.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode == http.StatusNotModified {
		return 0, nil
	}
	f, err := gofeed.NewParser().Parse(r.Body)
	if err != nil {
		return 0, err
	}
	return len(f.Items), nil
}

// feedItems is how many items the served feed has, feedBytes about how many bytes each.
const feedItems = 20

// document is the feed after n new items: its newest is number n.
func document(n int) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title><link>https://news.example/</link>`)
	for i := n; i > n-feedItems; i-- {
		b.WriteString(storyItem(i))
	}
	b.WriteString(`</channel></rss>`)
	return []byte(b.String())
}

func storyItem(i int) string {
	return fmt.Sprintf("<item><title>A headline of usual length about matter %d</title><link>https://news.example/2024/05/06/story-%d.html</link>"+
		`<guid isPermaLink="false">https://news.example/?p=%d</guid><pubDate>Mon, 06 May 2024 15:04:%02d GMT</pubDate><dc:creator>Jane Doe</dc:creator>`+
		"<category>World</category><description>&lt;p&gt;%s&lt;/p&gt;</description></item>", i, i, i, (i+100)%60, strings.Repeat("Some words of a summary. ", 12))
}

// knownBefore knows all items of document(n) but the newest.
func knownBefore(n int) func(uint64) bool {
	known := itemHashes(n - 1)
	return func(h uint64) bool { return known[h] }
}

var hashes sync.Map

// itemHashes are those of document(n), read once per n and not in the time that is measured after the first round.
func itemHashes(n int) map[uint64]bool {
	if known, ok := hashes.Load(n); ok {
		return known.(map[uint64]bool)
	}
	known := map[uint64]bool{}
	doc, err := feed.Parse(document(n), "", "", nil, feed.Limits{})
	if err == nil {
		for _, it := range doc.Items {
			known[it.Hash] = true
		}
	}
	hashes.Store(n, known)
	return known
}

// serve answers until its input ends. It prints its address and certificate first.
func serve(options) error {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := r.FormValue("n")
		w.Header().Set("ETag", strconv.Quote(n))
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		if r.Header.Get("If-None-Match") == strconv.Quote(n) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		number, _ := strconv.Atoi(n)
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(document(number))
		_ = z.Close()
	}))
	s.Config.SetKeepAlivesEnabled(false)
	s.StartTLS()
	defer s.Close()
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	hello, err := json.Marshal([]string{s.URL, string(certificate)})
	if err != nil {
		return err
	}
	if _, err := os.Stdout.Write(append(hello, '\n')); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// startServer runs this program as a server.
func startServer() (base string, roots *x509.CertPool, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, nil, err
	}
	cmd := exec.Command(self, serverCommand) //nolint:gosec // this program
	input, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, nil, err
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, nil, err
	}
	stop = func() {
		_ = input.Close()
		_ = cmd.Wait()
	}
	line, err := bufio.NewReader(output).ReadBytes('\n')
	var hello []string
	if err == nil {
		err = json.Unmarshal(bytes.TrimSpace(line), &hello)
	}
	if err != nil || len(hello) != 2 {
		stop()
		return "", nil, nil, fmt.Errorf("the server does not start: %w", err)
	}
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(hello[1]))
	return hello[0], roots, stop, nil
}
