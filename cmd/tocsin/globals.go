package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"tocsin/internal/assembly"
	"tocsin/internal/assembly/embedded"
	"tocsin/internal/assembly/indexing"
	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
)

// globals are what every command shares. Commands reach a running instance through the address file in its data
// directory; with none running they open the directory themselves, under the same lock.
type globals struct {
	Data string `help:"Data directory: streams, index, and the address of a running instance." default:"tocsin-data" type:"path" env:"TOCSIN_DATA"`
	JSON bool   `name:"json" help:"Print one JSON object a line."`

	assembly.NATSFlags  `embed:"" group:"A NATS server of its own:"`
	indexing.IndexFlags `embed:"" group:"Index:"`

	out  io.Writer `kong:"-"`
	errs io.Writer `kong:"-"`
}

// address is the content of the address file: where a running instance is reached.
type address struct {
	PID   int    `json:"pid"`
	NATS  string `json:"nats"`
	Admin string `json:"admin"`
}

func (g *globals) addressFile() string { return filepath.Join(g.Data, "address.json") }

// index fills in where the index of the data directory is when no other was named.
func (g *globals) index() indexing.IndexFlags {
	f := g.IndexFlags
	if f.SQLite == "" {
		f.SQLite = filepath.Join(g.Data, "index.db")
	}
	return f
}

// openIndex opens the index for questions; close it when done.
func (g *globals) openIndex(ctx context.Context) (indexing.Index, func() error, error) {
	index := g.index()
	if _, err := os.Stat(index.SQLite); len(index.Elastic) == 0 && err != nil {
		return nil, nil, fmt.Errorf("no index at %s; start with `tocsin run`, or name one with --data, --sqlite or --elastic", index.SQLite)
	}
	return index.Open(ctx, true, slog.New(slog.DiscardHandler))
}

// connect reaches the streams of an instance that has run before; close it when done.
func (g *globals) connect(ctx context.Context) (b *bus.Bus, closeBus func(), err error) {
	if g.NATS == "" {
		if _, err := os.Stat(g.Data); errors.Is(err, os.ErrNotExist) {
			return nil, nil, fmt.Errorf("no data directory at %s; start with `tocsin run`, or name another with --data or a NATS server with --nats", g.Data)
		}
	}
	return g.connectOrCreate(ctx)
}

// connectToRunning is connect for commands that wait for what an instance does: without one they would wait for ever,
// holding the directory that it needs.
func (g *globals) connectToRunning(ctx context.Context) (*bus.Bus, func(), error) {
	if _, err := os.Stat(g.Data); g.NATS != "" || errors.Is(err, os.ErrNotExist) {
		return g.connect(ctx)
	}
	lock, err := broker.LockDir(g.Data)
	if held, ok := errors.AsType[*broker.LockedError](err); ok {
		return g.connectRunning(ctx, held)
	}
	if err != nil {
		return nil, nil, err
	}
	return nil, nil, errors.Join(fmt.Errorf("nothing runs on %s; start `tocsin run` first, or leave out --follow", g.Data), lock.Release())
}

// connectOrCreate is connect for commands that also make sense before the first run.
func (g *globals) connectOrCreate(ctx context.Context) (b *bus.Bus, closeBus func(), err error) {
	if g.NATS != "" {
		b, err := g.NATSFlags.Connect(ctx)
		if err != nil {
			return nil, nil, err
		}
		return b, b.Close, nil
	}
	lock, err := broker.LockDir(g.Data)
	if held, ok := errors.AsType[*broker.LockedError](err); ok {
		return g.connectRunning(ctx, held)
	}
	if err != nil {
		return nil, nil, err
	}
	return g.openStreams(ctx, lock)
}

// connectRunning reaches the instance that holds the data directory.
func (g *globals) connectRunning(ctx context.Context, held *broker.LockedError) (*bus.Bus, func(), error) {
	var at address
	data, err := os.ReadFile(g.addressFile())
	if err == nil {
		err = json.Unmarshal(data, &at)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w, and it has not said yet where it is reached; try again in a moment", held)
	}
	b, err := assembly.NATSFlags{NATS: at.NATS}.Connect(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reach the instance that runs as process %d: %w", at.PID, err)
	}
	return b, b.Close, nil
}

// openStreams starts a server on the data directory for the length of one command.
func (g *globals) openStreams(ctx context.Context, lock *broker.DirLock) (*bus.Bus, func(), error) {
	release := func() { _ = lock.Release() } // the process ends anyway
	dir := embedded.StreamsDir(g.Data)
	_, missing := os.Stat(dir)
	server, err := broker.Start(broker.Options{Dir: dir, Port: -1})
	if err != nil {
		release()
		return nil, nil, err
	}
	undo := func() { server.Shutdown(); release() }
	b, err := bus.Connect(ctx, bus.Options{Server: server, Name: "tocsin-command", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		undo()
		return nil, nil, err
	}
	if missing != nil { // never run before; later runs size the streams as their flags say
		if _, err := b.Setup(ctx, bus.SetupOptions{}); err != nil {
			b.Close()
			undo()
			return nil, nil, err
		}
	}
	return b, func() { b.Close(); undo() }, nil
}

// line prints v as one JSON object under --json, else text as a line.
func (g *globals) line(v any, text string) error {
	if g.JSON {
		return json.NewEncoder(g.out).Encode(v)
	}
	_, err := fmt.Fprintln(g.out, text)
	return err
}
