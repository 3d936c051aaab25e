package httpfeed

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"tocsin/services/fetcher"
)

const (
	maxRedirects = 5
	// holdAfter429 is how long a host that says "too many requests" is left alone at least; cautious reading of a 429
	// without Retry-After.
	holdAfter429 = 30 * time.Minute
)

// Fetch implements fetcher.Client. It blocks for Options.FeedWait and Options.FeedTimeout at most.
func (c *Client) Fetch(ctx context.Context, r fetcher.Request) (fetcher.Response, error) {
	u, err := webAddress(r.URL)
	if err != nil {
		return fetcher.Response{}, err
	}
	if !c.o.IgnoreFeedRobots && c.robots.forbids(ctx, u) {
		return fetcher.Response{}, &fetcher.Failure{Kind: fetcher.FailRobots, Sentence: "robots.txt of " + u.Host + " asks readers like this one not to fetch the feed; --no-feed-robots fetches it all the same"}
	}
	host := hostOf(u)
	if err := c.pace.wait(ctx, host, r.URL, c.gap(u, c.o.FeedSpacing), c.o.FeedWait); err != nil {
		return fetcher.Response{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.FeedTimeout)
	defer cancel()
	header := http.Header{"Accept": {"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"}}
	if r.ETag != "" {
		header.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		header.Set("If-Modified-Since", r.LastModified)
	}
	trip := trip{client: c, host: host, gap: c.gap(u, c.o.FeedSpacing)}
	answer, err := trip.get(ctx, u, header)
	if err != nil {
		return fetcher.Response{}, explain(err, u.Host)
	}
	defer answer.Body.Close()
	c.pace.refusal(host, r.URL, answer.StatusCode == http.StatusForbidden || answer.StatusCode == http.StatusUnauthorized)
	return c.response(answer, &trip)
}

// response reads an answer; its body only when it is a document.
func (c *Client) response(r *http.Response, t *trip) (fetcher.Response, error) {
	now := c.o.Now()
	out := fetcher.Response{
		Status: r.StatusCode, URL: r.Request.URL.String(), ETag: r.Header.Get("ETag"), LastModified: lastModified(r.Header, now),
		ContentType: r.Header.Get("Content-Type"), RetryAfter: retryAfter(r.Header, now), MaxAge: maxAge(r.Header, now),
	}
	if t.permanent && t.hops > 0 {
		out.Moved = out.URL
	}
	if r.StatusCode == http.StatusTooManyRequests {
		out.RetryAfter = max(out.RetryAfter, holdAfter429)
	}
	if r.StatusCode != http.StatusOK && r.StatusCode != http.StatusNonAuthoritativeInfo {
		return out, nil
	}
	b, err := c.readBody(r, c.o.MaxFeedWire, c.o.MaxFeed)
	if err == nil && bytes.HasPrefix(b.data, []byte{0x1f, 0x8b}) && r.Header.Get("Content-Encoding") == "" {
		b, err = unzipped(b, c.o.MaxFeed)
	}
	out.Wire = b.wire
	if err != nil {
		return out, explain(err, r.Request.URL.Host)
	}
	out.Body, out.Cut = b.data, b.cut
	if b.note != "" {
		out.Notes = append(out.Notes, b.note)
	}
	return out, nil
}

// unzipped reads a document that is itself a gzip file, as some servers keep them.
func unzipped(b body, limit int64) (body, error) {
	r, err := decoder("gzip", bytes.NewReader(b.data))
	if err != nil {
		return b, err
	}
	defer r.Close()
	out, err := drain(r, &meteredReader{n: b.wire}, b.wire, limit)
	out.cut = out.cut || b.cut
	return out, err
}

// webAddress parses an address that may be fetched.
func webAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, &fetcher.Failure{Kind: fetcher.FailAddress, Sentence: "the address is not one of the web; it must begin with http:// or https://", Err: err}
	}
	return u, nil
}

// trip is one GET with its redirects.
type trip struct {
	client *Client
	host   string
	gap    time.Duration
	jar    http.CookieJar
	hops   int
	// permanent says that every redirect so far was for good.
	permanent bool
}

// get follows redirects and keeps the host's pace informed: a slow answer and a "too many requests" lengthen it.
func (t *trip) get(ctx context.Context, u *url.URL, header http.Header) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header = header
	request.Header.Set("User-Agent", t.client.o.userAgent())
	request.Header.Set("Accept-Encoding", "gzip, br, zstd")
	t.permanent = true
	doer := http.Client{Transport: t.client.transport, CheckRedirect: t.follow, Jar: t.jar}
	begin := t.client.o.Now()
	answer, err := doer.Do(request)
	if took := t.client.o.Now().Sub(begin); took > t.gap {
		t.client.pace.slow(t.host, t.gap)
	}
	if err != nil {
		return nil, err
	}
	if answer.StatusCode == http.StatusTooManyRequests {
		wait := min(max(retryAfter(answer.Header, t.client.o.Now()), holdAfter429), 24*time.Hour)
		t.client.pace.hold(hostOf(answer.Request.URL), wait)
	}
	return answer, nil
}

// follow decides on one redirect. Where the reader came from is nobody's business.
func (t *trip) follow(next *http.Request, _ []*http.Request) error {
	next.Header.Del("Referer")
	t.hops++
	status := next.Response.StatusCode
	t.permanent = t.permanent && (status == http.StatusMovedPermanently || status == http.StatusPermanentRedirect)
	switch {
	case t.hops > maxRedirects:
		return &fetcher.Failure{Kind: fetcher.FailOther, Sentence: fmt.Sprintf("the server sends the reader on more than %d times", maxRedirects)}
	case next.URL.Scheme != "http" && next.URL.Scheme != "https":
		return &fetcher.Failure{Kind: fetcher.FailAddress, Sentence: "the server sends the reader on to " + next.URL.Scheme + ":, which is not the web"}
	}
	return nil
}
