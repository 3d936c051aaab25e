// Package pubdate is the room of publication dates: when an article appeared, how exactly that is known and by whose
// word, and which day it was where the article was written.
//
// The feed's stamp comes first; a page is asked only when there is none to believe. FromPage reads pages, which are
// hostile: the caller puts a time limit and a recover around it.
package pubdate

import (
	"time"

	"tocsin/pkg/messages"
)

// Found is a publication date.
type Found struct {
	messages.Published
	// Local is the wall clock at the article when it appeared, the reference for words like "yesterday"; zero when
	// nothing was found. Only its date and clock fields mean something, its zone is always UTC.
	Local time.Time
	// Notes are plain sentences on stamps that were not believed.
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

// stamp is a date as it was read, before it was believed.
type stamp struct {
	at        time.Time
	precision string // as in messages.Published
	zoned     bool
	source    string
	text      string
}

// FromFeed reads the stamp of a feed item; zero gives nothing. A stamp at midnight sharp of its own zone is taken for a
// date without a time, one without seconds for a minute.
func FromFeed(at time.Time, b Bounds) Found {
	if at.IsZero() {
		return Found{}
	}
	s := stamp{at: at, precision: precisionOf(at), zoned: true, source: "feed"}
	if !b.believes(at) {
		return Found{
			Published: messages.Published{Candidates: []messages.PublishedCandidate{s.candidate()}},
			Notes:     []string{"The feed's date, " + at.Format(time.RFC3339) + ", cannot be true and was left out."},
		}
	}
	return s.found(b, 0.95)
}

// precisionOf reads from a clock what its writer left at zero.
func precisionOf(t time.Time) string {
	switch {
	case t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0:
		return "day"
	case t.Second() == 0 && t.Nanosecond() == 0:
		return "minute"
	}
	return "second"
}

func (s stamp) candidate() messages.PublishedCandidate {
	return messages.PublishedCandidate{Source: s.source, Text: s.text, At: s.at}
}

// found makes the interval of a stamp that is believed.
func (s stamp) found(b Bounds, confidence float64) Found {
	from, to := s.interval()
	return Found{
		Published: messages.Published{
			From: from.UTC(), To: to.UTC(), Precision: s.precision, Source: s.source, ZoneKnown: s.zoned,
			Confidence: confidence, Candidates: []messages.PublishedCandidate{s.candidate()},
		},
		Local: s.local(b.Zone),
	}
}

func (s stamp) interval() (from, to time.Time) {
	y, m, d := s.at.Date()
	switch s.precision {
	case "second":
		from = s.at.Truncate(time.Second)
		return from, from.Add(time.Second)
	case "minute":
		from = s.at.Truncate(time.Minute)
		return from, from.Add(time.Minute)
	case "day":
		from = time.Date(y, m, d, 0, 0, 0, 0, s.at.Location())
		return from, from.AddDate(0, 0, 1)
	case "month":
		from = time.Date(y, m, 1, 0, 0, 0, 0, s.at.Location())
		return from, from.AddDate(0, 1, 0)
	}
	from = time.Date(y, time.January, 1, 0, 0, 0, 0, s.at.Location())
	return from, from.AddDate(1, 0, 0)
}

// local is the wall clock where the article was written: the publisher's zone for an instant; what is written for
// everything else, a date without a time being somebody's day already.
func (s stamp) local(zone *time.Location) time.Time {
	t := s.at
	if zone != nil && s.zoned && (s.precision == "second" || s.precision == "minute") {
		t = t.In(zone)
	}
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}
