package fetcher

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// watchkeeper remembers when a feed's state has to be looked at next, so that a pass costs one listing of the feeds and
// loads only the states of those whose time has come.
type watchkeeper struct {
	mu      sync.Mutex
	due     map[string]time.Time
	retired map[string]bool     // removed feeds whose schedule is purged
	signs   map[string][]string // the troubles of every feed that is read, none where it has none
	begun   int                 // feeds that were begun in this pass
	last    time.Time           // when the last pass began
}

// pass begins one. What was put off by a clock that ran ahead is looked at again.
func (w *watchkeeper) pass(now time.Time) {
	if ahead(w.last, now) {
		clear(w.due)
	}
	w.last, w.begun = now.UTC(), 0
}

// Of many new feeds the first beginAtOnce are polled at once and the others beginEach apart, so that an import of a hundred
// thousand is no storm; closer where Options.Requests allows more.
const (
	beginAtOnce = 200
	beginEach   = 20 * time.Millisecond
)

// turn is how long the next new feed of a pass waits for its first poll.
func (f *Fetcher) turn() time.Duration {
	f.watch.begun++
	each := beginEach
	if f.o.Requests > 0 {
		each = min(each, time.Duration(float64(time.Second)/f.o.Requests))
	}
	return time.Duration(max(0, f.watch.begun-beginAtOnce)) * each
}

// passShare is the least pause between two passes as a multiple of what one takes, so that many feeds do not keep the
// fetcher busy with looking; quickest is the pause of a small installation.
const (
	passShare = 20
	quickest  = 3 * time.Second
)

// Run reconciles at once and then at intervals until ctx ends; it returns nil then. A pass that fails is logged and tried
// again at the next. The interval is at most Options.ReconcileEvery and shorter with few feeds.
func (f *Fetcher) Run(ctx context.Context) error {
	for {
		before := time.Now()
		if err := f.Reconcile(ctx); err != nil && ctx.Err() == nil {
			f.o.Log.Error("feeds not reconciled; the next pass tries again", "error", err)
		}
		pause := min(f.o.ReconcileEvery, max(quickest, passShare*time.Since(before)))
		timer := time.NewTimer(pause + time.Duration(f.o.Rand()*float64(pause)/4))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
}

// Reconcile compares the feeds and their states with the clock, and schedules what fell through: feeds without a state at
// once, polls overdue by more than the grace, oldest first. The schedule of a removed feed is purged. A feed that cannot
// be read is logged and passed over. Running it twice, or in several fetchers, does no harm.
func (f *Fetcher) Reconcile(ctx context.Context) error {
	f.watch.mu.Lock()
	defer f.watch.mu.Unlock()
	if f.paused(ctx) {
		return nil // whatever became due was put off on purpose
	}
	all, err := f.o.Feeds.List(ctx)
	if err != nil {
		return fmt.Errorf("list the feeds: %w", err)
	}
	var overdue []late
	f.watch.pass(f.o.Now())
	for id, data := range all {
		feed, there, err := decodeFeed(data)
		switch {
		case err != nil:
			f.o.Log.Error("feed passed over; correct it where it is configured", "feed", id, "error", err)
		case there:
			delete(f.watch.retired, id)
			if overdue, err = f.inspect(ctx, feed, overdue); err != nil {
				return err
			}
		default:
			if err := f.retire(ctx, id); err != nil {
				return err
			}
		}
	}
	f.share(all)
	f.volumes.passed(all)
	maps.DeleteFunc(f.watch.due, func(id string, _ time.Time) bool { return all[id] == nil })
	maps.DeleteFunc(f.watch.signs, func(id string, _ []string) bool { return all[id] == nil })
	f.watch.census(f.o.Meter)
	return f.reschedule(ctx, overdue)
}

type late struct {
	id    string
	since time.Time
}

// inspect adds the feed to overdue when its time has passed by more than the grace, or was set by a clock that ran ahead.
func (f *Fetcher) inspect(ctx context.Context, feed Feed, overdue []late) ([]late, error) {
	id, now := feed.ID, f.o.Now()
	if now.Before(f.watch.due[id]) {
		return overdue, nil
	}
	state, rev, err := f.loadState(ctx, id)
	if err != nil {
		return overdue, err
	}
	f.meet(feed, state)
	f.volumes.meet(feed, state.Days.volume(now))
	f.watch.noteSigns(id, state)
	if rev == 0 || state.Removed || state.NextPoll.IsZero() {
		return overdue, f.begin(ctx, id, state, rev)
	}
	if f.misdated(feed, state, now) {
		f.watch.due[id] = now.Add(f.o.Grace)
		return append(overdue, late{id, state.NextPoll}), nil
	}
	limit := state.NextPoll.Add(f.o.Grace)
	if c := state.Claim; c != nil && c.Until.Add(f.o.Grace).After(limit) {
		limit = c.Until.Add(f.o.Grace)
	}
	if now.Before(limit) {
		f.watch.due[id] = limit
		return overdue, nil
	}
	f.watch.due[id] = now.Add(f.o.Grace)
	return append(overdue, late{id, state.NextPoll}), nil
}

// begin gives a feed that has no state one, due now or in its turn, and schedules it. The state comes first: whoever else reconciles
// then waits for the grace.
func (f *Fetcher) begin(ctx context.Context, id string, state PollState, rev uint64) error {
	now := f.o.Now().UTC()
	at := now.Add(f.turn())
	state.Version, state.Removed, state.NextPoll, state.Claim = stateVersion, false, at, nil
	ok, err := f.putState(ctx, id, state, rev)
	if err != nil || !ok {
		return err
	}
	f.watch.due[id] = at.Add(f.o.Grace)
	f.o.Log.Info("feed is polled from now on", "feed", id)
	return f.o.Scheduler.Schedule(ctx, id, at)
}

// retire purges the schedule of a removed feed, once. What it saw is kept for the day it comes back.
func (f *Fetcher) retire(ctx context.Context, id string) error {
	if f.watch.retired[id] {
		return nil
	}
	state, rev, err := f.loadState(ctx, id)
	if err != nil {
		return err
	}
	if rev != 0 && !state.Removed {
		if err := f.o.Scheduler.Unschedule(ctx, id); err != nil {
			return err
		}
		state.Removed, state.Claim = true, nil
		if ok, err := f.putState(ctx, id, state, rev); err != nil || !ok {
			return err // a poll is closing this moment; the next pass does it
		}
	}
	f.watch.retired[id] = true
	delete(f.watch.due, id)
	delete(f.watch.signs, id)
	return nil
}

func (f *Fetcher) putState(ctx context.Context, id string, state PollState, rev uint64) (bool, error) {
	data, err := json.Marshal(state)
	if err != nil {
		return false, fmt.Errorf("state of feed %s: %w", id, err)
	}
	_, ok, err := f.o.Polls.Store(ctx, id, data, rev)
	return ok, err
}

// reschedule makes overdue polls due now, the longest overdue first, so that a fetcher that cannot keep up starves no feed.
func (f *Fetcher) reschedule(ctx context.Context, overdue []late) error {
	slices.SortFunc(overdue, func(a, b late) int {
		return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.id, b.id))
	})
	for _, l := range overdue {
		f.o.Log.Warn("poll is overdue and scheduled again", "feed", l.id, "next_poll", l.since)
		f.o.Meter.Add(metricOverdue, 1)
		if err := f.o.Scheduler.Schedule(ctx, l.id, f.o.Now()); err != nil {
			return err
		}
	}
	return nil
}
