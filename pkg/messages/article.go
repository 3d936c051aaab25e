package messages

import "time"

// Version is the message format this build writes into every message.
const Version = 1

// Article is the identity and provenance of one article, shared by every message that speaks of it.
// The fetcher fills it; nobody changes it afterwards.
type Article struct {
	// ID is the ArticleID: fixed at first sighting, lower-case hex, the document id in every index.
	ID string `json:"id"`
	// Revision counts published versions of the article, from 1.
	Revision int `json:"revision"`
	// Feed is the id of the feed that brought this revision.
	Feed string `json:"feed"`
	// Source is the slug of the publisher; a single subject token.
	Source string `json:"source"`
	// SourceZone is the publisher's IANA time zone, empty when not configured.
	SourceZone string `json:"source_zone,omitempty"`
	// SourceCountry is the publisher's ISO 3166-1 alpha-2 code, empty when not configured.
	SourceCountry string `json:"source_country,omitempty"`
	// GUID is the publisher's own id of the item, as written.
	GUID string `json:"guid,omitempty"`
	// URL is the article's address as the feed gave it, the one that was fetched.
	URL string `json:"url,omitempty"`
	// CanonicalURL is the address the page calls its own, when it differs from URL.
	CanonicalURL string `json:"canonical_url,omitempty"`
	// Title is plain text on one line.
	Title string `json:"title"`
	// Summary is the feed's short description as plain text.
	Summary string `json:"summary,omitempty"`
	// Authors are names as written, in the feed's order.
	Authors []string `json:"authors,omitempty"`
	// FirstSeen is when any feed first brought the article; it chooses the index month.
	FirstSeen time.Time `json:"first_seen"`
	// FetchedAt is when this revision was read.
	FetchedAt time.Time `json:"fetched_at"`
	// Baseline marks back catalogue: what a feed already held when it was added. Its matches ring under TierRetro.
	Baseline bool `json:"baseline,omitempty"`
	// Notes list, in plain sentences, everything cut, guessed or repaired on the way.
	Notes []string `json:"notes,omitempty"`
}

// RawArticle is one item revision as the fetcher found it, before anything was recognised in it.
type RawArticle struct {
	Version int `json:"version"`
	Article
	// Published is the feed's own stamp with the offset it was written in; zero when the feed gave none.
	Published time.Time `json:"published,omitzero"`
	// PublishedSource names the feed element the stamp came from, such as "pubDate".
	PublishedSource string `json:"published_source,omitempty"`
	// FeedContent is the item's full content as the feed carries it, usually HTML.
	FeedContent string `json:"feed_content,omitempty"`
	// FeedLanguage is the language the feed declares, a hint only.
	FeedLanguage string `json:"feed_language,omitempty"`
	// Page is the article's page as fetched, zstd-compressed; nil when it was not fetched or travels by PageRef.
	Page []byte `json:"page,omitempty"`
	// PageRef names the object-store object that holds the compressed page when it is too large for the message.
	PageRef string `json:"page_ref,omitempty"`
	// PageType is the page's Content-Type header, charset included.
	PageType string `json:"page_type,omitempty"`
}

// EnrichedArticle is what the extractor understood of one RawArticle.
type EnrichedArticle struct {
	Version int `json:"version"`
	Article
	// Text is the title, a blank line and the main text: the one offset space of every span below.
	Text string `json:"text"`
	// TextSource says where the main text came from: one of the TextFrom constants.
	TextSource string `json:"text_source"`
	// Lang is an ISO 639-1 code, "und" when undetermined; a single subject token.
	Lang string `json:"lang"`
	// LangConfidence is in [0, 1].
	LangConfidence float64   `json:"lang_confidence"`
	Published      Published `json:"published"`
	Entities       []Entity  `json:"entities"`
	Dates          []Date    `json:"dates"`
	Watch          []Watched `json:"watch"`
	// Sketch is the sampled set of shingle hashes that near-copies share, ascending.
	Sketch []uint64 `json:"sketch,omitempty"`
	// Engines names every recogniser that ran, with its version.
	Engines []Engine `json:"engines"`
}

// Where EnrichedArticle.Text came from.
const (
	TextFromPage        = "page"
	TextFromReadability = "page_readability"
	TextFromFeedContent = "feed_content"
	TextFromFeedSummary = "feed_summary"
	TextFromTitle       = "title"
)

// Published is when the article appeared, as an interval: From is inclusive, To exclusive, and their width is the
// precision. Both are zero when nothing trustworthy was found.
type Published struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
	// Precision is "second", "minute", "day", "month", "year" or empty.
	Precision string `json:"precision,omitempty"`
	// Source names where the date was found: "feed", "json_ld", "meta", "time", "dateline", "url" or "page".
	Source string `json:"source,omitempty"`
	// ZoneKnown says whether the stamp carried an offset; without it From and To are wall time taken as UTC.
	ZoneKnown bool `json:"zone_known"`
	// Confidence is in [0, 1].
	Confidence float64              `json:"confidence"`
	Candidates []PublishedCandidate `json:"candidates,omitempty"`
}

