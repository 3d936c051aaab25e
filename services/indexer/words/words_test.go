package words_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tocsin/services/indexer/words"
)

func one(ws ...string) words.Clause { return words.Clause{{Words: ws}} }

func TestParse(t *testing.T) {
	tests := []struct {
		why, in string
		want    words.Search
	}{
		{"nothing asks for nothing", "  ", words.Search{}},
		{"words must all occur", "fire Łódź", words.Search{All: []words.Clause{one("fire"), one("lodz")}}},
		{"quotes make a phrase", `"José Núñez" fire`, words.Search{All: []words.Clause{one("jose", "nunez"), one("fire")}}},
		{"typographic quotes do too", "“two words”", words.Search{All: []words.Clause{one("two", "words")}}},
		{"an open quotation ends with the text", `fire "two words`, words.Search{All: []words.Clause{one("fire"), one("two", "words")}}},
		{"OR binds its neighbours only", "a b OR c d", words.Search{All: []words.Clause{
			one("a"), {{Words: []string{"b"}}, {Words: []string{"c"}}}, one("d")}}},
		{"OR chains", "a OR b OR c", words.Search{All: []words.Clause{
			{{Words: []string{"a"}}, {Words: []string{"b"}}, {Words: []string{"c"}}}}}},
		{"a minus excludes", `fire -"false alarm" -drill`, words.Search{All: []words.Clause{one("fire")},
			None: []words.Term{{Words: []string{"false", "alarm"}}, {Words: []string{"drill"}}}}},
		{"NOT excludes, AND is understood", "fire AND NOT drill", words.Search{All: []words.Clause{one("fire")},
			None: []words.Term{{Words: []string{"drill"}}}}},
		{"a star asks for a beginning", "khal*", words.Search{All: []words.Clause{{{Words: []string{"khal"}, Prefix: true}}}}},
		{"joined words are a phrase", "al-Qa'ida", words.Search{All: []words.Clause{one("al", "qa", "ida")}}},
		{"a hyphen inside a word does not exclude", "twenty-one", words.Search{All: []words.Clause{one("twenty", "one")}}},
		{"operators alone are dropped", `OR AND - * "" ( ) OR`, words.Search{}},
		{"OR after an exclusion joins nothing", "a -b OR c", words.Search{All: []words.Clause{one("a"), one("c")},
			None: []words.Term{{Words: []string{"b"}}}}},
		{"small operators are words", "this or that", words.Search{All: []words.Clause{one("this"), one("or"), one("that")}}},
		{"quoted operators are words", `"OR" fire`, words.Search{All: []words.Clause{one("or"), one("fire")}}},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, words.Parse(tt.in)); diff != "" {
				t.Errorf("Parse(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"  José\tNÚÑEZ ": "jose nunez", "ŁÓDŹ": "lodz", "Straße": "strasse", "Ærø": "aero", "İstanbul": "istanbul",
		"Jose\u0301": "jose", "ﬁre": "fire", "हिन्दी": "हिन्दी", "Ελλάδα": "ελλαδα", "Qa’ida": "qa'ida", "한국": "한국",
	} {
		if got := words.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// The examples stand in Porter's paper.
func TestStem(t *testing.T) {
	for in, want := range map[string]string{
		"caresses": "caress", "ponies": "poni", "ties": "ti", "cats": "cat", "feed": "feed", "agreed": "agre",
		"plastered": "plaster", "bled": "bled", "motoring": "motor", "sing": "sing", "conflated": "conflat",
		"hopping": "hop", "falling": "fall", "hissing": "hiss", "filing": "file", "failing": "fail", "happy": "happi",
		"sky": "sky", "relational": "relat", "conditional": "condit", "rational": "ration", "digitizer": "digit",
		"operator": "oper", "feudalism": "feudal", "hopefulness": "hope", "sensibiliti": "sensibl",
		"triplicate": "triplic", "formative": "form", "electrical": "electr", "goodness": "good", "revival": "reviv",
		"adjustment": "adjust", "dependent": "depend", "adoption": "adopt", "effective": "effect", "probate": "probat",
		"rate": "rate", "cease": "ceas", "controll": "control", "roll": "roll", "bombed": "bomb", "bombing": "bomb",
		"is": "is", strings.Repeat("y", 5000): strings.Repeat("y", 5000),
	} {
		if got := words.Stem(in); got != want {
			t.Errorf("Stem(%.20q) = %.20q, want %.20q", in, got, want)
		}
	}
}

func TestSnip(t *testing.T) {
	filler := strings.Repeat("Nothing of note happened in the long grey afternoon. ", 20)
	text := filler + "Then José Núñez was bombed\nout of his house in Łódź. " + filler
	tests := []struct {
		why, query string
		marks      []string
	}{
		{"stems and accents are marked as written", "bombing jose", []string{"José", "bombed"}},
		{"a phrase is one mark", `"jose nunez"`, []string{"José Núñez"}},
		{"a prefix marks the whole word", "hou*", []string{"house"}},
		{"only what follows in order is a phrase", `"nunez jose"`, nil},
		{"excluded words are not looked for", "-bombed", nil},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			s := words.Snip(text, words.Parse(tt.query), 120)
			var marks []string
			for _, m := range s.Marks {
				marks = append(marks, s.Text[m.Start:m.End])
			}
			if diff := cmp.Diff(tt.marks, marks); diff != "" {
				t.Errorf("marks of %q (-want +got):\n%s", s.Text, diff)
			}
			if len(s.Text) > 120+2*len("…") || strings.Contains(s.Text, "\n") {
				t.Errorf("snippet %q is too long or broken into lines", s.Text)
			}
		})
	}
}

func FuzzFold(f *testing.F) {
	f.Add("José Núñez")
	f.Add("ŁÓDŹ İ ½ ﬁ")
	f.Fuzz(func(t *testing.T, s string) {
		once := words.Fold(s)
		if again := words.Fold(once); again != once {
			t.Errorf("Fold(%q) = %q, folded again %q", s, once, again)
		}
		// Words are folded by themselves, which must not differ from folding all of it.
		var apart []string
		for part := range strings.FieldsSeq(s) {
			apart = append(apart, words.Fold(part))
		}
		if joined := strings.Join(strings.Fields(strings.Join(apart, " ")), " "); joined != once {
			t.Errorf("Fold(%q) = %q, its words folded apart are %q", s, once, joined)
		}
	})
}

func FuzzSnip(f *testing.F) {
	f.Add("The fire in Łódź was put out", `fire OR "put out" -x lod*`, 20)
	f.Fuzz(func(t *testing.T, text, query string, width int) {
		if !utf8.ValidString(text) || width < 8 || width > 1000 {
			t.Skip()
		}
		s := words.Snip(text, words.Parse(query), width)
		if !utf8.ValidString(s.Text) {
			t.Fatalf("snippet %q of %q cuts a character", s.Text, text)
		}
		end := 0
		for _, m := range s.Marks {
			if m.Start < end || m.End <= m.Start || m.End > len(s.Text) || !utf8.ValidString(s.Text[m.Start:m.End]) {
				t.Fatalf("mark %v of %q is out of place", m, s.Text)
			}
			end = m.End
		}
		if len(s.Text) > width+2*len("…") {
			t.Fatalf("%d bytes for a width of %d", len(s.Text), width)
		}
	})
}
