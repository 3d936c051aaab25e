package extracting

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/internal/operate/lookback"
	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/watch"
)

// LookBackOptions say what to look for in what was published. Entry, Since and Now are required.
type LookBackOptions struct {
	// Entry is looked for, beside all others that are watched; with Quiet it need not be watched.
	Entry watch.Entry
	Since time.Time
	// Quiet rings for nothing and keeps no progress.
	Quiet bool
	// NearWithin is how many bits below its threshold a match is still a near miss.
	NearWithin float64
	// Index has what NATS no longer holds; may be nil.
	Index lookback.Index
	// Found is called with every article in which the name rings or almost does; may be nil.
	Found func(rings []messages.Watched, near []messages.NearMiss, a messages.EnrichedArticle) error
	Tell  func(lookback.Progress)
	Now   func() time.Time
}

// LookBack looks for one entry in what was published, and rings for it unless it is to be quiet.
func LookBack(ctx context.Context, b *bus.Bus, o LookBackOptions) (lookback.Progress, error) {
	o.Entry = o.Entry.WithIdentity()
	key := operate.EntryKey(o.Entry)
	core, err := pastReader(ctx, b, o)
	if err != nil {
		return lookback.Progress{}, err
	}
	told, err := toldAlerts(ctx, b, o.Entry)
	if err != nil {
		return lookback.Progress{}, err
	}
	what, err := json.Marshal(o.Entry)
	if err != nil {
		return lookback.Progress{}, fmt.Errorf("watch entry %s: %w", key, err)
	}
	try := past{core, o, told, map[string]bool{}}
	run := lookback.Options{
		Stream: pastStream{b}, Index: o.Index, Key: key, What: messages.Hash(string(what)), Since: o.Since, Tell: o.Tell, Now: o.Now, Try: try.look,
	}
	if !o.Quiet {
		if run.Store, err = b.Bucket(ctx, messages.BucketLookBacks); err != nil {
			return lookback.Progress{}, err
		}
	}
	return lookback.Run(ctx, run)
}

// past looks at one article after another.
type past struct {
	core *extractor.Extractor
	o    LookBackOptions
	told map[string]bool // alerts of the entry, by id
	seen map[string]bool // articles that were told of quietly, of whatever revision
}

// look implements lookback.Options.Try.
func (p past) look(ctx context.Context, a messages.EnrichedArticle) (rang, near int, err error) {
	rings, missed := p.core.Look(a)
	if len(rings)+len(missed) == 0 || p.seen[a.ID] {
		return 0, 0, nil
	}
	if p.o.Found != nil {
		if err := p.o.Found(rings, missed, a); err != nil {
			return 0, 0, err
		}
	}
	if p.o.Quiet {
		p.seen[a.ID] = true
		return len(rings), len(missed), nil
	}
	if p.told[messages.AlertID(p.o.Entry.List, p.o.Entry.ID, a.ID)] {
		return 0, len(missed), nil
	}
	rang, err = p.core.Recall(ctx, a, rings)
	return rang, len(missed), err
}

// pastReader is an extractor that reads no raw articles: it finds one entry, weighed against all others.
func pastReader(ctx context.Context, b *bus.Bus, o LookBackOptions) (*extractor.Extractor, error) {
	s, err := openStores(ctx, b)
	if err != nil {
		return nil, err
	}
	owned, err := s.lists.All(ctx)
	if err != nil {
		return nil, err
	}
	all, _ := watch.Compile(operate.Entries(owned), watch.Options{})
	index, problems := all.With(o.Entry)
	for _, p := range problems {
		if p.List == o.Entry.List && p.Entry == o.Entry.ID {
			return nil, errors.New(p.Sentence)
		}
	}
	core, err := teller(ctx, b, o)
	if err != nil {
		return nil, err
	}
	book, _, err := readRejected(ctx, s.rejected)
	if err != nil {
		return nil, err
	}
	core.SetRejected(book)
	core.SetIndex(only{index, o.Entry.List, o.Entry.ID})
	return core, nil
}

// teller is an extractor that has no lists: it keeps account of what rang.
func teller(ctx context.Context, b *bus.Bus, o LookBackOptions) (*extractor.Extractor, error) {
	rang, err := b.Bucket(ctx, messages.BucketRang)
	if err != nil {
		return nil, err
	}
	stories, err := b.Bucket(ctx, messages.BucketStories)
	if err != nil {
		return nil, err
	}
	pages, err := b.Objects(ctx, messages.ObjectsPages)
	if err != nil {
		return nil, err
	}
	return extractor.New(extractor.Options{
		Publisher: b, Rang: rang, Stories: stories, Pages: assembly.Blobs{Objects: pages}, Recognizer: ner.None{}, NearWithin: o.NearWithin,
		Now: o.Now, MaxMessage: int(b.MaxPayload()) - headerRoom,
	})
}

// Withdraw tells those who follow updates that an alert was rejected; told is false when they were told before.
func Withdraw(ctx context.Context, b *bus.Bus, alert messages.Alert, now func() time.Time) (told bool, err error) {
	core, err := teller(ctx, b, LookBackOptions{Now: now})
	if err != nil {
		return false, err
	}
	return core.Withdraw(ctx, alert)
}

// only finds one entry, by the thresholds and against the competition of all.
type only struct {
	index       *watch.Index
	list, entry string
}

// Search implements extractor.Matcher.
func (o only) Search(doc watch.Doc, within float64) (rang, near []watch.Match) {
	rang, near = o.index.Search(doc, within)
	return o.keep(rang), o.keep(near)
}

func (o only) keep(matches []watch.Match) []watch.Match {
	for _, m := range matches {
		if m.List == o.list && m.Entry == o.entry {
			return []watch.Match{m}
		}
	}
	return nil
}

// toldAlerts are the ids of the alerts of an entry that the stream still knows: what rang for an article is remembered
// apart from them, but not as long.
func toldAlerts(ctx context.Context, b *bus.Bus, e watch.Entry) (map[string]bool, error) {
	told := map[string]bool{}
	err := b.Follow(ctx, bus.FollowOptions{
		Stream: messages.StreamAlerts, Subjects: []string{messages.AlertSubject(e.List, e.ID, "*")}, Once: true, HeadersOnly: true,
	}, func(d messages.Delivery) error {
		told[AlertOf(d)] = true
		return nil
	})
	return told, cmp.Or(err, ctx.Err())
}

// AlertOf is the alert id of a message of the stream of alerts, from its headers.
func AlertOf(d messages.Delivery) string {
	parts := strings.Split(d.Header[messages.HeaderMsgID], ":")
	if len(parts) < 3 {
		return ""
	}
	return parts[1]
}

// pastStream reads the enriched articles that NATS holds.
type pastStream struct{ *bus.Bus }

// Oldest implements lookback.Stream.
func (s pastStream) Oldest(ctx context.Context) (time.Time, error) {
	x, err := s.Extent(ctx, messages.StreamEnriched)
	return x.FirstTime, err
}

// Read implements lookback.Stream.
func (s pastStream) Read(ctx context.Context, from uint64, since time.Time, each func(messages.Delivery) error) error {
	err := s.Follow(ctx, bus.FollowOptions{Stream: messages.StreamEnriched, From: from, Since: since, Once: true}, each)
	return cmp.Or(err, ctx.Err()) // Follow ends without an error when it is told to stop
}
