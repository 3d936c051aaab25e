// Package httpfeed fetches feeds and article pages over HTTP for the fetcher: politely, within limits, and never from an
// address inside the house.
package httpfeed

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"tocsin/services/fetcher"
)

// Options are the limits and manners of a Client. Zero values mean the defaults.
type Options struct {
	// Name and Version make the User-Agent, Name the token that robots.txt is asked for ("tocsin", "dev").
	Name    string
	Version string
	// Contact is a web or mail address that site owners can write to; it becomes part of the User-Agent. May be empty.
	Contact string
	// AllowPrivate lists networks that may be fetched although they are not public; any port there is allowed.
	AllowPrivate []netip.Prefix
	// Ports may be fetched beside 80 and 443.
	Ports []int
	// Proxy is the address of an HTTP proxy to use; empty: none, whatever the environment says. The proxy then checks
	// addresses, not this client.
	Proxy string
	// FeedTimeout and PageTimeout bound one fetch, redirects included (30 s, 20 s).
	FeedTimeout time.Duration
	PageTimeout time.Duration
	// MaxFeedWire and MaxFeed bound a feed as it travels and decoded (2 MB, 8 MB); MaxPageWire and MaxPage a page
	// (2 MB, 4 MB).
	MaxFeedWire int64
	MaxFeed     int64
	MaxPageWire int64
	MaxPage     int64
	// FeedSpacing and PageSpacing are the least time between two starts on one host (2 s, 5 s). Negative: none.
	FeedSpacing time.Duration
	PageSpacing time.Duration
	// PageWait is how long a page may wait for its host's turn before the article goes on without it (90 s).
	PageWait time.Duration
	// IgnoreRobots fetches pages without asking robots.txt.
	IgnoreRobots bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log may be nil.
	Log *slog.Logger
}

// Client implements fetcher.Client and fetcher.Pager. It is safe for concurrent use.
type Client struct{ o Options }

// New checks the options and returns a Client. It opens no connection.
func New(o Options) (*Client, error) { return &Client{o}, nil }

// Fetch implements fetcher.Client.
func (c *Client) Fetch(ctx context.Context, r fetcher.Request) (fetcher.Response, error) {
	return fetcher.Response{}, nil
}

// Page implements fetcher.Pager.
func (c *Client) Page(ctx context.Context, url string) (fetcher.Page, error) {
	return fetcher.Page{}, nil
}

// Close drops idle connections.
func (c *Client) Close() {}
