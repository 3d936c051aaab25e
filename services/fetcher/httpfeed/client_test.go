package httpfeed

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"go.uber.org/goleak"

	"tocsin/services/fetcher"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const document = `<rss><channel><title>x</title></channel></rss>`

// client fetches from loopback without waiting between fetches.
func client(t *testing.T, change func(*Options)) *Client {
	t.Helper()
	o := Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, FeedSpacing: -1, PageSpacing: -1, IgnoreRobots: true, IgnoreFeedRobots: true}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func server(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func fetch(t *testing.T, c *Client, url string) (fetcher.Response, error) {
	t.Helper()
	return c.Fetch(t.Context(), fetcher.Request{URL: url})
}

// kindOf is the kind of a *fetcher.Failure, or the error itself.
func kindOf(err error) string {
	if f, ok := errors.AsType[*fetcher.Failure](err); ok {
		return f.Kind
	}
	return fmt.Sprint(err)
}

func TestConditionalGet(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.UserAgent(), "tocsin/dev (+https://example.org/bot; ") {
			t.Errorf("User-Agent is %q", r.UserAgent())
		}
		w.Header().Set("ETag", `W/"1"`)
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		w.Header().Set("Cache-Control", "public, max-age=900")
		w.Header().Set("Age", "300")
		if r.Header.Get("If-None-Match") == `W/"1"` && r.Header.Get("If-Modified-Since") == "Mon, 02 Jan 2006 15:04:05 GMT" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, document)
	})
	c := client(t, func(o *Options) { o.Contact = "https://example.org/bot" })
	first, err := fetch(t, c, s.URL)
	if err != nil || first.Status != 200 || string(first.Body) != document || first.MaxAge != 10*time.Minute || first.Wire != int64(len(document)) {
		t.Fatalf("first: %+v, %v", first, err)
	}
	second, err := c.Fetch(t.Context(), fetcher.Request{URL: s.URL, ETag: first.ETag, LastModified: first.LastModified})
	if err != nil || second.Status != 304 || second.Body != nil {
		t.Errorf("second: %+v, %v", second, err)
	}
}

func TestEncodings(t *testing.T) {
	pack := map[string]func([]byte) []byte{
		"gzip": func(b []byte) []byte {
			var out bytes.Buffer
			w := gzip.NewWriter(&out)
			w.Write(b)
			w.Close()
			return out.Bytes()
		},
		"br": func(b []byte) []byte {
			var out bytes.Buffer
			w := brotli.NewWriter(&out)
			w.Write(b)
			w.Close()
			return out.Bytes()
		},
		"zstd": func(b []byte) []byte {
			w, _ := zstd.NewWriter(nil)
			return w.EncodeAll(b, nil)
		},
	}
	bomb := bytes.Repeat([]byte(" "), 8<<20)
	for name, f := range pack {
		whole, bombed := f([]byte(document)), f(bomb)
		s := server(t, func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.Header.Get("Accept-Encoding"), name) {
				t.Errorf("%s is not asked for", name)
			}
			w.Header().Set("Content-Encoding", name)
			if r.URL.Path == "/bomb" {
				w.Write(bombed)
				return
			}
			w.Write(whole)
		})
		c := client(t, nil)
		if got, err := fetch(t, c, s.URL); err != nil || string(got.Body) != document || got.Wire != int64(len(whole)) {
			t.Errorf("%s: %q after %d bytes, %v", name, got.Body, got.Wire, err)
		}
		if got, err := fetch(t, c, s.URL+"/bomb"); kindOf(err) != fetcher.FailTooBig {
			t.Errorf("%s bomb: %d bytes, %v", name, len(got.Body), err)
		}
	}
	s := server(t, func(w http.ResponseWriter, r *http.Request) { w.Write(pack["gzip"]([]byte(document))) })
	if got, err := fetch(t, client(t, nil), s.URL); err != nil || string(got.Body) != document {
		t.Errorf("a file that is gzip itself: %q, %v", got.Body, err)
	}
}

