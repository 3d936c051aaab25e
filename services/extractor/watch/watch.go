// Package watch finds watched names in running text, however they are spelled, and says why it believes so.
//
// Compile turns watch entries into an immutable Index; Index.Find returns one Match per entry and text. Index.Near and
// Index.Search also give what almost rang; Index.Explain gives the whole sum for one entry and one text, and says why it
// does not ring; Compare sets two spellings against each other out of any text. The package is pure: no I/O, no clock,
// no language model. Entities and language passed with a Doc only ever add evidence; leaving them out never removes a
// match.
package watch

import "time"

// Entry is one watched person or organisation. As JSON it travels in the key-value bucket of the lists.
type Entry struct {
	// ID is unique within List, one subject token. An entry without one gets a short hash of its list and names.
	ID string `json:"id"`
	// List is the watchlist, one subject token.
	List string `json:"list"`
	// Kind is Person or Organization; empty means Person.
	Kind  Kind   `json:"kind"`
	Names []Name `json:"names"`
	// BirthDate is ISO 8601, possibly partial ("1975", "1975-05"); empty when not known.
	BirthDate string `json:"birth_date,omitempty"`
	// Countries are ISO 3166-1 alpha-2 codes, lower or upper case.
	Countries     []string `json:"countries,omitempty"`
	Organizations []string `json:"organizations,omitempty"`
	Roles         []string `json:"roles,omitempty"`
	// Associates are names of people the entry is known with ("Family, Given" or as spoken): one of them in the text is
	// evidence. They are spellings, not ids, so that no other entry bears on this one.
	Associates []string `json:"associates,omitempty"`
	Policy     Policy   `json:"policy,omitzero"`
	// Source keeps where the entry came from, for reports.
	Source string `json:"source,omitempty"`
}

// Kind is what is watched.
type Kind string

// Kinds of entry.
const (
	Person       Kind = "person"
	Organization Kind = "organization"
)

// Name is one spelling of an entry.
type Name struct {
	Text string   `json:"text"`
	Kind NameKind `json:"kind,omitempty"`
	// Family and Given are the parts where the source tells them apart; empty otherwise.
	Family string `json:"family,omitempty"`
	Given  string `json:"given,omitempty"`
}

// NameKind says how far a spelling is to be trusted.
type NameKind string

// Kinds of spelling. The first primary name is what alerts show.
const (
	Primary        NameKind = "primary"
	Alias          NameKind = "alias"
	WeakAlias      NameKind = "weak"
	OriginalScript NameKind = "original"
)

// Policy bends the rules for one entry.
type Policy struct {
	// MinBits is added caution: the entry rings only at this many bits, when higher than the list's threshold.
	MinBits float64 `json:"min_bits,omitempty"`
	// RequireAny: the entry rings only when one of these words stands in the text.
	RequireAny []string `json:"require_any,omitempty"`
	// Exclude: the entry does not ring when one of these phrases stands in the text.
	Exclude []string `json:"exclude,omitempty"`
	// ExactOnly: only listed spellings ring.
	ExactOnly bool `json:"exact_only,omitempty"`
	// MuteUntil: no alert before this time; zero means not muted.
	MuteUntil time.Time `json:"mute_until,omitzero"`
	// Tier is the highest tier that the entry rings at: "confirmed", "probable" or "review". A stronger match rings all
	// the same, at this tier. Empty, like any other value, lowers nothing.
	Tier string `json:"tier,omitempty"`
	// Group is "story" where near-copies of one text ring once; anything else rings per article.
	Group string `json:"group,omitempty"`
}

// Doc is a text to search. Only Text is needed.
type Doc struct {
	Text string
	// Lang is an ISO 639-1 code or empty.
	Lang string
	// From and To are the publication interval; zero when not known.
	From, To time.Time
	// Entities are what a recogniser found, as supporting evidence; may be empty.
	Entities []Entity
	// Now is the time that mutes and ages are judged by.
	Now time.Time
}

// Entity is a recognised person, organisation or place; Kind is "person", "organization" or "place".
type Entity struct {
	Kind       string
	Start, End int
}

// Match is one watched entry found in a text: the best mention and all mentions.
type Match struct {
	List, Entry string
	// Name is the entry's primary name; Alias the listed spelling that met the text.
	Name, Alias string
	// Tier is "confirmed", "probable" or "review".
	Tier string
	// Group is the entry's Policy.Group.
	Group string
	// Score is in [0, 1], 1 only for an exact listed spelling.
	Score float64
	// Bits is the evidence, Threshold what it had to reach.
	Bits, Threshold float64
	// Best and Mentions are half-open byte offsets into Doc.Text; Mentions ascend and hold Best.
	Best     Span
	Mentions []Span
	// Sentence is the sentence around Best.
	Sentence  string
	Parts     []Part
	Penalties []Reason
	Context   []Reason
	// Held says, in one sentence, why a match that reached its threshold does not ring; empty for one that rings or misses
	// its threshold.
	Held string
}

// Span is a half-open byte range on rune boundaries.
type Span struct{ Start, End int }

// Part is one watched part that met one word, by a rule, worth some bits.
type Part struct {
	Watched, Word, Rule string
	Bits                float64
}

// Reason is one contribution for or against a match.
type Reason struct {
	Rule, Text string
	Bits       float64
}
