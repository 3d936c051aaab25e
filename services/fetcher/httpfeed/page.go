package httpfeed

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/http/cookiejar"
	"net/url"

	"golang.org/x/net/publicsuffix"

	"tocsin/services/fetcher"
	"tocsin/services/fetcher/article"
)

// Page implements fetcher.Pager: robots.txt is asked first (unless ignored), only HTML is taken, and what passes the limits
// is cut and noted. It blocks for Options.PageWait and Options.PageTimeout at most, and as long again for robots.txt.
func (c *Client) Page(ctx context.Context, address string) (fetcher.Page, error) {
	u, err := webAddress(address)
	if err != nil {
		return fetcher.Page{}, err
	}
	if !c.o.IgnoreRobots && !c.robots.allow(ctx, u) {
		return fetcher.Page{}, &fetcher.Failure{Kind: fetcher.FailRobots, Sentence: "robots.txt of " + u.Host + " asks readers like this one not to fetch it"}
	}
	host := hostOf(u)
	if err := c.pace.wait(ctx, host, "", c.gap(u, c.o.PageSpacing), c.o.PageWait); err != nil {
		return fetcher.Page{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.PageTimeout)
	defer cancel()
	answer, err := c.getPage(ctx, u, host)
	if err != nil {
		return fetcher.Page{}, explain(err, u.Host)
	}
	defer answer.Body.Close()
	return c.page(answer)
}

// getPage asks with cookies that last for this chain of redirects alone; consent walls hand one out and look for it.
func (c *Client) getPage(ctx context.Context, u *url.URL, host string) (*http.Response, error) {
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return nil, err
	}
	t := trip{client: c, host: host, gap: c.gap(u, c.o.PageSpacing), jar: jar}
	return t.get(ctx, u, http.Header{"Accept": {"text/html, application/xhtml+xml;q=0.9, */*;q=0.1"}})
}

func (c *Client) page(r *http.Response) (fetcher.Page, error) {
	if r.StatusCode != http.StatusOK {
		return fetcher.Page{}, &fetcher.Failure{
			Kind: fetcher.FailStatus, Sentence: fmt.Sprintf("%s answered HTTP %d %s", r.Request.URL.Host, r.StatusCode, http.StatusText(r.StatusCode)),
			RetryAfter: retryAfter(r.Header, c.o.Now()),
		}
	}
	kind := r.Header.Get("Content-Type")
	if kind != "" && !isHTML(kind) {
		return fetcher.Page{}, notHTML(kind)
	}
	b, err := c.readBody(r, c.o.MaxPageWire, c.o.MaxPage)
	if err != nil {
		return fetcher.Page{}, explain(err, r.Request.URL.Host)
	}
	if kind == "" && len(b.data) > 0 && !isHTML(http.DetectContentType(b.data)) {
		return fetcher.Page{}, notHTML(http.DetectContentType(b.data))
	}
	if len(b.data) == 0 {
		return fetcher.Page{}, &fetcher.Failure{Kind: fetcher.FailContent, Sentence: "the page is empty"}
	}
	address := r.Request.URL.String()
	p := fetcher.Page{
		URL: address, Canonical: article.Canonical(b.data, address), Body: c.pack.EncodeAll(b.data, nil), ContentType: kind, Wire: b.wire,
	}
	if b.note != "" {
		p.Notes = append(p.Notes, "page: "+b.note)
	}
	return p, nil
}

func isHTML(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "text/html" || kind == "application/xhtml+xml")
}

func notHTML(kind string) error {
	return &fetcher.Failure{Kind: fetcher.FailContent, Sentence: fmt.Sprintf("the link leads to %.80q, not to a web page", kind)}
}
