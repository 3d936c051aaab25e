package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/indextest"
)

// press draws small documents; one in ten is a near-copy of one before.
type press struct {
	r      *rand.Rand
	all    []indexer.Document
	copies []int // places in all
	seen   time.Time
}

func newPress() *press {
	return &press{r: rand.New(rand.NewPCG(3, 4)), seen: time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)}
}

func (p *press) draw(n int) []indexer.Document {
	from := len(p.all)
	for range n {
		sketch := make([]uint64, messages.SketchMost)
		for i := range sketch {
			sketch[i] = p.r.Uint64() >> (64 - messages.SketchBits + 3) // the lowest of many are small
		}
		if len(p.all) > 0 && p.r.IntN(10) == 0 {
			oldest := p.r.IntN(2) * max(0, len(p.all)-100) // half of the copies follow their original soon
			original := p.all[oldest+p.r.IntN(len(p.all)-oldest)].Sketch
			p.copies = append(p.copies, len(p.all))
			for range 80 {
				i := p.r.IntN(len(sketch))
				sketch[i] = original[i]
			}
		}
		slices.Sort(sketch)
		p.seen = p.seen.Add(time.Second)
		a := indextest.Article(fmt.Sprintf("d%d", len(p.all)), p.seen, "T", "x", func(a *messages.EnrichedArticle) { a.Sketch = slices.Compact(sketch) })
		a.FirstSeen = p.seen
		p.all = append(p.all, indexer.NewDocument(a, 0))
	}
	return p.all[from:]
}

