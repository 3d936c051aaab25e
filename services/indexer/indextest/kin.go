package indextest

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// sample is the sketch of a made-up text of n shingles; of the last ones, shared are those of the text with seed 1.
func sample(seed uint64, n, shared int) []uint64 {
	var all []uint64
	own, other := rand.New(rand.NewPCG(seed, 2)), rand.New(rand.NewPCG(1, 2))
	for i := range n {
		r := own
		if i < shared {
			r = other
		}
		all = append(all, r.Uint64()>>(64-messages.SketchBits))
	}
	slices.Sort(all)
	return all[:min(len(all), messages.SketchMost)]
}

// sketched is a small document with a sketch.
func sketched(t *testing.T, id string, seen time.Time, sketch []uint64) indexer.Document {
	a := Article(id, seen.Add(-time.Hour), "A bridge falls", "It fell at night.", func(a *messages.EnrichedArticle) { a.Sketch = sketch })
	return document(t, a, 0)
}

// testKin expects near-copies to be found and nothing else, in what the caller has written last of each article.
func testKin(t *testing.T, x Index) {
	kin, ok := x.Writer.(indexer.Kin)
	if !ok {
		t.Fatalf("%T does not implement indexer.Kin", x.Writer)
	}
	now := day(2026, 3, 10)
	story := sample(1, 400, 0)
	joined := sketched(t, "joined", now, sample(3, 420, 380))
	joined.Group = "agency"
	x.write(t,
		sketched(t, "agency", now, story),
		joined,
		sketched(t, "third", now, sample(1, 130, 0)),
		sketched(t, "paragraph", now, sample(5, 400, 60)),
		sketched(t, "other", now, sample(6, 400, 0)),
		sketched(t, "short", now, sample(1, messages.SketchLeast-1, 0)),
		sketched(t, "old", now.AddDate(0, 0, -7), story),
	)
	for _, c := range []struct {
		why    string
		sketch []uint64
		since  time.Time
		want   []string
	}{
		{"every copy, whole, edited or cut to a third", story, now.AddDate(0, 0, -3), []string{"agency agency", "joined agency", "third third"}},
		{"older ones where they are wanted", story, now.AddDate(0, 0, -8), []string{"agency agency", "joined agency", "old old", "third third"}},
		{"a long copy from a short one", sample(1, 130, 0), now.AddDate(0, 0, -3), []string{"agency agency", "joined agency", "third third"}},
		{"a text of its own finds itself", sample(6, 400, 0), now.AddDate(0, 0, -3), []string{"other other"}},
		{"a text that is not there finds nothing", sample(7, 400, 0), now.AddDate(0, 0, -3), nil},
	} {
		found, err := kin.Kin(t.Context(), [][]uint64{sample(8, 300, 0), c.sketch}, c.since)
		if err != nil || len(found) != 2 || len(found[0]) != 0 {
			t.Fatalf("%s: %v, %v", c.why, found, err)
		}
		var got []string
		for _, r := range found[1] {
			got = append(got, r.ID+" "+r.Group)
		}
		if slices.Sort(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
	rewritten := sketched(t, "third", now, sample(9, 400, 0))
	rewritten.Revision = 2
	x.write(t, rewritten)
	found, err := kin.Kin(t.Context(), [][]uint64{sample(1, 130, 0), rewritten.Sketch}, now.AddDate(0, 0, -3))
	if err != nil || len(found[0]) != 2 || len(found[1]) != 1 {
		t.Errorf("a later revision is found by its new text only: %v, %v", found, err)
	}
}

// testGroups expects copies in one group, whether they come one after the other or together.
func testGroups(t *testing.T, x Index) {
	now := day(2026, 3, 10)
	grouping, ok := x.Writer.(indexer.Grouping)
	if !ok {
		t.Fatalf("%T does not implement indexer.Grouping", x.Writer)
	}
	core, err := indexer.New(indexer.Options{Writer: x.Writer, Grouping: grouping, SecondLook: true, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	story := sample(1, 400, 0)
	deliver := func(docs ...indexer.Document) {
		t.Helper()
		var batch []messages.Delivery
		for _, d := range docs {
			data, err := messages.Encode(d.Article())
			if err != nil {
				t.Fatal(err)
			}
			batch = append(batch, messages.Delivery{Data: data})
		}
		for _, err := range core.HandleBatch(t.Context(), batch) {
			if err != nil {
				t.Fatal(err)
			}
		}
		if x.Refresh != nil {
			x.Refresh(t)
		}
	}
	deliver(sketched(t, "m", now, story), sketched(t, "b", now, sample(3, 420, 380)), sketched(t, "alone", now, sample(6, 400, 0)))
	deliver(sketched(t, "z", now, sample(1, 130, 0)))
	x.groupIs(t, "one after the other, and in one batch", "m", "b", "m", "z")
	x.write(t, sketched(t, "a", now, story)) // by another indexer, at the same time as the next
	twin := sketched(t, "q", now, story)
	deliver(twin)
	now = now.Add(time.Minute)
	if n := core.LookAgain(t.Context()); n != 5 {
		t.Fatalf("%d second looks, want one for each article delivered", n)
	}
	if x.Refresh != nil {
		x.Refresh(t)
	}
	x.groupIs(t, "the second look joins what came at the same time", "a", "a", "b", "m", "q", "z")
	deliver(twin) // the message comes again
	x.groupIs(t, "and a redelivery changes nothing", "a", "a", "b", "m", "q", "z")
	x.groupIs(t, "a text of its own is a group of its own", "alone", "alone")
	if got, err := grouping.Article(t.Context(), "q"); err != nil || difference(twin.Article(), got) != "" {
		t.Errorf("the article that was written again: %v, %s", err, difference(twin.Article(), got))
	}
}

func (x Index) groupIs(t *testing.T, why, group string, want ...string) {
	t.Helper()
	got := ids(x.search(t, indexer.Query{Groups: []string{group}}).Hits)
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("%s: group %s holds %v, want %v", why, group, got, want)
	}
}
