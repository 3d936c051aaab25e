package indexing

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"tocsin/internal/assembly/accounting"
	"tocsin/internal/bus"
	"tocsin/internal/operate/retain"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// behindMost is how old the oldest message may be that a stage has yet to settle before months are dropped: what waits
// longer may belong into one of them.
const behindMost = 24 * time.Hour

// Retain decides which months that ended at before or earlier may go, of the articles and, in a cluster, of the alerts.
// dropping is called with each plan and the index it is for; nothing is dropped by itself.
func (f IndexFlags) Retain(ctx context.Context, b *bus.Bus, before time.Time, log *slog.Logger, dropping func(indexer.Shelf, []retain.Verdict) error) error {
	for _, consumer := range []string{messages.ConsumerExtractor, messages.ConsumerIndexer} {
		if err := caughtUp(ctx, b, consumer); err != nil {
			return err
		}
	}
	index, closeIndex, err := f.Open(ctx, false, log)
	if err != nil {
		return err
	}
	defer func() { _ = closeIndex() }() // what was dropped is committed
	books, err := accounting.Ledger(ctx, b, index)
	if err != nil {
		return err
	}
	needed, err := books.Needed(ctx)
	if err != nil {
		return err
	}
	plan, err := retain.Plan(ctx, index, before, needed)
	if err == nil {
		err = dropping(index, plan)
	}
	if err != nil || len(f.Elastic) == 0 {
		return err
	}
	return f.retainAlerts(ctx, b, before, log, dropping)
}

func (f IndexFlags) retainAlerts(ctx context.Context, b *bus.Bus, before time.Time, log *slog.Logger, dropping func(indexer.Shelf, []retain.Verdict) error) error {
	if err := caughtUp(ctx, b, messages.ConsumerAlerts); err != nil {
		return err
	}
	articles, err := f.openElastic(log)
	if err != nil {
		return err
	}
	alerts := articles.Alerts()
	plan, err := retain.Plan(ctx, alerts, before, nil)
	if err != nil {
		return err
	}
	return dropping(alerts, plan)
}

// caughtUp refuses when a stage is far behind.
func caughtUp(ctx context.Context, b *bus.Bus, consumer string) error {
	backlog, err := b.Backlog(ctx, consumer)
	if err == nil && backlog.Oldest > behindMost {
		err = fmt.Errorf("a message has waited %v for the consumer %s, and may belong into an old month; nothing is dropped before it is settled, see tocsin status",
			backlog.Oldest.Round(time.Minute), consumer)
	}
	return err
}