// kin is what the index should find, by looking at all documents.
func (p *press) kin(sketch []uint64, since time.Time) (ids []string) {
	for _, d := range p.all {
		if d.FirstSeen.Before(since) || messages.SharedHashes(lowest(sketch, askedHashes), lowest(d.Sketch, indexedHashes)) < sharedHashes {
			continue
		}
		if messages.NearCopies(sketch, d.Sketch) {
			ids = append(ids, d.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// check asks for the kin of some documents, most of them with copies.
func (p *press) check(t *testing.T, x *Index, why string, since time.Time) {
	t.Helper()
	var sketches [][]uint64
	for len(sketches) < 30 {
		d := p.all[p.r.IntN(len(p.all))]
		if len(sketches)%2 == 0 {
			d = p.all[p.copies[p.r.IntN(len(p.copies))]]
		}
		if !d.FirstSeen.Before(since) {
			sketches = append(sketches, d.Sketch)
		}
	}
	found, err := x.Kin(t.Context(), sketches, since)
	if err != nil {
		t.Fatal(err)
	}
	copies := 0
	for i, sketch := range sketches {
		var got []string
		for _, r := range found[i] {
			got = append(got, r.ID)
		}
		slices.Sort(got)
		if want := p.kin(sketch, since); !slices.Equal(got, want) {
			t.Errorf("%s: kin %v, want %v", why, got, want)
		} else if len(want) > 1 {
			copies++
		}
	}
	if copies == 0 {
		t.Errorf("%s: no sketch had a copy; the test says nothing", why)
	}
}

func openFamily(t *testing.T, path string, readOnly bool) *Index {
	t.Helper()
	x, err := Open(t.Context(), Options{Path: path, ReadOnly: readOnly})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

func writeAll(t *testing.T, x *Index, docs []indexer.Document) {
	t.Helper()
	if _, err := x.Write(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
}

// Near-copies are found wherever their sketches lie, in memory or in runs, by the writer, by the next one, and by a reader.
func TestKinInRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	p, x := newPress(), openFamily(t, path, false)
	for range 2 {
		writeAll(t, x, p.draw(runLength+100))
	}
	if n := len(x.family.runs); n != 2 {
		t.Fatalf("%d runs of two and some, want 2", n)
	}
	p.check(t, x, "two runs and what is recent", p.all[0].FirstSeen)
	p.check(t, openFamily(t, path, true), "a reader", p.all[0].FirstSeen)

	again := p.all[5] // in the first run; its new text is a copy of another
	again.Revision, again.Sketch = 2, p.all[16_500].Sketch
	writeAll(t, x, []indexer.Document{again})
	p.all[5] = again
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x = openFamily(t, path, false)
	p.check(t, x, "the next writer", p.all[0].FirstSeen)
	found, err := x.Kin(t.Context(), [][]uint64{again.Sketch}, p.all[0].FirstSeen)
	if err != nil || len(found[0]) < 2 {
		t.Errorf("a revision is found by its new text: %v, %v", found, err)
	}

	p.seen = p.seen.Add(sketchLife)
	since := p.seen
	for range 4 { // each batch drops one run that is too old
		writeAll(t, x, p.draw(100))
	}
	var left int
	if err := x.read.QueryRowContext(t.Context(), "SELECT count(*) FROM shelf").Scan(&left); err != nil || left > 0 || len(x.family.runs) > 0 {
		t.Errorf("%d runs and %d shelves are left of what is too old, %v", len(x.family.runs), left, err)
	}
	p.check(t, x, "after old runs were dropped", since)
}

// An index of the format before runs keeps its sketches.
func TestOlderSketchesAreTakenOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	p := newPress()
	older(t, path, p.draw(runLength+500))
	if _, err := Open(t.Context(), Options{Path: path, ReadOnly: true}); err == nil {
		t.Error("a reader opened the older format")
	}
	x := openFamily(t, path, false)
	if n := len(x.family.runs); n != 1 {
		t.Errorf("%d runs of one and some, want 1", n)
	}
	p.check(t, x, "taken over", p.all[0].FirstSeen)
	writeAll(t, x, p.draw(500))
	p.check(t, x, "and written on", p.all[0].FirstSeen)
}

// older makes an index of format 2 with sketches.
func older(t *testing.T, path string, docs []indexer.Document) {
	t.Helper()
	x := openFamily(t, path, false) // for its connection only
	defer func() { _ = x.Close() }()
	ctx := context.Background()
	exec := func(text string, args ...any) {
		if _, err := x.write.ExecContext(ctx, text, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`DROP TABLE sketch; DROP TABLE run; DROP TABLE shelf; PRAGMA user_version = 2;
		CREATE TABLE sketch(rid INTEGER PRIMARY KEY, seen INTEGER NOT NULL, hashes BLOB NOT NULL);
		CREATE INDEX sketch_seen ON sketch(seen);
		CREATE TABLE shingle(hash INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(hash, rid)) WITHOUT ROWID; BEGIN`)
	for i, d := range docs {
		exec("INSERT INTO article(rid, id, version, at, source, lang, kin) VALUES(?, ?, 1000, 0, '', '', ?)", i+1, d.ID, d.ID)
		exec("INSERT INTO sketch VALUES(?, ?, ?)", i+1, d.FirstSeen.UnixMilli(), packSketch(d.Sketch))
	}
	exec("COMMIT")
}

func FuzzSieve(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\xff"), uint16(1))
	f.Fuzz(func(t *testing.T, seed []byte, n uint16) {
		hashes := unpackSketch(append(seed, make([]byte, 8)...))
		s := newSieve(int(n))
		for _, h := range hashes {
			s.put(h)
		}
		for _, h := range hashes {
			if !s.has(h) {
				t.Errorf("%x was put in and is not there", h)
			}
		}
	})
}

// What was never put in is as a rule not found, or every question would go to the disk.
func TestSieveLetsLittleThrough(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	s := newSieve(100_000)
	for range 100_000 {
		s.put(r.Uint64() >> 16)
	}
	through := 0
	for range 100_000 {
		if s.has(r.Uint64() >> 16) {
			through++
		}
	}
	if through > 3000 {
		t.Errorf("%d of 100,000 strangers pass, want about 1,000", through)
	}
}
