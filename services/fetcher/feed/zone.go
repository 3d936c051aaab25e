package feed

import (
	"regexp"
	"strings"
	"time"
)

var (
	offset   = regexp.MustCompile(`^([+-])(\d{1,2}):?(\d{2})?$`)
	zoneLike = regexp.MustCompile(`^[A-Z]{3,5}$`)
)

// zone reads what stands after a clock time: Z, an offset, a zone's abbreviation, or "GMT+1". Where a name is in use for
// several zones the one that most feeds mean is taken (IST is India, BST Britain, CST and EST America).
func zone(s string) (where *time.Location, known bool) {
	s, _, _ = strings.Cut(strings.TrimSpace(s), " ")
	if s == "" {
		return time.UTC, false
	}
	name, east := s, 0
	if i := strings.IndexAny(s, "+-"); i >= 0 {
		var ok bool
		if east, ok = offsetOf(s[i:]); !ok {
			return time.UTC, false
		}
		name = s[:i]
	}
	if name == "" {
		return fixed(east), true
	}
	base, ok := abbreviations[strings.ToUpper(strings.Trim(name, "()."))]
	if !ok {
		return time.UTC, false
	}
	return fixed(int(base*3600) + east), true
}

func fixed(seconds int) *time.Location {
	if seconds == 0 {
		return time.UTC
	}
	return time.FixedZone("", seconds)
}

// isZone reports whether a word may stand where a zone does.
func isZone(w string) bool {
	if _, known := zone(w); known {
		return true
	}
	return zoneLike.MatchString(w)
}

// offsetOf reads +hh, +hhmm and +hh:mm in seconds.
func offsetOf(s string) (int, bool) {
	m := offset.FindStringSubmatch(s)
	if m == nil || atoi(m[2]) > 14 || atoi(m[3]) > 59 {
		return 0, false
	}
	seconds := atoi(m[2])*3600 + atoi(m[3])*60
	if m[1] == "-" {
		seconds = -seconds
	}
	return seconds, true
}

// abbreviations are hours east of Greenwich.
var abbreviations = map[string]float64{
	"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0,
	"BST": 1, "WEST": 1, "CET": 1, "MEZ": 1, "WAT": 1,
	"CEST": 2, "MESZ": 2, "EET": 2, "SAST": 2, "CAT": 2,
	"EEST": 3, "MSK": 3, "EAT": 3, "TRT": 3, "GST": 4, "PKT": 5, "IST": 5.5, "WIB": 7, "ICT": 7,
	"HKT": 8, "SGT": 8, "AWST": 8, "PHT": 8, "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5,
	"AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
	"BRT": -3, "ART": -3, "ADT": -3, "NST": -3.5, "NDT": -2.5, "AST": -4,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
	"AKST": -9, "AKDT": -8, "HST": -10,
}
