package indexer

import (
	"slices"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer/words"
)

// What decides between two writes of one revision is its patch, and one patch number holds two counts: how often the
// revision was replayed, and how often an indexer looked at the same extraction again.
const (
	patches = 1000 // how many patches a revision has room for
	looks   = 10   // how many of them belong to one replay
)

// wideDays is the width from which a mentioned interval counts as wide: a decade, give or take leap days.
const wideDays = 3650

// Document is one article revision in the flat shape every index stores. Its JSON is the Elasticsearch document.
// Times are UTC with millisecond resolution. The lists of names and their keys are parallel and hold each key once,
// in the order of first mention.
type Document struct {
	ID       string `json:"id"`
	Revision int    `json:"revision"`
	// Patch is ten times the replays of the revision plus the looks taken at it since (see Again), 0 to 999; a higher
	// one replaces a lower.
	Patch int `json:"patch"`
	// Group is the same for all near-copies of a text: the id of one of them. An article without any is a group of its
	// own.
	Group         string   `json:"group,omitempty"`
	Feed          string   `json:"feed"`
	Source        string   `json:"source"`
	SourceCountry string   `json:"source_country,omitempty"`
	GUID          string   `json:"guid,omitempty"`
	URL           string   `json:"url,omitempty"`
	CanonicalURL  string   `json:"canonical_url,omitempty"`
	Title         string   `json:"title"`
	Summary       string   `json:"summary,omitempty"`
	Authors       []string `json:"authors,omitempty"`
	// At is the time the article is sorted and filtered by: Published, or FirstSeen when that is unknown or later
	// than it, so that a stamp in the future does not keep an article on top for ever.
	At time.Time `json:"at"`
	// Published and PublishedUntil are the half-open interval of messages.Published; zero when unknown.
	Published          time.Time `json:"published,omitzero"`
	PublishedUntil     time.Time `json:"published_until,omitzero"`
	PublishedPrecision string    `json:"published_precision,omitempty"`
	PublishedSource    string    `json:"published_source,omitempty"`
	FirstSeen          time.Time `json:"first_seen"`
	FetchedAt          time.Time `json:"fetched_at"`
	Baseline           bool      `json:"baseline"`
	Lang               string    `json:"lang"`
	TextSource         string    `json:"text_source,omitempty"`
	// Text is the whole searchable text, title included; empty in a Hit.
	Text string `json:"text,omitempty"`

	Persons          []string `json:"persons,omitempty"`
	PersonKeys       []string `json:"person_keys,omitempty"`
	Organizations    []string `json:"organizations,omitempty"`
	OrganizationKeys []string `json:"organization_keys,omitempty"`
	Places           []string `json:"places,omitempty"`
	PlaceKeys        []string `json:"place_keys,omitempty"`

	// Mentioned are the dates the text speaks of, narrower than a decade, each interval once, ascending.
	// MentionedFrom and MentionedTo are their plain ends, for charts that cannot draw ranges.
	Mentioned     []Range     `json:"mentioned,omitempty"`
	MentionedFrom []time.Time `json:"mentioned_from,omitempty"`
	MentionedTo   []time.Time `json:"mentioned_to,omitempty"`
	// MentionedWide are vague dates, open ranges and those of a decade or more ("the 20th century"), kept apart so
	// that they do not answer every question about a day.
	MentionedWide []Range `json:"mentioned_wide,omitempty"`

	// Lists are the watchlists that have a name in the article, Watch their entries as "list.entry", WatchNames the
	// entries' primary names and WatchTiers their tiers; the last three are parallel.
	Lists      []string `json:"lists,omitempty"`
	Watch      []string `json:"watch,omitempty"`
	WatchNames []string `json:"watch_names,omitempty"`
	WatchTiers []string `json:"watch_tiers,omitempty"`

	Notes []string `json:"notes,omitempty"`
	// Sketch is messages.EnrichedArticle.Sketch: what near-copies are found by. nil in a Hit.
	Sketch []uint64 `json:"sketch,omitempty"`
	// Detail is the article as the extractor sent it, without its Text and Sketch; nil in a Hit. It is kept but not
	// searched.
	Detail *messages.EnrichedArticle `json:"detail,omitempty"`
}

// Range is a half-open interval of civil time. One end may be zero: open on that side.
type Range struct {
	From time.Time `json:"gte,omitzero"`
	To   time.Time `json:"lt,omitzero"`
}

// Version is what decides between two writes of one ID: the higher stays.
func (d Document) Version() int64 { return int64(d.Revision)*patches + int64(d.Patch) }

// RevisionOf is the revision in a Document.Version.
func RevisionOf(version int64) int { return int(version / patches) }

// PatchOf is the patch in a Document.Version.
func PatchOf(version int64) int { return int(version % patches) }

// Article is the message the document was made from, text restored. It needs Detail.
func (d Document) Article() messages.EnrichedArticle {
	a := *d.Detail
	a.Text, a.Sketch = d.Text, d.Sketch
	return a
}

