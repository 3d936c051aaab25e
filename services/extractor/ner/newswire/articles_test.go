package newswire

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
	for _, a := range articles {
		raw, err := os.ReadFile(filepath.Join(dir, a.File))
		if err != nil {
			t.Fatal(err)
		}
		text, seen := string(raw), map[string]bool{}
		entities, _ := recognizer().Find(text, "en")
		check(t, text, entities)
		for _, e := range entities {
			for _, m := range e.Mentions {
				seen[e.Kind+strings.ToLower(strings.Join(strings.Fields(text[m.Start:m.End]), " "))] = true
			}
		}
		for _, e := range a.Entities {
			all++
			if seen[kinds[e.Label]+strings.ToLower(e.Text)] {
				found++
			} else {
				t.Logf("%s: %s %q is not found", a.File, kinds[e.Label], e.Text)
			}
		}
	}
	if share := float64(found) / float64(all); share < 0.85 {
		t.Errorf("%d of %d entities found, %.2f; want 0.85", found, all, share)
	}
}
