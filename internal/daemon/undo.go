package daemon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// lastBreath is what each remaining undo still gets once the budget is spent: enough to close a file or give up a
// lock, too little to wait for anything.
const lastBreath = 250 * time.Millisecond

// undo is the way back: what was pushed last runs first.
type undo struct {
	mu    sync.Mutex
	steps []step
	done  bool
}

type step struct {
	name string
	fn   func(context.Context) error
}

// push reports false when run has begun and nobody would call fn.
func (u *undo) push(name string, fn func(context.Context) error) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.done {
		return false
	}
	u.steps = append(u.steps, step{name, fn})
	return true
}

// run calls every step backwards, whatever the others say, and joins their errors.
func (u *undo) run(ctx context.Context) error {
	u.mu.Lock()
	steps := u.steps
	u.steps, u.done = nil, true
	u.mu.Unlock()
	var errs []error
	for _, s := range slices.Backward(steps) {
		errs = append(errs, runUndo(ctx, s))
	}
	return errors.Join(errs...)
}

// runUndo waits for one step until it returns or ctx and a last breath are over. A step that outlives both is left
// behind with its goroutine: the process is about to end, and the steps after it must have their turn.
func runUndo(ctx context.Context, s step) error {
	result := make(chan error, 1)
	go func() { result <- s.fn(ctx) }()
	select {
	case err := <-result:
		return named(s.name, err)
	case <-ctx.Done():
	}
	select {
	case err := <-result:
		return named(s.name, err)
	case <-time.After(lastBreath):
		return fmt.Errorf("stop %s: still busy: %w", s.name, context.Cause(ctx))
	}
}

func named(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("stop %s: %w", name, err)
}
