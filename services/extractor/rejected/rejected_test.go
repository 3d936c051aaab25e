package rejected_test

import (
	"strings"
	"testing"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/rejected"
)

func no(change func(*messages.Rejection)) messages.Rejection {
	r := messages.Rejection{
		Version: 1, ID: "a1", List: "war", Entry: "aziz", Article: "one", Words: "Abdul Aziz", Sentence: "Abdul Aziz scored twice.",
	}
	if change != nil {
		change(&r)
	}
	return r
}

func TestWhatARejectionCovers(t *testing.T) {
	found := func(change func(*rejected.Found)) rejected.Found {
		f := rejected.Found{List: "war", Entry: "aziz", Article: "two", Words: "Abdul Aziz", Sentence: "Abdul Aziz was arrested.", Text: "Kabul\n\nAbdul Aziz was arrested."}
		if change != nil {
			change(&f)
		}
		return f
	}
	for _, c := range []struct {
		sentence string
		r        messages.Rejection
		f        rejected.Found
		want     bool
	}{
		{"the article it was made from, whatever is said there later", no(nil), found(func(f *rejected.Found) { f.Article, f.Words = "one", "Aziz" }), true},
		{"another article is another matter", no(nil), found(nil), false},
		{"a copy: the same words in the same sentence", no(nil), found(func(f *rejected.Found) { f.Sentence = "ABDUL AZIZ  scored\ntwice" }), true},
		{"the same sentence without the words", no(nil), found(func(f *rejected.Found) { f.Words, f.Sentence = "Aziz", "Abdul Aziz scored twice." }), false},
		{"another entry is not covered", no(nil), found(func(f *rejected.Found) { f.Article, f.Entry = "one", "other" }), false},
		{"another list is not covered", no(nil), found(func(f *rejected.Found) { f.Article, f.List = "one", "other" }), false},
		{"everywhere, where it was said so", no(func(r *messages.Rejection) { r.Anywhere = true }), found(nil), true},
		{"everywhere means those words only", no(func(r *messages.Rejection) { r.Anywhere = true }), found(func(f *rejected.Found) { f.Words = "Abdulaziz" }), false},
		{"where a phrase stands in the text", no(func(r *messages.Rejection) { r.Where = []string{"was Arrested"} }), found(nil), true},
		{"a phrase is whole words", no(func(r *messages.Rejection) { r.Where = []string{"arrest"} }), found(nil), false},
		{"an empty phrase says nothing", no(func(r *messages.Rejection) { r.Where = []string{" - "} }), found(nil), false},
	} {
		var book *rejected.Book
		if _, got := book.With(c.r).Covers(c.f); got != c.want {
			t.Errorf("%s: covered is %v", c.sentence, got)
		}
	}
}

func TestABookDoesNotChange(t *testing.T) {
	var empty *rejected.Book
	one := empty.With(no(nil))
	two := one.With(no(func(r *messages.Rejection) { r.ID = "a2" })).With(no(func(r *messages.Rejection) { r.ID, r.Reason = "a2", "again" }))
	back := two.Without("war", "aziz", "a1").Without("war", "aziz", "a9").Without("zoo", "x", "y")
	for _, c := range []struct {
		sentence string
		book     *rejected.Book
		want     int
	}{{"none", empty, 0}, {"one", one, 1}, {"two, the same twice", two, 2}, {"one taken back", back, 1}, {"nothing to take back", empty.Without("a", "b", "c"), 0}} {
		if got := c.book.Size(); got != c.want {
			t.Errorf("%s: %d rejections, want %d", c.sentence, got, c.want)
		}
	}
	here := rejected.Found{List: "war", Entry: "aziz", Article: "one"}
	if r, ok := back.Covers(here); !ok || r.Reason != "again" {
		t.Errorf("after taking back the first, the second covers it with %q, %v", r.Reason, ok)
	}
}

// What is covered does not depend on capitals or on how the text was wrapped.
func FuzzCovers(f *testing.F) {
	f.Add("Abdul Aziz", "He, Abdul Aziz, left.", "left")
	f.Fuzz(func(t *testing.T, words, sentence, phrase string) {
		simple := func(s string) bool { back := strings.ToLower(strings.ToUpper(s)); return back == strings.ToLower(s) }
		if !simple(words) || !simple(sentence) {
			t.Skip("letters without a simple capital")
		}
		var book *rejected.Book
		book = book.With(no(func(r *messages.Rejection) { r.Words, r.Sentence, r.Where = words, sentence, []string{phrase} }))
		a := rejected.Found{List: "war", Entry: "aziz", Article: "two", Words: words, Sentence: sentence, Text: sentence}
		b := a
		b.Words, b.Sentence = strings.ToUpper(words), strings.ReplaceAll(strings.ToUpper(sentence), " ", "\n")
		_, x := book.Covers(a)
		if _, y := book.Covers(b); x != y {
			t.Errorf("covered is %v as written and %v in capitals", x, y)
		}
	})
}
