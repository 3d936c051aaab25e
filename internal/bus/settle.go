package bus

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// Pause before a message is delivered again: it doubles with each delivery. A long one would not help: a nak with delay
// keeps its place among the consumer's pending acknowledgements.
const (
	nakFirst  = time.Second
	nakAtMost = 30 * time.Second
	// settleTime is for what has to be written to settle one message or one batch, dead letters above all.
	settleTime = 15 * time.Second
	// noteTime is for noting one outcome.
	noteTime = 2 * time.Second
)

// claim is one message in a station's hands, from its arrival until it is settled.
type claim struct {
	s        *station
	msg      jetstream.Msg
	delivery messages.Delivery
	known    outcome // filled by sift
	begun    bool    // it is a suspect, and its handler begins
}

// claim takes charge of a message: from now on the keeper says in-progress for it. What is none of JetStream's gives nil.
func (s *station) claim(m jetstream.Msg) *claim {
	d, meta, err := delivery(m)
	if err != nil {
		s.log.Error("a message that is none of JetStream's was left alone", "error", err.Error())
		return nil
	}
	c := &claim{s: s, msg: m, delivery: d}
	s.keeper.add(c)
	s.mu.Lock()
	s.state.saw(meta.NumPending, time.Now())
	s.mu.Unlock()
	return c
}

// delivery is m as a stage sees it.
func delivery(m jetstream.Msg) (messages.Delivery, *jetstream.MsgMetadata, error) {
	meta, err := m.Metadata()
	if err != nil {
		return messages.Delivery{}, nil, err
	}
	d := messages.Delivery{
		Subject: m.Subject(), Data: m.Data(), Stream: meta.Stream, Sequence: meta.Sequence.Stream,
		Time: meta.Timestamp, Delivered: int(meta.NumDelivered), //nolint:gosec // a count
	}
	if h := m.Headers(); len(h) > 0 {
		d.Header = make(map[string]string, len(h))
		for k, v := range h {
			if len(v) > 0 && !strings.HasPrefix(k, headersBatch) { // a copy of the message is in no batch
				d.Header[k] = v[0]
			}
		}
	}
	if n, err := strconv.Atoi(d.Header[messages.HeaderReplay]); err == nil && n > 0 {
		d.Replay = n
	}
	return d, meta, nil
}

// settling is the time to settle what a handler with the context ctx had: it goes on when that is over, but not for
// ever, however many messages there are.
func settling(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), settleTime)
}

// settle does what err, a handler's answer, asks for; over says that the handler was interrupted. Failing to tell the
// server is logged: the message comes again.
func (c *claim) settle(ctx context.Context, over bool, err error) {
	reason, never := retry.Reason(err)
	delay, later := retry.Delay(err)
	switch {
	case err == nil:
		c.ack(ctx)
	case isPanic(err):
		c.panicked(err)
	case never:
		c.bury(ctx, reason, err)
	case over:
		c.release(ctx)
	case later:
		c.again(ctx, max(delay, 0), err)
	default:
		c.fail(ctx, err)
	}
}

// fail hands the message back, unless it has failed by itself for too long.
func (c *claim) fail(ctx context.Context, err error) {
	now := time.Now()
	c.s.mu.Lock()
	worked := c.s.state.worked
	c.s.mu.Unlock()
	c.known = c.known.fail(c.delivery.Delivered, worked, now)
	if !c.known.hopeless(c.s.giveUp, now) {
		c.again(ctx, growing(c.delivery.Delivered), err)
		return
	}
	c.bury(ctx, reasonFailing, fmt.Errorf("failed %d times since %s, while others went through: %w",
		c.known.Failed, c.known.Since.UTC().Format(time.RFC3339), err))
}

// growing is the pause after the n-th delivery: 1, 2, 4, 8, 16, 30, 30 … seconds.
func growing(n int) time.Duration {
	if n < 1 || n > 5 {
		return nakAtMost
	}
	return min(nakFirst<<(n-1), nakAtMost)
}

