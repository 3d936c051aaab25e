package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"time"

	"tocsin/internal/assembly/indexing"
	"tocsin/internal/bus"
	"tocsin/internal/newsroom"
	"tocsin/test/mortal"
)

// options of a run.
type options struct {
	kills, items int
	seed         uint64
	index        string        // sqlite or elastic
	brokers      int           // 1, or 3 as a cluster that holds three copies of everything
	elastic      string        // URL of a server that is left alive; "" starts one that is killed as well
	span         time.Duration // in which stories appear and processes die
	patience     time.Duration // from the end of the span until the pipeline must be at rest
	ackWait      time.Duration // how soon a dead worker's message goes to another
	dir          string        // everything of the run, made by the caller
	bin          string        // where the programs are; built into dir when empty
	log          io.Writer     // says in plain lines how it goes

	// door is where a process other than a broker reaches the brokers at url; nil is there.
	door func(p *mortal.Process, url string) string
	// strike kills, and returns after the last kill; nil follows the plan of the seed.
	strike func(ctx context.Context) error
}

func (o options) withDefaults() (options, error) {
	if o.span == 0 {
		o.span = max(10*time.Second, time.Duration(o.kills)*time.Second, time.Duration(o.items)*25*time.Millisecond)
	}
	o.patience = cmp.Or(o.patience, 5*time.Minute)
	o.ackWait = cmp.Or(o.ackWait, ackWait)
	switch {
	case o.kills < 0, o.items < 1, o.span < 0:
		return o, fmt.Errorf("%d kills, %d items in %v; give no less than 0 and 1", o.kills, o.items, o.span)
	case o.brokers != 1 && o.brokers != 3:
		return o, fmt.Errorf("-nats is %d; give 1, or 3 for a cluster", o.brokers)
	case o.index != "sqlite" && o.index != "elastic":
		return o, fmt.Errorf("-index is %q; give sqlite or elastic", o.index)
	}
	return o, nil
}

// Times of a run. They are shorter than an operator would choose, so that what a killed process held comes back while
// others are still being killed.
const (
	ackWait     = 5 * time.Second
	claim       = 10 * time.Second
	revisionGap = time.Second
)

// programs are built for each run.
var programs = []string{
	"tocsin/test/chaos/broker", "tocsin/services/fetcher/cmd/fetcher",
	"tocsin/services/extractor/cmd/extractor", "tocsin/services/indexer/cmd/indexer",
}

// run makes the world, the processes and the kills, waits for rest, and gives the account.
func run(ctx context.Context, o options) (a account, err error) {
	if o, err = o.withDefaults(); err != nil {
		return account{}, err
	}
	begin := time.Now()
	if o.bin == "" {
		o.bin = o.dir
		if err := mortal.Build(ctx, o.bin, programs...); err != nil {
			return account{}, err
		}
	}
	_, _ = fmt.Fprintf(o.log, "built in %.1f s; logs and data are in %s\n", time.Since(begin).Seconds(), o.dir)
	var elastic *cluster
	if o.index == "elastic" {
		if elastic, err = openCluster(ctx, o.elastic, o.seed); err != nil {
			return account{}, err
		}
		defer func() { err = errors.Join(err, elastic.close(context.WithoutCancel(ctx))) }()
	}
	begin = time.Now()
	items := stories(o.items, o.span, rand.New(rand.NewPCG(o.seed, 1)))
	world, err := newsroom.Serve(items, newsroom.Options{Sources: sources(), Window: len(items)})
	if err != nil {
		return account{}, err
	}
	p := pipeline{o: o, world: world, cluster: elastic}
	a, err = p.run(ctx)
	a.Kills, a.Seconds = o.kills, time.Since(begin).Round(100*time.Millisecond).Seconds()
	return a, errors.Join(err, world.Close())
}

// pipeline is the processes under test and what they share.
type pipeline struct {
	o       options
	world   *newsroom.Newsroom
	cluster *cluster // nil with SQLite
	index   indexing.IndexFlags
	all     []*mortal.Process
}

func (p *pipeline) run(ctx context.Context) (account, error) {
	url, err := p.plan()
	if err != nil {
		return account{}, err
	}
	victims := p.victims()
	crew := mortal.Gather(ctx)
	crew.Keep(victims[:p.o.brokers]...)
	a, err := p.live(crew.Context(), url, victims, func() { crew.Keep(victims[p.o.brokers:]...) })
	err = errors.Join(err, crew.End())
	for _, one := range p.all {
		for _, words := range one.Ended() {
			_, _ = fmt.Fprintf(p.o.log, "%s ended without being killed: %s\n", one.Name, words)
		}
	}
	return a, err
}

// setup prepares the streams, again while a cluster has not found its leader yet.
func setup(ctx context.Context, b *bus.Bus, o bus.SetupOptions) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		_, err := b.Setup(ctx, o)
		if err == nil || mortal.Pause(ctx, time.Second) != nil {
			return err
		}
	}
}

// live prepares the streams on the brokers, which run, lets the others begin, kills, waits and counts.
func (p *pipeline) live(ctx context.Context, url string, victims []mortal.Victim, begin func()) (account, error) {
	b, err := bus.Connect(ctx, bus.Options{URL: url, Name: "chaos"})
	if err != nil {
		return account{}, err
	}
	defer b.Close()
	if err := setup(ctx, b, bus.SetupOptions{AckWait: p.o.ackWait, Replicas: p.o.brokers}); err != nil {
		return account{}, err
	}
	begin()
	strike := p.o.strike
	if strike == nil {
		plan := mortal.Strikes(p.o.kills, len(victims), p.o.span, rand.New(rand.NewPCG(p.o.seed, 2)))
		strike = func(ctx context.Context) error {
			killed, err := mortal.StrikeAll(ctx, plan, victims)
			_, _ = fmt.Fprintln(p.o.log, "killed:", killed)
			return err
		}
	}
	if err := strike(ctx); err != nil {
		return account{}, err
	}
	return p.settle(ctx, b)
}

// settle waits until the last version of every story was to be seen and everything is at rest, and counts.
func (p *pipeline) settle(ctx context.Context, b *bus.Bus) (account, error) {
	ledger := p.world.Ledger()
	last := ledger[len(ledger)-1].Visible.Add(2 * revisionGap)
	if err := mortal.Pause(ctx, time.Until(last)); err != nil {
		return account{}, err
	}
	wait, cancel := context.WithTimeout(ctx, p.o.patience)
	defer cancel()
	restless := waitForQuiet(wait, b, time.Now())
	if p.cluster != nil {
		if err := p.cluster.refresh(ctx); err != nil {
			return account{}, errors.Join(restless, err)
		}
	}
	index, closeIndex, err := p.index.Open(ctx, true, slog.New(slog.DiscardHandler))
	if err != nil {
		return account{}, errors.Join(restless, err)
	}
	h, err := take(ctx, b, index)
	if err := errors.Join(err, closeIndex()); err != nil {
		return account{}, errors.Join(restless, err)
	}
	return compare(ledger, h), restless
}
