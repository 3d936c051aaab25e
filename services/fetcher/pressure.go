package fetcher

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Pressure is how much published work the stages behind the fetcher have not finished.
type Pressure struct {
	// Messages and Bytes wait in the streams; MaxBytes is what those may hold, 0 when unlimited or unknown.
	Messages uint64
	Bytes    uint64
	MaxBytes uint64
	// Oldest is the age of the oldest message that no worker was given yet, 0 when there is none. One that workers were
	// given and cannot finish does not count: it must not stop all others.
	Oldest time.Duration
}

// gauge remembers the last reading of the backlog, so that a burst of due polls asks once.
type gauge struct {
	mu     sync.Mutex
	read   time.Time
	reason string
	since  time.Time
}

// gaugeEvery is how long one reading of the backlog holds.
const gaugeEvery = 5 * time.Second

// Paused returns in one sentence why polling is paused, and since when; "" and zero while it is not. It does not block.
func (f *Fetcher) Paused() (reason string, since time.Time) {
	f.gauge.mu.Lock()
	defer f.gauge.mu.Unlock()
	return f.gauge.reason, f.gauge.since
}

// paused reads the backlog when the last reading is old. A backlog that cannot be read leaves the last answer standing.
func (f *Fetcher) paused(ctx context.Context) bool {
	if f.o.Backlog == nil {
		return false
	}
	f.gauge.mu.Lock()
	defer f.gauge.mu.Unlock()
	now := f.o.Now()
	if within(gaugeEvery, f.gauge.read, now) {
		return f.gauge.reason != ""
	}
	f.gauge.read = now
	p, err := f.o.Backlog(ctx)
	if err != nil {
		f.o.Log.Warn("backlog cannot be read; polling goes on as before", "error", err)
		return f.gauge.reason != ""
	}
	f.gauge.turn(f, f.tooMuch(p), now)
	return f.gauge.reason != ""
}

// turn takes the new reason and says so when it begins or ends.
func (g *gauge) turn(f *Fetcher, reason string, now time.Time) {
	switch {
	case reason != "" && g.reason == "":
		g.since = now
		f.o.Log.Warn("polling pauses", "reason", reason)
	case reason == "" && g.reason != "":
		f.o.Log.Info("polling goes on", "paused", now.Sub(g.since))
		g.since = time.Time{}
	}
	g.reason = reason
}

func (f *Fetcher) tooMuch(p Pressure) string {
	switch {
	case p.Messages >= f.o.PauseMessages:
		return fmt.Sprintf("%d messages wait for the workers (limit %d)", p.Messages, f.o.PauseMessages)
	case p.MaxBytes > 0 && p.Bytes >= p.MaxBytes/2:
		return fmt.Sprintf("%d bytes wait for the workers, half of the %d the stream may hold", p.Bytes, p.MaxBytes)
	case p.Oldest >= f.o.PauseOldest:
		return fmt.Sprintf("the oldest waiting message is %s old (limit %s)", p.Oldest.Round(time.Second), f.o.PauseOldest)
	}
	return ""
}
