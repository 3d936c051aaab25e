package indexer_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

var day1 = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// valid is a valid enriched article.
func valid(id string, revision int) messages.EnrichedArticle {
	return messages.EnrichedArticle{
		Version: messages.Version,
		Article: messages.Article{ID: id, Revision: revision, Feed: "f", Source: "s", Title: "T", FirstSeen: day1, FetchedAt: day1},
		Text:    "T\n\nBody.", Lang: "en",
	}
}

func delivery(t *testing.T, a messages.EnrichedArticle) messages.Delivery {
	t.Helper()
	data, err := messages.Encode(a)
	if err != nil {
		t.Fatal(err)
	}
	return messages.Delivery{Data: data, Stream: messages.StreamEnriched, Sequence: 7}
}

// memory is a small index: it keeps the highest version of every id, and answers as answer says where that is set.
type memory struct {
	versions map[string]int64
	answer   func(docs []indexer.Document) ([]indexer.Outcome, error)
	writes   int
	down     error
}

func (m *memory) Write(_ context.Context, docs []indexer.Document) ([]indexer.Outcome, error) {
	m.writes++
	if m.answer != nil {
		return m.answer(docs)
	}
	out := make([]indexer.Outcome, len(docs))
	for i, d := range docs {
		if out[i].Known = m.versions[d.ID] >= d.Version(); !out[i].Known {
			m.versions[d.ID] = d.Version()
		}
	}
	return out, nil
}

func (m *memory) Ping(context.Context) error { return m.down }

// tally is a Meter that sums what is added, by name and labels.
type tally map[string]float64

func (c tally) Add(name string, n float64, labels ...string) {
	c[name+" "+strings.Join(labels, "=")] += n
}
func (c tally) Observe(name string, _ float64, labels ...string) {
	c[name+" "+strings.Join(labels, "=")]++
}

