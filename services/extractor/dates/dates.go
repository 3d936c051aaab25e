// Package dates finds temporal expressions in running text and resolves them to calendar intervals.
//
// Find turns a text and a reference time into mentions; nothing is read from a clock. Values follow TIMEX3
// (TimeML 1.2.1). Intervals are civil time: what a wall calendar at the place of the article shows, written as UTC.
//
// A text goes through five hands, none of which looks back further than a stated bound, so that time grows with
// length whatever the text: the tokeniser (token*.go) cuts it up and asks the lexicon (lexicon.go, with its words as
// data in english.go and languages.go) what each word can do; the reader (reader.go and one file for each idea:
// calendar, numeric, clock, relative, duration …) reads a partial off the tokens, which is what the words alone say;
// the filter (filter.go) throws out what is no date; the resolver (resolve*.go) puts partials on the calendar, counting
// from the reference or from the mention before; and ranges are joined (join.go).
//
// Two counting modes serve two kinds of text. News counts from the publication date, and an empty line ends what "the
// following day" may refer to. Narratives, such as histories and profiles, count from the last date they gave.
package dates

import "time"

// Type is the TIMEX3 class of a mention.
type Type string

// The TIMEX3 classes.
const (
	Date     Type = "DATE"
	Time     Type = "TIME"
	Duration Type = "DURATION"
	Set      Type = "SET"
)

// Explicit says how much of a mention's value stands in its own words.
type Explicit string

// Degrees of explicitness.
const (
	Full     Explicit = "full"     // "29 May 2015"
	Partial  Explicit = "partial"  // "May 29": the year is taken from the reference
	Relative Explicit = "relative" // "three days later"
	Vague    Explicit = "vague"    // "recently"
)

// Mode says what relative expressions are counted from.
type Mode uint8

// Modes of resolution.
const (
	Auto      Mode = iota // chosen from the text
	News                  // the publication date
	Narrative             // the last explicit date before the mention
)

// Options steer Find. The zero value is right for news in English.
type Options struct {
	Mode Mode
	// Lang is an ISO 639-1 code; empty means English. Numeric and ISO forms are understood in any language.
	Lang string
}

// Interval is half-open, in civil time written as UTC. A zero end is open on that side.
type Interval struct{ From, To time.Time }

// Mention is one temporal expression.
type Mention struct {
	// Start and End are half-open byte offsets into the text, on rune boundaries.
	Start, End int
	Type       Type
	// Value is the TIMEX3 value: "2015-04", "P3D", "XXXX-WXX-5", "PAST_REF".
	Value string
	// From and To are the calendar interval, From < To, zero when the mention has none.
	From, To time.Time
	// Range is the joined interval when two mentions are the ends of one span ("between 2014 and 2016").
	Range *Interval
	// Alt are the values of other readings, as of 5/6/2015.
	Alt []string
	// Precision is "minute", "hour", "day", "week", "month", "quarter", "year", "decade", "century" or "vague".
	Precision string
	// Mod is the TIMEX3 modifier, or empty.
	Mod      string
	Explicit Explicit
	// Anchor is "published", "previous" or empty.
	Anchor string
	// Zone is the zone written with a clock time, as written.
	Zone string
	// partial is what the words alone say, kept for Resolve.
	partial partial
}