// done ends the claim: the keeper first, so that in-progress never follows the settlement.
func (c *claim) done(outcome string, tell func() error) {
	c.s.keeper.drop(c)
	now := time.Now()
	c.s.mu.Lock()
	c.s.state.settle(now)
	c.s.mu.Unlock()
	c.s.b.meter.Add("tocsin_bus_settled_total", 1, "consumer", c.s.name, "outcome", outcome)
	if err := tell(); err != nil {
		c.s.log.Warn("could not settle a message; it will come again", "sequence", c.delivery.Sequence, "outcome", outcome, "error", err.Error())
	}
}

func (c *claim) ack(ctx context.Context) {
	if c.begun { // should the server miss the acknowledgement, the next delivery is no suspect
		c.remember(ctx)
	}
	c.s.b.meter.Observe("tocsin_bus_age_seconds", time.Since(c.delivery.Time).Seconds(), "consumer", c.s.name)
	c.s.mu.Lock()
	c.s.state.worked = time.Now()
	c.s.mu.Unlock()
	c.done("ack", c.msg.Ack)
}

// again hands the message back for another try after delay.
func (c *claim) again(ctx context.Context, delay time.Duration, why error) {
	c.s.suspect()
	c.s.log.Info("a message will be tried again", "subject", c.delivery.Subject, "sequence", c.delivery.Sequence,
		"delivered", c.delivery.Delivered, "again_in", delay.String(), "error", why.Error())
	c.remember(ctx)
	c.done("nak", func() error { return c.msg.NakWithDelay(delay) })
}

// release hands an unhandled or interrupted message back at once; nothing is wrong with it.
func (c *claim) release(ctx context.Context) {
	c.remember(ctx)
	c.done("released", c.msg.Nak)
}

func (c *claim) remember(ctx context.Context) {
	ctx, cancel := c.s.b.linked(ctx)
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, noteTime)
	defer stop()
	err := errNotConnected
	if c.s.b.nc.IsConnected() {
		err = c.s.outcomes.remember(ctx, c)
	}
	if err != nil {
		c.s.log.Warn("an outcome was not noted; the message looks one delivery worse than it is", "error", err.Error())
	}
}

// panicError is what a handler's panic becomes.
type panicError struct {
	value any
	stack []byte
}

// Error implements error.
func (p *panicError) Error() string { return fmt.Sprintf("the handler panicked: %v", p.value) }

func isPanic(err error) bool {
	_, ok := errors.AsType[*panicError](err)
	return ok
}

// panicked hands the message back after a pause, but remembers no outcome: a panic is as good as the death of the
// process, and ten of them end the same way.
func (c *claim) panicked(err error) {
	p, _ := errors.AsType[*panicError](err)
	delay := growing(c.delivery.Delivered)
	c.s.b.meter.Add("tocsin_bus_panics_total", 1, "consumer", c.s.name)
	c.s.log.Error("a handler panicked", "subject", c.delivery.Subject, "sequence", c.delivery.Sequence,
		"delivered", c.delivery.Delivered, "again_in", delay.String(), "error", err.Error(), "stack", string(p.stack))
	c.done("nak", func() error { return c.msg.NakWithDelay(delay) })
}

// guarded runs f and turns a panic into an error.
func guarded(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{v, debug.Stack()}
		}
	}()
	return f()
}

// sift looks at a message before anyone decodes it. One that crashed too often is dead-lettered here.
func (c *claim) sift(ctx context.Context) verdict {
	v, known, err := c.s.outcomes.judge(ctx, c)
	c.known = known
	if err != nil {
		c.s.log.Warn("handling a message that was delivered often without knowing why", "error", err.Error())
	}
	if v == crashed {
		sctx, cancel := settling(ctx)
		defer cancel()
		c.settle(sctx, false, retry.Never(reasonCrash, fmt.Errorf("delivered %d times without any outcome", c.delivery.Delivered-known.Delivered)))
	}
	return v
}

// begin notes that the handler of a suspect begins.
func (c *claim) begin(ctx context.Context) {
	c.begun = true
	if err := c.s.outcomes.begin(ctx, c, c.known); err != nil {
		c.s.log.Warn("the beginning of a suspect message was not noted", "error", err.Error())
	}
}
