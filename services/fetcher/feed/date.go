package feed

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Patterns of dates in digits.
var (
	yearFirst      = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[Tt\s]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?)?\s*(\D.*)?$`)
	yearFirstBasic = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:[Tt](\d{2})(\d{2})(\d{2})?()\s*(\D.*)?)?$`)
	dashedMonth    = regexp.MustCompile(`(\d)-(\p{L})|(\p{L})-(\d)`)
	clock          = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(am|pm|z)?$`)
)

// Date reads the date-time forms that feeds carry: RFC 822 and 2822 with their many misspellings and in eleven languages,
// RFC 3339 and its neighbours, Unix seconds and milliseconds. at keeps the offset it was written in; zoneKnown is false
// when none was written, and at is then wall time taken as UTC. ok is false when no instant may be claimed, which
// includes 02/01/2006, where nobody knows which is the day.
func Date(s string) (at time.Time, zoneKnown, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 100 {
		return time.Time{}, false, false
	}
	if at, ok := unixDate(s); ok {
		return at, true, true
	}
	d, ok := numericDate(s)
	if !ok {
		d, ok = wordDate(s)
	}
	if !ok {
		return time.Time{}, false, false
	}
	return d.time()
}

// written is a date-time in parts, as read.
type written struct {
	year, month, day     int
	hour, minute, second int
	nanos                int
	pm, am               bool
	zone                 string
}

func (d written) time() (at time.Time, zoneKnown, ok bool) {
	if d.pm && d.hour < 12 {
		d.hour += 12
	} else if d.am && d.hour == 12 {
		d.hour = 0
	}
	midnight := d.hour == 24 && d.minute == 0 && d.second == 0
	if d.month < 1 || d.month > 12 || d.day < 1 || d.hour > 23 && !midnight || d.minute > 59 || d.second > 60 || d.year < 1 {
		return time.Time{}, false, false
	}
	if d.day > time.Date(d.year, time.Month(d.month)+1, 0, 0, 0, 0, 0, time.UTC).Day() {
		return time.Time{}, false, false
	}
	where, zoneKnown := zone(d.zone)
	return time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.second, d.nanos, where), zoneKnown, true
}

// unixDate reads 10 digits as seconds and 13 as milliseconds.
func unixDate(s string) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || s[0] == '+' || s[0] == '-':
	case len(s) == 10:
		return time.Unix(n, 0).UTC(), true
	case len(s) == 13:
		return time.UnixMilli(n).UTC(), true
	}
	return time.Time{}, false
}

// numericDate reads forms that begin with the year.
func numericDate(s string) (written, bool) {
	m := yearFirst.FindStringSubmatch(s)
	if m == nil {
		m = yearFirstBasic.FindStringSubmatch(s)
	}
	if m == nil {
		return written{}, false
	}
	return written{
		year: atoi(m[1]), month: atoi(m[2]), day: atoi(m[3]), hour: atoi(m[4]), minute: atoi(m[5]), second: atoi(m[6]),
		nanos: atoi((m[7] + "000000000")[:9]), zone: m[8],
	}, true
}

// atoi reads digits that a pattern has already checked; none is 0.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// wordDate reads forms with a month by name, in any order.
func wordDate(s string) (written, bool) {
	var d written
	// 02-Jan-2006: the dashes part; the sign of an offset is kept by the blank before it.
	s = dashedMonth.ReplaceAllString(s, "$1$3 $2$4")
	for i, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\u00a0' }) {
		if !d.take(w, i == 0) {
			return written{}, false
		}
	}
	return d, d.month != 0 && d.day != 0 && d.year != 0
}

// take puts one word into its place; false when it has none. The first word may be a weekday in any language.
func (d *written) take(w string, first bool) bool {
	switch lower := strings.ToLower(strings.Trim(w, ".")); {
	case strings.HasPrefix(w, "("):
		return true // a zone's name repeated in brackets
	case strings.Contains(w, ":") && w[0] >= '0' && w[0] <= '9':
		return d.takeClock(lower)
	case lower == "am" || lower == "pm":
		d.am, d.pm = lower == "am", lower == "pm"
		return true
	case isDigits(lower):
		return d.takeNumber(lower)
	case d.month == 0 && monthNamed(lower) != 0:
		d.month = monthNamed(lower)
		return true
	case first:
		return true
	case d.zone == "" && isZone(w):
		d.zone = w
		return true
	}
	return d.zone != "" && isZone(w) // "+0000 UTC"
}

func (d *written) takeNumber(digits string) bool {
	n := atoi(digits)
	switch {
	case len(digits) <= 2 && d.day == 0:
		d.day = n
	case len(digits) == 4 && d.year == 0:
		d.year = n
	case len(digits) == 2 && d.year == 0: // RFC 2822, 4.3
		d.year = 2000 + n
		if n >= 50 {
			d.year = 1900 + n
		}
	default:
		return false
	}
	return true
}

func (d *written) takeClock(w string) bool {
	m := clock.FindStringSubmatch(w)
	if m == nil {
		return false
	}
	d.hour, d.minute, d.second = atoi(m[1]), atoi(m[2]), atoi(m[3])
	d.am, d.pm = m[4] == "am", m[4] == "pm"
	if m[4] == "z" {
		d.zone = "Z"
	}
	return true
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
