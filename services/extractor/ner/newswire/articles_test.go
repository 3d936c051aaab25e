package newswire

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tocsin/pkg/messages"
)

// TestRealArticles holds the recogniser to five real articles whose main entities people listed: a mention of each with
// its text and kind, in any case and wrapped in any way.
func TestRealArticles(t *testing.T) {
	dir := filepath.Join(cmp.Or(os.Getenv("TOCSIN_SHARED"), "../../../../../shared"), "seeds")
	b, err := os.ReadFile(filepath.Join(dir, "gold.json"))
	if err != nil {
		t.Skipf("no articles to read: %v; set TOCSIN_SHARED to the folder that holds seeds", err)
	}
	var articles []struct {
		File     string
		Entities []struct{ Label, Text string }
	}
	if err := json.Unmarshal(b, &articles); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{"PERSON": messages.KindPerson, "ORG": messages.KindOrganization, "GPE": messages.KindPlace, "LOC": messages.KindPlace}
	all, found := 0, 0
	places, marked := 0, 0 // where the texts of the entities stand, and how many of these places are mentions of the kind
	for _, a := range articles {
		raw, err := os.ReadFile(filepath.Join(dir, a.File))
		if err != nil {
			t.Fatal(err)
		}
		text, seen, spans := string(raw), map[string]bool{}, map[string]bool{}
		entities, _ := recognizer().Find(text, "en")
		check(t, text, entities)
		for _, e := range entities {
			for _, m := range e.Mentions {
				spans[fmt.Sprint(e.Kind, m.Start, m.End)] = true
				seen[e.Kind+strings.ToLower(strings.Join(strings.Fields(text[m.Start:m.End]), " "))] = true
			}
		}
		for _, e := range a.Entities {
			all++
			for _, at := range occurrences(text, e.Text) {
				places++
				if spans[fmt.Sprint(kinds[e.Label], at[0], at[1])] {
					marked++
				}
			}
			if seen[kinds[e.Label]+strings.ToLower(e.Text)] {
				found++
			} else {
				t.Logf("%s: %s %q is not found", a.File, kinds[e.Label], e.Text)
			}
		}
	}
	t.Logf("%d of %d entities, %d of the %d places where their texts stand", found, all, marked, places)
	if share := float64(found) / float64(all); share < 0.85 {
		t.Errorf("%d of %d entities found, %.2f; want 0.85", found, all, share)
	}
}

// occurrences are the byte ranges where a phrase stands in text, in any case and wrapped in any way, between words.
func occurrences(text, phrase string) (out [][]int) {
	words := strings.Fields(phrase)
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	for _, at := range regexp.MustCompile(`(?i)`+strings.Join(words, `\s+`)).FindAllStringIndex(text, -1) {
		before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
		after, _ := utf8.DecodeRuneInString(text[at[1]:])
		if !unicode.IsLetter(before) && !unicode.IsLetter(after) {
			out = append(out, at)
		}
	}
	return out
}
