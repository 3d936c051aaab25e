// Package pubdate is the room of publication dates: when an article appeared, how exactly that is known and by whose
// word, and which day it was where the article was written.
//
// Find asks in this order and stops at the first it believes: the feed's stamp; what the page states in JSON-LD and meta
// elements; what stands under its headline, in <time> elements, bylines and the text; the address; a search through the
// whole page; the day the text speaks of by weekday; and, when there is nothing else, the date of the last change. Whoever
// is asked later is still kept as a candidate, and settles which day an instant was where nobody says the zone.
//
// Pages are hostile: the caller puts a time limit and a recover around Find when it gives one.
package pubdate

import (
	"time"

	"tocsin/pkg/messages"
)

// Found is a publication date.
type Found struct {
	messages.Published
	// Local is the wall clock at the article when it appeared, the reference for words like "yesterday"; zero when
	// nothing was found, or no more than a month. Only its date and clock fields mean something, its zone is always UTC.
	Local time.Time
	// Notes are plain sentences on stamps that were not believed, and on what had to be guessed.
	Notes []string
}

// Known reports whether there is a date.
func (f Found) Known() bool { return !f.From.IsZero() }

// Bounds are what a date must lie in to be believed.
type Bounds struct {
	// FetchedAt is when the article was read; a stamp more than a day later is not believed.
	FetchedAt time.Time
	// Zone is the publisher's; nil when it is not known. It decides the local day of a stamp that says an instant.
	Zone *time.Location
}

// earliest is the first year of news on the web.
const earliest = 1990

// slack is how far ahead of the reader's clock a stamp may be: publishers' clocks and zones are off by hours.
const slack = 24 * time.Hour

func (b Bounds) believes(t time.Time) bool {
	return t.Year() >= earliest && !t.After(b.FetchedAt.Add(slack))
}

// Article is what there is to find a date in; every field may be empty.
type Article struct {
	// Feed is the stamp of the feed's item, in its own offset.
	Feed time.Time
	// Address is the page's own.
	Address string
	// Page is the page in UTF-8; its first 1 MiB is read.
	Page string
	// Text is the main text without its title; its first lines are searched for a dateline.
	Text string
}
