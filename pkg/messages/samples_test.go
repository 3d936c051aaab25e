package messages

import (
	"encoding/json"
	"time"
)

// The samples fill every field, so that a golden file or a schema shows all of the contract.

var (
	seen      = time.Date(2026, 3, 11, 9, 15, 30, 0, time.UTC)
	published = time.Date(2026, 3, 11, 14, 0, 0, 0, time.FixedZone("", 5*3600))
)

func sampleArticle() Article {
	return Article{
		ID: "0f1e2d3c4b5a69788796a5b4c3d2e1f0", Revision: 2, Feed: "meridian-wire", Source: "meridian-wire",
		SourceZone: "Europe/Zurich", SourceCountry: "CH", GUID: "tag:meridian-wire.example,2020:/world/hearing",
		URL: "https://meridian-wire.example/world/hearing?utm=1", CanonicalURL: "https://meridian-wire.example/world/hearing",
		Title: "Hearing in Dushanbe", Summary: "A court sets a date.", Authors: []string{"Ilse Varga"},
		FirstSeen: seen, FetchedAt: seen.Add(time.Minute), Baseline: true, Notes: []string{"the page was cut at 4 MiB"},
	}
}

func sampleRaw() RawArticle {
	return RawArticle{
		Version: Version, Article: sampleArticle(), Published: published, PublishedSource: "pubDate",
		FeedContent: "<p>A court sets a date.</p>", FeedLanguage: "en", Page: []byte{0x28, 0xb5, 0x2f, 0xfd, 0}, PageType: "text/html; charset=utf-8",
	}
}

func sampleEvidence() Evidence {
	return Evidence{
		Tier: TierConfirmed, Score: 0.97, Bits: 41.5, Threshold: 24,
		Quote:     Quote{Text: "Nuriddin Ashrafzamonov", Start: 32, End: 54, Sentence: "Lawyer – Nuriddin Ashrafzamonov left on 5 March."},
		Mentions:  []Span{{32, 54}},
		Parts:     []Part{{Watched: "nuriddin", Word: "Nuriddin", Rule: "same", Bits: 14}, {Watched: "ashrafzamonov", Word: "Ashrafzamonov", Rule: "same", Bits: 29.5}},
		Penalties: []Contribution{{Rule: "common given name", Text: "Nuriddin", Bits: -4}},
		Context:   []Contribution{{Rule: "country", Text: "Tajikistan", Bits: 2}},
	}
}

func sampleEnriched() EnrichedArticle {
	return EnrichedArticle{
		Version: Version, Article: sampleArticle(),
		Text:       "Hearing in Dushanbe\n\nLawyer – Nuriddin Ashrafzamonov left on 5 March.",
		TextSource: TextFromPage, Lang: "en", LangConfidence: 0.99,
		Published: Published{
			From: seen.Truncate(24 * time.Hour), To: seen.Truncate(24*time.Hour).AddDate(0, 0, 1), Precision: "day", Source: "json_ld",
			ZoneKnown: true, Confidence: 0.9, Candidates: []PublishedCandidate{{Source: "feed", Text: "Wed, 11 Mar 2026 14:00:00 +0500", At: published}},
		},
		Entities: []Entity{
			{Kind: KindPerson, Key: "person:nuriddin ashrafzamonov", Canonical: "Nuriddin Ashrafzamonov", Score: 0.8, Mentions: []Span{{32, 54}}},
			{Kind: KindPlace, Key: "place:dushanbe", Canonical: "Dushanbe", Score: 0.9, Mentions: []Span{{11, 19}}},
		},
		Dates: []Date{{
			Span: Span{63, 70}, Text: "5 March", Type: "DATE", Value: "2026-03-05",
			From: time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC),
			Range: &Interval{From: time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC)}, Alt: []string{"2027-03-05"},
			Precision: "day", Mod: "APPROX", Explicit: "partial", Anchor: "published", Zone: "GMT",
		}},
		Watch:   []Watched{{List: "sample", Entry: "ashrafzamonov", Name: "Nuriddin Ashrafzamonov", Group: GroupStory, Evidence: sampleEvidence()}},
		Sketch:  []uint64{7, 1 << 40},
		Engines: []Engine{{Name: "tocsin-ner", Version: "1"}},
	}
}

