package watchlint_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/internal/operate/watchlint"
	"tocsin/services/extractor/watch"
)

func entry(id string, names ...string) watch.Entry {
	e := watch.Entry{List: "desk", ID: id}
	for _, n := range names {
		e.Names = append(e.Names, watch.Name{Text: n})
	}
	return e
}

func TestFindings(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	muted := entry("smith", "John Smith")
	muted.Policy.MuteUntil = now.Add(time.Hour)
	asked := entry("smith", "John Smith")
	asked.Policy.RequireAny = []string{"fugitive"}
	weak := entry("b", "Nuriddin Ashrafzamonov", "Gulmurod Khalimov")
	weak.Names[1].Kind = watch.WeakAlias
	for _, c := range []struct {
		sentence string
		entries  []watch.Entry
		want     []string
	}{
		{"two good names", []watch.Entry{entry("a", "Gulmurod Khalimov"), entry("b", "Nuriddin Ashrafzamonov")}, nil},
		{"a name of one word", []watch.Entry{entry("a", "Khalimov")}, []string{"one-word a"}},
		{"a second spelling with two words is enough", []watch.Entry{entry("a", "Khalimov", "Gulmurod Khalimov")}, nil},
		{"Chinese writes no spaces", []watch.Entry{entry("a", "习近平")}, nil},
		{"a muted name rings for a reason of its own", []watch.Entry{muted}, nil},
		{"a name that waits for a word, too", []watch.Entry{asked}, nil},
		{"the same name in another order, case and accents", []watch.Entry{entry("a", "Gulmurod Khalimov"), entry("b", "KHALIMOV, Gulmuród")}, []string{"duplicate b"}},
		{"an entry may repeat itself", []watch.Entry{entry("a", "Gulmurod Khalimov", "Khalimov Gulmurod")}, nil},
		{"a weak alias is meant to be shared", []watch.Entry{entry("a", "Gulmurod Khalimov"), weak}, nil},
		{"nothing to match by", []watch.Entry{entry("a", "–")}, []string{"unwatchable a"}},
	} {
		var got []string
		for _, f := range watchlint.Check(c.entries, now, nil) {
			if f.Rule != watchlint.RuleUnwatchable || !slices.Contains(got, f.Rule+" "+f.Entry) {
				got = append(got, f.Rule+" "+f.Entry)
			}
			if strings.Contains(f.Sentence, "halimov") {
				t.Errorf("%s: the sentence %q holds the name", c.sentence, f.Sentence)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: found %q, want %q", c.sentence, got, c.want)
		}
	}
}

func TestACommonNameIsTold(t *testing.T) {
	var told int
	common := entry("a", "John Smith")
	common.Policy.MinBits = 30
	f := watchlint.Check([]watch.Entry{common}, time.Unix(0, 0), func(int, int) { told++ })
	if len(f) != 1 || f[0].Rule != watchlint.RuleCommon || !strings.Contains(f[0].Sentence, "bits of the") || told != 1 {
		t.Errorf("found %+v after telling %d times; want one that says how many bits are missing", f, told)
	}
}
