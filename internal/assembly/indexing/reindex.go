package indexing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/operate/reindex"
	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/elastic"
)

// ErrNoGenerations says that an embedded index has nothing to reindex.
var ErrNoGenerations = errors.New("the embedded index brings itself up to date when it is opened; reindex is for Elasticsearch, name it with --elastic")

// target is one of the two indices, as a reindex sees it.
type target struct {
	begin   func(context.Context) (*elastic.Rebuild, error)
	abort   func(context.Context) error
	dropOld func(context.Context) ([]string, error)

	consumer, stream string
	subjects         []string
	// handler takes a batch of the stream into the new generation.
	handler func(*elastic.Rebuild) (handler, error)
}

type handler func(context.Context, []messages.Delivery) []error

func (f IndexFlags) articles(log *slog.Logger) (target, error) {
	x, err := f.cluster(log)
	if err != nil {
		return target{}, err
	}
	return target{x.Begin, x.Abort, x.DropOld, messages.ConsumerReindexArticles, messages.StreamEnriched, []string{messages.SubjectsEnriched},
		func(r *elastic.Rebuild) (handler, error) {
			core, err := indexer.New(indexer.Options{Writer: r, Log: log})
			if err != nil {
				return nil, err
			}
			return core.HandleBatch, nil
		}}, nil
}

func (f IndexFlags) alerts(log *slog.Logger) (target, error) {
	articles, err := f.cluster(log)
	if err != nil {
		return target{}, err
	}
	x := articles.Alerts()
	return target{x.Begin, x.Abort, x.DropOld, messages.ConsumerReindexAlerts, messages.StreamAlerts,
		[]string{messages.SubjectsAlerts, messages.SubjectsUpdates}, func(r *elastic.Rebuild) (handler, error) {
			core, err := indexer.NewAlerts(indexer.AlertOptions{Writer: r.Alerts(), Log: log})
			if err != nil {
				return nil, err
			}
			return core.HandleBatch, nil
		}}, nil
}

func (f IndexFlags) cluster(log *slog.Logger) (*elastic.Index, error) {
	if len(f.Elastic) == 0 {
		return nil, ErrNoGenerations
	}
	return f.openElastic(log)
}

// Names of what Reindex takes.
const (
	TargetArticles = "articles"
	TargetAlerts   = "alerts"
)

func (f IndexFlags) target(what string, log *slog.Logger) (target, error) {
	if what == TargetAlerts {
		return f.alerts(log)
	}
	return f.articles(log)
}

// Reindex makes a new generation of an index, TargetArticles or TargetAlerts, and puts it in the place of the old one. It
// goes on with one that was begun.
func (f IndexFlags) Reindex(ctx context.Context, b *bus.Bus, what string, log *slog.Logger, tell func(reindex.Progress)) (reindex.Report, error) {
	t, err := f.target(what, log)
	if err != nil {
		return reindex.Report{}, err
	}
	store, err := t.begin(ctx)
	if err != nil {
		return reindex.Report{}, err
	}
	handle, err := t.handler(store)
	if err != nil {
		return reindex.Report{}, err
	}
	if _, err := b.MakeDurable(ctx, bus.Durable{Consumer: t.consumer, Subjects: t.subjects, AckWait: feedAckWait}); err != nil {
		return reindex.Report{}, err
	}
	report, err := t.run(ctx, b, store, handle, tell)
	if err == nil {
		err = b.RemoveDurable(ctx, t.consumer)
	}
	return report, err
}

// feedBatch is how many messages the feed takes at once. feedAckWait is how soon it gets back those that a killed run had in
// its hands: the next run waits for them before it fences anybody.
const (
	feedBatch   = 256
	feedAckWait = 5 * time.Second
)

// run feeds the new generation while it is made.
func (t target) run(ctx context.Context, b *bus.Bus, store *elastic.Rebuild, handle handler, tell func(reindex.Progress)) (reindex.Report, error) {
	feeding, stop := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err := b.ConsumeBatch(feeding, bus.BatchOptions{
			Consumer: t.consumer, Max: feedBatch, Wait: 100 * time.Millisecond, Handle: settled(handle),
		})
		if err != nil {
			stop(fmt.Errorf("the feed of the new generation ended: %w", err))
		}
	}()
	report, err := reindex.Run(feeding, reindex.Options{Store: store, Feed: level{b, t.consumer, t.stream}, Tell: tell, Now: time.Now})
	if why := context.Cause(feeding); err != nil && why != nil && ctx.Err() == nil {
		err = errors.Join(err, why)
	}
	stop(nil)
	<-ended
	return report, err
}

// settled is a handler for whom a message that cannot be taken is done with: the indexer sets it aside itself, and a
// document that only the new generation refuses is found by the passes that compare both.
func settled(handle handler) handler {
	return func(ctx context.Context, ds []messages.Delivery) []error {
		errs := handle(ctx, ds)
		for i, err := range errs {
			if _, never := retry.Reason(err); never {
				errs[i] = nil
			}
		}
		return errs
	}
}

// level waits for a consumer to have settled what its stream holds.
type level struct {
	bus              *bus.Bus
	consumer, stream string
}

// levelEvery is how often it is asked.
const levelEvery = 200 * time.Millisecond

// Level implements reindex.Feed.
func (l level) Level(ctx context.Context) error {
	extent, err := l.bus.Extent(ctx, l.stream)
	if err != nil {
		return err
	}
	tick := time.NewTicker(levelEvery)
	defer tick.Stop()
	for {
		done, err := l.bus.Settled(ctx, l.consumer)
		if err != nil {
			return err
		}
		backlog, err := l.bus.Backlog(ctx, l.consumer)
		if err != nil {
			return err
		}
		if done >= extent.Last || backlog.Pending == 0 && backlog.AckPending == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// AbortReindex gives up a reindex that was begun: what it made is deleted.
func (f IndexFlags) AbortReindex(ctx context.Context, b *bus.Bus, what string, log *slog.Logger) error {
	t, err := f.target(what, log)
	if err != nil {
		return err
	}
	if err := t.abort(ctx); err != nil {
		return err
	}
	return b.RemoveDurable(ctx, t.consumer)
}

// DropOldGenerations deletes the generations before the one in use and returns the names of their indices.
func (f IndexFlags) DropOldGenerations(ctx context.Context, what string, log *slog.Logger) ([]string, error) {
	t, err := f.target(what, log)
	if err != nil {
		return nil, err
	}
	return t.dropOld(ctx)
}
