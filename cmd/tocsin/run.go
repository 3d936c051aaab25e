package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/assembly/embedded"
	"tocsin/internal/assembly/extracting"
	"tocsin/internal/assembly/fetching"
	"tocsin/internal/assembly/indexing"
	"tocsin/internal/bus/broker"
)

type runCmd struct {
	assembly.ProcessFlags
	fetching.FetchFlags
	extracting.ExtractFlags
	indexing.BatchFlags
	assembly.SetupFlags
	Sample bool `help:"Read a built-in newsroom on loopback instead of the internet, and watch for the names in it."`
	Port   int  `help:"NATS port on loopback; the next free one is taken when it is busy; 0 takes any." default:"4222" env:"TOCSIN_PORT"`
}

// Run implements the command.
func (c *runCmd) Run(ctx context.Context, g *globals) error {
	if g.NATS != "" {
		return fmt.Errorf("run brings its own NATS server; to work on %s start fetcher, extractor and indexer", g.NATS)
	}
	return assembly.Serve(ctx, "tocsin", assembly.Version(), c.ProcessFlags, g.errs, func(ctx context.Context, p *assembly.Process) error {
		return c.build(ctx, g, p)
	})
}

// build stands consumers before producers: bus, index, indexer, extractor, fetcher.
func (c *runCmd) build(ctx context.Context, g *globals, p *assembly.Process) error {
	start := time.Now()
	server, err := embedded.Serve(ctx, p, g.Data, broker.Options{Port: serverPort(c.Port), SyncAlways: c.Sync == "always"}, c.SetupFlags.Options())
	if err != nil {
		return err
	}
	if c.Sample {
		if err := c.openNewsroom(ctx, p); err != nil {
			return err
		}
	}
	if _, err := indexing.Add(ctx, p, g.index(), c.BatchFlags); err != nil {
		return err
	}
	if err := extracting.Add(ctx, p, c.ExtractFlags); err != nil {
		return err
	}
	bell := &bell{g: g}
	bell.hang(p)
	if err := fetching.Add(ctx, p, c.FetchFlags); err != nil {
		return err
	}
	if err := c.announce(ctx, g, p, server, time.Since(start)); err != nil {
		return err
	}
	return g.writeAddress(p, server)
}

// announce says in a few lines where everything is.
func (c *runCmd) announce(ctx context.Context, g *globals, p *assembly.Process, server *broker.Server, took time.Duration) error {
	feeds, err := fetching.Feeds(ctx, p.Bus)
	if err != nil {
		return err
	}
	all, err := feeds.All(ctx)
	if err != nil {
		return err
	}
	lists, err := extracting.Watchlists(ctx, p.Bus)
	if err != nil {
		return err
	}
	names, err := lists.All(ctx)
	if err != nil {
		return err
	}
	if g.JSON {
		return g.line(map[string]any{"nats": server.URL(), "admin": p.Addr(), "feeds": len(all), "watched": len(names), "ready_seconds": took.Seconds()}, "")
	}
	data := relative(g.Data)
	_, err = fmt.Fprintf(g.out, `Tocsin is up after %.1f s: %d feeds, %d watched names. Stop with Ctrl-C.
  alerts    nats sub 'alerts.>' -s %s
  search    tocsin search --data %s WORDS
  health    http://%s/readyz  /metrics
`, took.Seconds(), len(all), len(names), server.URL(), data, p.Addr())
	if err == nil && len(all) == 0 {
		_, err = fmt.Fprintf(g.out, "No feeds yet: tocsin feeds add --data %s URL\n", data)
	}
	if err == nil && len(names) == 0 {
		_, err = fmt.Fprintf(g.out, "No watched names yet: tocsin watch add --data %s \"Given Family\"\n", data)
	}
	return err
}

// serverPort turns the flag into the server's option, where zero means its default.
func serverPort(port int) int {
	if port == 0 {
		return -1
	}
	return port
}

func relative(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	if short, err := filepath.Rel(wd, path); err == nil && len(short) < len(path) {
		return short
	}
	return path
}

// writeAddress tells other commands where this instance is reached.
func (g *globals) writeAddress(p *assembly.Process, server *broker.Server) error {
	data, err := json.Marshal(address{PID: os.Getpid(), NATS: server.URL(), Admin: p.Addr()})
	if err != nil {
		return err
	}
	path := g.addressFile()
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return fmt.Errorf("write the address file: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write the address file: %w", err)
	}
	p.OnStop("address file", func(context.Context) error { return os.Remove(path) })
	return nil
}

// allow adds a network that may be fetched although it is private.
func (c *runCmd) allow(cidr string) {
	c.AllowPrivate = append(c.AllowPrivate, netip.MustParsePrefix(cidr))
}
