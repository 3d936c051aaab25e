package extractor_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/watch"
)

// noon is the time of every test that does not say otherwise.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// world is what the extractor meets, in memory: a stream with a deduplication window, a bucket, an object store. It can
// be killed at any of its operations, before or after the operation took effect.
type world struct {
	mu      sync.Mutex
	sent    []messages.Outgoing
	ids     map[string]bool
	again   int // publishes that the window filtered
	values  map[string][]byte
	revs    map[string]uint64
	objects map[string][]byte
	step    int // two per operation: before and after its effect
	killAt  int // the step at which everything ends; 0: never
}

var errKilled = errors.New("killed")

func newWorld() *world {
	return &world{ids: map[string]bool{}, values: map[string][]byte{}, revs: map[string]uint64{}, objects: map[string][]byte{}}
}

// revive starts the process again.
func (w *world) revive() { w.killAt = 0 }

// dead counts a step and reports whether the process is dead by now.
func (w *world) dead() bool {
	w.step++
	return w.killAt > 0 && w.step >= w.killAt
}

func (w *world) Publish(_ context.Context, m messages.Outgoing) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead() {
		return errKilled
	}
	if w.ids[m.ID] {
		w.again++
	} else {
		w.ids[m.ID] = true
		w.sent = append(w.sent, m)
	}
	if w.dead() {
		return errKilled
	}
	return nil
}

func (w *world) Load(_ context.Context, key string) ([]byte, uint64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead() {
		return nil, 0, errKilled
	}
	return w.values[key], w.revs[key], nil
}

func (w *world) Store(_ context.Context, key string, value []byte, rev uint64) (uint64, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead() {
		return 0, false, errKilled
	}
	if w.revs[key] != rev {
		return 0, false, nil
	}
	w.values[key], w.revs[key] = value, rev+1
	if w.dead() {
		return 0, false, errKilled
	}
	return rev + 1, true, nil
}

func (w *world) Get(_ context.Context, name string) ([]byte, error) {
	data, ok := w.objects[name]
	if !ok {
		return nil, errors.New("no such object")
	}
	return data, nil
}

// articles are the enriched articles that were sent, decoded, and held to the contract.
func (w *world) articles(t testing.TB) []messages.EnrichedArticle {
	return decoded[messages.EnrichedArticle](t, w, "enriched.")
}

// alerts are the alerts that were sent, on either subject.
func (w *world) alerts(t testing.TB) []messages.Alert { return decoded[messages.Alert](t, w, "alert") }

func decoded[M messages.Message](t testing.TB, w *world, subject string) []M {
	t.Helper()
	var list []M
	for _, out := range w.sent {
		if !strings.HasPrefix(out.Subject, subject) {
			continue
		}
		m, err := messages.Decode[M](out.Data)
		if err != nil {
			t.Fatalf("published on %s what breaks the contract: %v", out.Subject, err)
		}
		list = append(list, m)
	}
	return list
}

// phrases is a working matcher for tests: it finds names as they are spelled and nothing else.
type phrases []phrase

type phrase struct{ list, entry, name, tier string }

func (ps phrases) Search(doc watch.Doc, _ float64) (found, near []watch.Match) {
	for _, p := range ps {
		m := watch.Match{List: p.list, Entry: p.entry, Name: p.name, Alias: p.name, Tier: p.tier, Score: 1, Bits: 30, Threshold: 20,
			Parts:     []watch.Part{{Watched: p.name, Word: p.name, Rule: "exact", Bits: 30}},
			Penalties: []watch.Reason{{Rule: "common", Text: p.name, Bits: -1}}}
		for at := 0; ; {
			i := strings.Index(doc.Text[at:], p.name)
			if i < 0 {
				break
			}
			m.Mentions = append(m.Mentions, watch.Span{Start: at + i, End: at + i + len(p.name)})
			at += i + len(p.name)
		}
		if len(m.Mentions) == 0 {
			continue
		}
		m.Best = m.Mentions[0]
		for s := range ner.Sentences(doc.Text) {
			if s.Start <= m.Best.Start && m.Best.End <= s.End {
				m.Sentence = doc.Text[s.Start:s.End]
			}
		}
		found = append(found, m)
	}
	return found, nil
}

// khalimov is the list most tests watch.
var khalimov = phrases{{"war", "khalimov", "Gulmurod Khalimov", messages.TierConfirmed}}

// start makes an extractor in w; change, when given, bends its options.
func start(t testing.TB, w *world, lists extractor.Matcher, change ...func(*extractor.Options)) *extractor.Extractor {
	t.Helper()
	o := extractor.Options{
		Publisher: w, Rang: w, Stories: w, Pages: w, Recognizer: ner.None{},
		Now: func() time.Time { return noon }, Version: "test",
		PageBudget: time.Minute, // a busy machine is no reason to give a page up
	}
	for _, c := range change {
		c(&o)
	}
	x, err := extractor.New(o)
	if err != nil {
		t.Fatal(err)
	}
	x.SetIndex(lists)
	return x
}

// item is a RawArticle with all that the contract asks for.
func item() messages.RawArticle {
	return messages.RawArticle{
		Version: messages.Version,
		Article: messages.Article{
			ID: "a1b2c3", Revision: 1, Feed: "example-world", Source: "example", URL: "https://example.test/story",
			Title: "Commander leaves", FirstSeen: noon.Add(-time.Minute), FetchedAt: noon.Add(-time.Second),
		},
		Published: time.Date(2026, 11, 20, 9, 30, 0, 0, time.FixedZone("", 5*3600)), PublishedSource: "pubDate",
	}
}

// delivery wraps a message as the stream brings it the first time.
func delivery(t testing.TB, raw messages.RawArticle) messages.Delivery {
	t.Helper()
	data, err := messages.Encode(raw)
	if err != nil {
		t.Fatal(err)
	}
	return messages.Delivery{Subject: messages.RawSubject(raw.Source), Data: data, Stream: messages.StreamRaw, Sequence: 7, Delivered: 1}
}

// packed compresses a page as the fetcher does.
func packed(page []byte) []byte {
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return enc.EncodeAll(page, nil)
}

// sentences repeats a sentence until it is long enough to be a main text.
func sentences(s string) string { return strings.TrimSpace(strings.Repeat(s+" ", 250/len(s)+1)) }

// one is Handle on a message that has to go through.
func one(t testing.TB, x *extractor.Extractor, d messages.Delivery) {
	t.Helper()
	if err := x.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}
