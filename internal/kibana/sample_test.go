package kibana

import (
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/indextest"
)

// sampleAlerts are what rang for the sample. One alert of the week was withdrawn, one is about the past, and one is older.
func sampleAlerts() (all []indexer.AlertDocument) {
	diallo, nunez := "Amina Diallo", "José Núñez"
	week := func(d, hour int) time.Time { return day(2026, 2, d).Add(time.Duration(hour) * time.Hour) }
	entries := map[string]string{diallo: "diallo", nunez: "nunez"}
	ring := func(id, list, name, tier, article, source string, at time.Time, after time.Duration, edit func(*messages.Alert)) {
		a := indextest.Alert(id, 1, at)
		a.List, a.Entry, a.Name, a.Tier, a.Retro = list, entries[name], name, tier, false
		a.Article.ID, a.Article.Source, a.Times.FirstSeen = article, source, at.Add(-after)
		if edit != nil {
			edit(&a)
		}
		all = append(all, indexer.NewAlertDocument(a))
	}
	ring("a1", "un", diallo, messages.TierConfirmed, "f1", "herald", week(25, 10), 2*time.Second, func(a *messages.Alert) { a.Story = "f1" })
	ring("a2", "un", diallo, messages.TierConfirmed, "f2", "courier", week(25, 11), 4*time.Second, func(a *messages.Alert) { a.Story, a.Count = "f1", 2 })
	ring("a3", "eu", nunez, messages.TierProbable, "f1", "herald", week(25, 10), 8*time.Second, nil)
	ring("a4", "eu", nunez, messages.TierProbable, "f4", "herald", week(26, 9), 4*time.Second, func(a *messages.Alert) {
		a.Status, a.Revision, a.Times.Alerted = messages.StatusWithdrawn, 2, week(27, 12)
		a.Quote, a.Parts, a.Context, a.Penalties = messages.Quote{}, nil, nil, nil
	})
	ring("a5", "un", diallo, messages.TierReview, "f4", "herald", week(27, 8), 100*time.Hour, func(a *messages.Alert) { a.Retro = true })
	ring("a6", "un", diallo, messages.TierConfirmed, "f3", "echo", day(2026, 2, 12), 6*time.Second, nil)
	return all
}

// sampleTime is when the sample is looked at.
const sampleTime = "2026-03-01T00:00:00Z"

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// story is an article of the sample, in short.
type story struct {
	id, source, lang               string
	published                      time.Time
	persons, organizations, places []string
	speaks                         []time.Time // days the text speaks of
	watched                        string
	group                          string
}

// sample is three months of a small world. Amina Diallo is nobody in December and everywhere in February; José Núñez is
// the other way round. Two articles of February 10 are the same text. The port of Varna is to open on April 2.
func sample() []story {
	return []story{
		{id: "d1", source: "herald", lang: "en", published: day(2025, 12, 1), persons: []string{"José Núñez"}, places: []string{"Łódź"}, speaks: []time.Time{day(2025, 11, 30)}},
		{id: "d2", source: "herald", lang: "en", published: day(2025, 12, 2), persons: []string{"José Núñez"}, places: []string{"Łódź"}},
		{id: "d3", source: "echo", lang: "fr", published: day(2025, 12, 3), persons: []string{"José Núñez"}, organizations: []string{"Interpol"}},
		{id: "d4", source: "echo", lang: "fr", published: day(2025, 12, 4), persons: []string{"José Núñez"}},
		{id: "f1", source: "herald", lang: "en", published: day(2026, 2, 10), persons: []string{"Amina Diallo", "José Núñez"}, organizations: []string{"Interpol"},
			places: []string{"Varna"}, speaks: []time.Time{day(2026, 2, 9), day(2026, 4, 2)}, watched: "Amina Diallo", group: "f1"},
		{id: "f2", source: "courier", lang: "en", published: day(2026, 2, 10), persons: []string{"Amina Diallo", "José Núñez"}, organizations: []string{"Interpol"},
			places: []string{"Varna"}, speaks: []time.Time{day(2026, 2, 9), day(2026, 4, 2)}, watched: "Amina Diallo", group: "f1"},
		{id: "f3", source: "echo", lang: "fr", published: day(2026, 2, 12), persons: []string{"Amina Diallo"}, organizations: []string{"Interpol"}, places: []string{"Varna"}},
		{id: "f4", source: "herald", lang: "en", published: day(2026, 2, 20), persons: []string{"Amina Diallo"}, places: []string{"Varna", "Łódź"}, speaks: []time.Time{day(2026, 2, 9)}},
	}
}

// documents are the sample as the indexer stores it.
func documents() (all []indexer.Document) {
	for _, s := range sample() {
		d := indexer.NewDocument(s.article(), 0)
		if s.group != "" {
			d.Group = s.group
		}
		all = append(all, d)
	}
	return all
}

func (s story) article() messages.EnrichedArticle {
	body := ""
	for _, names := range [][]string{s.persons, s.organizations, s.places} {
		for _, n := range names {
			body += "It names " + n + ". "
		}
	}
	return indextest.Article(s.id, s.published, "Story "+s.id, body, func(a *messages.EnrichedArticle) {
		a.Source, a.Lang, a.Feed, a.SourceCountry = s.source, s.lang, "https://"+s.source+".example/feed", "XX"
		a.Authors = []string{"Ewa Nowak"}
		for kind, names := range map[string][]string{
			messages.KindPerson: s.persons, messages.KindOrganization: s.organizations, messages.KindPlace: s.places,
		} {
			for _, n := range names {
				a.Entities = append(a.Entities, indextest.Entity(*a, kind, n, n))
			}
		}
		for _, at := range s.speaks {
			a.Dates = append(a.Dates, messages.Date{Type: "DATE", Value: "X", From: at, To: at.AddDate(0, 0, 1), Precision: "day"})
		}
		if s.watched != "" {
			a.Watch = []messages.Watched{{List: "un", Entry: "diallo", Name: s.watched,
				Evidence: messages.Evidence{Tier: messages.TierProbable, Score: 0.9, Bits: 30, Threshold: 20}}}
		}
	})
}