func TestLimits(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/exact":
			w.Write(bytes.Repeat([]byte("x"), 1000))
		case "/long":
			w.Write(bytes.Repeat([]byte("x"), 5000))
		case "/short":
			w.Header().Set("Content-Length", "900")
			io.WriteString(w, document)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
	})
	c := client(t, func(o *Options) { o.MaxFeedWire = 1000 })
	for path, want := range map[string]struct {
		bytes int
		cut   bool
	}{"/exact": {1000, false}, "/long": {1000, true}, "/short": {len(document), true}} {
		got, err := fetch(t, c, s.URL+path)
		if err != nil || len(got.Body) != want.bytes || got.Cut != want.cut || want.cut != (len(got.Notes) == 1) {
			t.Errorf("%s: %d bytes, cut %v, notes %q, %v", path, len(got.Body), got.Cut, got.Notes, err)
		}
	}
}

func TestRedirects(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Referer() != "" {
			t.Errorf("Referer %q was sent", r.Referer())
		}
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		case "/away":
			http.Redirect(w, r, "/new", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusMovedPermanently)
		case "/inside":
			http.Redirect(w, r, "http://10.255.255.1/admin", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/new":
			io.WriteString(w, document)
		}
	})
	c := client(t, nil)
	if got, err := fetch(t, c, s.URL+"/moved"); err != nil || got.Moved != s.URL+"/new" || got.URL != got.Moved {
		t.Errorf("moved: %+v, %v", got, err)
	}
	if got, err := fetch(t, c, s.URL+"/away"); err != nil || got.Moved != "" || got.URL != s.URL+"/new" {
		t.Errorf("away: %+v, %v", got, err)
	}
	for path, kind := range map[string]string{"/loop": fetcher.FailOther, "/inside": fetcher.FailAddress, "/file": fetcher.FailAddress} {
		if _, err := fetch(t, c, s.URL+path); kindOf(err) != kind {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestPrivateAddressesAreRefused(t *testing.T) {
	var asked atomic.Int32
	s := server(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	c := client(t, func(o *Options) { o.AllowPrivate = nil })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"} {
		if _, err := fetch(t, c, "http://"+host+":"+port+"/"); err == nil {
			t.Errorf("%s was fetched", host)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("the server was asked %d times", asked.Load())
	}
}

func TestFailuresInPlainWords(t *testing.T) {
	hang := make(chan struct{})
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hang":
			<-hang
		case "/drip":
			for r.Context().Err() == nil {
				io.WriteString(w, "x")
				w.(http.Flusher).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		case "/drop":
			panic(http.ErrAbortHandler)
		}
	})
	defer close(hang)
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(secure.Close)
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	patient, hasty := client(t, nil), client(t, func(o *Options) { o.FeedTimeout = 200 * time.Millisecond })
	for _, x := range []struct{ why, url, kind, says string }{
		{"nothing listens", "http://" + gone.Addr().String(), fetcher.FailConnect, "nothing listens at 127.0.0.1"},
		{"no answer", s.URL + "/hang", fetcher.FailTimeout, "in time"},
		{"a byte now and then", s.URL + "/drip", fetcher.FailTimeout, "in time"},
		{"the connection is dropped", s.URL + "/drop", fetcher.FailConnect, "closed the connection"},
		{"a certificate nobody signed", secure.URL, fetcher.FailTLS, "not signed by anyone"},
		{"TLS where there is none", strings.Replace(s.URL, "http:", "https:", 1), fetcher.FailTLS, "try http://"},
		{"a name that is none", "http://nothing.invalid/", fetcher.FailDNS, "nothing.invalid"},
		{"not the web", "ftp://127.0.0.1/", fetcher.FailAddress, "http://"},
	} {
		c := patient
		if x.kind == fetcher.FailTimeout {
			c = hasty
		}
		_, err := c.Fetch(t.Context(), fetcher.Request{URL: x.url})
		if kindOf(err) != x.kind || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: kind %s, %q; want %s, saying %q", x.why, kindOf(err), err, x.kind, x.says)
		}
	}
}

