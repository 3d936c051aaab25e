package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tocsin/internal/newsroom"
	"tocsin/services/indexer"
	"tocsin/test/mortal"
)

// A short run on every change; longer ones are `make chaos`.
func TestNothingIsLostWhenProcessesAreKilled(t *testing.T) {
	t.Parallel()
	a, err := run(t.Context(), options{kills: 5, items: 60, seed: 1, index: "sqlite", brokers: 1, dir: t.TempDir(), bin: binaries, log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	if a.Items != 60 || !a.clean() {
		t.Errorf("the account is %+v", a)
	}
}

// An account that could not tell would be worth nothing.
func TestAccountNamesWhatIsWrong(t *testing.T) {
	document := func(id, url, title string, n int) indexer.Hit {
		return indexer.Hit{Document: indexer.Document{ID: id, URL: url, Title: title, Revision: n}}
	}
	world := []newsroom.Entry{
		{URL: "u/1", Revision: 1, Title: "One", Watch: []string{"brandsma"}},
		{URL: "u/2", Revision: 1, Title: "Two"},
		{URL: "u/2", Revision: 2, Title: "Two, corrected", Watch: []string{"nemati"}},
	}
	whole := func() holdings {
		return holdings{
			documents: []indexer.Hit{document("a", "u/1", "One", 1), document("b", "u/2", "Two, corrected", 2)},
			raw:       map[revision]bool{{"a", "1"}: true, {"b", "1"}: true, {"b", "2"}: true},
			dead:      map[revision]string{},
			rings:     map[string]map[string]int{"x": {"1": 1, "2": 1}, "y": {"1": 1}},
			rang:      map[ring]bool{{"u/1", "brandsma"}: true, {"u/2", "nemati"}: true},
		}
	}
	for _, c := range []struct {
		sentence string
		spoil    func(*holdings)
		want     account
	}{
		{"all is there", func(*holdings) {}, account{}},
		{"a document is gone", func(h *holdings) { h.documents = h.documents[1:] }, account{Lost: 1, Difference: 1}},
		{"only the first version was indexed", func(h *holdings) { h.documents[1] = document("b", "u/2", "Two", 1) }, account{Lost: 1, Difference: 1}},
		{"one that was given up is explained, and lost all the same", func(h *holdings) {
			h.documents[1] = document("b", "u/2", "Two", 1)
			h.dead[revision{"b", "2"}] = "dlq.indexer.crash"
		}, account{Lost: 1}},
		{"a story became two documents", func(h *holdings) { h.documents = append(h.documents, document("c", "u/1", "One", 1)) }, account{Duplicates: 1}},
		{"a document of no story", func(h *holdings) { h.documents = append(h.documents, document("c", "u/3", "Three", 1)) }, account{Duplicates: 1}},
		{"a name did not ring", func(h *holdings) { delete(h.rang, ring{"u/2", "nemati"}) }, account{AlertsMissing: 1}},
		{"an alert stands in the stream three times", func(h *holdings) { h.rings["y"]["1"] = 3 }, account{AlertsDuplicate: 2}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			h := whole()
			c.spoil(&h)
			got := compare(world, h)
			if len(got.problems) == 0 != got.clean() && len(h.dead) == 0 {
				t.Errorf("problems %q of %+v", got.problems, got)
			}
			got.problems, c.want.Items = nil, 2
			if got.Lost != c.want.Lost || got.Duplicates != c.want.Duplicates || got.AlertsMissing != c.want.AlertsMissing ||
				got.AlertsDuplicate != c.want.AlertsDuplicate || got.Difference != c.want.Difference || got.Items != c.want.Items {
				t.Errorf("account %+v, want %+v", got, c.want)
			}
		})
	}
}

// The same seed gives the same world and the same kills.
func TestPlanFollowsTheSeed(t *testing.T) {
	first, second := plans(7), plans(7)
	if first != second {
		t.Error("seed 7 gave two plans")
	}
	if first == plans(8) {
		t.Error("seeds 7 and 8 gave one plan")
	}
}

// plans is the world and the kills of a seed as text.
func plans(seed uint64) string {
	r := func(n uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, n)) }
	return fmt.Sprint(stories(50, time.Minute, r(1)), mortal.Strikes(20, 6, time.Minute, r(2)))
}
