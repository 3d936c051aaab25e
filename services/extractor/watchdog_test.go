package extractor

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestWatchdogAbandonsWhatDoesNotEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchdog(2*time.Second, 2)
		end := make(chan struct{})
		stuck := func() int { <-end; return 1 }
		began := time.Now()
		for range 2 {
			if _, err := guarded(t.Context(), w, stuck); !errors.Is(err, errAbandoned) {
				t.Errorf("error %v; want it abandoned", err)
			}
		}
		if took := time.Since(began); took != 4*time.Second {
			t.Errorf("two stuck pieces took %v; want the budget twice", took)
		}
		if _, err := guarded(t.Context(), w, stuck); !errors.Is(err, errNoSlot) {
			t.Errorf("error %v; want no third one begun while two still run", err)
		}
		if took := time.Since(began); took != 4*time.Second+patience*2*time.Second {
			t.Errorf("it took %v; want the third to have waited for a slot as long as its patience lasts", took)
		}
		close(end) // the abandoned work ends and gives its slots back
		synctest.Wait()
		if v, err := guarded(t.Context(), w, func() int { return 7 }); v != 7 || err != nil {
			t.Errorf("%d, %v after the slots came back; want 7", v, err)
		}
	})
}

func TestWatchdogTurnsAPanicIntoAnError(t *testing.T) {
	w := newWatchdog(time.Second, 1)
	for range 3 { // a slot that was lost to a panic would leave none for the next
		if _, err := guarded(t.Context(), w, func() int { panic("fell over") }); err == nil || errors.Is(err, errNoSlot) {
			t.Fatalf("error %v; want the panic", err)
		}
	}
}

func TestWatchdogStopsWaitingWhenTheProcessDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		end := make(chan struct{})
		defer close(end)
		time.AfterFunc(time.Second, stop)
		_, err := guarded(ctx, newWatchdog(time.Hour, 1), func() int { <-end; return 1 })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v; want the end of the process", err)
		}
	})
}
