// Package newsroom is a small news world on loopback: a handful of publishers with feeds, article pages, a front page
// and a robots.txt, whose stories appear as time goes by. The all-in-one shows itself with it (run --sample) and tests
// poll it, because it knows what a reader should have found: Ledger says which item existed when, what its text is and
// which watched names stand in it.
//
//	n, err := newsroom.Start(newsroom.Options{Seed: 1})             // the built-in sample, some forty invented stories
//	n, err := newsroom.Serve(items, newsroom.Options{Start: day})   // any stories of your own
//	defer n.Close()
//	for _, f := range n.Feeds() { … poll f.URL … }
//	n.Fault(url, newsroom.Fault{Status: 503, Times: 2})
//
// Every publisher listens on a port of its own, so that per-host rules see several hosts and a browser can open every
// page. The same seed, stories, start and clock give the same feeds and pages, but for the ports in their links.
package newsroom

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"

	_ "embed" // the sample's texts
)

// Options configure Start and Serve. The zero value works.
type Options struct {
	// Seed decides the order of the sample's stories and their times of day.
	Seed uint64
	// Start is when the world begins: stories without delay are in the feeds by then, and the sample's dates lie around
	// it. Now() when zero.
	Start time.Time
	// Now is the clock that decides what is visible; time.Now when nil.
	Now func() time.Time
	// Step is the pause between two stories that appear later; 3 s when zero.
	Step time.Duration
	// Window is how many items a feed shows, newest first; 50 when zero.
	Window int
	// Domain makes every publisher a host of its own, <slug>.<Domain>, on one port (Addr) instead of a port each, so that a
	// reader that is told where to connect sees a world of many hosts. Empty: a port each.
	Domain string
	// Plan spoils feeds for a time each; see Planned.
	Plan []Planned
	// Haste is how many times faster than the wall Now runs; 1 when zero. What a plan makes a feed ask for in seconds
	// (Retry-After) is divided by it, 1 s at least, for a reader lives by the wall.
	Haste float64
	// Sources describe the publishers; a story of a source not listed gets an RSS feed and an English page.
	Sources []Source
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Start.IsZero() {
		o.Start = o.Now()
	}
	if o.Step == 0 {
		o.Step = 3 * time.Second
	}
	if o.Window == 0 {
		o.Window = 50
	}
	if o.Haste == 0 {
		o.Haste = 1
	}
	return o
}

func (o Options) validate() error {
	switch {
	case o.Step < 0:
		return fmt.Errorf("newsroom: Options.Step is %v; later stories would lie in the past", o.Step)
	case o.Haste < 0:
		return fmt.Errorf("newsroom: Options.Haste is %v; time does not run backwards", o.Haste)
	case o.Window < 0:
		return fmt.Errorf("newsroom: Options.Window is %d; a feed cannot show fewer than no items", o.Window)
	}
	return nil
}

// Newsroom is a running news world. Its methods may be called from several goroutines.
type Newsroom struct {
	o       Options
	sites   []*site // in the order of Options.Sources, then of first appearance
	faults  faults
	traffic traffic
	judge   judge
	gate    *gate         // one door for all hosts; nil where each has its port
	closing chan struct{} // closed by Close; ends hanging answers
	served  sync.WaitGroup
	once    sync.Once
}

// Start serves the built-in sample. Most stories are there from the beginning, the others appear one each Step.
func Start(o Options) (*Newsroom, error) {
	o = o.withDefaults()
	if o.Sources == nil {
		o.Sources = sampleSources()
	}
	items, err := sample(o.Start, o.Step, rand.New(rand.NewPCG(o.Seed, 0)))
	if err != nil {
		return nil, err
	}
	return Serve(items, o)
}

// Serve serves the given stories. It binds one loopback port for each source and returns when all of them answer.
func Serve(items []Item, o Options) (*Newsroom, error) {
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	n := &Newsroom{o: o, closing: make(chan struct{}), judge: judge{hosts: map[string]*manners{}}}
	if err := n.build(items); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	n.answer()
	return n, nil
}

// answer starts answering.
func (n *Newsroom) answer() {
	if n.gate != nil {
		n.served.Go(n.gate.serve)
		return
	}
	for _, s := range n.sites {
		n.serve(s)
	}
}

func (n *Newsroom) build(items []Item) error {
	if n.o.Domain != "" {
		var err error
		if n.gate, err = newGate(); err != nil {
			return err
		}
	}
	for _, s := range sources(items, n.o.Sources) {
		if err := n.open(s); err != nil {
			return err
		}
	}
	for _, item := range items {
		if err := n.add(item); err != nil {
			return err
		}
	}
	return nil
}

// sources returns listed and one Source for every other slug that items name; a world without either has one.
func sources(items []Item, listed []Source) []Source {
	all := slices.Clone(listed)
	for _, item := range items {
		slug := cmp.Or(item.Source, DefaultSource)
		if !slices.ContainsFunc(all, func(s Source) bool { return s.Slug == slug }) {
			all = append(all, Source{Slug: slug})
		}
	}
	if len(all) == 0 {
		all = []Source{{Slug: DefaultSource}}
	}
	return all
}

func (n *Newsroom) open(s Source) error {
	s, err := s.withDefaults()
	if err != nil {
		return err
	}
	if n.gate != nil {
		host := s.Slug + "." + n.o.Domain
		n.gate.sites[host] = &site{Source: s, room: n, base: "http://" + host}
		n.sites = append(n.sites, n.gate.sites[host])
		return nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("newsroom: listen for %s: %w", s.Slug, err)
	}
	n.sites = append(n.sites, &site{Source: s, listener: l, room: n, base: "http://" + l.Addr().String()})
	return nil
}

func (n *Newsroom) add(item Item) error {
	slug := cmp.Or(item.Source, DefaultSource)
	at := slices.IndexFunc(n.sites, func(s *site) bool { return s.Slug == slug })
	s := n.sites[at]
	item, err := item.withDefaults(s.Source, n.o.Start)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(s.items, func(other Item) bool { return other.Path == item.Path }) {
		return fmt.Errorf("newsroom: %s has two stories under %s; give one of them another Path", slug, item.Path)
	}
	s.items = append(s.items, item)
	return nil
}

// URL is the front page of the first publisher.
func (n *Newsroom) URL() string { return n.sites[0].base + "/" }

// Feed is one feed of the world.
type Feed struct {
	URL string
	// Name is the publisher's, Source its slug; Zone (IANA) and Country (ISO 3166-1 alpha-2) may be empty.
	Name, Source, Zone, Country string
	// Format is one of the Format constants.
	Format Format
}

// Feeds lists one feed for each publisher.
func (n *Newsroom) Feeds() []Feed {
	var feeds []Feed
	for _, s := range n.sites {
		feeds = append(feeds, Feed{
			URL: s.base + s.Format.path(), Name: s.Name, Source: s.Slug, Zone: s.Zone, Country: s.Country, Format: s.Format,
		})
	}
	return feeds
}

//go:embed sample/watchlist.yaml
var watchlist []byte

// Watchlist is the sample's watchlist as YAML: what an operator would write in a file.
func (n *Newsroom) Watchlist() []byte { return slices.Clone(watchlist) }

// Close ends every answer in progress, hanging ones included, frees the ports and waits for it. It may be called again.
func (n *Newsroom) Close() error {
	var errs []error
	n.once.Do(func() {
		close(n.closing)
		if n.gate != nil {
			errs = append(errs, n.gate.close())
		}
		for _, s := range n.sites {
			errs = append(errs, s.close())
		}
		n.served.Wait()
	})
	return errors.Join(errs...)
}
