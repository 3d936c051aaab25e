// Package lookback reads what was published before a name was watched, and lets it ring.
//
// It walks the enriched articles that NATS still holds, then those that only the index has. How far it has come is kept
// in a bucket, so that a look back that was cut short goes on where it was; that nothing rings twice is up to Try, which
// is asked for an article again when the last steps were not noted.
package lookback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// Stream reads the enriched articles of NATS.
type Stream interface {
	// Oldest is when the oldest one was stored; zero when there is none.
	Oldest(ctx context.Context) (time.Time, error)
	// Read calls each with all there are from a sequence on, or from a time on when the sequence is 0, in order.
	Read(ctx context.Context, from uint64, since time.Time, each func(messages.Delivery) error) error
}

// Index finds and gives back the articles of the index.
type Index interface {
	Search(ctx context.Context, q indexer.Query) (indexer.Page, error)
	indexer.Archive
}

// Store keeps how far look backs have come, by compare-and-set.
type Store interface {
	// Load returns the value and its revision; absent: nil, 0, nil.
	Load(ctx context.Context, key string) ([]byte, uint64, error)
	// Store writes only when the revision is still rev (0: absent); ok is false when somebody else was first.
	Store(ctx context.Context, key string, value []byte, rev uint64) (uint64, bool, error)
}

// Options of Run. Stream, Try and Now are required.
type Options struct {
	Stream Stream
	// Index is asked for what is older than the stream; nil leaves that out, which Progress.Beyond says.
	Index Index
	// Store and Key keep the progress; a nil Store keeps none.
	Store Store
	Key   string
	// What names what is looked for: progress made for something else is not gone on with.
	What string
	// Since is how far to look back.
	Since time.Time
	// Try looks at one article and returns how many names rang and how many almost did.
	Try func(ctx context.Context, a messages.EnrichedArticle) (rang, near int, err error)
	// Tell is told how far it is, after each portion; nil for nobody.
	Tell func(Progress)
	Now  func() time.Time
}

func (o Options) validate() error {
	switch {
	case o.Stream == nil || o.Try == nil || o.Now == nil:
		return errors.New("look back: Stream, Try or Now is missing")
	case o.Store != nil && o.Key == "":
		return errors.New("look back: Key is empty; give the entry's")
	case o.Since.IsZero() || o.Since.After(o.Now()):
		return errors.New("look back: Since must be a time in the past")
	}
	return nil
}

// Progress is how far a look back has come.
type Progress struct {
	Version int       `json:"version"`
	Target  string    `json:"target"`
	Since   time.Time `json:"since"`
	Began   time.Time `json:"began"`
	// Held is from when on NATS had every article; zero when it had none.
	Held time.Time `json:"held,omitzero"`
	// Sequence is the last message of the stream that was looked at; Cursor the page of the index to go on with.
	Sequence uint64 `json:"sequence,omitempty"`
	Streamed bool   `json:"streamed,omitempty"`
	Cursor   string `json:"cursor,omitempty"`
	Done     bool   `json:"done,omitempty"`
	// Read counts articles, Unreadable those that were passed over, Rang and Near names in them.
	Read       int `json:"read"`
	Unreadable int `json:"unreadable,omitempty"`
	Rang       int `json:"rang"`
	Near       int `json:"near"`
	// Resumed counts how often it went on after an interruption.
	Resumed int `json:"resumed,omitempty"`
	// Beyond: there may be articles since Since that only an index has, and none was given.
	Beyond bool `json:"beyond,omitempty"`
}

// portion is how many articles are looked at between two notes of the progress.
const portion = 200

// pass is one run.
type pass struct {
	Options
	Progress
	rev uint64
}

// ErrBusy says that another process runs the same look back.
var ErrBusy = errors.New("somebody else is looking back for the same entry; wait for it to end, or stop it")

// Run looks back, from where an earlier run for the same thing was cut short. It returns how far it came also with an
// error; then run it again.
func Run(ctx context.Context, o Options) (Progress, error) {
	if err := o.validate(); err != nil {
		return Progress{}, err
	}
	p := &pass{Options: o}
	if err := p.open(ctx); err != nil {
		return p.Progress, err
	}
	if !p.Streamed {
		if err := p.stream(ctx); err != nil {
			return p.Progress, err
		}
	}
	if err := p.archive(ctx); err != nil {
		return p.Progress, err
	}
	p.Done = true
	return p.Progress, p.note(ctx)
}

