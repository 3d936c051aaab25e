package pubdate

import (
	"strings"
	"time"
)

// layout is one way to write a date in markup, and what it tells.
type layout struct {
	form      string
	precision string
	zoned     bool
}

// layouts are tried in order; the first that reads the whole text wins. Go reads a fraction of a second wherever
// seconds stand.
var layouts = []layout{
	{time.RFC3339, "second", true},
	{"2006-01-02T15:04:05Z0700", "second", true},
	{"2006-01-02T15:04:05Z07", "second", true},
	{"2006-01-02T15:04:05 Z07:00", "second", true},
	{"2006-01-02 15:04:05Z07:00", "second", true},
	{"2006-01-02 15:04:05 Z0700", "second", true},
	{"2006-01-02 15:04:05 MST", "second", true},
	{"2006-01-02T15:04Z07:00", "minute", true},
	{"2006-01-02T15:04Z0700", "minute", true},
	{"2006-01-02T15:04:05", "second", false},
	{"2006-01-02 15:04:05", "second", false},
	{"2006-01-02T15:04", "minute", false},
	{"2006-01-02 15:04", "minute", false},
	{time.RFC1123Z, "second", true},
	{"Mon, 2 Jan 2006 15:04:05 -0700", "second", true},
	{"Mon, 2 Jan 2006 15:04:05 MST", "second", true},
	{"Mon Jan 02 15:04:05 MST 2006", "second", true},
	{"2006-01-02", "day", false},
	{"2006/01/02", "day", false},
	{"20060102", "day", false},
	{"January 2, 2006", "day", false},
	{"Jan 2, 2006", "day", false},
	{"Jan. 2, 2006", "day", false},
	{"2 January 2006", "day", false},
	{"2 Jan 2006", "day", false},
	{"January 2, 2006 3:04 PM", "minute", false},
	{"Jan 2, 2006 3:04 PM", "minute", false},
	{"2006-01", "month", false},
}

// parse reads a date as markup has it. Numeric dates whose order of day and month is a guess are not read, and none
// whose weekday is not its own.
func parse(text string) (stamp, bool) {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) < 7 || len(text) > 64 {
		return stamp{}, false
	}
	for _, l := range layouts {
		t, err := time.ParseInLocation(l.form, text, time.UTC) // not Parse, which knows the zones of this machine
		if err != nil {
			continue
		}
		if strings.HasPrefix(l.form, "Mon") && names.weekdays[strings.ToLower(text[:3])] != t.Weekday() {
			return stamp{}, false
		}
		s := stamp{at: t, precision: l.precision, zoned: l.zoned}
		if strings.Contains(l.form, "MST") {
			s.at, s.zoned = inZone(t)
		}
		return s.honest(), true
	}
	return stamp{}, false
}

// inZone gives a time the offset of its zone's abbreviation, and reports whether that means one offset.
func inZone(t time.Time) (time.Time, bool) {
	name, offset := t.Zone()
	if offset != 0 || name == "UTC" || name == "GMT" {
		return t, true
	}
	minutes, known := zoneOffsets[strings.ToLower(name)]
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.FixedZone(name, minutes*60)), known
}

// parseLoose reads a date as markup should not have it: among other words, in any language, with day and month in the
// order of the page.
func parseLoose(text string, monthFirst bool) (stamp, bool) {
	text = text[:min(len(text), maxLoose)]
	if s, ok := parse(text); ok {
		return s, true
	}
	if s, ok := seconds(text); ok {
		return s, true
	}
	for _, w := range findWritten(text, monthFirst) {
		if w.year != 0 {
			return w.stamp("", text), true
		}
	}
	return stamp{}, false
}

// maxLoose is how long the text of an attribute may be.
const maxLoose = 200

// seconds reads a Unix time of seconds or milliseconds.
func seconds(text string) (stamp, bool) {
	n, digits := leading(text, 13)
	if digits != len(text) || digits != 10 && digits != 13 {
		return stamp{}, false
	}
	if digits == 13 {
		n /= 1000
	}
	return stamp{at: time.Unix(int64(n), 0).UTC(), precision: "second", zoned: true}, true
}

// maxOffset is how far from UTC a zone may be, in seconds.
const maxOffset = 14 * 3600

// honest lowers a claim that the digits do not support: midnight sharp is a date, no seconds are a minute.
func (s stamp) honest() stamp {
	if _, offset := s.at.Zone(); offset > maxOffset || offset < -maxOffset {
		s.zoned = false // no zone lies that far from UTC
	}
	if s.precision == "second" || s.precision == "minute" {
		if p := precisionOf(s.at); p == "day" || s.precision == "second" {
			s.precision = p
		}
	}
	if !s.zoned {
		s.at = wall(s.at)
	}
	return s
}
