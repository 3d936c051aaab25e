package httpfeed

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/jimsmart/grobotstxt"
)

// robots remembers the robots.txt of hosts (RFC 9309): a day when there is one or none, while the server is in trouble an
// hour at a time and as a refusal, for half a day at most.
type robots struct {
	client *Client
	mu     sync.Mutex
	files  map[string]robotsFile
}

// robotsFile is what a host said.
type robotsFile struct {
	text  string
	until time.Time
	// trouble is since when the server cannot say; zero when it could.
	trouble time.Time
}

const (
	robotsLimit   = 512 << 10
	robotsKeep    = 24 * time.Hour
	robotsRetry   = time.Hour
	robotsTrouble = 12 * time.Hour
	robotsHosts   = 16_384
)

// allow reports whether the page may be fetched; it fetches robots.txt when that is not known. A host that cannot say
// is taken to forbid it.
func (r *robots) allow(ctx context.Context, u *url.URL) bool {
	file := r.of(ctx, u)
	if !file.trouble.IsZero() {
		return r.client.o.Now().Sub(file.trouble) > robotsTrouble
	}
	return grobotstxt.AgentAllowed(file.text, r.client.o.Name, u.String())
}

// forbids reports whether robots.txt closes the address of a feed. Somebody chose to read it, so only a plain word counts,
// not a host that cannot say.
func (r *robots) forbids(ctx context.Context, u *url.URL) bool {
	file := r.of(ctx, u)
	return file.trouble.IsZero() && !grobotstxt.AgentAllowed(file.text, r.client.o.Name, u.String())
}

// of returns what the host of u said.
func (r *robots) of(ctx context.Context, u *url.URL) robotsFile {
	site := u.Scheme + "://" + u.Host
	r.mu.Lock()
	file, known := r.files[site]
	r.mu.Unlock()
	if !known || r.client.o.Now().After(file.until) {
		file = r.fetch(ctx, site, file)
		if ctx.Err() == nil {
			r.remember(site, file)
		}
	}
	return file
}

func (r *robots) remember(site string, file robotsFile) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.files) >= robotsHosts {
		clear(r.files)
	}
	r.files[site] = file
}

// fetch asks for the file. A host that cannot be reached counts as one in trouble; its pages cannot be fetched anyway.
func (r *robots) fetch(ctx context.Context, site string, before robotsFile) robotsFile {
	c := r.client
	ctx, cancel := context.WithTimeout(ctx, c.o.PageTimeout)
	defer cancel()
	now := c.o.Now()
	trouble := robotsFile{until: now.Add(robotsRetry), trouble: before.trouble}
	if trouble.trouble.IsZero() {
		trouble.trouble = now
	}
	u, err := url.Parse(site + "/robots.txt")
	if err != nil {
		return trouble
	}
	t := trip{client: c, host: hostOf(u), gap: c.gap(u, c.o.PageSpacing)}
	answer, err := t.get(ctx, u, http.Header{"Accept": {"text/plain"}})
	if err != nil {
		return trouble
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests:
		return trouble
	case answer.StatusCode != http.StatusOK:
		return robotsFile{until: now.Add(robotsKeep)}
	}
	b, err := c.readBody(answer, robotsLimit, robotsLimit)
	if err != nil {
		return trouble
	}
	return robotsFile{text: string(b.data), until: now.Add(robotsKeep)}
}
