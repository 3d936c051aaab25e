package fetcher

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// poll is one poll of one feed, from its claim to its commit.
type poll struct {
	*Fetcher
	feed    Feed
	mu      sync.Mutex // claim and revision, while keep prolongs it
	state   PollState
	rev     uint64 // of the claimed state
	base    uint64 // Claim.Base
	due     messages.Delivery
	started time.Time
	report  messages.PollReport
	events  []messages.FeedEvent
	passed  []string      // troubles that are over, for one event
	full    bool          // no validators were sent
	whole   bool          // PollState.Whole as it will be
	turn    time.Duration // until a busy host takes pages again
	batch   batch
	notes   []string    // for the report, beside those of the answer and the document
	posted  []time.Time // of the items that were met for the first time; zero where they do not say
}

// errBusy says that another fetcher polls the feed.
var errBusy = errors.New("another fetcher is polling this feed")

// claim takes the feed for one poll. It returns nil, nil when there is nothing to poll: the message is older than the last
// commit, and all it needs is the schedule its handler may have died before.
func (f *Fetcher) claim(ctx context.Context, feed Feed, d messages.Delivery) (*poll, error) {
	for range 5 {
		state, rev, err := f.loadState(ctx, feed.ID)
		if err != nil {
			return nil, err
		}
		now := f.o.Now()
		if f.misdated(feed, state, now) {
			f.o.Log.Warn("state of the feed lies in the future and is corrected; look after this machine's clock", "feed", feed.ID, "committed", state.Committed, "next_poll", state.NextPoll)
			state = state.redated(now)
		}
		if c := state.Claim; c != nil && now.Before(c.Until) {
			return nil, retry.After(c.Until.Sub(now)+time.Second, fmt.Errorf("feed %s: %w", feed.ID, errBusy))
		}
		if overtaken(d, state) {
			return nil, f.o.Scheduler.Schedule(ctx, feed.ID, state.NextPoll)
		}
		p := &poll{Fetcher: f, feed: feed, state: state, rev: rev, base: rev, due: d, started: now}
		if state.Claim != nil {
			p.base = state.Claim.Base
		}
		ok, err := p.hold(ctx, now)
		if err != nil || ok {
			return p, err
		}
	}
	return nil, retry.After(time.Second, fmt.Errorf("feed %s: %w", feed.ID, errBusy))
}

// overtaken reports whether a poll that closed after the message was stored has done its work already.
func overtaken(d messages.Delivery, s PollState) bool {
	if s.Committed.IsZero() || s.Removed {
		return false
	}
	return d.Sequence != 0 && d.Sequence == s.Due || d.Time.Before(s.Committed)
}

// hold writes the claim, new or prolonged; false when somebody else wrote first.
func (p *poll) hold(ctx context.Context, now time.Time) (bool, error) {
	p.state.Claim = &Claim{Owner: p.o.ID, Until: now.Add(p.o.ClaimFor), Base: p.base}
	return p.store(ctx)
}

// keep prolongs the claim for as long as the poll works, so that it may be short and a dead fetcher's feed is soon
// another's. stop ends that and waits for it; only then may the poll's state be changed.
func (p *poll) keep(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		tick := time.NewTicker(p.o.ClaimFor / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			// Not cut short: whether a write arrived must be known before the next one.
			if err := p.stillMine(context.WithoutCancel(ctx)); err != nil {
				p.o.Log.Debug("claim not prolonged", "feed", p.feed.ID, "error", err)
			}
		}
	})
	return func() { cancel(); running.Wait() }
}

// stillMine prolongs a claim of which a third has passed. The error says that it was lost, which a longer delay than the
// claim must have caused; what was published stays published.
func (p *poll) stillMine(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.o.Now()
	if p.state.Claim.Until.Sub(now) > p.o.ClaimFor-p.o.ClaimFor/3 {
		return nil
	}
	ok, err := p.hold(ctx, now)
	if err == nil && !ok {
		err = retry.After(time.Second, errBusy)
	}
	return err
}

// release gives the feed back after a failure, so that the next delivery need not wait for the deadline. The base stays.
// It works although ctx is over, for a short time.
func (p *poll) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	state, rev, err := p.loadState(ctx, p.feed.ID)
	if err != nil || rev != p.rev || state.Claim == nil {
		return // the deadline will do it
	}
	state.Claim.Until = p.o.Now()
	p.state = state
	if _, err := p.store(ctx); err != nil {
		p.o.Log.Debug("claim not released", "feed", p.feed.ID, "error", err)
	}
}

// store writes the poll's state at its revision.
func (p *poll) store(ctx context.Context) (bool, error) {
	p.state.Version = stateVersion
	data, err := json.Marshal(p.state)
	if err != nil {
		return false, fmt.Errorf("state of feed %s: %w", p.feed.ID, err)
	}
	rev, ok, err := p.o.Polls.Store(ctx, p.feed.ID, data, p.rev)
	if ok {
		p.rev = rev
	}
	return ok, err
}

// loadState loads a feed's state; one that cannot be read counts as none, for articles know by themselves whether they
// were published.
func (f *Fetcher) loadState(ctx context.Context, id string) (PollState, uint64, error) {
	data, rev, err := f.o.Polls.Load(ctx, id)
	if err != nil || len(data) == 0 {
		return PollState{}, rev, err
	}
	var s PollState
	if err := json.Unmarshal(data, &s); err != nil || s.Version > stateVersion {
		f.o.Log.Error("state of the feed cannot be read; it starts afresh", "feed", id, "version", s.Version, "error", err)
		return PollState{}, rev, nil
	}
	return s, rev, nil
}
