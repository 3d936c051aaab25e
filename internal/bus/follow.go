package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tocsin/pkg/messages"
)

// FollowOptions says what to read. Following leaves no trace on the server and takes nothing from any consumer.
type FollowOptions struct {
	// Stream is a messages.Stream constant; Subjects filters it (wildcards allowed), default all.
	Stream   string
	Subjects []string
	// Since skips what was stored before; the zero time means from the beginning. New means only what comes after the
	// call.
	Since time.Time
	New   bool
	// From skips the messages of lower sequence; 0 skips none. It goes before Since.
	From uint64
	// Once returns when all that was there at the call has been told, instead of waiting for more.
	Once bool
	// HeadersOnly leaves the bodies on the server: Data is nil throughout.
	HeadersOnly bool
}

// Follow calls each with every message, in stream order and each once, until ctx is done (nil), each returns an error
// (that one), or, with Once, the end is reached (nil). A lost connection is waited out. Delivered is 1 throughout.
func (b *Bus) Follow(ctx context.Context, o FollowOptions, each func(messages.Delivery) error) error {
	if o.New && (o.Once || !o.Since.IsZero()) {
		return errors.New("follow options: New goes with neither Once nor Since")
	}
	end, err := b.lastSequence(ctx, o.Stream)
	if err != nil {
		return err
	}
	what := reading{stream: o.Stream, subjects: o.Subjects, policy: jetstream.DeliverAllPolicy, headers: o.HeadersOnly}
	switch {
	case o.New:
		what.policy, what.from = jetstream.DeliverByStartSequencePolicy, end+1
	case o.From > 0:
		what.policy, what.from = jetstream.DeliverByStartSequencePolicy, o.From
	case !o.Since.IsZero():
		what.policy, what.since = jetstream.DeliverByStartTimePolicy, o.Since
	}
	finished := func() error {
		if o.Once {
			return errEnough
		}
		return nil
	}
	return b.read(ctx, what, func(m jetstream.Msg, meta *jetstream.MsgMetadata) error {
		if o.Once && meta.Sequence.Stream > end {
			return errEnough
		}
		d, _, err := delivery(m)
		if err != nil {
			return err
		}
		if o.HeadersOnly {
			d.Data = nil
		}
		return each(d)
	}, finished)
}

func (b *Bus) lastSequence(ctx context.Context, stream string) (uint64, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return 0, missing(fmt.Sprintf("stream %q", stream), err)
	}
	return s.CachedInfo().State.LastSeq, nil
}
