package extractor

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// watchdog runs work of libraries that can neither be trusted to end nor be stopped.
type watchdog struct {
	budget time.Duration
	slots  chan struct{} // one per running piece of work, abandoned ones included
}

// patience is how many budgets work waits for a slot: others may be working through theirs.
const patience = 10

func newWatchdog(budget time.Duration, slots int) *watchdog {
	return &watchdog{budget: budget, slots: make(chan struct{}, slots)}
}

// Why guarded work gave nothing.
var (
	errAbandoned = errors.New("took too long and was abandoned")
	errNoSlot    = errors.New("was not begun, because too much abandoned work is still running")
)

// guarded runs work on a goroutine of its own for as long as the watchdog's budget. Work that is not done by then is
// abandoned: it runs on, nobody waits for it, and it keeps its slot until it ends. A panic becomes an error.
func guarded[T any](ctx context.Context, w *watchdog, work func() T) (T, error) {
	var none T
	budget := time.NewTimer(patience * w.budget)
	defer budget.Stop()
	select {
	case w.slots <- struct{}{}:
	case <-budget.C:
		return none, errNoSlot
	case <-ctx.Done():
		return none, ctx.Err()
	}
	budget.Reset(w.budget)
	type outcome struct {
		v   T
		err error
	}
	done := make(chan outcome, 1) // holds the outcome of abandoned work, so that its goroutine ends
	go func() {
		defer func() { <-w.slots }()
		v, err := calmly(work)
		done <- outcome{v, err}
	}()
	select {
	case o := <-done:
		return o.v, o.err
	case <-budget.C:
		return none, errAbandoned
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// calmly turns a panic of work into an error.
func calmly[T any](work func() T) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panicked: %v", p)
		}
	}()
	return work(), nil
}