func TestTooManyRequestsHoldsTheHost(t *testing.T) {
	var asked atomic.Int32
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	now := time.Now()
	c := client(t, func(o *Options) { o.Now = func() time.Time { return now } })
	if got, err := fetch(t, c, s.URL+"/a"); err != nil || got.Status != 429 || got.RetryAfter != time.Hour {
		t.Fatalf("first: %+v, %v", got, err)
	}
	_, err := fetch(t, c, s.URL+"/b")
	f, ok := errors.AsType[*fetcher.Failure](err)
	if !ok || f.Kind != fetcher.FailBusy || f.RetryAfter < 59*time.Minute || asked.Load() != 1 {
		t.Errorf("the host's other feed: %v after %d requests", err, asked.Load())
	}
	now = now.Add(61 * time.Minute)
	if _, err := fetch(t, c, s.URL+"/b"); err != nil || asked.Load() != 2 {
		t.Errorf("an hour later: %v after %d requests", err, asked.Load())
	}
}

func TestPage(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/wall":
			if _, err := r.Cookie("ok"); err != nil {
				http.SetCookie(w, &http.Cookie{Name: "ok", Value: "1", Path: "/"})
				http.Redirect(w, r, "/wall?again", http.StatusFound)
				return
			}
			fallthrough
		case "/page":
			w.Header().Set("Content-Type", "text/html; charset=iso-8859-2")
			io.WriteString(w, `<link rel=canonical href="/own"><p>text`)
		case "/huge":
			w.Header().Set("Content-Type", "text/html")
			for range 20 {
				w.Write(bytes.Repeat([]byte("y"), 1<<20))
			}
		case "/pdf":
			w.Header().Set("Content-Type", "application/pdf")
		default:
			http.NotFound(w, r)
		}
	})
	c := client(t, nil)
	for _, path := range []string{"/page", "/wall"} {
		p, err := c.Page(t.Context(), s.URL+path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if text := unpack(t, p.Body); !strings.HasSuffix(text, "<p>text") || p.Canonical != s.URL+"/own" || p.ContentType != "text/html; charset=iso-8859-2" {
			t.Errorf("%s: %+v, %q", path, p, text)
		}
	}
	p, err := c.Page(t.Context(), s.URL+"/huge")
	if err != nil || len(unpack(t, p.Body)) != 2<<20 || len(p.Notes) != 1 {
		t.Errorf("a page of 20 MB: %d bytes, notes %q, %v", len(unpack(t, p.Body)), p.Notes, err)
	}
	for path, kind := range map[string]string{"/pdf": fetcher.FailContent, "/none": fetcher.FailStatus} {
		if _, err := c.Page(t.Context(), s.URL+path); kindOf(err) != kind {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func unpack(t *testing.T, b []byte) string {
	t.Helper()
	r, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out, err := r.DecodeAll(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestRobots(t *testing.T) {
	var robotsAsked atomic.Int32
	status := http.StatusOK
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			robotsAsked.Add(1)
			w.WriteHeader(status)
			io.WriteString(w, "User-agent: *\nDisallow: /\n\nUser-agent: tocsin\nDisallow: /private\n")
			return
		}
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<p>x")
	})
	now := time.Now()
	c := client(t, func(o *Options) { o.IgnoreRobots, o.Now = false, func() time.Time { return now } })
	check := func(why, path string, allowed bool) {
		t.Helper()
		if _, err := c.Page(t.Context(), s.URL+path); (err == nil) != allowed || err != nil && kindOf(err) != fetcher.FailRobots {
			t.Errorf("%s: %v", why, err)
		}
	}
	check("the group that names the reader counts", "/open", true)
	check("and what it closes is closed", "/private/x", false)
	if robotsAsked.Load() != 1 {
		t.Errorf("robots.txt was fetched %d times", robotsAsked.Load())
	}
	status, now = http.StatusInternalServerError, now.Add(25*time.Hour)
	check("a server in trouble is left alone", "/open", false)
	now = now.Add(13 * time.Hour)
	check("but not for ever", "/open", true)
	status, now = http.StatusNotFound, now.Add(2*time.Hour)
	check("no file, no rules", "/private/x", true)
}

func TestPace(t *testing.T) {
	now := time.Now()
	p := pace{now: func() time.Time { return now }, hosts: map[string]*turn{}}
	var starts []time.Duration
	for i := range 4 {
		at, err := p.reserve("e.com", fmt.Sprint(i), 2*time.Second, 5*time.Second)
		if err != nil {
			if kindOf(err) != fetcher.FailBusy {
				t.Error(err)
			}
			break
		}
		starts = append(starts, at.Sub(now))
	}
	if fmt.Sprint(starts) != "[0s 2s 4s]" {
		t.Errorf("starts at %v", starts)
	}
	if at, err := p.reserve("other.com", "x", time.Second, 0); err != nil || !at.Equal(now) {
		t.Errorf("another host waits: %v, %v", at, err)
	}
}

// TestManyFeedsOfOneHost lets 14,000 feeds of one host come at once: every one is told a time of its own, keeps it, and
// starts no sooner than two seconds after another.
func TestManyFeedsOfOneHost(t *testing.T) {
	const feeds, gap = 14_000, 2 * time.Second
	begin := time.Now()
	now := begin
	p := pace{now: func() time.Time { return now }, hosts: map[string]*turn{}}
	type visit struct {
		at  time.Time
		who int
	}
	var visits []visit
	for i := range feeds {
		visits = append(visits, visit{begin, i})
	}
	asked, last := 0, time.Time{}
	for len(visits) > 0 {
		v := visits[0]
		visits = visits[1:]
		now = v.at
		asked++
		start, err := p.reserve("big.com", fmt.Sprint(v.who), gap, time.Second)
		if err == nil {
			if start.Sub(last) < gap {
				t.Fatalf("feed %d starts %v after another", v.who, start.Sub(last))
			}
			last = start
			continue
		}
		busy, _ := errors.AsType[*fetcher.Failure](err)
		visits = append(visits, visit{now.Add(busy.RetryAfter), v.who})
	}
	if asked != 2*feeds-1 {
		t.Errorf("%d feeds came %d times in all; want all but the first twice", feeds, asked)
	}
	if took := last.Sub(begin); took != (feeds-1)*gap {
		t.Errorf("the last one started after %v, want %v", took, (feeds-1)*gap)
	}
}

// TestAHostThatRefusesOneFeedAfterAnother leaves it alone, while single feeds that want a password do no harm.
func TestAHostThatRefusesOneFeedAfterAnother(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/open" {
			w.WriteHeader(http.StatusForbidden)
		}
	})
	c := client(t, nil)
	for _, path := range []string{"/a", "/a", "/a", "/b", "/open", "/a", "/b"} {
		if _, err := fetch(t, c, s.URL+path); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	if _, err := fetch(t, c, s.URL+"/c"); err != nil {
		t.Fatal(err)
	}
	_, err := fetch(t, c, s.URL+"/open")
	if f, ok := errors.AsType[*fetcher.Failure](err); !ok || f.Kind != fetcher.FailBusy || f.RetryAfter < 59*time.Minute {
		t.Errorf("after three feeds in a row: %v", err)
	}
}

