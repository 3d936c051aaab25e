package messages

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// broken changes a sample and returns it.
func broken[M any](m M, change func(*M)) M { change(&m); return m }

func TestSamplesPass(t *testing.T) {
	for name, m := range samples() {
		if err := m.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestValidateNamesTheFieldAndTheFault(t *testing.T) {
	for _, row := range []struct {
		sentence string
		m        Message
		want     string
	}{
		{"a message without a version is refused", broken(sampleRaw(), func(m *RawArticle) { m.Version = 0 }), "version is 0"},
		{"a newer message says what to do", broken(sampleRaw(), func(m *RawArticle) { m.Version = Version + 1 }), "update it to read newer messages"},
		{"an id is one token", broken(sampleRaw(), func(m *RawArticle) { m.ID = "a.b" }), `id is "a.b"; want one subject token`},
		{"an id is not empty", broken(sampleRaw(), func(m *RawArticle) { m.ID = "" }), `id is ""`},
		{"a source is one token", broken(sampleRaw(), func(m *RawArticle) { m.Source = "un news" }), `source is "un news"`},
		{"revisions count from one", broken(sampleRaw(), func(m *RawArticle) { m.Revision = 0 }), "revision is 0; revisions count from 1"},
		{"an article belongs to a feed", broken(sampleRaw(), func(m *RawArticle) { m.Feed = "" }), "feed is empty"},
		{"an article was seen some time", broken(sampleRaw(), func(m *RawArticle) { m.FirstSeen = time.Time{} }), "first_seen is missing"},
		{"an article was fetched some time", broken(sampleRaw(), func(m *RawArticle) { m.FetchedAt = time.Time{} }), "fetched_at is missing"},
		{"a page travels in one place", broken(sampleRaw(), func(m *RawArticle) { m.PageRef = "x" }), "page_ref is set beside page"},

		{"a language is one token", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Lang = "" }), `lang is ""`},
		{"a text is UTF-8", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Text = "\xff" }), "text is not valid UTF-8"},
		{"an interval does not end before it begins", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Published.To = m.Published.From.Add(-1) }), "published ends before it begins"},
		{"an entity has a known kind", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Entities = []Entity{{Kind: "animal"}} }), `entities[0].kind is "animal"; want person, organization or place`},
		{"a mention lies inside the text", broken(sampleEnriched(), func(m *EnrichedArticle) {
			m.Entities = []Entity{{Kind: KindPlace, Mentions: []Span{{11, 19}, {60, 1000}}}}
		}), "entities[0].mentions[1] spans [60,1000) of a text of"},
		{"a mention is not empty", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Entities = []Entity{{Kind: KindPlace, Mentions: []Span{{3, 3}}}} }), "entities[0].mentions[0] spans [3,3)"},
		{"a mention begins at zero or later", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Entities = []Entity{{Kind: KindPlace, Mentions: []Span{{-1, 3}}}} }), "spans [-1,3)"},
		{"a mention cuts no character at its start", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Entities = []Entity{{Kind: KindPlace, Mentions: []Span{{29, 40}}}} }), "which cuts a character"},
		{"a mention cuts no character at its end", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Entities = []Entity{{Kind: KindPlace, Mentions: []Span{{20, 30}}}} }), "which cuts a character"},
		{"a date lies inside the text", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Dates = []Date{{Span: Span{5, 999}}} }), "dates[0] spans"},
		{"a date says what stands there", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Dates = []Date{{Span: Span{0, 7}, Text: "hearing"}} }), `dates[0] differs from bytes [0,7) of the text`},
		{"a match names a list", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Watch = []Watched{{Entry: "x"}} }), `watch.list is ""`},
		{"a match names an entry", broken(sampleEnriched(), func(m *EnrichedArticle) { m.Watch = []Watched{{List: "x", Entry: "a b"}} }), `watch.entry is "a b"`},
		{"a quote says what stands there", broken(sampleEnriched(), func(m *EnrichedArticle) {
			m.Watch = []Watched{broken(m.Watch[0], func(w *Watched) { w.Quote.Text = "Nobody" })}
		}), `watch[0].quote differs from bytes [32,54) of the text`},
		{"every mention of a match lies inside the text", broken(sampleEnriched(), func(m *EnrichedArticle) {
			m.Watch = []Watched{broken(m.Watch[0], func(w *Watched) { w.Mentions = []Span{{0, 999}} })}
		}), "watch[0].mentions[0] spans"},

		{"an alert has an id", broken(sampleAlert(), func(m *Alert) { m.ID = "" }), `id is ""`},
		{"an alert names its article", broken(sampleAlert(), func(m *Alert) { m.Article.ID = "" }), `article.id is ""`},
		{"an alert names its list by a token", broken(sampleAlert(), func(m *Alert) { m.List = "my list" }), `list is "my list"`},
		{"an alert names its entry by a token", broken(sampleAlert(), func(m *Alert) { m.Entry = "*" }), `entry is "*"`},
		{"an alert has a known tier", broken(sampleAlert(), func(m *Alert) { m.Tier = TierRetro }), `tier is "retro"; want confirmed, probable or review`},
		{"an alert has a known status", broken(sampleAlert(), func(m *Alert) { m.Status = "" }), `status is ""; want new, changed or withdrawn`},
		{"an alert counts revisions from one", broken(sampleAlert(), func(m *Alert) { m.Revision = -1 }), "revision is -1"},
		{"an alert has a version", broken(sampleAlert(), func(m *Alert) { m.Version = 0 }), "version is 0"},

		{"a report names its feed", broken(samplePollReport(), func(m *PollReport) { m.Feed = "" }), "feed is empty"},
		{"a report names its source", broken(samplePollReport(), func(m *PollReport) { m.Source = "" }), `source is ""`},
		{"an event names its feed", broken(sampleFeedEvent(), func(m *FeedEvent) { m.Feed = "" }), "feed is empty"},
		{"an event is one token", broken(sampleFeedEvent(), func(m *FeedEvent) { m.Event = "very bad" }), `event is "very bad"`},
		{"a record has an owner", broken(sampleRecord(), func(m *Record) { m.Owner = "" }), "owner is empty"},
		{"a record holds a value or is a tombstone", broken(sampleRecord(), func(m *Record) { m.Value, m.Removed = nil, false }), "value is missing"},
		{"a record has a version", broken(sampleRecord(), func(m *Record) { m.Version = 9 }), "version is 9"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			err := row.m.Validate()
			if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), row.want) {
				t.Fatalf("Validate: %v; want %q in a contract error", err, row.want)
			}
			if data, err := Encode(row.m); err == nil {
				t.Errorf("Encode let it out: %s", data)
			}
		})
	}
}

func TestDecodeRefusesWhatIsNoMessage(t *testing.T) {
	for _, row := range []struct{ sentence, data, want string }{
		{"nothing is no message", "", "not readable JSON"},
		{"a broken document is no message", `{"version":1`, "not readable JSON"},
		{"a field of another type is no message", `{"version":"1"}`, "not readable JSON"},
		{"readable JSON must still keep the contract", `{"version":1}`, `id is ""`},
		{"null is no message", `null`, "version is 0"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			_, err := Decode[RawArticle]([]byte(row.data))
			if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), row.want) {
				t.Errorf("Decode: %v; want %q", err, row.want)
			}
		})
	}
}
