package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tocsin/pkg/messages"
)

// BatchOptions says what to consume in batches and how.
type BatchOptions struct {
	// Consumer is a messages.Consumer constant; Stage names dead letters, default the consumer's name.
	Consumer, Stage string
	// Replays is the subject that dead letters name as theirs, for a consumer whose replays nobody else may hear; empty
	// is the message's own.
	Replays string
	// Max is the most messages in a batch, default 500. MaxBytes bounds their size, default 6 MiB; it is never less
	// than one message may have.
	Max, MaxBytes int
	// Wait is how long a batch may gather, default 500 ms.
	Wait time.Duration
	// Workers is how many batches are handled at once, default 1.
	Workers int
	// Drain is how long handlers in flight may go on after ctx is done before their own context is cancelled;
	// default 20 s.
	Drain time.Duration
	// GiveUp is how long a message may keep failing by itself, while others go through, before it is dead-lettered with
	// the reason "failing"; default 1 h.
	GiveUp time.Duration
	// Gate, when not nil, is asked before each fetch, each second and after each failure, so it must be quick; while
	// it returns an error nothing is fetched and Ready says so.
	Gate func(ctx context.Context) error
	// Handle returns one error per delivery, in their order; nil slots are done. A panic is caught and counts as a
	// death of the process for all of the batch.
	Handle func(ctx context.Context, ds []messages.Delivery) []error
}

func (o BatchOptions) withDefaults(maxPayload int64) (BatchOptions, error) {
	o.Max = cmp.Or(o.Max, 500)
	o.MaxBytes = max(cmp.Or(o.MaxBytes, 6<<20), int(maxPayload)+64<<10)
	o.Wait = cmp.Or(o.Wait, 500*time.Millisecond)
	o.Workers = cmp.Or(o.Workers, 1)
	switch {
	case o.Handle == nil:
		return o, errors.New("batch options: Handle is nil")
	case o.Max < 1 || o.Workers < 1 || o.Max*o.Workers > maxAckPending:
		return o, fmt.Errorf("batch options: Max %d times Workers %d must be 1 to %d", o.Max, o.Workers, maxAckPending)
	case o.Wait < 10*time.Millisecond || o.Wait > 10*time.Second:
		return o, fmt.Errorf("batch options: Wait is %v; give 10ms to 10s", o.Wait)
	case o.Drain < 0 || o.GiveUp < 0:
		return o, fmt.Errorf("batch options: Drain is %v and GiveUp %v; give lengths of time", o.Drain, o.GiveUp)
	}
	return o, nil
}

// ConsumeBatch is Consume for batches: what arrives within o.Wait, up to o.Max, is handled together and each message
// settled by its own error. Messages that were delivered several times without any outcome are handled in ever smaller
// groups, in the end alone, so that one that kills the process does not take its neighbours along for ever.
func (b *Bus) ConsumeBatch(ctx context.Context, o BatchOptions) error {
	o, err := o.withDefaults(b.MaxPayload())
	if err != nil {
		return err
	}
	s, err := b.open(ctx, stationOptions{o.Consumer, o.Stage, o.Replays, o.Gate, o.GiveUp})
	if err != nil {
		return unlessDone(ctx, err)
	}
	defer s.close()
	handling, cancel := work(ctx, o.Drain)
	defer cancel()
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() { s.batches(ctx, handling, o) })
	}
	workers.Wait()
	return nil
}

// batches fetches and handles one batch after the other until ctx is done.
func (s *station) batches(ctx, handling context.Context, o BatchOptions) {
	wait := gateWait
	for s.admit(ctx) {
		var batch []*claim
		_, err := s.intake(ctx, o.Max, func(c *claim) { batch = append(batch, c) },
			jetstream.FetchMaxWait(o.Wait), jetstream.FetchMaxBytes(o.MaxBytes))
		s.handleBatch(ctx, handling, batch, o.Handle)
		if err != nil && ctx.Err() == nil {
			wait = s.rest(ctx, err, wait)
			continue
		}
		wait = gateWait
		s.fetched(ctx)
	}
}

// handleBatch settles a batch: the trusted together, suspects in ever smaller groups.
func (s *station) handleBatch(ctx, handling context.Context, batch []*claim, f func(context.Context, []messages.Delivery) []error) {
	var together, suspects []*claim
	for _, c := range batch {
		if ctx.Err() != nil {
			c.release(handling)
			continue
		}
		switch c.sift(handling) {
		case trusted:
			together = append(together, c)
		case suspect:
			suspects = append(suspects, c)
		}
	}
	if len(together) > 0 {
		s.run(handling, together, f)
	}
	for _, few := range narrowed(suspects) {
		for _, c := range few {
			if ctx.Err() != nil {
				c.release(handling)
				continue
			}
			c.begin(handling)
		}
		if ctx.Err() == nil {
			s.run(handling, few, f)
		}
	}
}

// narrowed cuts suspects into groups. A killer among many is closed in on with each death, so that whoever merely died with
// it is handled in few writes and not one by one: first in some sixteen groups, then in 64, then each alone, as it is in
// the last deliveries before the verdict, and at once where there are few.
func narrowed(suspects []*claim) [][]*claim {
	var groups [][]*claim
	open := map[int]int{} // by width: the group that has room
	for _, c := range suspects {
		width := c.known.width(c.delivery.Delivered, len(suspects))
		at, there := open[width]
		if !there || len(groups[at]) >= width {
			at = len(groups)
			groups = append(groups, nil)
			open[width] = at
		}
		groups[at] = append(groups[at], c)
	}
	return groups
}

// run hands claims to f and settles each by its error.
func (s *station) run(handling context.Context, claims []*claim, f func(context.Context, []messages.Delivery) []error) {
	ds := make([]messages.Delivery, len(claims))
	for i, c := range claims {
		ds[i] = c.delivery
	}
	start := time.Now()
	hctx, spans := startBatch(handling, s.name, ds)
	var errs []error
	err := guarded(func() error {
		errs = f(hctx, ds)
		if len(errs) != len(ds) {
			return fmt.Errorf("the handler answered %d of %d deliveries", len(errs), len(ds))
		}
		return nil
	})
	spans.end(err, errs)
	s.b.meter.Observe("tocsin_bus_handle_seconds", time.Since(start).Seconds(), "consumer", s.name)
	sctx, cancel := settling(hctx)
	defer cancel()
	for i, c := range claims {
		if err != nil {
			c.settle(sctx, handling.Err() != nil, err)
			continue
		}
		c.settle(sctx, handling.Err() != nil, errs[i])
	}
}