// TestFeedRobots holds feeds to what robots.txt says plainly, and not to a host that cannot say.
func TestFeedRobots(t *testing.T) {
	status := http.StatusOK
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			w.WriteHeader(status)
			io.WriteString(w, "User-agent: *\nDisallow: /closed\n")
			return
		}
		io.WriteString(w, document)
	})
	ask := func(path string) string {
		c := client(t, func(o *Options) { o.IgnoreFeedRobots = false })
		_, err := fetch(t, c, s.URL+path)
		return kindOf(err)
	}
	if open, closed := ask("/open"), ask("/closed"); open != "<nil>" || closed != fetcher.FailRobots {
		t.Errorf("open: %s, closed: %s", open, closed)
	}
	status = http.StatusServiceUnavailable
	if got := ask("/closed"); got != "<nil>" {
		t.Errorf("a host that cannot say: %s", got)
	}
}

// TestResolve sends names where the operator says, through the address guard.
func TestResolve(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) })
	to := map[string]string{"*.news.test": s.Listener.Addr().String(), "one.test": s.Listener.Addr().String()}
	c := client(t, func(o *Options) { o.Resolve = to })
	for _, host := range []string{"a.news.test", "b.c.news.test", "one.test", "ONE.test"} {
		if r, err := fetch(t, c, "http://"+host+"/"); err != nil || string(r.Body) != host {
			t.Errorf("%s: %q, %v", host, r.Body, err)
		}
	}
	guarded := client(t, func(o *Options) { o.Resolve, o.AllowPrivate = to, nil })
	if _, err := fetch(t, guarded, "http://one.test/"); kindOf(err) != fetcher.FailAddress {
		t.Errorf("past the guard: %v", err)
	}
}