// PublishedCandidate is a publication date that was found, chosen or not.
type PublishedCandidate struct {
	Source string    `json:"source"`
	Text   string    `json:"text,omitempty"`
	At     time.Time `json:"at"`
}

// Engine names a recogniser and its version, for tracing a result back to what made it.
type Engine struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Span is a half-open byte range of EnrichedArticle.Text, on rune boundaries.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Kinds of Entity.
const (
	KindPerson       = "person"
	KindOrganization = "organization"
	KindPlace        = "place"
)

// Entity is one person, organisation or place with all its mentions in the article.
type Entity struct {
	// Kind is one of the Kind constants.
	Kind string `json:"kind"`
	// Key is what facets count: the kind and the folded longest form.
	Key string `json:"key"`
	// Canonical is the form to show a reader.
	Canonical string `json:"canonical"`
	// Score is the recogniser's confidence in [0, 1]; 0 when it gives none.
	Score    float64 `json:"score"`
	Mentions []Span  `json:"mentions"`
}

// Date is one temporal expression of the text, resolved as far as the article allows.
type Date struct {
	Span
	// Text is the surface form, Text[Start:End] of the article.
	Text string `json:"text"`
	// Type is the TIMEX3 class: DATE, TIME, DURATION or SET.
	Type string `json:"type"`
	// Value is the TIMEX3 value (TimeML 1.2.1), such as "2015-04" or "P3D".
	Value string `json:"value"`
	// From and To are the calendar interval in civil time, half-open, written as UTC; zero when there is none.
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
	// Range is the joined interval when two expressions form one span; nil otherwise.
	Range *Interval `json:"range,omitempty"`
	// Alt are other readings of an ambiguous expression, such as both orders of 5/6/2015.
	Alt []string `json:"alt,omitempty"`
	// Precision is "minute", "hour", "day", "week", "month", "quarter", "year", "decade", "century" or "vague".
	Precision string `json:"precision,omitempty"`
	// Mod is the TIMEX3 modifier: START, MID, END, APPROX, BEFORE, AFTER and so on.
	Mod string `json:"mod,omitempty"`
	// Explicit is "full", "partial", "relative" or "vague".
	Explicit string `json:"explicit,omitempty"`
	// Anchor says what a relative expression was resolved against: "published", "previous" or empty.
	Anchor string `json:"anchor,omitempty"`
	// Zone is the zone written with a clock time, as written.
	Zone string `json:"zone,omitempty"`
}

// Interval is a half-open calendar interval. One end may be zero: open on that side.
type Interval struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// Watched is one watched name found in the article: what an Alert is made of.
type Watched struct {
	List  string `json:"list"`
	Entry string `json:"entry"`
	// Name is the entry's primary name.
	Name string `json:"name"`
	// Group is how the list wants its alerts grouped: GroupStory, else per article.
	Group string `json:"group,omitempty"`
	Evidence
}

// Evidence is why a watched name is believed to be in the text.
type Evidence struct {
	// Tier is TierConfirmed, TierProbable or TierReview.
	Tier string `json:"tier"`
	// Score is in [0, 1], higher is closer; 1 only for an exact listed spelling.
	Score float64 `json:"score"`
	// Bits is the strength of evidence; Threshold is what it had to reach.
	Bits      float64 `json:"bits"`
	Threshold float64 `json:"threshold"`
	Quote     Quote   `json:"quote"`
	// Mentions are all spans of the name in the article, ascending; Quote shows the best.
	Mentions []Span `json:"mentions"`
	// Parts say which watched part met which word, by what rule, worth how many bits.
	Parts []Part `json:"parts,omitempty"`
	// Penalties are contributions against the match, negative bits.
	Penalties []Contribution `json:"penalties,omitempty"`
	// Context are contributions from what stands around the mention.
	Context []Contribution `json:"context,omitempty"`
}

// Quote is the best mention in its sentence. Start and End locate Text in the article's text.
type Quote struct {
	Text     string `json:"text"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	Sentence string `json:"sentence,omitempty"`
}

// Part is one watched name part that met one word of the text.
type Part struct {
	Watched string  `json:"watched"`
	Word    string  `json:"word"`
	Rule    string  `json:"rule"`
	Bits    float64 `json:"bits"`
}

// Contribution is one reason that added bits or took them away.
type Contribution struct {
	Rule string  `json:"rule"`
	Text string  `json:"text,omitempty"`
	Bits float64 `json:"bits"`
}
