// Package reindex makes a new generation of an index while the old one is in use, and puts it in its place.
//
// A durable consumer of its own feeds the new generation from the stream; what is older is copied from the old one, pass
// after pass, until a pass finds little to do. Then the old generation is fenced: it takes no writes, indexers keep their
// messages and wait, and a last pass makes both the same. The new one takes the alias in one step, and the indexers go on,
// writing there. Nothing else has to be told or asked, and a process that is killed leaves nothing but work done: the
// same command goes on.
package reindex

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tocsin/services/indexer"
)

// Store is the new generation in the making, see elastic.Rebuild.
type Store interface {
	Mend(ctx context.Context, tell func(indexer.Mending)) (indexer.Mended, error)
	// Fence has the old generation take no writes until release is called.
	Fence(ctx context.Context) (release func(context.Context) error, err error)
	Swap(ctx context.Context) error
}

// Feed brings what is in the stream, and what comes, into the new generation.
type Feed interface {
	// Level blocks until the feed has settled everything that was in the stream when it was called.
	Level(ctx context.Context) error
}

// Options of Run. All but Tell are required.
type Options struct {
	Store Store
	Feed  Feed
	// Tell is told how far the present pass is; nil for nobody.
	Tell func(Progress)
	Now  func() time.Time
}

// Steps of a run.
const (
	StepCopy  = "copy"  // passes beside the running indexers
	StepFeed  = "feed"  // waiting until the feed is level with the stream
	StepFence = "fence" // the old generation takes no writes; the last passes
	StepSwap  = "swap"
)

// Progress is how far a run has come.
type Progress struct {
	Step string `json:"step"`
	Pass int    `json:"pass"`
	indexer.Mending
}

// Report says what a run did.
type Report struct {
	// Old and New count the documents of both generations when the alias went over. New is at least Old: the feed may be
	// ahead of the indexers.
	Old int `json:"old"`
	New int `json:"new"`
	// Passes and Copied count over all passes.
	Passes int `json:"passes"`
	Copied int `json:"copied"`
	// Fenced is how long indexers waited, in seconds.
	Fenced float64 `json:"fenced_seconds"`
}

// Bounds of a run.
const (
	// little is how much the last pass before the fence may have had to do: the indexers wait for as much again.
	little = 1000
	// mostPasses beside running indexers. When each still finds much to do, the fence comes all the same.
	mostPasses = 5
	// lastPasses under the fence: one that copies and one that finds nothing, and one to spare.
	lastPasses = 3
	// releaseWithin is how long letting the old generation take writes again may take after a failure.
	releaseWithin = time.Minute
)

// Run takes a reindex to its end. After an error, a killed process or a cancelled ctx the old generation is in use and
// whole; Run goes on from there.
func Run(ctx context.Context, o Options) (Report, error) {
	if o.Store == nil || o.Feed == nil || o.Now == nil {
		return Report{}, errors.New("reindex options: Store, Feed or Now is missing")
	}
	if o.Tell == nil {
		o.Tell = func(Progress) {}
	}
	r := &run{Options: o}
	for r.Passes < mostPasses {
		m, err := r.pass(ctx, StepCopy)
		if err != nil {
			return r.Report, err
		}
		if m.Copied <= little {
			break
		}
	}
	o.Tell(Progress{Step: StepFeed, Pass: r.Passes})
	if err := o.Feed.Level(ctx); err != nil {
		return r.Report, fmt.Errorf("wait for the feed: %w", err)
	}
	return r.Report, r.change(ctx)
}

// run is one call of Run.
type run struct {
	Options
	Report
}

// pass goes once over the old generation.
func (r *run) pass(ctx context.Context, step string) (indexer.Mended, error) {
	r.Passes++
	m, err := r.Store.Mend(ctx, func(m indexer.Mending) { r.Tell(Progress{step, r.Passes, m}) })
	r.Copied += m.Copied
	r.Old, r.New = m.Old, m.New
	if err == nil && m.Refused > 0 {
		err = fmt.Errorf("the new generation refuses %d of %d documents, so the old one stays in use; mend the mapping or delete them. The first: %w", m.Refused, m.Old, m.Why)
	}
	return m, err
}

// change fences the old generation, makes both the same and swaps them. When that fails the old one takes writes again.
func (r *run) change(ctx context.Context) (err error) {
	release, err := r.Store.Fence(ctx)
	if err != nil {
		return err
	}
	start := r.Now()
	swapping := false
	defer func() {
		if err == nil || swapping { // half a swap is not undone: the same command ends it
			return
		}
		back, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseWithin)
		defer cancel()
		err = errors.Join(err, release(back))
	}()
	same := false
	for range lastPasses {
		m, err := r.pass(ctx, StepFence)
		if err != nil {
			return err
		}
		if same = m.Copied == 0; same {
			break
		}
	}
	if !same || r.New < r.Old {
		return fmt.Errorf("the generations differ: %d documents in the old, %d in the new; does something delete there? Run it again", r.Old, r.New)
	}
	r.Tell(Progress{Step: StepSwap, Pass: r.Passes})
	swapping = true
	if err := r.Store.Swap(ctx); err != nil {
		return err
	}
	r.Fenced = r.Now().Sub(start).Seconds()
	return nil
}
