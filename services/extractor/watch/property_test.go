package watch_test

import (
	"html"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"tocsin/services/extractor/watch"
)

// sampleEntries are people and an organisation in several scripts.
func sampleEntries() []watch.Entry {
	return []watch.Entry{
		{ID: "khalimov", List: "a", Names: []watch.Name{{Text: "Gulmurod Khalimov"}, {Text: "Гулмурод Халимов"}}, Countries: []string{"TJ"}, BirthDate: "1975"},
		{ID: "muttaqi", List: "a", Names: []watch.Name{{Text: "Amir Khan Muttaqi"}, {Text: "امیر خان متقی"}}},
		{ID: "oneill", List: "b", Names: []watch.Name{{Text: "Séamus O'Neillaghan"}}},
		{ID: "nuaymi", List: "b", Names: []watch.Name{{Text: "'Abd al-Rahman al-Nuaymi"}}},
		{ID: "kim", List: "b", Names: []watch.Name{{Text: "Kim Yo Jong"}, {Text: "김여정"}}},
		{ID: "zhang", List: "b", Names: []watch.Name{{Text: "张伟明"}}},
		{ID: "front", List: "b", Kind: watch.Organization, Names: []watch.Name{{Text: "Popular Front of Tamaristan"}}},
	}
}

var sampleTexts = []string{
	"Colonel Gulmurod Khalimov of Tajikistan spoke to Amir Khan Muttaqi. Khalimov's men left.",
	"It was Séamus O’Neillaghan who met Abdulrahman al-Nuaimi and the Popular Front of Tamaristan.",
	"Kim Yo-jong issued a statement on Monday, said Gulmurad Halimaov.",
}

func entriesOf(matches []watch.Match) []string {
	var out []string
	for _, m := range matches {
		out = append(out, m.List+"."+m.Entry)
	}
	return out
}

func TestWritingChangesNothing(t *testing.T) {
	x, _ := watch.Compile(sampleEntries(), watch.Options{})
	tests := []struct {
		sentence string
		change   func(string) string
	}{
		{"in capitals", strings.ToUpper},
		{"in lower case", strings.ToLower},
		{"composed", norm.NFC.String},
		{"decomposed", norm.NFD.String},
		{"with no-break spaces", func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }},
		{"wrapped at every space", func(s string) string { return strings.ReplaceAll(s, " ", "\n") }},
		{"wrapped with indents", func(s string) string { return strings.ReplaceAll(s, " ", "\r\n   ") }},
		{"with curly quotes", func(s string) string { return strings.ReplaceAll(s, "'", "’") }},
		{"with straight quotes", func(s string) string { return strings.ReplaceAll(s, "’", "'") }},
		{"with character references", func(s string) string {
			return strings.ReplaceAll(strings.ReplaceAll(html.EscapeString(s), "’", "&rsquo;"), "é", "&eacute;")
		}},
		{"with soft hyphens", func(s string) string { return strings.ReplaceAll(s, "mur", "mu\u00adr") }},
	}
	for _, text := range sampleTexts {
		want := entriesOf(x.Find(watch.Doc{Text: text}))
		if len(want) == 0 {
			t.Fatalf("nothing found in %q", text)
		}
		for _, tt := range tests {
			if got := entriesOf(x.Find(watch.Doc{Text: tt.change(text)})); !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v in %q", tt.sentence, got, want, tt.change(text))
			}
		}
	}
}

func TestSameInputSameBits(t *testing.T) {
	x, _ := watch.Compile(sampleEntries(), watch.Options{})
	y, _ := watch.Compile(sampleEntries(), watch.Options{})
	for _, text := range append(sampleTexts, sampleTexts...) {
		if a, b := x.Find(watch.Doc{Text: text}), y.Find(watch.Doc{Text: text}); !reflect.DeepEqual(a, b) {
			t.Errorf("two searches of one text differ:\n%+v\n%+v", a, b)
		}
	}
}

func TestAnotherNameChangesNoBits(t *testing.T) {
	x, _ := watch.Compile(sampleEntries(), watch.Options{})
	y, _ := x.With(watch.Entry{ID: "new", List: "c", Names: []watch.Name{{Text: "Gulmurod Halimov"}, {Text: "Amir Khan"}}})
	for _, text := range sampleTexts {
		before, after := x.Find(watch.Doc{Text: text}), y.Find(watch.Doc{Text: text})
		after = slices.DeleteFunc(after, func(m watch.Match) bool { return m.Entry == "new" })
		if !reflect.DeepEqual(before, after) {
			t.Errorf("a name on another list changed the others:\n%+v\n%+v", before, after)
		}
	}
}

