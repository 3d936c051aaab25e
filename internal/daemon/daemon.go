// Package daemon is what every process of the house needs and nothing about news: a life from start to drain, health
// and metrics on a loopback port, logs, traces.
//
// A main builds its parts in order and registers the undo of each beside its do; a failure half-way and an orderly end
// take the same road back:
//
//	d, err := daemon.New(daemon.Options{Name: "extractor", Version: version, Log: log})
//	if err != nil { … }
//	defer d.Stop() // rolls back a half-built process; after Run it has nothing left to do
//	b, err := bus.Connect(…)
//	d.OnStop("bus", b.Close)
//	d.Check("bus", b.Ready)
//	d.Go("consume", func(ctx context.Context) error { return b.Consume(ctx, …) })
//	return d.Run(ctx)
//
// What was started last stops first. A goroutine of Go counts as a part like any other: it is cancelled and waited for
// in its turn, so what it writes to is still there while it finishes.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// AdminOff as Options.AdminAddr gives a process without an admin port.
const AdminOff = "off"

// Options configure New. The zero value of everything but Name works.
type Options struct {
	// Name is the service's own word for itself ("extractor"); required. It labels logs, traces and tocsin_build_info.
	Name string
	// Version is shown in /metrics and at start; "dev" when empty.
	Version string
	// AdminAddr is the host:port of health, metrics and profiles: 127.0.0.1 and any free port when empty, none when
	// AdminOff. Anything but loopback shows profiles to whoever can reach the port.
	AdminAddr string
	// DrainBudget bounds Stop as a whole; 25 s when zero, which leaves room under the 30 s an orchestrator grants.
	DrainBudget time.Duration
	// CheckTimeout bounds one readiness check; 2 s when zero.
	CheckTimeout time.Duration
	// Log hears the process's own life; nil discards it. Give it the service's name as an attribute.
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.AdminAddr == "" {
		o.AdminAddr = "127.0.0.1:0"
	}
	if o.DrainBudget == 0 {
		o.DrainBudget = 25 * time.Second
	}
	if o.CheckTimeout == 0 {
		o.CheckTimeout = 2 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func (o Options) validate() error {
	switch {
	case o.Name == "":
		return errors.New("daemon: Options.Name is empty; logs and traces of several services could not be told apart")
	case o.DrainBudget < 0:
		return fmt.Errorf("daemon: Options.DrainBudget is %v; every undo would be cut off before it began", o.DrainBudget)
	case o.CheckTimeout < 0:
		return fmt.Errorf("daemon: Options.CheckTimeout is %v; no readiness check could ever pass", o.CheckTimeout)
	case o.AdminAddr == AdminOff:
		return nil
	}
	if _, _, err := net.SplitHostPort(o.AdminAddr); err != nil {
		return fmt.Errorf("daemon: admin address %q: want host:port or %q: %w", o.AdminAddr, AdminOff, err)
	}
	return nil
}

// Daemon is one process's life. Its methods may be called from several goroutines.
type Daemon struct {
	o        Options
	registry *prometheus.Registry
	admin    net.Listener // nil when AdminOff
	checks   checks
	undo     undo

	failed  chan struct{} // closed by the first owned goroutine that fails
	failMu  sync.Mutex
	failure error // what it failed with

	stopOnce sync.Once
	stopErr  error
}

// New binds the admin port and begins to serve it: a process that is still starting answers /livez, and /readyz says
// that it is starting. On error nothing is left open.
func New(o Options) (*Daemon, error) {
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	d := &Daemon{o: o, registry: newRegistry(o.Name, o.Version), failed: make(chan struct{})}
	d.checks.timeout = o.CheckTimeout
	if o.AdminAddr == AdminOff {
		return d, nil
	}
	if err := d.serveAdmin(o.AdminAddr); err != nil {
		return nil, err
	}
	return d, nil
}

// Addr is the admin port's address, known as soon as New returned even for port 0; "" when AdminOff.
func (d *Daemon) Addr() string {
	if d.admin == nil {
		return ""
	}
	return d.admin.Addr().String()
}

// Registry is the process's own; /metrics shows it.
func (d *Daemon) Registry() *prometheus.Registry { return d.registry }

// Meter counts into the process's registry; help is what NewMeter takes.
func (d *Daemon) Meter(help map[string]string) *Meter { return NewMeter(d.registry, help) }

// Check registers a part that must be well for the process to be ready. fn says with its error what is wrong, in words
// for an operator; it is called on every /readyz, must honour its context and may be called concurrently with itself.
func (d *Daemon) Check(name string, fn func(context.Context) error) { d.checks.add(name, fn) }

// OnStop registers the undo of a part that was just built. Stop calls the undos backwards; ctx ends with the budget.
// After Stop began there is nobody left to call it: fn then runs at once.
func (d *Daemon) OnStop(name string, fn func(context.Context) error) {
	if d.undo.push(name, fn) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), d.o.DrainBudget)
	defer cancel()
	if err := runUndo(ctx, step{name, fn}); err != nil {
		d.o.Log.Error("part registered while stopping did not stop", "part", name, "error", err)
	}
}

// Go starts a goroutine that the process owns. Its context is cancelled, and the goroutine waited for, in its turn of
// the undo order. A goroutine that returns an error ends the process: Run returns that error under the goroutine's
// name. One that returns nil, or context.Canceled after it was cancelled, has simply finished.
func (d *Daemon) Go(name string, fn func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := fn(ctx)
		if err != nil && (ctx.Err() == nil || !errors.Is(err, context.Canceled)) {
			d.fail(fmt.Errorf("%s: %w", name, err))
		}
	}()
	d.OnStop(name, func(context.Context) error {
		cancel()
		<-done // the undo's own time limit watches over this wait
		return nil
	})
}

// fail keeps the first failure: the later ones are usually its echo.
func (d *Daemon) fail(err error) {
	d.failMu.Lock()
	defer d.failMu.Unlock()
	if d.failure == nil {
		d.failure = err
		close(d.failed)
	}
}

func (d *Daemon) firstFailure() error {
	d.failMu.Lock()
	defer d.failMu.Unlock()
	return d.failure
}

// Run declares the process started and blocks until ctx ends or an owned goroutine fails, then stops everything. It
// returns nil after an orderly end, else what failed first joined with whatever did not stop.
func (d *Daemon) Run(ctx context.Context) error {
	d.checks.enter(running)
	d.o.Log.Info("running", "version", d.o.Version, "admin", d.Addr())
	select {
	case <-ctx.Done():
	case <-d.failed:
		d.o.Log.Error("a part failed; stopping", "error", d.firstFailure())
	}
	return d.Stop()
}

// Stop turns readiness off and undoes everything, last part first, under one DrainBudget. It returns the first
// failure of an owned goroutine joined with every part that did not stop, and may be called again: the work is done
// once and every caller gets its result.
func (d *Daemon) Stop() error {
	d.stopOnce.Do(func() {
		d.checks.enter(stopping)
		start := time.Now()
		ctx, cancel := context.WithTimeoutCause(context.Background(), d.o.DrainBudget,
			fmt.Errorf("not done within the drain budget of %v", d.o.DrainBudget))
		defer cancel()
		err := d.undo.run(ctx)
		d.stopErr = errors.Join(d.firstFailure(), err)
		d.o.Log.Info("stopped", "took", time.Since(start).Round(time.Millisecond).String())
	})
	return d.stopErr
}
