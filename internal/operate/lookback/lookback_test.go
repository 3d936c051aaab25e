package lookback_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tocsin/internal/operate/lookback"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// past is a stream, an index and a store in memory.
type past struct {
	stream []messages.EnrichedArticle // one an hour, the last at noon
	index  []messages.EnrichedArticle // newest first
	value  []byte
	rev    uint64
	tried  []string
	dieAt  int // the article at which everything ends; 0: never
}

func article(id string, at time.Time) messages.EnrichedArticle {
	return messages.EnrichedArticle{Version: 1, Lang: "en", Article: messages.Article{
		ID: id, Revision: 1, Feed: "f", Source: "s", FirstSeen: at, FetchedAt: at,
	}}
}

func newPast(stream, index int) *past {
	p := &past{}
	for i := range stream {
		p.stream = append(p.stream, article(fmt.Sprintf("s%04d", i), noon.Add(time.Duration(i-stream)*time.Minute)))
	}
	p.index = slices.Clone(p.stream)
	slices.Reverse(p.index)
	for i := range index {
		p.index = append(p.index, article(fmt.Sprintf("x%04d", i), noon.AddDate(0, 0, -8).Add(-time.Duration(i)*time.Minute)))
	}
	return p
}

func (p *past) Oldest(context.Context) (time.Time, error) {
	if len(p.stream) == 0 {
		return time.Time{}, nil
	}
	return p.stream[0].FirstSeen, nil
}

func (p *past) Read(_ context.Context, from uint64, since time.Time, each func(messages.Delivery) error) error {
	for i, a := range p.stream {
		seq := uint64(i + 1) //nolint:gosec // small
		if seq < from || from == 0 && a.FirstSeen.Before(since) {
			continue
		}
		data, err := messages.Encode(a)
		if err != nil {
			return err
		}
		if err := each(messages.Delivery{Sequence: seq, Data: data}); err != nil {
			return err
		}
	}
	return nil
}

func (p *past) Search(_ context.Context, q indexer.Query) (page indexer.Page, err error) {
	start := 0
	if q.Cursor != "" {
		if _, err := fmt.Sscan(q.Cursor, &start); err != nil {
			return page, err
		}
	}
	var hits []indexer.Hit
	for _, a := range p.index {
		if !a.FirstSeen.Before(q.PublishedFrom) {
			hits = append(hits, indexer.Hit{Document: indexer.Document{ID: a.ID, FirstSeen: a.FirstSeen}})
		}
	}
	end := min(start+q.Limit, len(hits))
	page.Hits = hits[start:end]
	if end < len(hits) {
		page.Next = fmt.Sprint(end)
	}
	return page, nil
}

func (p *past) Article(_ context.Context, id string) (messages.EnrichedArticle, error) {
	for _, a := range p.index {
		if a.ID == id {
			return a, nil
		}
	}
	return messages.EnrichedArticle{}, indexer.ErrNotFound
}

func (p *past) Load(context.Context, string) ([]byte, uint64, error) { return p.value, p.rev, nil }

func (p *past) Store(_ context.Context, _ string, value []byte, rev uint64) (uint64, bool, error) {
	if rev != p.rev {
		return 0, false, nil
	}
	p.value, p.rev = value, rev+1
	return p.rev, true, nil
}

var errKilled = errors.New("killed")

func (p *past) options(days int) lookback.Options {
	return lookback.Options{
		Stream: p, Index: p, Store: p, Key: "war.k", What: "entry", Since: noon.AddDate(0, 0, -days), Now: func() time.Time { return noon },
		Try: func(_ context.Context, a messages.EnrichedArticle) (int, int, error) {
			if p.dieAt > 0 && len(p.tried)+1 >= p.dieAt {
				return 0, 0, errKilled
			}
			p.tried = append(p.tried, a.ID)
			return 1, 0, nil
		},
	}
}

func TestItReadsTheStreamAndThenTheIndexForWhatIsOlder(t *testing.T) {
	for _, c := range []struct {
		sentence string
		days     int
		index    bool
		want     int
		beyond   bool
	}{
		{"nine days: all of the stream, and a day of the index", 9, true, 700, false},
		{"an hour of the stream, which is all that is asked for", 0, true, 60, false},
		{"without an index it says that there may be more", 9, false, 500, true},
	} {
		p := newPast(500, 200)
		o := p.options(c.days)
		if c.days == 0 {
			o.Since = noon.Add(-time.Hour)
		}
		if !c.index {
			o.Index = nil
		}
		got, err := lookback.Run(t.Context(), o)
		slices.Sort(p.tried)
		if err != nil || got.Read != c.want || got.Rang != c.want || got.Beyond != c.beyond || !got.Done || len(slices.Compact(p.tried)) != c.want {
			t.Errorf("%s: %+v, %v; want %d articles, each once", c.sentence, got, err, c.want)
		}
	}
}

// Killed anywhere, the next run goes on: everything is looked at, and at most one portion twice.
func TestItGoesOnWhereItWasKilled(t *testing.T) {
	for kill := 1; kill <= 700; kill += 33 {
		p := newPast(500, 200)
		p.dieAt = kill
		if _, err := lookback.Run(t.Context(), p.options(9)); !errors.Is(err, errKilled) {
			t.Fatalf("killed at %d: %v", kill, err)
		}
		p.dieAt = 0
		got, err := lookback.Run(t.Context(), p.options(9))
		if err != nil || !got.Done {
			t.Fatalf("killed at %d: %+v, %v", kill, got, err)
		}
		total := len(p.tried)
		slices.Sort(p.tried)
		if each := len(slices.Compact(p.tried)); each != 700 || total > 700+200 {
			t.Errorf("killed at %d: %d of 700 articles looked at, %d looks", kill, each, total)
		}
	}
}

func TestWhatIsNotGoneOnWith(t *testing.T) {
	for _, c := range []struct {
		sentence string
		change   func(*lookback.Options)
		resumed  int
	}{
		{"the same again", func(*lookback.Options) {}, 1},
		{"the same a little later", func(o *lookback.Options) { o.Since = o.Since.Add(time.Minute) }, 1},
		{"another spelling of the entry", func(o *lookback.Options) { o.What = "changed" }, 0},
		{"further back", func(o *lookback.Options) { o.Since = o.Since.AddDate(0, 0, -9) }, 0},
	} {
		p := newPast(500, 0)
		p.dieAt = 450
		if _, err := lookback.Run(t.Context(), p.options(9)); !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		p.dieAt = 0
		o := p.options(9)
		c.change(&o)
		if got, err := lookback.Run(t.Context(), o); err != nil || got.Resumed != c.resumed {
			t.Errorf("%s: %+v, %v; want resumed %d", c.sentence, got, err, c.resumed)
		}
	}
}

func TestTwoAtOnceAreToldApart(t *testing.T) {
	p := newPast(500, 0)
	o := p.options(9)
	o.Tell = func(lookback.Progress) { p.rev++ } // somebody else notes his progress
	if _, err := lookback.Run(t.Context(), o); !errors.Is(err, lookback.ErrBusy) {
		t.Errorf("two look backs for one entry: %v", err)
	}
	for sentence, o := range map[string]lookback.Options{
		"nothing to look with": {Since: noon, Now: func() time.Time { return noon }},
		"the future":           func() lookback.Options { o := p.options(9); o.Since = noon.Add(time.Hour); return o }(),
		"a store without a key": func() lookback.Options {
			o := p.options(9)
			o.Key = ""
			return o
		}(),
	} {
		if _, err := lookback.Run(t.Context(), o); err == nil {
			t.Errorf("%s was accepted", sentence)
		}
	}
}