// Again is the document after another look at it, which replaces what was stored of the same replay; ok is false when
// it was looked at so often that no patch number is left.
func (d Document) Again() (next Document, ok bool) {
	if d.Patch%looks == looks-1 {
		return d, false
	}
	d.Patch++
	return d, true
}

// NewDocument flattens an article that passed Validate. replay is the number of times the revision was replayed, capped
// at 99.
func NewDocument(a messages.EnrichedArticle, replay int) Document {
	d := Document{
		ID: a.ID, Revision: a.Revision, Patch: looks * min(max(replay, 0), patches/looks-1), Group: a.ID, Sketch: a.Sketch,
		Feed: a.Feed, Source: a.Source, SourceCountry: a.SourceCountry, GUID: a.GUID,
		URL: a.URL, CanonicalURL: a.CanonicalURL, Title: a.Title, Summary: a.Summary, Authors: a.Authors,
		Published: milli(a.Published.From), PublishedUntil: milli(a.Published.To),
		PublishedPrecision: a.Published.Precision, PublishedSource: a.Published.Source,
		FirstSeen: milli(a.FirstSeen), FetchedAt: milli(a.FetchedAt), Baseline: a.Baseline,
		Lang: a.Lang, TextSource: a.TextSource, Text: a.Text, Notes: a.Notes,
	}
	d.At = d.FirstSeen
	if !d.Published.IsZero() && d.Published.Before(d.FirstSeen) {
		d.At = d.Published
	}
	d.Persons, d.PersonKeys = names(a.Entities, messages.KindPerson)
	d.Organizations, d.OrganizationKeys = names(a.Entities, messages.KindOrganization)
	d.Places, d.PlaceKeys = names(a.Entities, messages.KindPlace)
	d.fillMentioned(a.Dates)
	d.fillWatch(a.Watch)
	detail := a
	detail.Text, detail.Sketch = "", nil
	d.Detail = &detail
	return d
}

// names collects the canonical names and keys of one kind, each key once.
func names(entities []messages.Entity, kind string) (shown, keys []string) {
	for _, e := range entities {
		key := e.Key
		if key == "" {
			key = kind + ":" + words.Fold(e.Canonical)
		}
		if e.Kind != kind || slices.Contains(keys, key) {
			continue
		}
		shown, keys = append(shown, e.Canonical), append(keys, key)
	}
	return shown, keys
}

func (d *Document) fillMentioned(dates []messages.Date) {
	for _, m := range dates {
		r, wide, ok := mentionedRange(m)
		switch {
		case !ok:
		case wide:
			d.MentionedWide = append(d.MentionedWide, r)
		default:
			d.Mentioned = append(d.Mentioned, r)
		}
	}
	d.Mentioned, d.MentionedWide = distinct(d.Mentioned), distinct(d.MentionedWide)
	for _, r := range d.Mentioned {
		d.MentionedFrom = append(d.MentionedFrom, r.From)
		d.MentionedTo = append(d.MentionedTo, r.To)
	}
}

// mentionedRange is the interval of one date, whether it is too wide to answer for a day, and whether there is one. "Since
// 2014" speaks of 2014: a span that is open on one side counts where it was named.
func mentionedRange(m messages.Date) (r Range, wide, ok bool) {
	r = Range{From: milli(m.From), To: milli(m.To)}
	named := !r.From.IsZero() || !r.To.IsZero()
	if m.Range != nil && (!named || !m.Range.From.IsZero() && !m.Range.To.IsZero()) {
		r = Range{From: milli(m.Range.From), To: milli(m.Range.To)}
	}
	if r.From.IsZero() && r.To.IsZero() {
		return r, false, false
	}
	open := r.From.IsZero() || r.To.IsZero()
	if !open && !r.To.After(r.From) {
		r.To = r.From.Add(time.Millisecond) // an empty range is refused by Elasticsearch and found by nobody
	}
	switch m.Precision {
	case "vague", "decade", "century":
		return r, true, true
	}
	return r, open || r.To.Sub(r.From) >= wideDays*24*time.Hour, true
}

// distinct sorts ranges by start and end and drops repeats.
func distinct(rs []Range) []Range {
	slices.SortFunc(rs, func(a, b Range) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return a.To.Compare(b.To)
	})
	return slices.CompactFunc(rs, func(a, b Range) bool { return a.From.Equal(b.From) && a.To.Equal(b.To) })
}

func (d *Document) fillWatch(watched []messages.Watched) {
	for _, w := range watched {
		if !slices.Contains(d.Lists, w.List) {
			d.Lists = append(d.Lists, w.List)
		}
		d.Watch = append(d.Watch, w.List+"."+w.Entry)
		d.WatchNames = append(d.WatchNames, w.Name)
		d.WatchTiers = append(d.WatchTiers, w.Tier)
	}
}

func milli(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}
