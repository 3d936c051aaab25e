package corpus_test

import (
	"strings"
	"testing"

	"tocsin/bench/pace/corpus"
)

// TestArticlesAreWhatTheyClaim holds the drawn articles to the contract of the messages, to their size, and to having a
// watched name exactly where one was asked for.
func TestArticlesAreWhatTheyClaim(t *testing.T) {
	c := corpus.New(4096, []string{"Lida Pereverza"})
	for i := range 200 {
		ring := i%2 == 0
		raw, enriched := c.Raw(i, ring), c.Enriched(i, ring)
		if err := raw.Validate(); err != nil {
			t.Fatalf("raw article %d: %v", i, err)
		}
		if err := enriched.Validate(); err != nil {
			t.Fatalf("enriched article %d: %v", i, err)
		}
		if n := len(enriched.Text); n < 3900 || n > 4600 {
			t.Errorf("article %d has %d bytes, want about 4096", i, n)
		}
		if strings.Contains(raw.FeedContent, "Pereverza") != ring || len(enriched.Watch) > 0 != ring {
			t.Errorf("article %d: a watched name is there or missing against order (%v)", i, ring)
		}
		if enriched.ID != raw.ID {
			t.Errorf("article %d has two ids", i)
		}
	}
}

func BenchmarkEnriched(b *testing.B) {
	c := corpus.New(4096, []string{"Lida Pereverza"})
	for i := 0; b.Loop(); i++ {
		c.Enriched(i, false)
	}
}
