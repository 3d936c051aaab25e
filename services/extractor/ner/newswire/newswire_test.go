package newswire

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/ner/crf"
)

// recognizer is the shipped one, read once for all tests.
var recognizer = sync.OnceValue(func() *Recognizer {
	r, err := New()
	if err != nil {
		panic(err)
	}
	return r
})

// show writes entities as kind:canonical, each with its mentions as they stand in the text.
func show(text string, es []ner.Entity) string {
	var out []string
	for _, e := range es {
		var ms []string
		for _, m := range e.Mentions {
			ms = append(ms, text[m.Start:m.End])
		}
		out = append(out, fmt.Sprintf("%s [%s]", e.Key, strings.Join(ms, "; ")))
	}
	return strings.Join(out, "\n")
}

const article = `Tajik commander joins Islamic State

DUSHANBE, Tajikistan (Reuters) - Col. Gulmurod Khalimov, who led the special forces of the Interior Ministry of Tajikistan, has joined Islamic State, police said on Thursday.
Khalimov’s wife was not at home in Dushanbe. The United Nations (UN) asked for calm; the UN has 200 people in the country. "We know KHALIMOV well," said President Emomali Rahmon.
The International Atomic Energy Agency was not involved, the IAEA said in Vienna. In Washington, the U.S. State Department offered $3 million for Khalimov.`

func TestFindGathers(t *testing.T) {
	es, note := recognizer().Find(article, "en")
	if note != "" {
		t.Fatalf("note %q for English", note)
	}
	got := show(article, es)
	for _, want := range []string{
		"person:gulmurod khalimov [Gulmurod Khalimov; Khalimov; KHALIMOV; Khalimov]",
		"person:emomali rahmon [Emomali Rahmon]",
		"[United Nations; UN; UN]",
		"[International Atomic Energy Agency; IAEA]",
		"place:vienna [Vienna]",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s in\n%s", want, got)
		}
	}
}

func TestArticleInMidSentenceBelongsToTheName(t *testing.T) {
	for text, want := range map[string]int{"he told The Guardian": 8, "it ran in Time, The Guardian": 16, "a day. The Guardian": 11, "he told the Guardian": 12, "The Guardian": 4} {
		if got := withArticle(text, strings.Index(text, "Guardian")); got != want {
			t.Errorf("%q: the name starts at %d, want %d", text, got, want)
		}
	}
}

func TestPeoplesAndPronounsAreNoNames(t *testing.T) {
	for _, c := range []struct {
		written, kind string
		want          bool
	}{
		{"Iranian", "place", true}, {"Iran", "place", false}, {"US", "place", false}, {"us", "place", true}, {"WHO", "organization", false},
		{"Who", "organization", true}, {"Monday", "person", true}, {"Read More", "organization", true}, {"April", "person", false}, {"…", "person", true},
	} {
		folded, words := appendFolded(nil, c.written)
		if got := nameless(c.written, folded, words, c.kind); got != c.want {
			t.Errorf("%q as a %s is none: %v, want %v", c.written, c.kind, got, c.want)
		}
	}
}

// gathered gathers names that stand in text in this order, as a model would have found them.
func gathered(text string, names ...[2]string) string {
	g := newGatherer()
	g.reset(text)
	at := 0
	for _, n := range names {
		at += strings.Index(text[at:], n[0])
		g.add(crf.Name{Start: at, End: at + len(n[0]), Score: 0.9}, n[1])
		at += len(n[0])
	}
	return show(text, g.entities())
}

func TestPeoplesAreNoPersons(t *testing.T) {
	if got := gathered("Tajik commander", [2]string{"Tajik", "person"}); got != "" {
		t.Errorf("%s, want nothing: a people is no person", got)
	}
	if got, want := gathered("Dawn French sang. French left.", [2]string{"Dawn French", "person"}, [2]string{"French", "person"}), "person:dawn french [Dawn French; French]"; got != want {
		t.Errorf("%s, want %s: here it is a surname", got, want)
	}
}

func TestSurnamesInCapitalsAreMentions(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"after the full name", "Gulmurod Khalimov left. We know KHALIMOV well.", "person:gulmurod khalimov [Gulmurod Khalimov; KHALIMOV]"},
		{"before it, with a possessive", "KHALIMOV'S WIFE FLEES. Gulmurod Khalimov left.", "person:gulmurod khalimov [KHALIMOV; Gulmurod Khalimov]"},
		{"not in lower case, nor as part of a word", "Gulmurod Khalimov left. khalimov KHALIMOVA", "person:gulmurod khalimov [Gulmurod Khalimov]"},
		{"not a short word, which is an acronym", "Gulmurod Lee left. LEE", "person:gulmurod lee [Gulmurod Lee]"},
	} {
		full := "Gulmurod Khalimov"
		if !strings.Contains(c.text, full) {
			full = "Gulmurod Lee"
		}
		if got := gathered(c.text, [2]string{full, "person"}); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}

