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
	s = s.honest()
	if s.precision == "day" && len(findWritten(res.SrcString, false)) == 0 {
		return firstOfMonth(s, b)
	}
	return s, b.believes(s.at)
}

// firstOfMonth lowers a first day that was filled in to its month. A year alone is some copyright's and no date.
func firstOfMonth(s stamp, b Bounds) (stamp, bool) {
	if s.at.Day() == 1 && s.at.Month() == time.January {
		return stamp{}, false
	}
	if s.at.Day() == 1 {
		s.precision = "month"
	}
	return s, b.believes(s.at)
}

// body is what follows the head of a page, cut to what is searched.
func body(page string) string {
	if at := strings.Index(page, "<body"); at >= 0 {
		page = page[at:]
	}
	return page[:min(len(page), maxSearch)]
}
