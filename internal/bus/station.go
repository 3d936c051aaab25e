package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Pace of a station.
const (
	gateEvery  = time.Second // how often an open fetch looks at the gate
	gateWait   = time.Second // first pause before a shut gate or after a failed fetch, doubling to gateAtMost
	gateAtMost = 15 * time.Second
	infoEvery  = 15 * time.Second // how often an idle station asks what is pending
	drainTime  = 20 * time.Second // default of the Drain options
)

// station is one running Consume or ConsumeBatch: its consumer, what it has in its hands, and how it is doing.
type station struct {
	b        *Bus
	name     string // of the consumer
	stage    string
	replays  string // the subject dead letters name as theirs; empty: the message's own
	stream   string
	ackWait  time.Duration
	gate     func(ctx context.Context) error
	giveUp   time.Duration
	outcomes outcomes
	keeper   *keeper
	log      *slog.Logger
	doubt    chan struct{} // a handler failed: look at the gate now; holds one

	mu    sync.Mutex
	cons  jetstream.Consumer
	state movement
}

// stationOptions is what Consume and ConsumeBatch share.
type stationOptions struct {
	consumer, stage, replays string
	gate                     func(ctx context.Context) error
	giveUp                   time.Duration
}

// open binds to the consumer. A missing one is an error that names the cure.
func (b *Bus) open(ctx context.Context, o stationOptions) (*station, error) {
	stream := streamOf(o.consumer)
	if stream == "" {
		return nil, fmt.Errorf("consume: there is no consumer %q", o.consumer)
	}
	var cons jetstream.Consumer
	err := b.bind(ctx, fmt.Sprintf("consumer %s on stream %s", o.consumer, stream), func(ctx context.Context) (err error) {
		cons, err = b.js.Consumer(ctx, stream, o.consumer)
		return err
	})
	if err != nil {
		return nil, err
	}
	known, err := b.Bucket(ctx, bucketOutcomes)
	if err != nil {
		return nil, err
	}
	s := &station{
		b: b, cons: cons, name: o.consumer, stage: cmp.Or(o.stage, o.consumer), replays: o.replays, stream: stream, gate: o.gate, giveUp: cmp.Or(o.giveUp, giveUp),
		ackWait: cons.CachedInfo().Config.AckWait, outcomes: outcomes{known, o.consumer},
		log: b.log.With("consumer", o.consumer), doubt: make(chan struct{}, 1),
	}
	declareConsumer(b.meter, s.name)
	s.state.begin(time.Now())
	s.keeper = keep(s.ackWait / 3)
	b.mu.Lock()
	b.stations = append(b.stations, s)
	b.mu.Unlock()
	return s, nil
}

// close ends what open began; what was in flight is settled. It flushes, so that the last acknowledgements count.
func (s *station) close() {
	s.keeper.stop()
	s.b.flush()
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	for i, other := range s.b.stations {
		if other == s {
			s.b.stations = append(s.b.stations[:i], s.b.stations[i+1:]...)
			return
		}
	}
}

// unlessDone is err, unless it only tells that ctx was done before the work began.
func unlessDone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// missing turns the absence of something Setup makes into an error that says so.
func missing(what string, err error) error {
	if absent(err) {
		return fmt.Errorf("%s is missing; run `tocsin setup`: %w", what, err)
	}
	return fmt.Errorf("bind to %s: %w", what, err)
}

// work returns the context of handlers: it lives on for drain after ctx is done, so that what is in flight can finish.
func work(ctx context.Context, drain time.Duration) (context.Context, context.CancelFunc) {
	wctx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	var timer *time.Timer
	var mu sync.Mutex
	stop := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		timer = time.AfterFunc(cmp.Or(drain, drainTime), func() { cancel(errDrained) })
	})
	return wctx, func() {
		stop()
		mu.Lock()
		defer mu.Unlock()
		if timer != nil {
			timer.Stop()
		}
		cancel(context.Canceled)
	}
}

// errDrained ends the context of a handler that outlived the drain budget.
var errDrained = errors.New("shutting down, and the time to finish is over")