func TestAnotherLanguageGivesANote(t *testing.T) {
	es, note := recognizer().Find("Angela Merkel reist nach Paris.", "de")
	if len(es) != 0 || !strings.Contains(note, `"de"`) {
		t.Errorf("%v, note %q; want no entities and a note that names the language", es, note)
	}
}

func TestEmptyText(t *testing.T) {
	if es, note := recognizer().Find("", "en"); len(es) != 0 || note != "" {
		t.Errorf("%v, %q for an empty text", es, note)
	}
}

// check holds what must be true of the entities of any text.
func check(t *testing.T, text string, es []ner.Entity) {
	t.Helper()
	taken := make([]bool, len(text))
	keys := map[string]bool{}
	for _, e := range es {
		if keys[e.Key] {
			t.Fatalf("key %q twice in %q", e.Key, text)
		}
		keys[e.Key] = true
		if len(e.Mentions) == 0 || e.Canonical == "" || !(e.Score >= 0 && e.Score <= 1) || !strings.HasPrefix(e.Key, e.Kind+":") {
			t.Fatalf("entity %+v of %q", e, text)
		}
		last := -1
		for _, m := range e.Mentions {
			if m.Start < 0 || m.End <= m.Start || m.End > len(text) || m.Start <= last {
				t.Fatalf("mention %v of %q", m, text)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[m.Start:m.End]) {
				t.Fatalf("mention %v cuts a rune of %q", m, text)
			}
			for i := m.Start; i < m.End; i++ {
				if taken[i] {
					t.Fatalf("mentions overlap at %d of %q", i, text)
				}
				taken[i] = true
			}
			last = m.Start
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"", article, "Mr. Li's", "A\xffB (UN)", "JOHN SMITH JR\n\nSmith, J. Smith", "\u00adDr. \u00ad", "’s", "Ｔokyo ІВАНОВ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		es, _ := recognizer().Find(s, "en")
		check(t, s, es)
	})
}

// plain lists entities without offsets.
func plain(text string, es []ner.Entity) string {
	return strings.Join(strings.Fields(show(text, es)), " ")
}

func TestWrapsAndCurlyQuotesChangeNothing(t *testing.T) {
	want, _ := recognizer().Find(article, "en")
	for _, c := range []struct{ why, old, new string }{
		{"lines wrapped at every space", " ", "\n"},
		{"NBSP for spaces", " ", "\u00a0"},
		{"straight apostrophes", "’", "'"},
		{"curly quotes", `"We know KHALIMOV well,"`, "“We know KHALIMOV well,”"},
	} {
		text := strings.ReplaceAll(article, c.old, c.new)
		got, _ := recognizer().Find(text, "en")
		check(t, text, got)
		if a, b := plain(text, got), plain(article, want); a != b {
			t.Errorf("%s:\n got %s\nwant %s", c.why, a, b)
		}
	}
}

func TestSameAtAnyConcurrency(t *testing.T) {
	es, _ := recognizer().Find(article, "en")
	want := fmt.Sprint(es)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if es, _ := recognizer().Find(article, "en"); fmt.Sprint(es) != want {
					t.Error("another goroutine, other entities")
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestAppendingShiftsNothing(t *testing.T) {
	before, _ := recognizer().Find(article, "en")
	after, _ := recognizer().Find(article+"\n\nThe weather stays fair until the end of the week.", "en")
	if a, b := show(article, before), show(article, after); a != b {
		t.Errorf("with a paragraph more\n got %s\nwant %s", b, a)
	}
}

func TestFewAllocations(t *testing.T) {
	limit := 40.0
	if raced {
		limit = 1000 // pools drop what they hold
	}
	r := recognizer()
	text := strings.Repeat(article+"\n\n", 5)
	r.Find(text, "en")
	if n := testing.AllocsPerRun(20, func() { r.Find(text, "en") }); n > limit {
		t.Errorf("%v allocations for %d bytes of text, want at most %v", n, len(text), limit)
	}
}

func BenchmarkFind(b *testing.B) {
	r := recognizer()
	text := strings.Repeat(article+"\n\n", 5)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r.Find(text, "en")
	}
}
