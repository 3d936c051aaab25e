package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"tocsin/pkg/messages"
)

// Streams reads what the pipeline wrote.
type Streams interface {
	// Read calls each with every message that is there now, in order, and returns once all is told.
	Read(ctx context.Context, s Selection, each func(messages.Delivery) error) error
	// Settled is the sequence up to which a consumer has settled everything.
	Settled(ctx context.Context, consumer string) (uint64, error)
	// Reach says what a stream still holds.
	Reach(ctx context.Context, stream string) (Reach, error)
}

// Selection says what to read of a stream.
type Selection struct {
	Stream string
	// Subjects filters; none is all.
	Subjects []string
	// Since skips what was stored before; zero is from the beginning.
	Since time.Time
	// HeadersOnly leaves the bodies behind.
	HeadersOnly bool
}

// Reach is what a stream still holds.
type Reach struct {
	// From is when the oldest message it holds was stored; zero when it never let one go.
	From time.Time
	// MaxAge is how long it keeps a message; 0 is for ever.
	MaxAge time.Duration
	// Full says that it is near its limit in bytes, so that it may have let messages go before their time.
	Full bool
}

// Index says which revision of each article it holds. See indexer.Accountant.
type Index interface {
	Revisions(ctx context.Context, ids []string) (map[string]int, error)
}

// Bucket keeps closed balances.
type Bucket interface {
	// Load returns the value and its revision; absent: nil, 0, nil.
	Load(ctx context.Context, key string) ([]byte, uint64, error)
	// Store writes only when the revision is still rev (0: absent); ok is false when somebody else was first.
	Store(ctx context.Context, key string, value []byte, rev uint64) (uint64, bool, error)
	// Keys returns all keys, sorted.
	Keys(ctx context.Context) ([]string, error)
}

// Options of a Ledger.
type Options struct {
	Streams Streams
	Index   Index
	// Closed keeps what outlives the streams.
	Closed Bucket
	// Now is the clock.
	Now func() time.Time
}

// Ledger makes accounts. It writes nothing but closed balances.
type Ledger struct {
	o Options

	mu sync.Mutex
	// closed are the differences of closed hours, as far as they were asked for; they never change.
	closed map[int64]int
}

// New checks the options.
func New(o Options) (*Ledger, error) {
	for name, missing := range map[string]bool{
		"Streams": o.Streams == nil, "Index": o.Index == nil, "Closed": o.Closed == nil, "Now": o.Now == nil,
	} {
		if missing {
			return nil, errors.New("ledger options: " + name + " is missing")
		}
	}
	return &Ledger{o: o, closed: map[int64]int{}}, nil
}

// Query narrows an account.
type Query struct {
	// Feed leaves out other feeds; empty is all of them.
	Feed string
	// Since leaves out hours that ended before.
	Since time.Time
}

// looks is how often the streams are read before a difference is believed all the same.
const looks = 3

// Look makes an account. It reads the headers of RAW, ENRICHED and DLQ since q.Since, the reports of that time, and asks
// the index about every article among them: a matter of seconds per million articles. A difference is looked at again
// at once, so that nothing is named that was merely on its way. While the index cannot be asked, the account says so and
// takes the indexer's word for what is in it.
func (l *Ledger) Look(ctx context.Context, q Query) (Account, error) {
	account, err := l.count(ctx, q)
	for range looks - 1 {
		if err != nil || len(account.Behind) == 0 {
			break
		}
		before := account.Behind
		if account, err = l.count(ctx, q); slices.Equal(before, account.Behind) {
			break
		}
	}
	if err != nil {
		return Account{}, err
	}
	err = l.addClosed(ctx, q, &account)
	return account, err
}

// count reads everything once.
func (l *Ledger) count(ctx context.Context, q Query) (Account, error) {
	b := newBook(q)
	if err := l.readSeen(ctx, b); err != nil {
		return Account{}, err
	}
	if err := l.readSettled(ctx, b); err != nil {
		return Account{}, err
	}
	if err := l.read(ctx, b, messages.StreamDLQ, b.dead); err != nil {
		return Account{}, err
	}
	held, err := l.o.Index.Revisions(ctx, b.articles())
	if ctx.Err() != nil {
		return Account{}, fmt.Errorf("ledger: the index: %w", err)
	}
	b.trusting = err != nil
	account := b.account(held)
	if err != nil {
		account.Unverified = err.Error()
	}
	return account, nil
}

// readSeen enters what was seen: the reports first, because an article is in RAW before the report that names it is
// written.
func (l *Ledger) readSeen(ctx context.Context, b *book) error {
	err := l.o.Streams.Read(ctx, Selection{
		Stream: messages.StreamEvents, Subjects: []string{messages.FeedSubject("*", messages.EventPolled)}, Since: b.since,
	}, func(d messages.Delivery) error {
		report, err := messages.Decode[messages.PollReport](d.Data)
		if err != nil {
			return fmt.Errorf("report %d of stream %s cannot be read; remove that message to go on without it: %w", d.Sequence, d.Stream, err)
		}
		b.report(report)
		return nil
	})
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	reach, err := l.o.Streams.Reach(ctx, messages.StreamRaw)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if reach.MaxAge > 0 {
		b.rawFrom = l.o.Now().Add(-reach.MaxAge)
	}
	if reach.Full && reach.From.After(b.rawFrom) {
		b.rawFrom = reach.From
	}
	return l.read(ctx, b, messages.StreamRaw, b.raw)
}

// readSettled enters how far the stages have come. Each stage is asked before what it writes is read, so that what it
// has settled is there to be found.
func (l *Ledger) readSettled(ctx context.Context, b *book) (err error) {
	if b.extracted, err = l.o.Streams.Settled(ctx, messages.ConsumerExtractor); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if err := l.read(ctx, b, messages.StreamEnriched, b.enriched); err != nil {
		return err
	}
	if b.written, err = l.o.Streams.Settled(ctx, messages.ConsumerIndexer); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// read enters the headers of a stream that speak of an article.
func (l *Ledger) read(ctx context.Context, b *book, stream string, enter func(revision, messages.Delivery)) error {
	s := Selection{Stream: stream, Since: b.since, HeadersOnly: true}
	err := l.o.Streams.Read(ctx, s, func(d messages.Delivery) error {
		if r, ok := revisionOf(d); ok {
			enter(r, d)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}