// open goes on with what is in the store, or begins.
func (p *pass) open(ctx context.Context) error {
	p.Progress = Progress{Version: messages.Version, Target: p.What, Since: p.Options.Since, Began: p.Now().UTC()}
	if p.Store != nil {
		value, rev, err := p.Options.Store.Load(ctx, p.Key)
		if err != nil {
			return err
		}
		p.rev = rev
		p.resume(value)
	}
	if p.Streamed {
		return nil
	}
	// Also of one that was cut short: NATS may have dropped articles since that it had not come to.
	held, err := p.Stream.Oldest(ctx)
	p.Held = held
	return err
}

// resume takes an earlier progress over when it looked for the same thing, as far back, and did not end.
func (p *pass) resume(value []byte) {
	var old Progress
	if value == nil || json.Unmarshal(value, &old) != nil || old.Version != messages.Version {
		return
	}
	if !old.Done && old.Target == p.What && !old.Since.After(p.Options.Since) {
		p.Progress = old
		p.Resumed++
	}
}

// note keeps the progress.
func (p *pass) note(ctx context.Context) error {
	if p.Tell != nil {
		p.Tell(p.Progress)
	}
	if p.Store == nil {
		return nil
	}
	data, err := json.Marshal(p.Progress)
	if err != nil {
		return fmt.Errorf("progress of the look back: %w", err)
	}
	rev, ok, err := p.Options.Store.Store(ctx, p.Key, data, p.rev)
	if err != nil {
		return err
	}
	if !ok {
		return ErrBusy
	}
	p.rev = rev
	return nil
}

// stream looks at what NATS holds.
func (p *pass) stream(ctx context.Context) error {
	from := uint64(0)
	if p.Sequence > 0 {
		from = p.Sequence + 1
	}
	n := 0
	err := p.Stream.Read(ctx, from, p.Progress.Since, func(d messages.Delivery) error {
		a, err := messages.Decode[messages.EnrichedArticle](d.Data)
		if err != nil {
			p.Unreadable++
		} else if err := p.look(ctx, a); err != nil {
			return err
		}
		p.Sequence = d.Sequence
		if n++; n%portion == 0 {
			return p.note(ctx)
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.Streamed = true
	return p.note(ctx)
}

func (p *pass) look(ctx context.Context, a messages.EnrichedArticle) error {
	rang, near, err := p.Try(ctx, a)
	if err != nil {
		return fmt.Errorf("article %s: %w", a.ID, err)
	}
	p.Read++
	p.Rang += rang
	p.Near += near
	return nil
}

// archive looks at what is too old for the stream.
func (p *pass) archive(ctx context.Context) error {
	if !p.Held.IsZero() && p.Held.Before(p.Progress.Since) {
		return nil // the stream had all of it
	}
	if p.Index == nil {
		p.Beyond = true
		return nil
	}
	for {
		page, err := p.Index.Search(ctx, indexer.Query{
			PublishedFrom: p.Progress.Since.UTC(), Sort: indexer.SortNewest, Relation: indexer.RelationIntersects, Limit: portion, Cursor: p.Cursor,
		})
		if err != nil {
			return fmt.Errorf("look back in the index: %w", err)
		}
		for _, hit := range page.Hits {
			if !p.Held.IsZero() && !hit.FirstSeen.Before(p.Held) {
				continue // it was in the stream
			}
			if err := p.lookUp(ctx, hit.ID); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		p.Cursor = page.Next
		if err := p.note(ctx); err != nil {
			return err
		}
	}
}

func (p *pass) lookUp(ctx context.Context, id string) error {
	a, err := p.Index.Article(ctx, id)
	if errors.Is(err, indexer.ErrNotFound) { // gone between the two
		return nil
	}
	if err != nil {
		return fmt.Errorf("look back in the index: %w", err)
	}
	return p.look(ctx, a)
}
