package extractor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/rejected"
	"tocsin/services/extractor/watch"
)

// Publisher sends a message and returns nil only after the stream acknowledged it.
type Publisher interface {
	Publish(ctx context.Context, m messages.Outgoing) error
}

// Store is a bucket whose values are changed by compare-and-set only: what rang, by article, or by entry and day.
type Store interface {
	// Load returns the value and its revision; an absent key gives nil, 0, nil.
	Load(ctx context.Context, key string) (value []byte, rev uint64, err error)
	// Store writes when the key is still at rev (0: absent); ok is false when somebody else was first.
	Store(ctx context.Context, key string, value []byte, rev uint64) (newRev uint64, ok bool, err error)
}

// Pages is the object store of pages too large for a message.
type Pages interface {
	// Get returns the object; absent: nil, nil.
	Get(ctx context.Context, name string) ([]byte, error)
}

// Recognizer finds people, organisations and places.
type Recognizer interface {
	// Find returns the entities of text with byte offsets into it. note is a plain sentence when it had to leave
	// something out, such as a language it does not read; else empty.
	Find(text, lang string) (entities []ner.Entity, note string)
	// Engine names the recogniser in every article it read.
	Engine() messages.Engine
}

// Matcher finds watched names; *watch.Index is one.
type Matcher interface {
	// Search returns what rings, and what misses its threshold by at most within bits or is held back.
	Search(doc watch.Doc, within float64) (rang, near []watch.Match)
}

// Options of New. Publisher, Rang, Stories, Pages and Recognizer are required; every other zero value means its default.
type Options struct {
	Publisher  Publisher
	Rang       Store
	Stories    Store
	Pages      Pages
	Recognizer Recognizer
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// PageBudget is how long a page may take before it is abandoned and the feed's own text is used; 2 s.
	PageBudget time.Duration
	// PageSlots is how many pages may be taken apart at once, abandoned ones that still run included; with all slots
	// taken a page waits for ten budgets and then goes without. Pages over 512 KiB are taken one at a time. Default
	// 4 + 2 × GOMAXPROCS.
	PageSlots int
	// Desks is how many articles are read at once; Handle may be called more often at once, since it also waits for
	// acknowledgements. Default GOMAXPROCS.
	Desks int
	// MaxPage is how many bytes of a page are read, after decompression; what is beyond is cut and noted. Default 4 MiB.
	MaxPage int
	// MaxText is how many bytes of text are read, watched names included; what is beyond is cut and noted. Default 1 MiB.
	MaxText int
	// MaxMessage is the size a message has to stay under, the server's max_payload less room for headers. The text of
	// an article that would pass it is cut before it is published; its alerts ring all the same. Default 960 KiB.
	MaxMessage int
	// NearWithin is how many bits below its threshold a match is still told as a near miss; 0 tells none.
	NearWithin float64
	// Version is what engines of this build call themselves in the articles they read; "dev".
	Version string
	// Log gets what an operator may want to know of single articles; nil means none.
	Log *slog.Logger
	// Meter gets the figures listed by Metrics; nil means none.
	Meter Meter
}

// Extractor is the stage between the fetcher and the indexer. Make one with New.
type Extractor struct {
	o     Options
	lists atomic.Pointer[Matcher]
	book  atomic.Pointer[rejected.Book]
	zones zones
	guard *watchdog
	large *watchdog     // of pages over largePage, one at a time
	desks chan struct{} // one per article that is being read
}

// largePage is where pages begin to cost memory: one of 4 MiB takes about 150 MB while it is taken apart.
const largePage = 512 << 10

// New returns an Extractor without lists: Handle refuses work until SetIndex was called. The error names the option
// that is missing or wrong.
func New(o Options) (*Extractor, error) {
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("extractor options: %w", err)
	}
	declare(o.Meter)
	return &Extractor{o: o, guard: newWatchdog(o.PageBudget, o.PageSlots), large: newWatchdog(o.PageBudget, 1), desks: make(chan struct{}, o.Desks)}, nil
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Meter == nil {
		o.Meter = noMeter{}
	}
	o.PageBudget = cmp.Or(o.PageBudget, 2*time.Second)
	o.PageSlots = cmp.Or(o.PageSlots, 4+2*runtime.GOMAXPROCS(0))
	o.Desks = cmp.Or(o.Desks, runtime.GOMAXPROCS(0))
	o.MaxPage = cmp.Or(o.MaxPage, 4<<20)
	o.MaxText = cmp.Or(o.MaxText, 1<<20)
	o.MaxMessage = cmp.Or(o.MaxMessage, 960<<10)
	o.Version = cmp.Or(o.Version, "dev")
	return o
}

func (o Options) validate() error {
	switch {
	case o.Publisher == nil:
		return errors.New("Publisher is missing; give the door to the streams")
	case o.Rang == nil:
		return fmt.Errorf("Rang is missing; give the bucket %q", messages.BucketRang)
	case o.Stories == nil:
		return fmt.Errorf("Stories is missing; give the bucket %q", messages.BucketStories)
	case o.Pages == nil:
		return fmt.Errorf("Pages is missing; give the object store %q", messages.ObjectsPages)
	case o.Recognizer == nil:
		return errors.New("Recognizer is missing; give ner.None{} to find no entities")
	case o.PageBudget < 0:
		return fmt.Errorf("PageBudget is %v; want a positive duration", o.PageBudget)
	case o.PageSlots < 0, o.Desks < 0, o.MaxPage < 0, o.MaxText < 0:
		return errors.New("PageSlots, Desks, MaxPage and MaxText count things; want positive numbers")
	case o.NearWithin < 0:
		return fmt.Errorf("NearWithin is %g bits; want 0 for no near misses, or a few bits", o.NearWithin)
	case o.MaxMessage < minMessage:
		return fmt.Errorf("MaxMessage is %d bytes; want at least %d", o.MaxMessage, minMessage)
	}
	return nil
}

// minMessage leaves room for an article's identity and title.
const minMessage = 16 << 10

// SetIndex puts lists in force for every message handled from now on; messages already being handled keep the lists
// they started with. nil takes the lists away.
func (x *Extractor) SetIndex(m Matcher) {
	if m == nil {
		x.lists.Store(nil)
		return
	}
	x.lists.Store(&m)
}

// SetRejected puts rejections in force as SetIndex does lists; nil takes them away.
func (x *Extractor) SetRejected(b *rejected.Book) { x.book.Store(b) }

// ListsLoaded reports whether SetIndex gave any lists yet. Until then no message should be fetched.
func (x *Extractor) ListsLoaded() bool { return x.lists.Load() != nil }
