package httpfeed

import (
	"context"
	"maps"
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
// would wait too long gets a turn of its own further on and is told when to come back for it, so that a host with
// thousands of feeds holds up nobody else and each of its feeds has its turn.
type pace struct {
	now   func() time.Time
	sleep func(ctx context.Context, d time.Duration) error
	mu    sync.Mutex
	hosts map[string]*turn
}

// turn is when a host may be asked next. held says that the host itself asked to be left alone until then.
type turn struct {
	next time.Time
	held bool
	// queued are the starts promised to addresses that were told to come back; last is the latest of them.
	queued map[string]time.Time
	last   time.Time
	// refused counts the answers in a row by which the host refused this reader, of different addresses.
	refused int
	who     string
}

const (
	// paceHosts is how many hosts are remembered before those whose turn has come are forgotten.
	paceHosts = 10_000
	// forfeit is how long after its promised start an address may still come for it.
	forfeit = 10 * time.Minute
	// refusals is how many addresses in a row a host may refuse before it is left alone for holdAfter403.
	refusals     = 3
	holdAfter403 = time.Hour
)

// wait sleeps until it is the host's turn, or returns a *fetcher.Failure of kind FailBusy, or the end of ctx. who tells the
// feeds of a host apart; pages give none, neither queue behind feeds nor are promised a turn.
func (p *pace) wait(ctx context.Context, host, who string, gap, atMost time.Duration) error {
	start, err := p.reserve(host, who, gap, atMost)
	if err != nil {
		return err
	}
	if d := start.Sub(p.now()); d > 0 {
		return p.sleep(ctx, d)
	}
	return ctx.Err()
}

// sleep waits by the wall clock.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (p *pace) reserve(host, who string, gap, atMost time.Duration) (time.Time, error) {
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
	gap = max(gap, 0)
	promised, queued := t.queued[who]
	mine := queued && !promised.After(start.Add(atMost))
	if who != "" && !mine && len(t.queued) > 0 {
		start = later(start, t.last.Add(gap)) // others were here before
	}
	if wait := start.Sub(now); wait > atMost {
		return start, t.comeBack(host, who, start, now)
	}
	delete(t.queued, who)
	t.next = start.Add(gap)
	return start, nil
}

// comeBack promises an address its start and says when that is. A host that asked to be left alone promises nothing: who
// comes first afterwards is first.
func (t *turn) comeBack(host, who string, start, now time.Time) *fetcher.Failure {
	why := host + " has other fetches waiting"
	switch {
	case t.held:
		why = host + " asked to be left alone"
	case who != "":
		maps.DeleteFunc(t.queued, func(_ string, at time.Time) bool { return now.Sub(at) > forfeit })
		if t.queued == nil {
			t.queued = map[string]time.Time{}
		}
		t.queued[who], t.last = start, start
	}
	wait := start.Sub(now)
	return &fetcher.Failure{Kind: fetcher.FailBusy, Sentence: why + "; its turn comes in " + wait.Round(time.Second).String(), RetryAfter: wait}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// refusal counts an answer that refuses this reader, or, when it is none, forgets those before. A host that refuses one
// address after another is left alone: it often means "too many requests".
func (p *pace) refusal(host, who string, refused bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.hosts[host]
	switch {
	case t == nil:
	case !refused:
		t.refused, t.who = 0, ""
	case t.who != who:
		t.refused, t.who = t.refused+1, who
		if at := p.now().Add(holdAfter403); t.refused >= refusals && t.next.Before(at) {
			t.next, t.held, t.refused = at, true, 0
		}
	}
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
		if t.next.Before(now) && t.last.Before(now) {
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