func TestPolicyBindsAnEntry(t *testing.T) {
	const text = "Gulmurod Khalimov, the footballer's neighbour, was seen in Dushanbe."
	tests := []struct {
		sentence string
		policy   watch.Policy
		rings    bool
	}{
		{"no policy", watch.Policy{}, true},
		{"more bits than there are", watch.Policy{MinBits: 90}, false},
		{"an excluded phrase stands in the text", watch.Policy{Exclude: []string{"was seen"}}, false},
		{"an excluded phrase does not", watch.Policy{Exclude: []string{"was heard"}}, true},
		{"a required word stands in the text", watch.Policy{RequireAny: []string{"Takhar", "Dushanbe"}}, true},
		{"a required word does not", watch.Policy{RequireAny: []string{"Takhar"}}, false},
	}
	for _, tt := range tests {
		e := watch.Entry{ID: "k", Names: []watch.Name{{Text: "Gulmurod Khalimov"}}, Policy: tt.policy}
		x, _ := watch.Compile([]watch.Entry{e}, watch.Options{})
		if got := len(x.Find(watch.Doc{Text: text})) == 1; got != tt.rings {
			t.Errorf("%s: rings is %v", tt.sentence, got)
		}
	}
	exact, _ := watch.Compile([]watch.Entry{{Names: []watch.Name{{Text: "Gulmurod Halimov"}}, Policy: watch.Policy{ExactOnly: true}}}, watch.Options{})
	if len(exact.Find(watch.Doc{Text: text})) != 0 {
		t.Error("an inexact spelling rang for an entry that wants exact ones")
	}
}

func TestPolicyLowersTheTier(t *testing.T) {
	const text = "Gulmurud Kalimov was seen." // 34.2 bits
	const strong, weak, faint = 0, 30, 34     // the bits that are asked for
	tests := []struct {
		sentence        string
		needs           float64
		tier, want, why string
	}{
		{"no tier lowers nothing", strong, "", "confirmed", "threshold"},
		{"confirmed lowers nothing", strong, "confirmed", "confirmed", "threshold"},
		{"probable lowers a confirmed match", strong, "probable", "probable", "it would ring as confirmed, but the entry's policy lets it ring as probable at most"},
		{"review lowers a confirmed match", strong, "review", "review", "it would ring as confirmed, but the entry's policy lets it ring as review at most"},
		{"a tier that is none lowers nothing", strong, "low", "confirmed", "threshold"},
		{"confirmed raises no weaker match", weak, "confirmed", "probable", "threshold"},
		{"probable leaves a probable match", weak, "probable", "probable", "threshold"},
		{"review lowers a probable match", weak, "review", "review", "it would ring as probable"},
		{"probable raises no review match", faint, "probable", "review", "threshold"},
	}
	for _, tt := range tests {
		e := watch.Entry{ID: "k", Names: []watch.Name{{Text: "Gulmurod Khalimov"}}, Policy: watch.Policy{MinBits: tt.needs, Tier: tt.tier}}
		x, _ := watch.Compile([]watch.Entry{e}, watch.Options{})
		got := x.Find(watch.Doc{Text: text})
		if len(got) != 1 || got[0].Tier != tt.want {
			t.Errorf("%s: got %+v", tt.sentence, got)
		}
		told := x.Explain(e, watch.Doc{Text: text})
		if lowers := strings.Contains(told.Why, "at most"); !told.Rings || !strings.Contains(told.Why, tt.why) || lowers != strings.Contains(tt.why, "would ring") {
			t.Errorf("%s: explained as %q", tt.sentence, told.Why)
		}
	}
}

