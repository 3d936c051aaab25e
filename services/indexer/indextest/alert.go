package indextest

import (
	"time"

	"tocsin/pkg/messages"
)

// Alert is a valid alert whose revision was made at a time, as which it rang first.
func Alert(id string, revision int, at time.Time) messages.Alert {
	return messages.Alert{
		Version: messages.Version, ID: id, Revision: revision, Status: messages.StatusNew, List: "war", Entry: "aziz", Name: "Nadia Aziz",
		Evidence: messages.Evidence{
			Tier: messages.TierProbable, Score: 0.9, Bits: 31.5, Threshold: 24,
			Quote:     messages.Quote{Text: "Nadja Asis", Start: 7, End: 17, Sentence: "The lawyer \n Nadja Asis left."},
			Mentions:  []messages.Span{{Start: 7, End: 17}},
			Parts:     []messages.Part{{Watched: "nadia", Word: "Nadja", Rule: "sound", Bits: 12}, {Watched: "aziz", Word: "Asis", Rule: "sound", Bits: 20}},
			Context:   []messages.Contribution{{Rule: "role", Text: "lawyer", Bits: 3.5}},
			Penalties: []messages.Contribution{{Rule: "common name", Text: "Nadja", Bits: -4}},
		},
		Count: 1, Retro: true, Notes: []string{"A note."},
		Article: messages.AlertArticle{ID: "article-of-" + id, Revision: revision, URL: "https://wire.example/" + id, Title: "Hearing", Source: "wire",
			Feed: "wire-feed", Lang: "en", Published: at.Add(-time.Hour), Baseline: true},
		Times: messages.AlertTimes{Published: at.Add(-time.Hour), FirstSeen: at.Add(-2 * time.Second), Rang: at, Alerted: at},
	}
}
