// Package httpfeed fetches feeds and article pages over HTTP for the fetcher: politely, within limits, and never from an
// address inside the house.
package httpfeed

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Options are the limits and manners of a Client. Zero values mean the defaults.
type Options struct {
	// Name and Version make the User-Agent, Name the token that robots.txt is asked for ("tocsin", "dev").
	Name    string
	Version string
	// Contact is a web or mail address that site owners can write to; it becomes part of the User-Agent. May be empty.
	Contact string
	// AllowPrivate lists networks that may be fetched although they are not public: any port of theirs, and without
	// spacing where the URL gives the address itself.
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
	// FeedWait and PageWait are how long a fetch may wait for its host's turn (1 s, 90 s; negative: not at all). A feed is
	// then put off, an article goes on without its page.
	FeedWait time.Duration
	PageWait time.Duration
	// IgnoreRobots fetches pages without asking robots.txt, IgnoreFeedRobots feeds.
	IgnoreRobots     bool
	IgnoreFeedRobots bool
	// Resolve says where a host is connected to instead of where its name leads: host or *.domain → address:port. The
	// address guard sees that address.
	Resolve map[string]string
	// Resolver looks names up; nil means the system's. The address guard sees what it answers at each connection.
	Resolver *net.Resolver
	// TLS overrides how servers are verified, for tests and for sites with a CA of their own; nil means the system's CAs.
	TLS *tls.Config
	// Now is the clock that Retry-After, spacing and caches go by; nil means time.Now.
	Now func() time.Time
	// Sleep waits for a host's turn, or for the end of ctx, whose error it returns; nil waits by the wall clock. Give one that
	// belongs to Now where Now is not the wall clock.
	Sleep func(ctx context.Context, d time.Duration) error
	// Log may be nil.
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	either(&o.Name, "tocsin")
	either(&o.Version, "dev")
	either(&o.FeedTimeout, 30*time.Second)
	either(&o.PageTimeout, 20*time.Second)
	either(&o.MaxFeedWire, 2<<20)
	either(&o.MaxFeed, 8<<20)
	either(&o.MaxPageWire, 2<<20)
	either(&o.MaxPage, 4<<20)
	either(&o.FeedSpacing, 2*time.Second)
	either(&o.PageSpacing, 5*time.Second)
	either(&o.FeedWait, time.Second)
	either(&o.PageWait, 90*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func either[T comparable](field *T, fallback T) {
	var zero T
	if *field == zero {
		*field = fallback
	}
}

func (o Options) validate() error {
	for _, port := range o.Ports {
		if port < 1 || port > 65535 {
			return fmt.Errorf("httpfeed options: Ports holds %d; ports run from 1 to 65535", port)
		}
	}
	for _, p := range o.AllowPrivate {
		if !p.IsValid() {
			return fmt.Errorf("httpfeed options: AllowPrivate holds %v; write networks such as 127.0.0.0/8", p)
		}
	}
	for host, to := range o.Resolve {
		if _, _, err := net.SplitHostPort(to); err != nil {
			return fmt.Errorf("httpfeed options: Resolve sends %s to %q; write an address with its port such as 127.0.0.1:8080", host, to)
		}
	}
	if o.Proxy != "" {
		u, err := url.Parse(o.Proxy)
		if err != nil || u.Host == "" {
			return fmt.Errorf("httpfeed options: Proxy is %q; write an address such as http://proxy:3128", o.Proxy)
		}
	}
	for name, limit := range map[string]int64{"MaxFeedWire": o.MaxFeedWire, "MaxFeed": o.MaxFeed, "MaxPageWire": o.MaxPageWire, "MaxPage": o.MaxPage} {
		if limit < 0 {
			return fmt.Errorf("httpfeed options: %s is %d; nothing could be fetched", name, limit)
		}
	}
	return nil
}

// Client implements fetcher.Client and fetcher.Pager. It is safe for concurrent use.
type Client struct {
	o         Options
	transport *http.Transport
	pack      *zstd.Encoder
	pace      pace
	robots    robots
}

// New checks the options and returns a Client. It opens no connection.
func New(o Options) (*Client, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	pack, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("httpfeed: %w", err)
	}
	c := &Client{o: o, pack: pack, pace: pace{now: o.Now, sleep: o.Sleep, hosts: map[string]*turn{}}}
	c.transport = o.transport()
	c.robots = robots{client: c, files: map[string]robotsFile{}}
	return c, nil
}

func (o Options) transport() *http.Transport {
	dialer := net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second, Resolver: o.Resolver}
	t := &http.Transport{
		TLSClientConfig: o.TLS, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
		MaxIdleConns: 512, MaxIdleConnsPerHost: 1, IdleConnTimeout: 15 * time.Second,
		ResponseHeaderTimeout: 20 * time.Second, MaxResponseHeaderBytes: 64 << 10, DisableCompression: true,
	}
	if o.Proxy != "" {
		proxy, _ := url.Parse(o.Proxy) // validated
		t.Proxy = http.ProxyURL(proxy)
	} else {
		guard := guard{allow: o.AllowPrivate, ports: o.Ports}
		dialer.ControlContext = guard.control
	}
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, o.resolve(address))
	}
	return t
}

// resolve is the address that host:port is connected to.
func (o Options) resolve(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil || len(o.Resolve) == 0 {
		return address
	}
	host = strings.ToLower(host)
	if to, there := o.Resolve[host]; there {
		return to
	}
	for rest := host; ; {
		_, after, more := strings.Cut(rest, ".")
		if !more {
			return address
		}
		if to, there := o.Resolve["*."+after]; there {
			return to
		}
		rest = after
	}
}

// Close drops idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// userAgent says truthfully who asks.
func (o Options) userAgent() string {
	if o.Contact == "" {
		return fmt.Sprintf("%s/%s (feed reader)", o.Name, o.Version)
	}
	return fmt.Sprintf("%s/%s (+%s; feed reader)", o.Name, o.Version, o.Contact)
}
