package main

import (
	_ "embed"
	"os"
	"strings"
	"testing"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch"
	"tocsin/services/extractor/watch/watchlist"
)

//go:embed testdata/decisions.tsv
var decisions string

// Floors of the labelled set: the share of true mentions that ring, and of strangers that do not.
const (
	foundFloor = 0.97
	quietFloor = 0.97
	leastSet   = 300
)

// TestLabelledDecisions runs the labelled set: homonyms, relatives, partial names, titles, scripts, headlines, lists of
// names, possessives, inflected forms and line breaks. A true mention is found at any tier; a stranger is quiet when it
// rings neither as confirmed nor as probable.
func TestLabelledDecisions(t *testing.T) {
	data, err := os.ReadFile("testdata/watched.yaml")
	if err != nil {
		t.Fatal(err)
	}
	entries, _, err := watchlist.Parse(watchlist.YAML, "watched.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	x, problems := watch.Compile(entries, watch.Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	known := map[string]watch.Entry{}
	for _, e := range entries {
		known[e.ID] = e
	}
	var found, quiet rate
	for line := range strings.Lines(decisions) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		e, ok := known[f[1]]
		if len(f) != 4 || !ok {
			t.Fatalf("bad line %q", line)
		}
		doc := watch.Doc{Text: strings.ReplaceAll(f[3], `\n`, "\n")}
		want := f[0] == "yes"
		rang := false
		for _, m := range x.Find(doc) {
			rang = rang || m.Entry == e.ID && (want || m.Tier != messages.TierReview)
		}
		if want {
			found.add(rang)
		} else {
			quiet.add(!rang)
		}
		if rang != want {
			why := x.Explain(e, doc)
			t.Logf("%s (%s) %q: %s; %v %v %v", f[1], f[2], f[3], why.Why, why.Match.Parts, why.Match.Penalties, why.Match.Context)
		}
	}
	t.Logf("%.0f true mentions: %.3f ring; %.0f strangers: %.3f are quiet", found.n, found.share(), quiet.n, quiet.share())
	if found.share() < foundFloor || quiet.share() < quietFloor || found.n+quiet.n < leastSet {
		t.Errorf("below the floor of %.2f and %.2f on %d decisions", foundFloor, quietFloor, leastSet)
	}
}