func sampleAlert() Alert {
	return Alert{
		Version: Version, ID: AlertID("sample", "ashrafzamonov", sampleArticle().ID), Revision: 1, Status: StatusNew,
		List: "sample", Entry: "ashrafzamonov", Name: "Nuriddin Ashrafzamonov", Evidence: sampleEvidence(), Story: "a1b2c3d4e5f60718", Count: 1,
		Article: AlertArticle{ID: sampleArticle().ID, Revision: 2, URL: "https://meridian-wire.example/world/hearing", Title: "Hearing in Dushanbe", Source: "meridian-wire", Feed: "meridian-wire", Lang: "en", Published: published, Baseline: true},
		Times:   AlertTimes{Published: published, FirstSeen: seen, Rang: seen.Add(time.Second), Alerted: seen.Add(2 * time.Second)},
		Retro:   true, Notes: []string{"The name stands 1200 times in the text; the first 1000 places are listed."},
	}
}

func sampleNearMiss() NearMiss {
	a := sampleAlert()
	return NearMiss{
		Version: Version, ID: a.ID, List: a.List, Entry: a.Entry, Name: a.Name, Evidence: sampleEvidence(),
		Held: "a name of one word rings only with context", Article: a.Article, At: seen,
	}
}

func sampleRejection() Rejection {
	a := sampleAlert()
	return Rejection{
		Version: Version, ID: a.ID, List: a.List, Entry: a.Entry, Article: a.Article.ID, Words: a.Quote.Text, Sentence: a.Quote.Sentence,
		Where: []string{"footballer"}, Anywhere: true, Reason: "another man of that name", At: seen,
	}
}

func sampleInForce() InForce {
	return InForce{Version: Version, Extractor: "node-1/4711", Edits: 12, Bulk: 3, Rejected: 2, Settled: 11, Entries: 40, Names: 95}
}

func samplePollReport() PollReport {
	return PollReport{
		Version: Version, Feed: "meridian-wire", Source: "meridian-wire", PollState: 17, At: seen, Status: "ok",
		Sentence: "12 items, 1 new", HTTPStatus: 200, Items: 12, New: 1, Known: 10, Dropped: map[string]int{"no link and no text": 1},
		Seen:  []SeenItem{{Key: "tag:meridian-wire.example,2020:/world/hearing", Article: sampleArticle().ID, Revision: 1, Outcome: "duplicate", Reason: "feed un-news brought it first"}, {Key: "x", Outcome: "dropped", Reason: "no link and no text"}},
		Bytes: 48211, Duration: 1.25, NextPoll: seen.Add(15 * time.Minute),
	}
}

func sampleFeedEvent() FeedEvent {
	return FeedEvent{
		Version: Version, Feed: "meridian-wire", Source: "meridian-wire", Event: EventFailing, At: seen,
		Sentence: "answered 503 three times in a row; nothing to do unless it lasts", Failures: 3,
	}
}

func sampleRecord() Record {
	return Record{Version: Version, Owner: "file:feeds.yaml", Removed: true, Changed: seen, Value: json.RawMessage(`{"url":"https://meridian-wire.example/rss.xml"}`)}
}

// samples are all messages of the contract by the name of their golden file.
func samples() map[string]Message {
	return map[string]Message{
		"raw_article": sampleRaw(), "enriched_article": sampleEnriched(), "alert": sampleAlert(),
		"poll_report": samplePollReport(), "feed_event": sampleFeedEvent(), "record": sampleRecord(),
		"near_miss": sampleNearMiss(), "rejection": sampleRejection(), "in_force": sampleInForce(),
	}
}
