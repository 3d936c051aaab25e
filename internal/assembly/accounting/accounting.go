// Package accounting opens the ledger and the dead letters over the bus.
package accounting

import (
	"context"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/operate/deadletter"
	"tocsin/internal/operate/ledger"
	"tocsin/pkg/messages"
)

// Ledger opens the books over the streams and an index.
func Ledger(ctx context.Context, b *bus.Bus, index ledger.Index) (*ledger.Ledger, error) {
	closed, err := b.Bucket(ctx, messages.BucketLedger)
	if err != nil {
		return nil, err
	}
	return ledger.New(ledger.Options{Streams: LedgerStreams(b), Index: index, Closed: closed, Now: time.Now})
}

// LedgerStreams lets the books read the bus.
func LedgerStreams(b *bus.Bus) ledger.Streams { return shelf{b} }

// shelf gives the bus the methods that ledger and dead letters ask for.
type shelf struct{ *bus.Bus }

// Read tells all that is there.
func (s shelf) Read(ctx context.Context, what ledger.Selection, each func(messages.Delivery) error) error {
	err := s.Follow(ctx, bus.FollowOptions{
		Stream: what.Stream, Subjects: what.Subjects, Since: what.Since, Once: true, HeadersOnly: what.HeadersOnly,
	}, each)
	if err == nil {
		err = ctx.Err() // Follow ends without an error when it is told to stop
	}
	return err
}

// Reach says what a stream still holds.
func (s shelf) Reach(ctx context.Context, stream string) (ledger.Reach, error) {
	x, err := s.Extent(ctx, stream)
	r := ledger.Reach{MaxAge: x.MaxAge, Full: x.MaxBytes > 0 && x.Bytes > x.MaxBytes/10*9}
	switch {
	case x.Messages > 0 && x.First > 1:
		r.From = x.FirstTime
	case x.Messages == 0 && x.Last > 0:
		r.From = time.Now()
	}
	return r, err
}

// DeadLetters opens what the pipeline gave up.
func DeadLetters(b *bus.Bus) *deadletter.Letters { return deadletter.New(shelf{b}, b, time.Now) }

// Headers tells the dead letters of a subject, without their bodies.
func (s shelf) Headers(ctx context.Context, subject string, since time.Time, each func(messages.Delivery) error) error {
	return s.Read(ctx, ledger.Selection{Stream: messages.StreamDLQ, Subjects: []string{subject}, Since: since, HeadersOnly: true}, each)
}
