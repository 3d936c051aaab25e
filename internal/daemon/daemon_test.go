package daemon

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quiet has no admin port: real sockets do not belong inside a synctest bubble.
func quiet(t *testing.T) *Daemon {
	t.Helper()
	d, err := New(Options{Name: "test", AdminAddr: AdminOff, DrainBudget: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// journal remembers in which order things happened.
type journal struct {
	mu   sync.Mutex
	said []string
}

func (j *journal) say(s string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.said = append(j.said, s)
}

func (j *journal) undo(name string) func(context.Context) error {
	return func(context.Context) error { j.say(name); return nil }
}

func TestOptionsNameTheFieldAndWhy(t *testing.T) {
	for _, row := range []struct {
		sentence string
		o        Options
		want     string
	}{
		{"a process without a name is refused", Options{}, "Options.Name is empty"},
		{"a negative drain budget would cut every undo off", Options{Name: "x", DrainBudget: -1}, "DrainBudget is -1ns"},
		{"a negative check timeout would never pass", Options{Name: "x", CheckTimeout: -1}, "CheckTimeout is -1ns"},
		{"an address without a port is refused before listening", Options{Name: "x", AdminAddr: "localhost"}, `admin address "localhost": want host:port`},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if _, err := New(row.o); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Fatalf("New: %v; want an error holding %q", err, row.want)
			}
		})
	}
}

func TestPartsStopBackwardsAndGoroutinesInTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, j := quiet(t), &journal{}
		d.OnStop("bus", j.undo("bus"))
		d.Go("extractor", func(ctx context.Context) error {
			<-ctx.Done()
			time.Sleep(3 * time.Second) // drains what it holds; the bus must still be there
			j.say("extractor")
			return ctx.Err()
		})
		d.Go("fetcher", func(ctx context.Context) error {
			<-ctx.Done()
			time.Sleep(2 * time.Second)
			j.say("fetcher")
			return nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		start := time.Now()
		if err := d.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if want := []string{"fetcher", "extractor", "bus"}; !slices.Equal(j.said, want) {
			t.Errorf("stopped in the order %v, want %v", j.said, want)
		}
		if took := time.Since(start); took != time.Minute+5*time.Second {
			t.Errorf("ended after %v, want 1m5s: the drains follow one another", took)
		}
	})
}

func TestFirstFailingGoroutineEndsTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := quiet(t)
		stopped := false
		d.Go("steady", func(ctx context.Context) error { <-ctx.Done(); stopped = true; return ctx.Err() })
		d.Go("finished", func(context.Context) error { return nil })
		boom := errors.New("stream RAW is missing")
		d.Go("consume", func(context.Context) error { time.Sleep(time.Second); return boom })
		err := d.Run(t.Context())
		if !errors.Is(err, boom) || !strings.Contains(err.Error(), "consume: stream RAW is missing") {
			t.Errorf("Run: %v; want the failure under its goroutine's name", err)
		}
		if !stopped {
			t.Error("the other goroutine was not cancelled")
		}
	})
}

func TestCancelledBeforeItWasAskedToIsAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := quiet(t)
		d.Go("odd", func(context.Context) error { return context.Canceled })
		if err := d.Run(t.Context()); !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v; a goroutine that gives up by itself must not end silently", err)
		}
	})
}

func TestOneBudgetForTheWholeDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, j := quiet(t), &journal{}
		d.OnStop("lock", j.undo("lock"))
		release := make(chan struct{})
		d.OnStop("deaf", func(context.Context) error { <-release; return nil })
		d.OnStop("slow", func(ctx context.Context) error {
			select {
			case <-time.After(8 * time.Second):
			case <-ctx.Done():
			}
			return nil
		})
		start := time.Now()
		err := d.Stop()
		if took := time.Since(start); took != 10*time.Second+lastBreath {
			t.Errorf("Stop took %v, want the budget of 10s and one last breath", took)
		}
		if err == nil || !strings.Contains(err.Error(), "stop deaf: still busy: not done within the drain budget of 10s") {
			t.Errorf("Stop: %v; want the part that outlived the budget by name", err)
		}
		if !slices.Equal(j.said, []string{"lock"}) {
			t.Errorf("ran %v; the lock must be given up even after the budget", j.said)
		}
		close(release)
	})
}

func TestStopIsDoneOnceAndTellsEverybody(t *testing.T) {
	d := quiet(t)
	calls := 0
	d.OnStop("disk", func(context.Context) error { calls++; return errors.New("disk full") })
	d.OnStop("net", func(context.Context) error { return errors.New("not connected") })
	first, second := d.Stop(), d.Stop()
	if calls != 1 {
		t.Errorf("undo ran %d times", calls)
	}
	for _, err := range []error{first, second} {
		if err == nil || !strings.Contains(err.Error(), "stop disk: disk full") || !strings.Contains(err.Error(), "stop net: not connected") {
			t.Errorf("Stop: %v; want both errors", err)
		}
	}
}

func TestHalfBuiltProcessRollsBack(t *testing.T) {
	j := &journal{}
	build := func() error {
		d := quiet(t)
		defer func() { _ = d.Stop() }()
		d.OnStop("first", j.undo("first"))
		d.OnStop("second", j.undo("second"))
		return errors.New("third cannot be built")
	}
	if build() == nil || !slices.Equal(j.said, []string{"second", "first"}) {
		t.Errorf("rolled back %v", j.said)
	}
}

func TestPartBuiltWhileStoppingIsUndoneAtOnce(t *testing.T) {
	d, j := quiet(t), &journal{}
	if err := d.Stop(); err != nil {
		t.Fatal(err)
	}
	d.OnStop("late", j.undo("late"))
	d.Go("later", func(ctx context.Context) error { <-ctx.Done(); j.say("later"); return nil })
	if want := []string{"late", "later"}; !slices.Equal(j.said, want) {
		t.Errorf("undone %v, want %v", j.said, want)
	}
}
