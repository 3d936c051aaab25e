package main

import (
	"container/heap"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"time"

	"tocsin/internal/bus/bustest"
	"tocsin/internal/newsroom"
	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
	"tocsin/services/fetcher/httpfeed"
)

type options struct {
	Feeds, Days int
	Seed        uint64
}

// virtualBegin is when worlds on a virtual clock begin.
var virtualBegin = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// domain is where the hosts of the world are.
const domain = "test"

// world is a generated world and what a reader of it published: all that a verdict needs.
type world struct {
	o     options
	begin time.Time
	made  newsroom.World
	room  *newsroom.Newsroom
	polls int
	// hasty says that the reader lived by the wall while the world's clock ran faster: nothing is late then.
	hasty bool
	// raws are the articles in the order in which they were published, told the events of each source, silent when it was
	// called so; filled by hear and listen.
	raws   []messages.RawArticle
	told   map[string][]string
	silent map[string][]time.Time
}

// generated makes a world of the options that begins at begin.
func generated(o options, begin time.Time) world {
	return world{
		o: o, begin: begin, made: newsroom.Generate(o.Seed, o.Feeds, o.Days),
		told: map[string][]string{}, silent: map[string][]time.Time{},
	}
}

// virtual is a fetcher in a generated world: real HTTP on loopback, everything else in memory, on one virtual clock.
type virtual struct {
	world
	clock   *bustest.Clock
	bus     *bustest.Bus
	fetcher *fetcher.Fetcher
	client  *httpfeed.Client
	later   again
}

// simulate reads the world to its end and judges what came of it. progress gets a line for each virtual day.
func simulate(ctx context.Context, o options, progress io.Writer) (verdict, error) {
	began := time.Now()
	w, err := read(ctx, o, progress)
	if err != nil {
		return verdict{}, err
	}
	v := w.check()
	v.Seconds = time.Since(began).Seconds()
	return v, nil
}

// read lets the fetcher read a world to its end.
func read(ctx context.Context, o options, progress io.Writer) (*virtual, error) {
	w := &virtual{world: generated(o, virtualBegin), clock: bustest.NewClock(virtualBegin)}
	w.bus = bustest.New(w.clock)
	var err error
	w.room, err = newsroom.Serve(w.made.Items, newsroom.Options{
		Seed: o.Seed, Start: w.begin, Now: w.clock.Now, Domain: domain, Sources: w.made.Sources, Plan: w.made.Plan,
	})
	if err != nil {
		return nil, err
	}
	if err = w.raise(ctx); err == nil {
		err = errors.Join(w.run(ctx, progress), w.collect())
		w.client.Close()
	}
	return w, errors.Join(err, w.room.Close())
}

func (w *world) end() time.Time { return w.begin.Add(time.Duration(w.o.Days) * 24 * time.Hour) }

// raise builds the fetcher and configures the feeds.
func (w *virtual) raise(ctx context.Context) error {
	var err error
	w.client, err = httpfeed.New(httpfeed.Options{
		Contact: "https://tocsin.example/about", AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Resolve: map[string]string{"*." + domain: w.room.Addr()}, Now: w.clock.Now, Sleep: w.sleep,
		Resolver:    noNames(),
		FeedTimeout: 500 * time.Millisecond, PageTimeout: 2 * time.Second,
	})
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(w.o.Seed, 1))
	w.fetcher, err = fetcher.New(fetcher.Options{
		Publisher: w.bus, Feeds: feedStore{w.bus.Store(messages.BucketFeeds)}, Polls: w.bus.Store(messages.BucketPolls),
		Articles: w.bus.Store(messages.BucketArticles), Pages: w.bus.Objects(messages.ObjectsPages), Scheduler: w.bus,
		Client: w.client, Pager: w.client, Now: w.clock.Now, Rand: random.Float64, ID: "simulated",
	})
	if err != nil {
		return err
	}
	for _, f := range w.room.Feeds() {
		if err := w.configure(ctx, f); err != nil {
			return err
		}
	}
	return w.fetcher.Reconcile(ctx)
}

// noNames resolves nothing, at once: a name that the world does not have must not be asked of the system's servers.
func noNames() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("this world has no name server")
	}}
}

func (w *virtual) configure(ctx context.Context, f newsroom.Feed) error {
	feed := fetcher.Feed{ID: f.Source, URL: f.URL, Source: f.Source, Zone: f.Zone, AddedAt: w.begin}.WithDefaults()
	value, err := json.Marshal(feed)
	if err != nil {
		return err
	}
	data, err := messages.Encode(messages.Record{Version: 1, Owner: messages.OwnerCommand, Changed: w.begin, Value: value})
	if err != nil {
		return err
	}
	_, _, err = w.bus.Store(messages.BucketFeeds).Store(ctx, feed.ID, data, 0)
	return err
}

// sleep lets virtual time pass.
func (w *virtual) sleep(ctx context.Context, d time.Duration) error {
	w.clock.Advance(d)
	return ctx.Err()
}

// run handles one due poll after the other until the days are over.
func (w *virtual) run(ctx context.Context, progress io.Writer) error {
	end := w.end()
	day := w.begin
	for now := w.begin; now.Before(end); now = w.clock.Now() {
		if now.Sub(day) >= 24*time.Hour {
			day = day.Add(24 * time.Hour)
			_, _ = fmt.Fprintf(progress, "day %d: %d polls\n", int(day.Sub(w.begin).Hours()/24), w.polls)
		}
		for _, d := range w.due(now) {
			if err := w.handle(ctx, d); err != nil {
				return err
			}
		}
		w.clock.Advance(time.Second)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (w *virtual) due(now time.Time) []messages.Delivery {
	ds := w.bus.Due()
	for len(w.later) > 0 && !w.later[0].at.After(now) {
		ds = append(ds, heap.Pop(&w.later).(redelivery).d)
	}
	return ds
}

// collect takes what was published.
func (w *virtual) collect() error {
	for _, d := range w.bus.Published("raw.") {
		if err := w.hear(d); err != nil {
			return err
		}
	}
	for _, d := range w.bus.Published("feeds.") {
		if err := w.listen(d); err != nil {
			return err
		}
	}
	return nil
}

// handle does what the bus does with a handler's answer.
func (w *virtual) handle(ctx context.Context, d messages.Delivery) error {
	w.polls++
	err := w.fetcher.Handle(ctx, d)
	if err == nil {
		return nil
	}
	if _, never := retry.Reason(err); never {
		return fmt.Errorf("a poll was given up: %w", err)
	}
	wait, there := retry.Delay(err)
	if !there {
		wait = time.Second
	}
	d.Delivered++
	heap.Push(&w.later, redelivery{w.clock.Now().Add(wait), d})
	return nil
}

type redelivery struct {
	at time.Time
	d  messages.Delivery
}

// again is a heap of redeliveries, the earliest first.
type again []redelivery

func (a again) Len() int           { return len(a) }
func (a again) Less(i, j int) bool { return a[i].at.Before(a[j].at) }
func (a again) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *again) Push(x any)        { *a = append(*a, x.(redelivery)) }
func (a *again) Pop() any {
	old := *a
	last := old[len(old)-1]
	*a = old[:len(old)-1]
	return last
}

// feedStore is a bucket as fetcher.FeedStore wants it.
type feedStore struct{ *bustest.Store }

// List implements fetcher.FeedStore.
func (s feedStore) List(ctx context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := s.Store.List(ctx, func(key string, value []byte) error {
		all[key] = value
		return nil
	})
	return all, err
}