func TestEntriesThatNoAlertCanAddressAreLeftOut(t *testing.T) {
	tests := []struct{ sentence, list, id, names string }{
		{"an id of two tokens", "l", "x.y", "id"},
		{"an id with a blank", "l", "Gulmurod Khalimov", "id"},
		{"an id that is a wildcard", "l", "*", "id"},
		{"an id that is too long", "l", strings.Repeat("x", 129), "id"},
		{"a list outside ASCII", "список", "k", "list"},
	}
	const text = "Gulmurod Khalimov and Amir Khan Muttaqi met."
	good := watch.Entry{ID: "m", List: "l", Names: []watch.Name{{Text: "Amir Khan Muttaqi"}}}
	for _, tt := range tests {
		bad := watch.Entry{ID: tt.id, List: tt.list, Names: []watch.Name{{Text: "Gulmurod Khalimov"}}}
		compiled, problems := watch.Compile([]watch.Entry{bad, good}, watch.Options{})
		only, _ := watch.Compile([]watch.Entry{good}, watch.Options{})
		added, more := only.With(bad)
		for _, x := range []*watch.Index{compiled, added} {
			if got := x.Find(watch.Doc{Text: text}); len(got) != 1 || got[0].Entry != "m" {
				t.Errorf("%s: got %+v", tt.sentence, got)
			}
			if entries, names := x.Size(); entries != 1 || names != 1 {
				t.Errorf("%s: %d entries with %d names are watched", tt.sentence, entries, names)
			}
		}
		problems = append(problems, more...)
		for _, p := range problems {
			if p.List != tt.list || p.Entry != tt.id || !strings.HasPrefix(p.Sentence, "the "+tt.names+" cannot be part of a subject") || strings.Contains(p.Sentence, "Khalimov") {
				t.Errorf("%s: %+v", tt.sentence, p)
			}
		}
		if why := only.Explain(bad, watch.Doc{Text: text}).Why; len(problems) != 2 || why != problems[0].Sentence {
			t.Errorf("%s: %d problems, explained as %q", tt.sentence, len(problems), why)
		}
	}
}

// checkMatches holds every match to what the package promises of it.
func checkMatches(t *testing.T, text string, matches []watch.Match) {
	t.Helper()
	inText := func(s watch.Span) bool {
		return s.Start >= 0 && s.Start < s.End && s.End <= len(text) &&
			betweenRunes(text, s.Start) && betweenRunes(text, s.End)
	}
	for _, m := range matches {
		last := -1
		for _, s := range m.Mentions {
			if !inText(s) || s.Start < last {
				t.Fatalf("mention %v of %q is out of place", s, text)
			}
			last = s.End
		}
		if !inText(m.Best) || !slices.Contains(m.Mentions, m.Best) {
			t.Fatalf("best mention %v is not among %v", m.Best, m.Mentions)
		}
		sum := 0.0
		for _, p := range m.Parts {
			sum += p.Bits
		}
		for _, r := range append(slices.Clone(m.Penalties), m.Context...) {
			sum += r.Bits
		}
		if d := sum - m.Bits; m.Bits < m.Threshold || m.Score < 0 || m.Score > 1 || d > 0.01 || d < -0.01 {
			t.Fatalf("bits %.2f are not the sum %.2f of their parts, or the match should not ring: %+v", m.Bits, sum, m)
		}
	}
}

// betweenRunes reports whether i lies between two characters as a reader decodes them; a broken byte is one of its own.
func betweenRunes(text string, i int) bool {
	for at := range text {
		if at >= i {
			return at == i
		}
	}
	return i == len(text)
}

func FuzzFind(f *testing.F) {
	for _, text := range sampleTexts {
		f.Add(text, "Gulmurod Khalimov")
	}
	f.Add("Гулмурода Халимова 김여정은 张伟明 &eacute;&#39; \xff", "Kim, Yo Jong Jr.")
	x, _ := watch.Compile(sampleEntries(), watch.Options{})
	f.Fuzz(func(t *testing.T, text, name string) {
		checkMatches(t, text, x.Find(watch.Doc{Text: text}))
		y, _ := x.With(watch.Entry{ID: "f", Names: []watch.Name{{Text: name}}})
		checkMatches(t, text+" "+name, y.Find(watch.Doc{Text: text + " " + name}))
		y.Explain(watch.Entry{Names: []watch.Name{{Text: name}}}, watch.Doc{Text: text})
		watch.Compare(watch.Name{Text: name}, watch.Name{Text: text}, watch.Person)
	})
}

func TestManyReadersAtOnce(t *testing.T) {
	var s watch.Set
	s.Add(sampleEntries()...)
	done := make(chan int)
	for range 4 {
		go func() {
			n := 0
			for range 50 {
				for _, text := range sampleTexts {
					n += len(s.Find(watch.Doc{Text: text}))
				}
			}
			done <- n
		}()
	}
	for range 20 {
		s.Add(watch.Entry{ID: "x", Names: []watch.Name{{Text: "Somebody Unheardof"}}})
		s.Remove(watch.DefaultList, "x")
	}
	for range 4 {
		if n := <-done; n != 50*7 {
			t.Errorf("a reader found %d matches, want %d", n, 50*7)
		}
	}
}
