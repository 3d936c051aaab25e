package daemon

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// phase is where in its life a process stands; only a running one can be ready.
type phase int32

const (
	starting phase = iota
	running
	stopping
)

func (p phase) name() string { return [...]string{"starting", "running", "stopping"}[p] }

// checks are the parts that must be well.
type checks struct {
	timeout time.Duration
	now     atomic.Int32 // a phase

	mu   sync.Mutex
	list []step
}

func (c *checks) enter(p phase) { c.now.Store(int32(p)) }

func (c *checks) add(name string, fn func(context.Context) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, step{name, fn})
}

// readiness is the body of /readyz.
type readiness struct {
	Ready bool `json:"ready"`
	// Phase is "starting", "running" or "stopping".
	Phase string `json:"phase"`
	// Checks hold every registered check in the order of registration.
	Checks []verdict `json:"checks"`
}

type verdict struct {
	Name string `json:"name"`
	// Problem is empty when the check passed.
	Problem string `json:"problem,omitempty"`
}

// run asks all checks at once, so that a slow one does not hide another behind it.
func (c *checks) run(ctx context.Context) readiness {
	c.mu.Lock()
	list := c.list
	c.mu.Unlock()
	ctx, cancel := context.WithTimeoutCause(ctx, c.timeout, fmt.Errorf("no answer within %v", c.timeout))
	defer cancel()
	verdicts := make([]verdict, len(list))
	var wg sync.WaitGroup
	for i, check := range list {
		wg.Go(func() { verdicts[i] = ask(ctx, check) })
	}
	wg.Wait()
	now := phase(c.now.Load())
	r := readiness{Ready: now == running, Phase: now.name(), Checks: verdicts}
	for _, v := range verdicts {
		r.Ready = r.Ready && v.Problem == ""
	}
	return r
}

func ask(ctx context.Context, check step) verdict {
	err := check.fn(ctx)
	switch {
	case err == nil:
		return verdict{Name: check.name}
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	}
	return verdict{Name: check.name, Problem: err.Error()}
}

// ServeHTTP answers 200 or 503: plain sentences, or JSON to whoever accepts it.
func (c *checks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	state := c.run(r.Context())
	body, kind := []byte(state.String()), "text/plain; charset=utf-8"
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		body, _ = json.Marshal(state) // strings and booleans only: cannot fail
		kind = "application/json"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	if !state.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(body) // the asker went away; nothing depends on it
}

// String is one line for the verdict and one for each check.
func (r readiness) String() string {
	var b strings.Builder
	switch {
	case r.Ready:
		b.WriteString("ready\n")
	case r.Phase != running.name():
		fmt.Fprintf(&b, "not ready: %s\n", r.Phase)
	default:
		b.WriteString("not ready\n")
	}
	for _, v := range r.Checks {
		if v.Problem == "" {
			fmt.Fprintf(&b, "ok   %s\n", v.Name)
		} else {
			fmt.Fprintf(&b, "FAIL %s: %s\n", v.Name, v.Problem)
		}
	}
	return b.String()
}
