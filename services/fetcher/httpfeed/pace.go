package httpfeed

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"tocsin/services/fetcher"
)

// pace spaces the starts of fetches on one host. A fetch reserves the next free start and sleeps until then; one that
// would wait too long is told how long, and reserves nothing.
type pace struct {
	now   func() time.Time
	mu    sync.Mutex
	hosts map[string]*turn
}

// turn is when a host may be asked next. held says that the host itself asked to be left alone until then.
type turn struct {
	next time.Time
	held bool
}

// paceHosts is how many hosts are remembered before those whose turn has come are forgotten.
const paceHosts = 10_000

// wait sleeps until it is the host's turn, or returns a *fetcher.Failure of kind FailBusy, or the end of ctx.
func (p *pace) wait(ctx context.Context, host string, gap, atMost time.Duration) error {
	start, err := p.reserve(host, gap, atMost)
	if err != nil {
		return err
	}
	timer := time.NewTimer(start.Sub(p.now()))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (p *pace) reserve(host string, gap, atMost time.Duration) (time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	t := p.hosts[host]
	if t == nil {
		p.forget(now)
		t = &turn{}
		p.hosts[host] = t
	}
	start := t.next
	if start.Before(now) {
		start, t.held = now, false
	}
	if wait := start.Sub(now); wait > atMost {
		why := host + " has other fetches waiting"
		if t.held {
			why = host + " asked to be left alone"
		}
		return start, &fetcher.Failure{Kind: fetcher.FailBusy, Sentence: why + "; its turn comes in " + wait.Round(time.Second).String(), RetryAfter: wait}
	}
	t.next = start.Add(max(gap, 0))
	return start, nil
}

// slow makes a host that took long rest as long again as its gap.
func (p *pace) slow(host string, gap time.Duration) { p.until(host, p.now().Add(max(gap, 0)), false) }

// hold leaves a host alone for d.
func (p *pace) hold(host string, d time.Duration) { p.until(host, p.now().Add(d), true) }

func (p *pace) until(host string, at time.Time, held bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.hosts[host]; t != nil && t.next.Before(at) {
		t.next, t.held = at, held
	}
}

func (p *pace) forget(now time.Time) {
	if len(p.hosts) < paceHosts {
		return
	}
	for host, t := range p.hosts {
		if t.next.Before(now) {
			delete(p.hosts, host)
		}
	}
}

// gap is how long the host of u rests between two fetches: usual, or not at all for an address in a network that was
// allowed by name, which is the operator's own.
func (c *Client) gap(u *url.URL, usual time.Duration) time.Duration {
	host := u.Hostname()
	if host == "localhost" {
		host = "127.0.0.1"
	}
	addr, err := netip.ParseAddr(host)
	own := func(p netip.Prefix) bool { return p.Contains(addr.Unmap()) }
	if err == nil && slices.ContainsFunc(c.o.AllowPrivate, own) {
		return 0
	}
	return usual
}

// hostOf is what fetches are spaced by: the registrable domain, or the address with its port.
func hostOf(u *url.URL) string {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if net.ParseIP(host) != nil || !strings.Contains(host, ".") {
		return u.Host
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}
