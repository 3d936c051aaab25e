package indexer

import (
	"errors"
	"fmt"
	"time"

	"tocsin/services/indexer/words"
)

// Orders of a Query.
const (
	SortNewest    = "newest"    // by Document.At, newest first; the default
	SortRelevance = "relevance" // best text match first; the same as newest without Text
)

// Relations of a mentioned interval to the one asked for.
const (
	RelationIntersects = "intersects" // they have a moment in common
	RelationWithin     = "within"     // the mentioned one lies inside the one asked for
	RelationContains   = "contains"   // the mentioned one covers the whole of the one asked for; needs both ends
)

// Bounds of a Query.
const (
	DefaultLimit = 20
	MaxLimit     = 1000
	MaxText      = 1024 // bytes of Text
	maxValues    = 1000 // values in one list
)

// ErrQuery is in the chain of every error that says a query cannot be answered as asked; asking again will not help.
var ErrQuery = errors.New("cannot answer the query")

// Query says which articles are wanted. Every field that is set narrows the answer; the zero Query means all of them.
type Query struct {
	// Text is searched in title and body in the small language of package words: all words must occur (their
	// English stems count), "in quotes" as a phrase, one OR other, -without, begin*. Case and accents do not matter.
	Text string
	// Persons, Organizations and Places are names as a reader writes them, or keys as a Facet shows them. The whole
	// name must match, case and accents aside, and every name given must be in the article.
	Persons       []string
	Organizations []string
	Places        []string
	// Sources, Langs and Lists each want any one of their values: slugs, language codes, watchlist ids.
	Sources []string
	Langs   []string
	Lists   []string
	// Watch are watchlist entries as "list.entry"; every one given must be in the article.
	Watch []string
	// IDs wants any one of these articles, Groups the articles of any one of these groups of near-copies.
	IDs, Groups []string
	// PublishedFrom (inclusive) and PublishedTo (exclusive) bound Document.At. Zero is open.
	PublishedFrom, PublishedTo time.Time
	// MentionedFrom (inclusive) and MentionedTo (exclusive) want an article that speaks of a date which meets this
	// interval. Zero is open.
	MentionedFrom, MentionedTo time.Time
	// Relation says how the mentioned interval and the one asked for stand to each other: one of the Relation constants,
	// RelationIntersects when empty.
	Relation string
	// WideDates lets vague dates and those of a decade or more count for the mentioned interval too.
	WideDates bool
	// Sort is SortNewest or SortRelevance; empty is SortNewest.
	Sort string
	// Limit is the size of a page, 1 to MaxLimit; 0 is DefaultLimit.
	Limit int
	// Cursor continues after an earlier Page of the same query.
	Cursor string
}

// WithDefaults returns the query with its defaults filled in, or an error in ErrQuery that names the field and why.
func (q Query) WithDefaults() (Query, error) {
	if q.Sort == "" {
		q.Sort = SortNewest
	}
	if q.Relation == "" {
		q.Relation = RelationIntersects
	}
	if q.Limit == 0 {
		q.Limit = DefaultLimit
	}
	return q, q.validate()
}

func (q Query) validate() error {
	switch {
	case len(q.Text) > MaxText:
		return badQuery("text", "has %d bytes; %d are enough for any question, shorten it", len(q.Text), MaxText)
	case q.Sort != SortNewest && q.Sort != SortRelevance:
		return badQuery("sort", "is %q; want %s or %s", q.Sort, SortNewest, SortRelevance)
	case q.Limit < 0 || q.Limit > MaxLimit:
		return badQuery("limit", "is %d; want 1 to %d, and the cursor for more", q.Limit, MaxLimit)
	case reversed(q.PublishedFrom, q.PublishedTo):
		return badQuery("published", "ends before it begins; swap the two ends")
	case reversed(q.MentionedFrom, q.MentionedTo):
		return badQuery("mentioned", "ends before it begins; swap the two ends")
	case q.Relation != RelationIntersects && q.Relation != RelationWithin && q.Relation != RelationContains:
		return badQuery("relation", "is %q; want %s, %s or %s", q.Relation, RelationIntersects, RelationWithin, RelationContains)
	case q.Relation == RelationContains && (q.MentionedFrom.IsZero() != q.MentionedTo.IsZero()):
		return badQuery("mentioned", "is open on one side; what contains it needs both ends")
	}
	for name, values := range q.lists() {
		if len(values) > maxValues {
			return badQuery(name, "holds %d values; ask for at most %d at a time", len(values), maxValues)
		}
	}
	return nil
}

func (q Query) lists() map[string][]string {
	return map[string][]string{
		"persons": q.Persons, "organizations": q.Organizations, "places": q.Places, "sources": q.Sources,
		"langs": q.Langs, "lists": q.Lists, "watch": q.Watch, "ids": q.IDs, "groups": q.Groups,
	}
}

// Ranked reports whether hits are ordered by how well they match: only words to look for can be matched better.
func (q Query) Ranked() bool {
	return q.Sort == SortRelevance && len(words.Parse(q.Text).All) > 0
}

// Mentions reports whether the query asks for mentioned dates.
func (q Query) Mentions() bool { return !q.MentionedFrom.IsZero() || !q.MentionedTo.IsZero() }

func reversed(from, to time.Time) bool { return !from.IsZero() && !to.IsZero() && !from.Before(to) }

func badQuery(field, format string, args ...any) error {
	return fmt.Errorf("%w: %s %s", ErrQuery, field, fmt.Sprintf(format, args...))
}
