// Package embedded gives a process a NATS server of its own.
package embedded

import (
	"context"
	"fmt"
	"path/filepath"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
)

// Serve starts a NATS server in the data directory, held for this process alone, and makes it the process's bus.
func Serve(ctx context.Context, p *assembly.Process, dir string, o broker.Options, setup bus.SetupOptions) (*broker.Server, error) {
	lock, err := broker.LockDir(dir)
	if err != nil {
		return nil, err
	}
	p.OnStop("data directory", func(context.Context) error { return lock.Release() })
	o.Dir = StreamsDir(dir)
	o.Log = p.Log
	server, err := broker.Start(o)
	if err != nil {
		return nil, err
	}
	p.OnStop("nats server", func(context.Context) error { server.Shutdown(); return nil })
	p.Check("streams", func(context.Context) error { return server.Ready() })
	b, err := bus.Connect(ctx, bus.Options{Server: server, Name: p.Name, Log: p.Log, Meter: p.Meter(bus.Metrics())})
	if err != nil {
		return nil, err
	}
	p.UseBus(b)
	if _, err := b.Setup(ctx, setup); err != nil {
		return nil, fmt.Errorf("prepare the streams: %w", err)
	}
	return server, nil
}

// StreamsDir is where the embedded server keeps its streams inside a data directory.
func StreamsDir(data string) string { return filepath.Join(data, "nats") }