func newIndexer(t *testing.T, o indexer.Options) *indexer.Indexer {
	t.Helper()
	x, err := indexer.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestBatchIsSettledOneByOne sends what can go wrong in one batch with what is well.
func TestBatchIsSettledOneByOne(t *testing.T) {
	m, meter := &memory{versions: map[string]int64{"old": 5000}}, tally{}
	x := newIndexer(t, indexer.Options{Writer: m, Meter: meter, Now: func() time.Time { return day1.Add(time.Minute) }})
	replayed := delivery(t, valid("replayed", 1))
	replayed.Replay = 2
	newer := valid("newer", 1)
	batch := []messages.Delivery{
		delivery(t, valid("new", 1)),
		{Data: []byte("no json"), Stream: "ENRICHED", Sequence: 8},
		delivery(t, valid("old", 4)),
		{Data: []byte(`{"version":1}`), Stream: "ENRICHED", Sequence: 9},
		replayed,
		{Data: []byte(`[]`)},
		delivery(t, newer),
	}
	errs := x.HandleBatch(t.Context(), batch)
	var got []string
	for _, err := range errs {
		reason, _ := retry.Reason(err)
		got = append(got, reason)
	}
	if diff := cmp.Diff([]string{"", "undecodable", "", "invalid", "", "invalid", ""}, got); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
	if !strings.Contains(errs[1].Error(), "ENRICHED 8") {
		t.Errorf("%v does not say which message it is about", errs[1])
	}
	if diff := cmp.Diff(map[string]int64{"old": 5000, "new": 1000, "replayed": 1020, "newer": 1000}, m.versions); diff != "" {
		t.Errorf("versions in the index (-want +got):\n%s", diff)
	}
	want := tally{
		"tocsin_indexer_documents_total outcome=stored": 3, "tocsin_indexer_documents_total outcome=known": 1,
		"tocsin_indexer_documents_total outcome=dead": 3, "tocsin_indexer_documents_total outcome=retried": 0, "tocsin_indexer_regrouped_total ": 0, "tocsin_indexer_batch_documents ": 1,
		"tocsin_indexer_write_seconds result=ok": 1, "tocsin_indexer_seen_to_searchable_seconds ": 2,
	}
	if diff := cmp.Diff(want, meter); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	for name := range meter {
		if _, ok := indexer.Metrics()[strings.Fields(name)[0]]; !ok {
			t.Errorf("metric %s has no description", name)
		}
	}
}

func TestOutcomesAndFailures(t *testing.T) {
	cause := errors.New("cause")
	tests := []struct {
		why    string
		answer func([]indexer.Document) ([]indexer.Outcome, error)
		check  func(errs []error) bool
	}{
		{"each document's own outcome", func([]indexer.Document) ([]indexer.Outcome, error) {
			return []indexer.Outcome{{}, {Err: retry.Never("mapping", cause)}, {Err: retry.After(time.Second, cause)}}, nil
		}, func(errs []error) bool {
			reason, _ := retry.Reason(errs[1])
			pause, _ := retry.Delay(errs[2])
			return errs[0] == nil && reason == "mapping" && pause == time.Second && strings.Contains(errs[1].Error(), "article b revision 1")
		}},
		{"a failure of the whole is everybody's and keeps its pause", func([]indexer.Document) ([]indexer.Outcome, error) {
			return nil, retry.After(time.Minute, cause)
		}, func(errs []error) bool {
			return !slices.ContainsFunc(errs, func(err error) bool {
				pause, ok := retry.Delay(err)
				_, never := retry.Reason(err)
				return !ok || pause != time.Minute || never || !errors.Is(err, cause)
			})
		}},
		{"too few answers settle nobody", func([]indexer.Document) ([]indexer.Outcome, error) {
			return []indexer.Outcome{{}, {}}, nil
		}, func(errs []error) bool {
			return !slices.ContainsFunc(errs, func(err error) bool {
				_, never := retry.Reason(err)
				return err == nil || never || !strings.Contains(err.Error(), "2 of 3")
			})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			x := newIndexer(t, indexer.Options{Writer: &memory{answer: tt.answer}})
			errs := x.HandleBatch(t.Context(), []messages.Delivery{delivery(t, valid("a", 1)), delivery(t, valid("b", 1)), delivery(t, valid("c", 1))})
			if len(errs) != 3 || !tt.check(errs) {
				t.Errorf("errors %v", errs)
			}
		})
	}
}

func TestNothingToWrite(t *testing.T) {
	m := &memory{}
	x := newIndexer(t, indexer.Options{Writer: m})
	if errs := x.HandleBatch(t.Context(), nil); len(errs) != 0 {
		t.Errorf("errors %v of an empty batch", errs)
	}
	if errs := x.HandleBatch(t.Context(), []messages.Delivery{{}}); errs[0] == nil {
		t.Error("an empty message was accepted")
	}
	if m.writes != 0 {
		t.Errorf("%d writes of nothing", m.writes)
	}
}

func TestReady(t *testing.T) {
	m := &memory{}
	x := newIndexer(t, indexer.Options{Writer: m})
	if err := x.Ready(t.Context()); err != nil {
		t.Errorf("a sound index: %v", err)
	}
	m.down = errors.New("down")
	if err := x.Ready(t.Context()); !errors.Is(err, m.down) {
		t.Errorf("an index that is down: %v", err)
	}
	if _, err := indexer.New(indexer.Options{}); err == nil || !strings.Contains(err.Error(), "Writer") {
		t.Errorf("no writer: %v, want it named", err)
	}
}

// FuzzHandleBatch sends any bytes: every message gets exactly one verdict, and what is not an article is never retried.
func FuzzHandleBatch(f *testing.F) {
	seed, err := messages.Encode(valid("a", 1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte(`{"version":1,"id":"a"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m := &memory{versions: map[string]int64{}}
		x := newIndexer(t, indexer.Options{Writer: m})
		errs := x.HandleBatch(t.Context(), []messages.Delivery{{Data: data}, {Data: seed}})
		if len(errs) != 2 || errs[1] != nil {
			t.Fatalf("errors %v; the second message is well", errs)
		}
		if _, never := retry.Reason(errs[0]); errs[0] != nil && !never {
			t.Errorf("%v would be tried again for ever", errs[0])
		}
	})
}