// TestASenderThatDripsIsNotWaitedFor gives a byte at a time and lets the clock run.
func TestASenderThatDripsIsNotWaitedFor(t *testing.T) {
	begin := time.Now()
	now := begin
	m := &meteredReader{r: strings.NewReader(strings.Repeat("x", 1<<20)), left: 1 << 20, now: func() time.Time { now = now.Add(time.Second); return now }, begin: begin}
	var err error
	for range 12 {
		if _, err = m.Read(make([]byte, 1)); err != nil {
			break
		}
	}
	if kindOf(err) != fetcher.FailTimeout || m.n != 11 {
		t.Errorf("after %d bytes: %v", m.n, err)
	}
}

func TestHostOf(t *testing.T) {
	u := func(s string) string {
		a, err := webAddress(s)
		if err != nil {
			t.Fatal(err)
		}
		return hostOf(a)
	}
	if a, b := u("http://feeds.bbc.co.uk/x"), u("https://www.bbc.co.uk:443/y"); a != b {
		t.Errorf("%s and %s are one site", a, b)
	}
	if a, b := u("http://127.0.0.1:1/"), u("http://127.0.0.1:2/"); a == b {
		t.Errorf("%s is two servers", a)
	}
}

func TestOptions(t *testing.T) {
	for field, o := range map[string]Options{
		"Ports": {Ports: []int{70000}}, "AllowPrivate": {AllowPrivate: []netip.Prefix{{}}}, "Proxy": {Proxy: "nowhere"}, "MaxPage": {MaxPage: -1},
	} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestProxyIsUsedOnlyWhenConfigured(t *testing.T) {
	var asked atomic.Int32
	proxy := server(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		io.WriteString(w, document)
	})
	t.Setenv("HTTP_PROXY", proxy.URL)
	direct := client(t, func(o *Options) { o.FeedTimeout = time.Second })
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := direct.Fetch(ctx, fetcher.Request{URL: "http://nothing.invalid/"}); err == nil || asked.Load() != 0 {
		t.Errorf("the environment's proxy was used: %v, %d", err, asked.Load())
	}
	through := client(t, func(o *Options) { o.Proxy = proxy.URL })
	if _, err := through.Fetch(t.Context(), fetcher.Request{URL: "http://nothing.invalid/"}); err != nil || asked.Load() != 1 {
		t.Errorf("the configured proxy was not used: %v, %d", err, asked.Load())
	}
}
