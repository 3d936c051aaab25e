package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tocsin/pkg/messages"
)

// ConsumeOptions says what to consume and how. How soon a dead worker's message goes to another is the consumer's own
// setting, see SetupOptions.AckWait.
type ConsumeOptions struct {
	// Consumer is a messages.Consumer constant; Stage names dead letters, default the consumer's name.
	Consumer, Stage string
	// Replays is the subject that replayed dead letters go to; default that of the message.
	Replays string
	// Concurrency is how many handlers run at once, default 4. As many messages again wait in memory.
	Concurrency int
	// Drain is how long handlers in flight may go on after ctx is done before their own context is cancelled;
	// default 20 s.
	Drain time.Duration
	// GiveUp is how long a message may keep failing by itself, while others go through, before it is dead-lettered with
	// the reason "failing"; default 1 h.
	GiveUp time.Duration
	// Gate, when not nil, is asked before each fetch, each second and after each failure, so it must be quick; while
	// it returns an error nothing is fetched and Ready says so.
	Gate func(ctx context.Context) error
	// Handle does the work; its error decides what becomes of the message (see internal/retry). A panic is caught and
	// counts as a death of the process.
	Handle func(ctx context.Context, d messages.Delivery) error
}

func (o ConsumeOptions) withDefaults() (ConsumeOptions, error) {
	o.Concurrency = cmp.Or(o.Concurrency, 4)
	switch {
	case o.Handle == nil:
		return o, errors.New("consume options: Handle is nil")
	case o.Concurrency < 1 || o.Concurrency > maxAckPending/2:
		return o, fmt.Errorf("consume options: Concurrency is %d; give 1 to %d", o.Concurrency, maxAckPending/2)
	case o.Drain < 0 || o.GiveUp < 0:
		return o, fmt.Errorf("consume options: Drain is %v and GiveUp %v; give lengths of time", o.Drain, o.GiveUp)
	}
	return o, nil
}

// Consume hands messages to o.Handle, o.Concurrency at a time, and settles each by the answer: nil acknowledges it,
// retry.Never makes it a dead letter, retry.After and any other error have it delivered again later.
//
// It blocks until ctx is done and what was in flight is settled: handlers get o.Drain to finish, messages not begun go
// back at once. It returns nil then; an error means that it could not begin (a missing consumer says `tocsin setup`).
// Trouble on the way is logged, told by Ready, and waited out.
func (b *Bus) Consume(ctx context.Context, o ConsumeOptions) error {
	o, err := o.withDefaults()
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

	// Twice the concurrency is in our hands at most; slots are counted before fetching, so the queue never blocks.
	slots := make(chan struct{}, 2*o.Concurrency)
	queue := make(chan *claim, 2*o.Concurrency)
	var workers sync.WaitGroup
	for range o.Concurrency {
		workers.Go(func() {
			for c := range queue {
				s.handle(ctx, handling, c, o.Handle)
				<-slots
			}
		})
	}
	s.feed(ctx, slots, queue)
	close(queue)
	workers.Wait()
	return nil
}

// feed fetches into queue until ctx is done, never more than there are slots.
func (s *station) feed(ctx context.Context, slots chan struct{}, queue chan<- *claim) {
	wait := gateWait
	for s.admit(ctx) {
		n := reserve(ctx, slots)
		if n == 0 {
			return
		}
		got, err := s.intake(ctx, n, func(c *claim) { queue <- c })
		for range n - got {
			<-slots
		}
		if err != nil && ctx.Err() == nil {
			wait = s.rest(ctx, err, wait)
			continue
		}
		wait = gateWait
		s.fetched(ctx)
	}
}

// reserve takes half of the slots, waiting for them, and what more are free; 0 when ctx is done.
func reserve(ctx context.Context, slots chan struct{}) int {
	n := 0
	for ; n < cap(slots)/2; n++ {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			for range n {
				<-slots
			}
			return 0
		}
	}
	for ; n < cap(slots); n++ {
		select {
		case slots <- struct{}{}:
		default:
			return n
		}
	}
	return n
}

// handle settles one message: by its handler, unless we are shutting down or it crashed too often.
func (s *station) handle(ctx, handling context.Context, c *claim, f func(context.Context, messages.Delivery) error) {
	if ctx.Err() != nil {
		c.release(context.WithoutCancel(ctx))
		return
	}
	switch c.sift(handling) {
	case crashed:
		return
	case suspect:
		c.begin(handling)
	}
	start := time.Now()
	hctx, span := startHandle(handling, s.name, c.delivery)
	err := guarded(func() error { return f(hctx, c.delivery) })
	endSpan(span, err)
	s.b.meter.Observe("tocsin_bus_handle_seconds", time.Since(start).Seconds(), "consumer", s.name)
	sctx, cancel := settling(hctx)
	defer cancel()
	c.settle(sctx, handling.Err() != nil, err)
}
