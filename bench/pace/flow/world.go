package flow

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"tocsin/internal/bus"
)

// Stages of the pipeline, as processes.
const (
	Broker    = "broker"
	Fetcher   = "fetcher"
	Extractor = "extractor"
	Indexer   = "indexer"
)

// Stages are all of them in the order of the flow.
var Stages = []string{Broker, Fetcher, Extractor, Indexer}

// setting says what a world is made of.
type setting struct {
	names int    // watched
	ner   string // the recogniser: crf, prose or none
	feeds string // file with the feeds; without one there is no fetcher
}

// world is a pipeline that runs.
type world struct {
	dir       string
	url       string
	bus       *bus.Bus
	processes []*process
}

// scratch is a folder for everything of a run.
func scratch() (string, error) { return os.MkdirTemp("", "pace-flow-") }

// open builds and starts a pipeline in dir, which close removes, and returns when every part of it is ready.
func open(ctx context.Context, dir string, s setting) (*world, error) {
	w := &world{dir: dir}
	if err := w.raise(ctx, s); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *world) raise(ctx context.Context, s setting) error {
	if err := build(ctx, w.dir); err != nil {
		return err
	}
	list := filepath.Join(w.dir, "watchlist.csv")
	if err := writeWatchlist(ctx, list, s.names); err != nil {
		return err
	}
	if err := w.openBroker(ctx); err != nil {
		return err
	}
	if err := w.service(Indexer, "--sqlite", filepath.Join(w.dir, "index", "index.db")); err != nil {
		return err
	}
	if err := w.service(Extractor, "--watchlists", list, "--ner", s.ner); err != nil {
		return err
	}
	if err := w.ready(ctx); err != nil || s.feeds == "" {
		return err
	}
	// The feeds are read once those behind are ready, so that waiting for them is no part of what is measured.
	err := w.service(Fetcher, "--feeds", s.feeds, "--no-pages", "--allow-private", "127.0.0.0/8", "--baseline", "ring")
	if err != nil {
		return err
	}
	return w.ready(ctx)
}

// ready waits until every service says that it is.
func (w *world) ready(ctx context.Context) error {
	for _, p := range w.processes[1:] {
		if err := p.ready(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) openBroker(ctx context.Context) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	w.url = "nats://127.0.0.1:" + strconv.Itoa(port)
	p, err := start(Broker, filepath.Join(w.dir, Broker), w.logOf(Broker), "-dir", w.streams(), "-port", strconv.Itoa(port))
	if err != nil {
		return err
	}
	w.processes = append(w.processes, p)
	w.bus, err = connect(ctx, w.url)
	return errors.Join(err, p.ended())
}

func (w *world) service(name string, args ...string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	admin := "127.0.0.1:" + strconv.Itoa(port)
	p, err := start(name, filepath.Join(w.dir, name), w.logOf(name), append([]string{"--nats", w.url, "--log-level", "warn", "--admin", admin}, args...)...)
	if err != nil {
		return err
	}
	p.admin = admin
	w.processes = append(w.processes, p)
	return nil
}

func (w *world) logOf(name string) string { return filepath.Join(w.dir, name+".log") }
func (w *world) streams() string          { return filepath.Join(w.dir, "streams") }

// close ends all processes, those first that were started last, and removes what they left.
func (w *world) close() error {
	var errs []error
	for _, p := range slices.Backward(w.processes) {
		if p.name == Broker && w.bus != nil {
			w.bus.Close()
		}
		errs = append(errs, p.stop())
	}
	return errors.Join(append(errs, os.RemoveAll(w.dir))...)
}

// alive returns an error when a process ended.
func (w *world) alive() error {
	for _, p := range w.processes {
		if err := p.ended(); err != nil {
			return err
		}
	}
	return nil
}

// usage is what each process has used so far, by name.
func (w *world) usage() (map[string]Usage, error) {
	all := map[string]Usage{}
	for _, p := range w.processes {
		u, err := p.usage()
		if err != nil {
			return nil, err
		}
		all[p.name] = u
	}
	return all, nil
}

// until waits for a condition, looking every so often; a process that ends meanwhile is an error.
func (w *world) until(ctx context.Context, what string, within time.Duration, met func() (bool, error)) error {
	ctx, cancel := context.WithTimeoutCause(ctx, within, fmt.Errorf("%s did not come about within %v", what, within))
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := met()
		if ok || err != nil {
			return err
		}
		if err := w.alive(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// spent is the processor time that each process used for one of n articles since before, in milliseconds.
func (w *world) spent(before map[string]Usage, n int) (map[string]float64, error) {
	now, err := w.usage()
	if err != nil {
		return nil, err
	}
	spent := map[string]float64{}
	for name, u := range now {
		spent[name] = float64((u.CPU - before[name].CPU).Microseconds()) / 1000 / float64(n)
	}
	return spent, nil
}
