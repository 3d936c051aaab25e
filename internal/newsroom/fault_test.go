package newsroom

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestConditionalGet(t *testing.T) {
	n, c := serve(t, []Item{{Title: "One"}, {Title: "Two", Appears: time.Hour}}, Options{})
	url := n.Feeds()[0].URL
	first := must(t, url)
	etag, modified := first.header.Get("ETag"), first.header.Get("Last-Modified")
	if first.status != 200 || etag == "" || modified != "Wed, 11 Mar 2026 09:00:00 GMT" {
		t.Fatalf("%d, ETag %q, Last-Modified %q", first.status, etag, modified)
	}
	for _, row := range []struct {
		sentence string
		headers  []string
		want     int
	}{
		{"the same tag is not sent again", []string{"If-None-Match", etag}, 304},
		{"one of several tags is enough", []string{"If-None-Match", `"x", ` + etag}, 304},
		{"another tag gets the feed", []string{"If-None-Match", `"x"`}, 200},
		{"the same date is not sent again", []string{"If-Modified-Since", modified}, 304},
		{"an older date gets the feed", []string{"If-Modified-Since", "Wed, 11 Mar 2026 08:59:59 GMT"}, 200},
		{"the tag decides where both are given", []string{"If-None-Match", `"x"`, "If-Modified-Since", modified}, 200},
		{"a date that is none is ignored", []string{"If-Modified-Since", "yesterday"}, 200},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			r := must(t, url, row.headers...)
			if r.status != row.want || (r.body == "") != (row.want == 304) || r.header.Get("ETag") != etag {
				t.Errorf("%d with %d bytes, ETag %s", r.status, len(r.body), r.header.Get("ETag"))
			}
		})
	}
	c.move(time.Hour)
	if r := must(t, url, "If-None-Match", etag, "If-Modified-Since", modified); r.status != 200 {
		t.Errorf("after a new story: %d", r.status)
	}
	if got := n.Answered(url, 304); got != 3 {
		t.Errorf("%d answers of 304 were counted, want 3", got)
	}
}

func TestFaults(t *testing.T) {
	n, _ := serve(t, []Item{{Title: "One", Text: strings.Repeat("Long story. ", 50)}}, Options{})
	url := n.Ledger()[0].URL
	for _, row := range []struct {
		sentence string
		f        Fault
		check    func(r response, err error) bool
	}{
		{"a status comes without the page", Fault{Status: 503}, func(r response, err error) bool {
			return err == nil && r.status == 503 && r.body == ""
		}},
		{"a header comes along", Fault{Status: 429, Header: http.Header{"Retry-After": {"7"}}}, func(r response, err error) bool {
			return err == nil && r.status == 429 && r.header.Get("Retry-After") == "7"
		}},
		{"a redirect names its target", Fault{Redirect: "/elsewhere", Status: 301}, func(r response, err error) bool {
			return err == nil && r.status == 301 && r.header.Get("Location") == "/elsewhere"
		}},
		{"a redirect without status is 302", Fault{Redirect: "/elsewhere"}, func(r response, err error) bool {
			return err == nil && r.status == 302
		}},
		{"another body is served as it is", Fault{Body: []byte("<b>Warning</b>")}, func(r response, err error) bool {
			return err == nil && r.status == 200 && r.body == "<b>Warning</b>"
		}},
		{"a cut body breaks off where it should", Fault{Truncate: 100}, func(r response, err error) bool {
			return err == nil && r.err != nil && len(r.body) == 100
		}},
		{"a reset gives no answer at all", Fault{Reset: true}, func(_ response, err error) bool { return err != nil }},
		{"a delay passes before the page", Fault{Delay: time.Millisecond}, func(r response, err error) bool {
			return err == nil && r.status == 200
		}},
		{"the zero fault spoils nothing", Fault{}, func(r response, err error) bool {
			return err == nil && r.err == nil && r.status == 200 && strings.Contains(r.body, "Long story")
		}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			n.Fault(url, row.f)
			if r, err := get(t, url); !row.check(r, err) {
				t.Errorf("%d, %d bytes, %v, %v", r.status, len(r.body), r.err, err)
			}
		})
	}
}

func TestFaultCountsOff(t *testing.T) {
	n, _ := serve(t, nil, Options{})
	url := n.Feeds()[0].URL
	n.Fault(url, Fault{Status: 500, Times: 2})
	for i, want := range []int{500, 500, 200, 200} {
		if r := must(t, url); r.status != want {
			t.Errorf("answer %d is %d, want %d", i+1, r.status, want)
		}
	}
	if n.Answered(url, 500) != 2 || n.Answered(url, 200) != 2 {
		t.Errorf("counted %d and %d", n.Answered(url, 500), n.Answered(url, 200))
	}
}

// untilTaken waits until a request met the one-time fault of an address.
func untilTaken(n *Newsroom, url string) {
	for waiting := true; waiting; time.Sleep(time.Millisecond) {
		n.faults.mu.Lock()
		_, waiting = n.faults.byURL[url]
		n.faults.mu.Unlock()
	}
}

func TestHangEndsWithTheAskerOrTheWorld(t *testing.T) {
	n, _ := serve(t, nil, Options{})
	url := n.Feeds()[0].URL
	ask := func(ctx context.Context) <-chan error {
		n.Fault(url, Fault{Hang: true, Times: 1})
		ended := make(chan error, 1)
		go func() {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			if err == nil {
				_, err = http.DefaultTransport.RoundTrip(req)
			}
			ended <- err
		}()
		untilTaken(n, url)
		return ended
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := ask(ctx)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the asker gave up and got %v", err)
	}
	ended = ask(t.Context())
	shut(t, n)
	if err := <-ended; err == nil {
		t.Error("the answer ended well though the world closed")
	}
}

func TestUnknownAddresses(t *testing.T) {
	n, _ := serve(t, nil, Options{})
	if r := must(t, n.URL()+"nothing-here"); r.status != 404 {
		t.Errorf("an unknown page answers %d", r.status)
	}
	if n.Answered(n.URL()+"nothing-here", 404) != 0 {
		t.Error("addresses that do not exist must not be counted one by one")
	}
	if r := must(t, n.URL()+"robots.txt"); r.status != 200 || !strings.Contains(r.body, "Allow: /") {
		t.Errorf("robots.txt: %d %q", r.status, r.body)
	}
	if r := must(t, n.URL()); r.status != 200 || !strings.Contains(r.body, n.Feeds()[0].URL) {
		t.Errorf("the front page does not name its feed: %d", r.status)
	}
}