// admit blocks until the station may fetch: connected, and the gate open. It returns false when ctx is done.
func (s *station) admit(ctx context.Context) bool {
	for wait := gateWait; ctx.Err() == nil; wait = min(max(2*wait, gateWait), gateAtMost) {
		err := s.shut(ctx)
		if err == nil {
			s.opened()
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		s.closed(err)
		if errors.Is(err, errNotConnected) {
			_ = s.b.await(ctx)
			wait = 0
			continue
		}
		_ = pause(ctx, wait)
	}
	return false
}

// shut returns why nothing may be fetched now, nil when all is well.
func (s *station) shut(ctx context.Context) error {
	if !s.b.nc.IsConnected() {
		return errNotConnected
	}
	if err := s.b.writes.refusal(writePause); err != nil {
		return err
	}
	if s.gate == nil {
		return nil
	}
	return s.gate(ctx)
}

var errNotConnected = errors.New("not connected to NATS")

// closed notes a shut gate, and logs it once.
func (s *station) closed(why error) {
	s.mu.Lock()
	first := s.state.gate == nil
	s.state.gate = why
	s.mu.Unlock()
	if first {
		s.b.meter.Add("tocsin_bus_gate_shut_total", 1, "consumer", s.name)
		s.log.Warn("fetching no messages until what is needed is back", "error", why.Error())
	}
}

func (s *station) opened() {
	s.mu.Lock()
	was := s.state.gate
	if was != nil {
		s.state.gate = nil
		s.state.begin(time.Now())
	}
	s.mu.Unlock()
	if was != nil {
		s.log.Info("fetching messages again")
	}
}

// suspect asks an open fetch to look at the gate at once; a handler just failed.
func (s *station) suspect() {
	select {
	case s.doubt <- struct{}{}:
	default:
	}
}

// intake runs one fetch of up to n messages, hands each to take, which must not block, and returns how many there were.
// When the gate shuts meanwhile, the connection is lost or ctx is done, the fetch ends early, unless opts limit its
// time; what still came then goes back untouched.
func (s *station) intake(ctx context.Context, n int, take func(*claim), opts ...jetstream.FetchOpt) (int, error) {
	fctx, cancel := s.b.linked(ctx)
	defer cancel()
	if fctx.Err() != nil { // a fetch would still be sent, and its messages come to nobody until AckWait is over
		return 0, nil
	}
	if len(opts) == 0 {
		opts = []jetstream.FetchOpt{jetstream.FetchContext(fctx)}
	}
	batch, err := s.consumer().Fetch(n, opts...)
	if err != nil {
		return 0, err
	}
	look := time.NewTicker(gateEvery)
	defer look.Stop()
	got := 0
	for {
		select {
		case m, ok := <-batch.Messages():
			if !ok {
				return got, fetchError(batch.Error())
			}
			if c := s.claim(m); c != nil && fctx.Err() != nil {
				c.release(context.WithoutCancel(ctx))
			} else if c != nil {
				got++
				take(c)
			}
			continue
		case <-look.C:
			s.untroubled()
		case <-s.doubt:
		}
		if s.gate != nil && s.gate(fctx) != nil {
			cancel()
		}
	}
}

// fetchError drops the ends of a fetch that are no failures.
func fetchError(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, jetstream.ErrBatchCompleted) {
		return nil
	}
	return err
}

// rest pauses after a failed fetch and binds to the consumer again, which may have been made anew; while it is missing
// there is nothing to fetch from. It returns how long to rest should the next fetch fail as well.
func (s *station) rest(ctx context.Context, why error, wait time.Duration) time.Duration {
	s.log.Warn("fetching messages failed; trying again", "error", why.Error())
	for s.troubled(why); pause(ctx, wait) == nil; s.troubled(why) {
		wait = min(2*wait, gateAtMost)
		cons, err := s.b.js.Consumer(ctx, s.stream, s.name)
		if err == nil {
			s.mu.Lock()
			s.cons = cons
			s.mu.Unlock()
			break
		}
		why = missing(fmt.Sprintf("consumer %s on stream %s", s.name, s.stream), err)
	}
	return wait
}

// troubled notes why nothing can be fetched.
func (s *station) troubled(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.trouble = why
}

// untroubled notes that a fetch is open or went well.
func (s *station) untroubled() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.trouble = nil
}

func (s *station) consumer() jetstream.Consumer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cons
}

// fetched notes a fetch that worked, and asks the server now and then what is pending: the messages that come tell it
// too, but not that others took the rest.
func (s *station) fetched(ctx context.Context) {
	now := time.Now()
	s.mu.Lock()
	s.state.trouble = nil
	ask := now.Sub(s.state.asked) >= infoEvery
	if ask {
		s.state.asked = now
	}
	s.mu.Unlock()
	if !ask {
		return
	}
	info, err := s.consumer().Info(ctx)
	if err != nil {
		return // the next fetch meets the same trouble and tells it
	}
	s.mu.Lock()
	s.state.saw(info.NumPending, now)
	s.mu.Unlock()
}
