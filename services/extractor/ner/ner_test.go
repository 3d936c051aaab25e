package ner_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/ner"
)

// marked reads a text in which names stand in braces with their kind: "{p Gulmurod Khalimov} left".
func marked(t *testing.T, s string) (string, []ner.Mention) {
	t.Helper()
	kinds := map[string]string{"p": messages.KindPerson, "o": messages.KindOrganization, "l": messages.KindPlace}
	var b strings.Builder
	var mentions []ner.Mention
	for {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(before)
		if !ok {
			return b.String(), mentions
		}
		name, after, _ := strings.Cut(rest, "}")
		kind, form, _ := strings.Cut(name, " ")
		start := b.Len()
		b.WriteString(form)
		mentions = append(mentions, ner.Mention{Span: ner.Span{Start: start, End: b.Len()}, Kind: kinds[kind], Score: 0.5})
		s = after
	}
}

func TestGroup(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      string // key = number of mentions, in order
	}{
		{"the same form is one entity", "{p Ann Lee} met {p Ann Lee}", "person:ann lee=2"},
		{"case and punctuation do not make two", "{l U.S.} and {l US}, {o AL-QAEDA} and {o Al Qaeda}", "place:us=2 organization:al qaeda=2"},
		{"a surname joins the full name before it", "{p Gulmurod Khalimov} left. {p Khalimov} is gone", "person:gulmurod khalimov=2"},
		{"the one seen last when two share it", "{p Ann Lee} and {p Bob Lee}. {p Lee} said", "person:ann lee=1 person:bob lee=2"},
		{"a surname before any full name stands alone", "{p Khalimov} left. {p Gulmurod Khalimov} is gone", "person:khalimov=1 person:gulmurod khalimov=1"},
		{"a place is no surname", "{p Paris Hilton} in {l Hilton}", "person:paris hilton=1 place:hilton=1"},
		{"a form without letters is none", "{p —} and {p Ann}", "person:ann=1"},
		{"line ends inside a name are spaces", "{p Ann\n  Lee}", "person:ann lee=1"},
		{"nothing", "no names", ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			text, mentions := marked(t, c.text)
			var got []string
			for _, e := range ner.Group(text, mentions) {
				got = append(got, fmt.Sprintf("%s=%d", e.Key, len(e.Mentions)))
				if e.Score != 0.5 || strings.Contains(e.Canonical, "\n") {
					t.Errorf("entity %+v", e)
				}
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got %q; want %q", s, c.want)
			}
		})
	}
}

func TestGroupLeavesOutBadSpans(t *testing.T) {
	text := "Ann Lee left"
	person := func(start, end int) ner.Mention {
		return ner.Mention{Span: ner.Span{Start: start, End: end}, Kind: messages.KindPerson}
	}
	got := ner.Group(text, []ner.Mention{person(4, 7), person(0, 7), person(3, 3), person(8, 99), person(-1, 2)})
	if len(got) != 1 || !slices.Equal(got[0].Mentions, []ner.Span{{Start: 0, End: 7}}) {
		t.Errorf("got %+v; want the longest at its place and nothing else", got)
	}
}

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		why  string
		want []string // joined by a space they are the text
	}{
		{"full stops", []string{"He left.", "She stayed.", "Nobody asked"}},
		{"questions, exclamations, quotes and brackets", []string{"Why?", "\"Because!\"", "(So it is.)", "“Enough.”", "Yes..."}},
		{"titles and initials", []string{"Col. Gulmurod Khalimov met Dr. J. K. Lee on Jan. 5 in Washington.", "Then he left."}},
		{"abbreviations with stops inside", []string{"The U.S. Army and the U.N. General Assembly met.", "At 5 p.m. Moscow time."}},
		{"numbers and addresses", []string{"It rose 3.5 percent on example.org today."}},
		{"a stop before lower case is none", []string{"The firm Acme Intl. said so."}},
	} {
		t.Run(c.why, func(t *testing.T) {
			text := strings.Join(c.want, " ")
			var got []string
			for s := range ner.Sentences(text) {
				got = append(got, text[s.Start:s.End])
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q; want %q", got, c.want)
			}
		})
	}
}

func TestSentencesEndAtBlankLinesNotAtWrappedOnes(t *testing.T) {
	text := "A headline without a stop\n\nThe text is\nwrapped here.\n \n  And ends"
	want := []string{"A headline without a stop", "The text is\nwrapped here.", "And ends"}
	var got []string
	for s := range ner.Sentences(text) {
		got = append(got, text[s.Start:s.End])
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q; want %q", got, want)
	}
}

// Sentences ascend, lie in the text on rune boundaries, are short, and leave out nothing but white space.
func FuzzSentences(f *testing.F) {
	f.Add("He left. She — Dr. A. B. Smith – stayed!\n\nÜber uns… “Ja.” Nein")
	f.Add(strings.Repeat("ä", 1200))
	f.Add("\n\n \n.\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("texts are valid UTF-8")
		}
		end := 0
		for s := range ner.Sentences(text) {
			if s.Start < end || s.End <= s.Start || s.End > len(text) || s.End-s.Start > 1010 {
				t.Fatalf("sentence %v after one that ended at %d, in %d bytes", s, end, len(text))
			}
			if strings.TrimSpace(text[end:s.Start]) != "" || !utf8.ValidString(text[s.Start:s.End]) {
				t.Fatalf("sentence %v skips or cuts something", s)
			}
			end = s.End
		}
		if strings.TrimSpace(text[end:]) != "" {
			t.Fatalf("%q is in no sentence", text[end:])
		}
	})
}

func ExampleGroup() {
	text := "Gulmurod Khalimov left. Khalimov was seen later."
	entities := ner.Group(text, []ner.Mention{
		{Span: ner.Span{Start: 0, End: 17}, Kind: messages.KindPerson},
		{Span: ner.Span{Start: 24, End: 32}, Kind: messages.KindPerson},
	})
	for _, e := range entities {
		fmt.Println(e.Key, len(e.Mentions))
	}
	// Output: person:gulmurod khalimov 2
}

func ExampleSentences() {
	text := "Col. Khalimov left. Nobody asked."
	for s := range ner.Sentences(text) {
		fmt.Println(text[s.Start:s.End])
	}
	// Output:
	// Col. Khalimov left.
	// Nobody asked.
}

func ExampleFold() {
	fmt.Println(ner.Fold("U.S. Army"), "|", ner.Fold("Al-Qaeda"))
	// Output: us army | al qaeda
}

func ExampleNone() {
	entities, note := ner.None{}.Find("Gulmurod Khalimov left.", "en")
	fmt.Println(len(entities), note == "", ner.None{}.Engine().Name)
	// Output: 0 true none
}
