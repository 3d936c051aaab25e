package fetcher

import (
	"context"
	"fmt"
	"time"

	"tocsin/pkg/messages"
)

// ready is an article that only has to be published and confirmed.
type ready struct {
	out     messages.Outgoing
	article string
	claimed sighted
	names   names
	// published is the item's own date.
	published time.Time
}

// batch is what waits to be published together.
type batch struct {
	waiting []ready
	bytes   int
	since   time.Time
	// slow says that a page took so long that nothing should wait for the next one.
	slow bool
}

// A batch goes when the document is through, or before it would hold more than batchBytes or keep an article waiting for
// another one's page for longer than batchAge.
const (
	batchBytes = 8 << 20
	batchAge   = time.Second
)

// send publishes an article and confirms it, at once or with the others of its poll. Until flush has returned nil nothing
// of the poll may be remembered.
func (p *poll) send(ctx context.Context, r ready) error {
	if p.o.Batcher == nil {
		if err := p.o.Publisher.Publish(ctx, r.out); err != nil {
			return fmt.Errorf("article %s: %w", r.article, err)
		}
		return p.acknowledged(ctx, r)
	}
	if len(p.batch.waiting) == 0 {
		p.batch.since = p.o.Now()
	}
	p.batch.waiting = append(p.batch.waiting, r)
	p.batch.bytes += len(r.out.Data)
	if p.batch.bytes >= batchBytes || p.batch.old(p.o.Now()) {
		return p.flush(ctx)
	}
	return nil
}

func (b *batch) old(now time.Time) bool { return now.Sub(b.since) >= batchAge }

// beforePage lets nothing wait for a page when pages have been slow.
func (p *poll) beforePage(ctx context.Context) error {
	if p.batch.slow {
		return p.flush(ctx)
	}
	return nil
}

// flush publishes and confirms what waits.
func (p *poll) flush(ctx context.Context) error {
	b := p.batch
	if len(b.waiting) == 0 {
		return nil
	}
	p.batch = batch{slow: b.slow || b.old(p.o.Now())}
	ms := make([]messages.Outgoing, len(b.waiting))
	for i, r := range b.waiting {
		ms[i] = r.out
	}
	if err := p.o.Batcher.PublishTogether(ctx, ms); err != nil {
		return fmt.Errorf("%d articles: %w", len(ms), err)
	}
	for _, r := range b.waiting {
		if err := p.acknowledged(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// acknowledged confirms an article that its stream took. Its title and text are kept first: a poll that dies between the two comes
// back to what is not confirmed, and what was never kept would make another article of the item once it is renamed.
func (p *poll) acknowledged(ctx context.Context, r ready) error {
	p.held.forget(r.article, r.claimed.Revision)
	if late := r.claimed.FirstSeen.Sub(r.published); r.claimed.Revision == 1 && !r.claimed.Baseline && !r.published.IsZero() && late >= 0 {
		p.o.Meter.Observe(metricSeen, late.Seconds())
	}
	if err := p.keepNames(ctx, r); err != nil {
		return err
	}
	return p.confirm(ctx, r.article, r.claimed)
}
