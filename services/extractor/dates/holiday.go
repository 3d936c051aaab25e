package dates

import "strings"

// holiday is a named day: of every year by a rule, or of one year only.
type holiday struct {
	name    string // lower case; the apostrophe of a possessive is a word of its own, as in the tokens
	year    int    // of a day that happened once
	month   int
	day     int
	weekday int // the nth such weekday of the month; nth 5 is the last
	nth     int
	easter  bool // day counts from Easter Sunday
	bare    bool // a name that needs "Day" or a licence before it: Christmas, Easter
}

// holidays are tried in order, so that longer names stand before their beginnings.
var holidays = [...]holiday{
	{name: "christmas eve", month: 12, day: 24},
	{name: "christmas day", month: 12, day: 25},
	{name: "christmas", month: 12, day: 25, bare: true},
	{name: "thanksgiving day", month: 11, weekday: 4, nth: 4},
	{name: "thanksgiving", month: 11, weekday: 4, nth: 4, bare: true},
	{name: "new year ' s eve", month: 12, day: 31},
	{name: "new year ' s day", month: 1, day: 1},
	{name: "boxing day", month: 12, day: 26},
	{name: "valentine ' s day", month: 2, day: 14},
	{name: "st . patrick ' s day", month: 3, day: 17},
	{name: "st patrick ' s day", month: 3, day: 17},
	{name: "independence day", month: 7, day: 4},
	{name: "bastille day", month: 7, day: 14},
	{name: "halloween", month: 10, day: 31, bare: true},
	{name: "armistice day", month: 11, day: 11},
	{name: "veterans day", month: 11, day: 11},
	{name: "veterans ' day", month: 11, day: 11},
	{name: "labor day", month: 9, weekday: 1, nth: 1},
	{name: "memorial day", month: 5, weekday: 1, nth: 5},
	{name: "columbus day", month: 10, weekday: 1, nth: 2},
	{name: "presidents ' day", month: 2, weekday: 1, nth: 3},
	{name: "presidents day", month: 2, weekday: 1, nth: 3},
	{name: "martin luther king day", month: 1, weekday: 1, nth: 3},
	{name: "martin luther king jr . day", month: 1, weekday: 1, nth: 3},
	{name: "black friday", month: 11, weekday: 5, nth: 4},
	{name: "ash wednesday", easter: true, day: -46},
	{name: "palm sunday", easter: true, day: -7},
	{name: "good friday", easter: true, day: -2},
	{name: "easter sunday", easter: true, day: 0},
	{name: "easter monday", easter: true, day: 1},
	{name: "easter", easter: true, day: 0, bare: true},
	{name: "whit monday", easter: true, day: 50},
	{name: "nowruz", month: 3, day: 21, bare: true},
	{name: "navruz", month: 3, day: 21, bare: true},
	{name: "black monday", year: 1987, month: 10, day: 19},
	{name: "black tuesday", year: 1929, month: 10, day: 29},
	{name: "bloody sunday", year: 1972, month: 1, day: 30},
}

// addHolidays files the first words of the holidays; an entry's value is the first row that begins with it.
func addHolidays(l *lexicon) {
	for i := len(holidays) - 1; i >= 0; i-- {
		first, _, _ := strings.Cut(holidays[i].name, " ")
		l.add(first, entry{class: classHoliday, value: int16(i)})
	}
}

// fromHoliday reads a named day, with its year if it stands there: "Christmas Day 2014", "Good Friday", "Black Monday".
func (r *reader) fromHoliday(i int) (partial, int) {
	if !r.capital(i) || r.shout && holidays[r.value(i)].name == "good friday" {
		return partial{}, i
	}
	first, _, _ := strings.Cut(holidays[r.value(i)].name, " ")
	for n := r.value(i); n < len(holidays) && strings.HasPrefix(holidays[n].name, first); n++ {
		if next := r.spells(i, holidays[n].name); next > i {
			return r.namedDay(i, next, n)
		}
	}
	return partial{}, i
}

// spells tells where the words of a name end, if they stand at i; the first is known to.
func (r *reader) spells(i int, name string) int {
	for w := range strings.FieldsSeq(name) {
		if t := r.at(i); t.class == classPunct && t.mark != w[0] || t.class != classPunct && !strings.EqualFold(r.surface(i), w) {
			return 0
		}
		i++
	}
	return i
}

// namedDay is the n-th holiday, found between i and next.
func (r *reader) namedDay(i, next, n int) (partial, int) {
	h := &holidays[n]
	if h.year > 0 {
		if !r.remembered(i) {
			return partial{}, i // a headline's own black Monday
		}
		p := calendarYear(h.year)
		p.unit, p.month, p.day = unitDay, int8(h.month), int8(h.day)
		return p, next
	}
	p := partial{kind: kindHoliday, sort: sortDate, unit: unitDay, nth: int8(n)}
	if q, end := r.withYear(p, next); q.years != yearNone {
		return q, end
	}
	if h.bare && !r.bareHoliday(i, next) {
		return partial{}, i
	}
	return p, next
}

// remembered tells by the word before whether a named day is the one of history: "since Black Monday", "the Black Monday".
func (r *reader) remembered(i int) bool {
	switch r.at(i - 1).word {
	case wordSince, wordAfter, wordBefore, wordOf, wordThe, wordUntil, wordOn:
		return true
	}
	return false
}

// bareHoliday tells whether a feast's name stands for its day: "by Christmas", "last Easter", not "Christmas sales".
func (r *reader) bareHoliday(i, next int) bool {
	switch r.class(i - 1) {
	case classPreposition, classRelation, classStage, classAgo:
	default:
		return false
	}
	after := r.at(next)
	return after.class != classOther || after.has(flagPast|flagFuture)
}

// on is the day of the holiday in a year.
func (h *holiday) on(year int) daynum {
	switch {
	case h.easter:
		return easter(year) + daynum(h.day)
	case h.weekday > 0:
		return nthWeekday(year, h.month, h.weekday, h.nth)
	}
	return dayOf(year, h.month, h.day)
}
