package pubdate

import (
	"strings"
	"time"

	dateparser "github.com/markusmobius/go-dateparser"
	"github.com/markusmobius/go-htmldate"
)

// maxSearch is how much of a page is searched; go-htmldate's time grows faster than what it is given.
const maxSearch = 256 << 10

// search is the last resort, go-htmldate over the body of a page. The head is left out: its dates were read before, and
// go-htmldate would take that of the last change before any in the text.
func search(page, address string, b Bounds) (stamp, bool) {
	page = body(page)
	if !hasDigit(page) {
		return stamp{}, false
	}
	res, err := htmldate.FromReader(strings.NewReader(page), htmldate.Options{
		ExtractTime:       true,
		UseOriginalDate:   true,
		DeferUrlExtractor: true,
		URL:               address,
		MinDate:           time.Date(earliest, 1, 1, 0, 0, 0, 0, time.UTC),
		MaxDate:           b.FetchedAt.Add(slack),
		// What a written date leaves open is filled from here and not from the clock.
		DateParserConfig: &dateparser.Configuration{CurrentTime: b.FetchedAt, StrictParsing: true, PreferredDateSource: dateparser.Past},
	})
	if err != nil || res.IsZero() {
		return stamp{}, false
	}
	s := stamp{at: res.DateTime, precision: "day", zoned: res.HasTime && res.HasTimezone, source: "page", text: clip(res.SrcString)}
	if res.HasTime {
		s.precision = precisionOf(res.DateTime)
	}
	if !s.zoned {
		s.at = wall(s.at)
	}
	s.precision = roughly(s, res.SrcString)
	return s, b.believes(s.at)
}

// roughly tells a first of January or of a month that was filled in from one that was read.
func roughly(s stamp, source string) string {
	if s.precision != "day" || s.at.Day() != 1 || len(findWritten(source, false)) > 0 {
		return s.precision
	}
	if s.at.Month() == time.January {
		return "year"
	}
	return "month"
}

// body is what follows the head of a page, cut to what is searched.
func body(page string) string {
	if at := strings.Index(page, "<body"); at >= 0 {
		page = page[at:]
	}
	return page[:min(len(page), maxSearch)]
}
