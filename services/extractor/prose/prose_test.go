package prose_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/prose"
)

// recognizer loads the model once for all tests.
var recognizer = sync.OnceValue(prose.New)

func forms(text string, entities []ner.Entity) []string {
	var list []string
	for _, e := range entities {
		for _, m := range e.Mentions {
			list = append(list, e.Kind+" "+text[m.Start:m.End])
		}
	}
	slices.Sort(list)
	return list
}

// Each of these goes wrong when the library is used as it comes.
func TestTrapsOfTheLibrary(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      []string // forms that must be among those found
	}{
		{"a name that ends the text is not lost", "He lives in Berlin", []string{"place Berlin"}},
		{"nor one that is the text", "John Smith", []string{"person John Smith"}},
		{"a title is not part of the name", "Officials met President John Smith in Berlin.", []string{"person John Smith", "place Berlin"}},
		{"nor is a possessive", "They crossed Tajikistan’s border with Tajikistan's army.", []string{"place Tajikistan", "place Tajikistan"}},
		{"offsets survive curly quotes and odd spaces", "“We saw him,” said\u00a0Mr.  John Smith of “Example”. He lives in Berlin.", []string{"place Berlin"}},
		{"a name repeated in two sentences keeps both places", "John Smith left Berlin. Nobody saw John Smith.", []string{"person John Smith", "person John Smith"}},
		{"a dash ends a name", "He was sent to Germany – John Smith said so.", []string{"place Germany"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			entities, note := recognizer().Find(c.text, "en")
			got := forms(c.text, entities)
			for _, form := range c.want {
				i := slices.Index(got, form)
				if i < 0 {
					t.Fatalf("found %q; %q is missing", got, form)
				}
				got = slices.Delete(got, i, i+1)
			}
			if note != "" {
				t.Errorf("note %q on a short English text", note)
			}
		})
	}
}

func TestOtherLanguagesGiveNoEntitiesAndANote(t *testing.T) {
	for _, lang := range []string{"ru", "und", ""} {
		if entities, note := recognizer().Find("John Smith lives in Berlin.", lang); len(entities) > 0 || note == "" {
			t.Errorf("language %q: %d entities, note %q", lang, len(entities), note)
		}
	}
}

func TestALongTextIsReadInPartAndSaysSo(t *testing.T) {
	text := strings.Repeat("the talks went on for another day in the rain. ", 1500) + "He lives in Berlin."
	entities, note := recognizer().Find(text, "en")
	if len(entities) > 0 || !strings.Contains(note, "first 64") {
		t.Errorf("%d entities, note %q; want a note on where reading ended", len(entities), note)
	}
}

func TestOneModelServesManyAtOnce(t *testing.T) {
	text := "John Smith left Berlin. The European Union met in Paris."
	want, _ := recognizer().Find(text, "en")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				if got, _ := recognizer().Find(text, "en"); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("got %v; want %v", got, want)
				}
			}
		})
	}
	wg.Wait()
}

// Real articles, when they are at hand: every span is a name in the text, and the known people are found.
func TestSeeds(t *testing.T) {
	dir := os.Getenv("TOCSIN_SHARED")
	if dir == "" {
		dir = "../../../../shared"
	}
	files, _ := filepath.Glob(filepath.Join(dir, "seeds", "*.txt"))
	if len(files) == 0 {
		t.Skip("no seeds: set TOCSIN_SHARED to the folder that holds seeds/*.txt")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		entities, _ := recognizer().Find(text, "en")
		if len(entities) < 10 {
			t.Errorf("%s: %d entities", filepath.Base(file), len(entities))
		}
		check(t, text, entities)
	}
}

func check(t *testing.T, text string, entities []ner.Entity) {
	t.Helper()
	for _, e := range entities {
		end := 0
		for _, m := range e.Mentions {
			if m.Start < end || m.End <= m.Start || m.End > len(text) || !utf8.ValidString(text[m.Start:m.End]) {
				t.Fatalf("entity %q: mention %v in %d bytes", e.Key, m, len(text))
			}
			if form := text[m.Start:m.End]; strings.TrimSpace(form) != form || strings.ContainsRune(form, '\n') {
				t.Fatalf("entity %q: mention %q has white space at its ends or a line end", e.Key, form)
			}
			end = m.End
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("“We saw him,” said Mr. John Smith’s aide – in Berlin")
	f.Add("$100 (A.B.C.) n't 's &rsquo; Don’t. $$$ ((( [[Ann]] :-) \u00a0Ünal İstanbul")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 2000 {
			t.Skip("texts are valid UTF-8; long ones only cost time")
		}
		entities, _ := recognizer().Find(text, "en")
		check(t, text, entities)
	})
}

func ExampleRecognizer_Find() {
	text := "President John Smith lives in Berlin"
	entities, _ := recognizer().Find(text, "en")
	for _, e := range entities {
		fmt.Println(e.Kind, text[e.Mentions[0].Start:e.Mentions[0].End])
	}
	// Output:
	// person John Smith
	// place Berlin
}

func ExampleNew() {
	fmt.Println(prose.New().Engine())
	// Output: {prose 2.0.0}
}
