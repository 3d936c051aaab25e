package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/newsroom"
)

// options of a run.
type options struct {
	kills, items int
	seed         uint64
	index        string        // sqlite or elastic
	elastic      string        // URL, for elastic
	span         time.Duration // in which stories appear and processes die
	patience     time.Duration // from the end of the span until the pipeline must be at rest
	dir          string        // everything of the run, made by the caller
	log          io.Writer     // says in plain lines how it goes
}

func (o options) withDefaults() (options, error) {
	if o.span == 0 {
		o.span = max(10*time.Second, time.Duration(o.kills)*time.Second, time.Duration(o.items)*25*time.Millisecond)
	}
	if o.patience == 0 {
		o.patience = 5 * time.Minute
	}
	switch {
	case o.kills < 0, o.items < 1, o.span < 0:
		return o, fmt.Errorf("%d kills, %d items in %v; give no less than 0 and 1", o.kills, o.items, o.span)
	case o.index == "elastic" && o.elastic == "":
		return o, errors.New("-index elastic needs a server; name it in TOCSIN_ELASTIC_URL (scripts/elastic/up.sh starts one)")
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

// run makes the world, the processes and the kills, waits for rest, and gives the account.
func run(ctx context.Context, o options) (account, error) {
	o, err := o.withDefaults()
	if err != nil {
		return account{}, err
	}
	begin := time.Now()
	if err := build(ctx, o.dir); err != nil {
		return account{}, err
	}
	_, _ = fmt.Fprintf(o.log, "built in %.1f s; logs and data are in %s\n", time.Since(begin).Seconds(), o.dir)
	begin = time.Now()
	items := stories(o.items, o.span, rand.New(rand.NewPCG(o.seed, 1)))
	world, err := newsroom.Serve(items, newsroom.Options{Sources: sources(), Window: len(items)})
	if err != nil {
		return account{}, err
	}
	p := pipeline{o: o, world: world}
	a, err := p.run(ctx)
	a.Kills, a.Seconds = o.kills, time.Since(begin).Round(100*time.Millisecond).Seconds()
	return a, errors.Join(err, world.Close())
}

// pipeline is the processes under test and what they share.
type pipeline struct {
	o     options
	world *newsroom.Newsroom
	index assembly.IndexFlags
	all   []*process
}

func (p *pipeline) run(ctx context.Context) (account, error) {
	url, err := p.plan()
	if err != nil {
		return account{}, err
	}
	ctx, stop := context.WithCancel(ctx)
	var kept sync.WaitGroup
	broken := make(chan error, len(p.all))
	keep := func(some ...*process) {
		for _, one := range some {
			kept.Go(func() {
				if err := one.keep(ctx); err != nil {
					broken <- err
					stop()
				}
			})
		}
	}
	keep(p.all[0])
	a, err := p.live(ctx, url, func() { keep(p.all[1:]...) })
	stop()
	kept.Wait()
	close(broken)
	for one := range broken {
		err = errors.Join(err, one)
	}
	for _, one := range p.all {
		if n := one.ended(); n > 0 {
			_, _ = fmt.Fprintf(p.o.log, "%s ended %d times without being killed; see %s\n", one.name, n, one.log)
		}
	}
	return a, err
}

// live prepares the streams on the broker, which runs, lets the others begin, kills, waits and counts.
func (p *pipeline) live(ctx context.Context, url string, begin func()) (account, error) {
	b, err := bus.Connect(ctx, bus.Options{URL: url, Name: "chaos"})
	if err != nil {
		return account{}, err
	}
	defer b.Close()
	if _, err := b.Setup(ctx, bus.SetupOptions{AckWait: ackWait}); err != nil {
		return account{}, err
	}
	begin()
	plan := strikes(p.o.kills, len(p.all), p.o.span, rand.New(rand.NewPCG(p.o.seed, 2)))
	if err := strikeAll(ctx, plan, p.all); err != nil {
		return account{}, err
	}
	return p.settle(ctx, b)
}

// settle waits until the last version of every story was to be seen and everything is at rest, and counts.
func (p *pipeline) settle(ctx context.Context, b *bus.Bus) (account, error) {
	ledger := p.world.Ledger()
	last := ledger[len(ledger)-1].Visible.Add(2 * revisionGap)
	if err := pause(ctx, time.Until(last)); err != nil {
		return account{}, err
	}
	wait, cancel := context.WithTimeout(ctx, p.o.patience)
	defer cancel()
	restless := waitForQuiet(wait, b, time.Now())
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

// plan names the processes, the broker first, and returns where it will be reached.
func (p *pipeline) plan() (url string, err error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	feeds, err := p.file("feeds.yaml", feedList(p.world.Feeds()))
	if err != nil {
		return "", err
	}
	names, err := p.file("watchlist.yaml", watchlist())
	if err != nil {
		return "", err
	}
	url = "nats://127.0.0.1:" + strconv.Itoa(port)
	p.add("broker", 1, "-dir", filepath.Join(p.o.dir, "streams"), "-port", strconv.Itoa(port))
	p.add("fetcher", 2, "--nats", url, "--feeds", feeds, "--allow-private", "127.0.0.0/8", "--baseline", "ring",
		"--claim", claim.String(), "--revision-gap", revisionGap.String())
	p.add("extractor", 2, "--nats", url, "--watchlists", names, "--ner", "none")
	p.index.SQLite = filepath.Join(p.o.dir, "index.db")
	if p.o.index == "sqlite" {
		p.add("indexer", 1, "--nats", url, "--sqlite", p.index.SQLite)
		return url, nil
	}
	p.index.Elastic, p.index.ElasticPrefix = []string{p.o.elastic}, fmt.Sprintf("chaos-%d-%d", p.o.seed, time.Now().UnixNano())
	p.add("indexer", 2, "--nats", url, "--elastic", p.o.elastic, "--elastic-prefix", p.index.ElasticPrefix)
	return url, nil
}

func (p *pipeline) add(program string, n int, args ...string) {
	for i := range n {
		name := fmt.Sprintf("%s-%d", program, i+1)
		p.all = append(p.all, &process{
			name: name, path: filepath.Join(p.o.dir, program), args: args, log: filepath.Join(p.o.dir, name+".log"),
		})
	}
}

func (p *pipeline) file(name, content string) (path string, err error) {
	path = filepath.Join(p.o.dir, name)
	return path, os.WriteFile(path, []byte(content), 0o600)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
