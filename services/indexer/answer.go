package indexer

import (
	"context"
	"errors"
	"strings"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer/words"
)

// Writer stores documents.
type Writer interface {
	// Write stores a batch and returns one Outcome per document, in order. An error means that nothing is known of
	// any of them and all must be written again; it may carry retry.After. Write blocks for network or disk.
	Write(ctx context.Context, docs []Document) ([]Outcome, error)
}

// Pinger is implemented by a Writer that can say whether it is there without writing.
type Pinger interface {
	// Ping returns nil when a write would probably succeed, else what is wrong and what to do.
	Ping(ctx context.Context) error
}

// Reader answers questions about what was written. Every method returns an error in ErrQuery for a query that cannot
// be answered as asked; other errors are about the index. What Write returned may take until the index's next
// refresh to be seen.
type Reader interface {
	// Search returns one page of hits.
	Search(ctx context.Context, q Query) (Page, error)
	// Facets counts the articles of the query by their values. Sort, Limit and Cursor play no part.
	Facets(ctx context.Context, q Query, o FacetOptions) (Facets, error)
	// Timeline counts the articles of the query by time: ascending, empty buckets left out.
	Timeline(ctx context.Context, q Query, o TimelineOptions) ([]Bucket, error)
}

// Archive gives whole articles back.
type Archive interface {
	// Article returns the newest stored revision, or an error in ErrNotFound.
	Article(ctx context.Context, id string) (messages.EnrichedArticle, error)
}

// Accountant says what the index holds, by id. It is for books, not for readers: nothing but numbers is read.
type Accountant interface {
	// Revisions returns the revision that the index holds of each article it has; what it lacks is absent. Everything
	// that was acknowledged before the call is seen. ids may be any number; they are asked for in portions.
	Revisions(ctx context.Context, ids []string) (map[string]int, error)
}

// Kin finds near-copies (see messages.NearCopies) among the articles of an index.
type Kin interface {
	// Kin returns for each sketch, in order, the near-copies that were first seen since then; one that has very many
	// need not come with all of them. What Write returned may take until the index's next refresh to be seen.
	Kin(ctx context.Context, sketches [][]uint64, since time.Time) ([][]Relative, error)
}

// Relative is an article that is a near-copy of another.
type Relative struct{ ID, Group string }

// ErrNotFound says that the index has no such article.
var ErrNotFound = errors.New("no such article in the index")

// Outcome is what became of one document of a Write.
type Outcome struct {
	// Known says that this version or a newer one was there already; nothing was changed.
	Known bool
	// Err is nil when the document is in the index, else an error of package retry.
	Err error
}

// Page is one page of hits.
type Page struct {
	Hits []Hit
	// Total counts all articles of the query, not only this page's.
	Total int
	// Next is the Cursor of the following page; empty when there is none. In the order newest, articles that arrive
	// between two pages neither repeat a hit nor hide one; by relevance they may, as every arrival moves the scores.
	Next string
}

// Hit is one article of a Page, as its Document without Text and Detail.
type Hit struct {
	Document
	// Score ranks hits by relevance, higher is better, comparable within one query only; 0 in the order newest.
	Score float64 `json:"score,omitempty"`
	// Snippet is the part of the text that shows the query's words best; the beginning of it without Text.
	Snippet words.Snippet `json:"snippet"`
}

// snippetWidth is the length of a Snippet in bytes: about two lines.
const snippetWidth = 240

// NewHit makes the hit of a stored document, with the snippet that answers q. d needs its Text.
func NewHit(d Document, q Query, score float64) Hit {
	_, body, ok := strings.Cut(d.Text, "\n\n") // the title is shown anyway
	if !ok {
		body = d.Text
	}
	h := Hit{Document: d, Score: score, Snippet: words.Snip(body, words.Parse(q.Text), snippetWidth)}
	h.Text, h.Sketch, h.Detail = "", nil, nil
	return h
}

// FacetOptions say how much Facets counts.
type FacetOptions struct {
	// Size is how many values each facet lists at most, 1 to 1000; 0 is 10.
	Size int
}

// Facets counts the articles of a query by value: most frequent first, ties by Key.
type Facets struct {
	Total         int     `json:"total"`
	Persons       []Facet `json:"persons"`
	Organizations []Facet `json:"organizations"`
	Places        []Facet `json:"places"`
	Sources       []Facet `json:"sources"`
	Langs         []Facet `json:"langs"`
	Lists         []Facet `json:"lists"`
	Watch         []Facet `json:"watch"`
}

// Facet is one value and the number of articles that have it.
type Facet struct {
	// Key may be put into the Query's field of the same name to narrow it to this value.
	Key string `json:"key"`
	// Name is the form to show a reader; the same as Key where there is no better one.
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// Fields of a Timeline.
const (
	TimelinePublished = "published" // Document.At; the default
	TimelineMentioned = "mentioned" // the first day of every narrow date the article mentions
)

// Steps of a Timeline.
const (
	StepDay   = "day" // the default
	StepWeek  = "week"
	StepMonth = "month"
	StepYear  = "year"
)

// TimelineOptions say what Timeline counts.
type TimelineOptions struct {
	// By is TimelinePublished or TimelineMentioned.
	By string
	// Step is the width of a bucket, a calendar unit in UTC; weeks begin on Monday.
	Step string
}

// Bucket is one step of a Timeline.
type Bucket struct {
	// From is the inclusive start of the step.
	From time.Time `json:"from"`
	// Count is the number of articles; an article that mentions two days of one week counts once for the week.
	Count int `json:"count"`
}

// WithDefaults returns the options with defaults filled in, or an error in ErrQuery.
func (o FacetOptions) WithDefaults() (FacetOptions, error) {
	if o.Size == 0 {
		o.Size = 10
	}
	if o.Size < 0 || o.Size > 1000 {
		return o, badQuery("size", "is %d; want 1 to 1000", o.Size)
	}
	return o, nil
}

// WithDefaults returns the options with defaults filled in, or an error in ErrQuery.
func (o TimelineOptions) WithDefaults() (TimelineOptions, error) {
	if o.By == "" {
		o.By = TimelinePublished
	}
	if o.Step == "" {
		o.Step = StepDay
	}
	if o.By != TimelinePublished && o.By != TimelineMentioned {
		return o, badQuery("by", "is %q; want %s or %s", o.By, TimelinePublished, TimelineMentioned)
	}
	switch o.Step {
	case StepDay, StepWeek, StepMonth, StepYear:
		return o, nil
	}
	return o, badQuery("step", "is %q; want day, week, month or year", o.Step)
}

// Trim drops the buckets outside what the query asked for: an article found by one date mentions others too.
func (o TimelineOptions) Trim(q Query, buckets []Bucket) []Bucket {
	from, to := q.PublishedFrom, q.PublishedTo
	if o.By == TimelineMentioned {
		from, to = q.MentionedFrom, q.MentionedTo
	}
	kept := buckets[:0]
	for _, b := range buckets {
		if (from.IsZero() || o.next(b.From).After(from)) && (to.IsZero() || b.From.Before(to)) {
			kept = append(kept, b)
		}
	}
	return kept
}

func (o TimelineOptions) next(t time.Time) time.Time {
	switch o.Step {
	case StepWeek:
		return t.AddDate(0, 0, 7)
	case StepMonth:
		return t.AddDate(0, 1, 0)
	case StepYear:
		return t.AddDate(1, 0, 0)
	}
	return t.AddDate(0, 0, 1)
}
