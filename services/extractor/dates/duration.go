package dates

import "strconv"

// amount is a quantity of units: a number as TIMEX3 writes it ("2", "2.5"), or X for an unknown one.
type amount struct {
	ok    bool
	value string
	n     int  // the number, when exact
	exact bool // n is it
}

func count(n int) amount { return amount{ok: true, value: strconv.Itoa(n), n: n, exact: true} }

var someAmount = amount{ok: true, value: "X"}

// quantity reads an amount: 5, 2.5, "twenty-four", "two and a half", "a", "a few", "several", "half a".
func (r *reader) quantity(i int) (amount, int) {
	t := r.at(i)
	switch t.class {
	case classNumber:
		if t.mark <= 4 && !t.has(flagShort) {
			return r.orMore(count(int(t.value)), i+1)
		}
	case classDecimal:
		return amount{ok: true, value: r.surface(i)}, i + 1
	case classCardinal:
		return r.spelled(i)
	case classScale:
		return count(int(t.value)), i + 1
	case classArticle:
		return r.articleAmount(i)
	case classQuantity:
		return someAmount, r.skipWord(i+1, wordOf)
	case classHalf:
		if r.word(i+1, wordA) || r.is(i+1, '-') {
			return amount{ok: true, value: "0.5"}, i + 2
		}
	}
	return amount{}, i
}

// orMore reads the second of two alternatives, "two or three", which leaves the number open.
func (r *reader) orMore(a amount, i int) (amount, int) {
	if r.word(i, wordOr) && (r.class(i+1) == classCardinal || r.digits(i+1, 1, 3)) && r.class(i+2) == classUnit {
		return someAmount, i + 2
	}
	return a, i
}

// articleAmount reads "a", "a few", "a couple of", "a hundred".
func (r *reader) articleAmount(i int) (amount, int) {
	if !r.word(i, wordA) {
		return amount{}, i
	}
	switch r.class(i + 1) {
	case classQuantity:
		return someAmount, r.skipWord(i+2, wordOf)
	case classHalf:
		return amount{}, i
	case classScale:
		return count(r.value(i + 1)), i + 2
	}
	return count(1), i + 1
}

// spelled reads a number in words: "twenty-four", "three hundred", "two and a half".
func (r *reader) spelled(i int) (amount, int) {
	n, j := r.spelledBelowHundred(i)
	if r.class(j) == classScale {
		n, j = n*r.value(j), j+1
		k := r.skipWord(j, wordAnd)
		if r.class(k) == classCardinal {
			var rest int
			rest, j = r.spelledBelowHundred(k)
			n += rest
		}
	}
	if r.word(j, wordAnd) && r.class(r.skipWord(j+1, wordA)) == classHalf {
		return amount{ok: true, value: strconv.Itoa(n) + ".5"}, r.skipWord(j+1, wordA) + 1
	}
	return r.orMore(count(n), j)
}

func (r *reader) spelledBelowHundred(i int) (n, next int) {
	n, j := r.value(i), i+1
	if n >= 20 {
		if k := r.skip(j, '-'); r.class(k) == classCardinal && r.value(k) > 0 && r.value(k) < 10 {
			return n + r.value(k), k + 1
		}
	}
	return n, j
}

// period renders an amount of units as an ISO 8601 duration, empty for units that have none.
func (a amount) period(u unit) string {
	switch u {
	case unitSecond:
		return "PT" + a.value + "S"
	case unitMinute:
		return "PT" + a.value + "M"
	case unitHour:
		return "PT" + a.value + "H"
	case unitFortnight:
		if a.exact {
			return "P" + strconv.Itoa(2*a.n) + "W"
		}
		return "PXW"
	}
	if s := periodSuffix[u]; s != "" {
		return "P" + a.value + s
	}
	return ""
}

// periodSuffix are the unit letters of ISO 8601 and, from weekends up, TIMEX3.
var periodSuffix = [...]string{unitDay: "D", unitWeekend: "WE", unitWeek: "W", unitMonth: "M", unitQuarter: "Q", unitYear: "Y",
	unitDecade: "DE", unitCentury: "CE", unitMillennium: "ML"}

// fromQuantity reads what begins with an amount: "three days", "two years ago", "a week later", "nineteen eighty-four".
func (r *reader) fromQuantity(i int) (partial, int) {
	if p, next := r.spelledYear(i); p.ok() {
		return p, next
	}
	if p, next := r.clockWords(i); p.ok() {
		return p, next
	}
	q, j := r.quantity(i)
	if !q.ok || r.is(i-1, '$') {
		return partial{}, i
	}
	if p, next := r.timesPer(i, j, q); p.ok() {
		return p, next
	}
	return r.durationOf(q, i, j)
}

// clockWords reads a time of day that begins with a number word: "five o'clock", "ten p.m.".
func (r *reader) clockWords(i int) (partial, int) {
	if c := r.class(i); c != classCardinal && c != classDecimal {
		return partial{}, i
	}
	return r.fromClock(i)
}

// durationOf reads the unit of an amount that began at i and ends at j, and what the two are counted from.
func (r *reader) durationOf(q amount, i, j int) (partial, int) {
	k := r.skip(j, '-')
	hyphen := k > j
	if !hyphen && (r.word(k, wordMore) || r.word(k, wordOther)) {
		k++
	}
	for range 2 {
		k = r.skipWord(k, wordAdd)
	}
	t := r.at(k)
	if t.class != classUnit {
		return r.nights(q, i, k)
	}
	if r.notDuration(q, i, k, hyphen) {
		return partial{}, i
	}
	u := unit(t.value)
	if p, next := r.countedFrom(q, u, k+1, hyphen); p.ok() {
		return p, next
	}
	v := q.period(u)
	if v == "" {
		return partial{}, i
	}
	return fixed(sortDuration, v), r.possessive(k + 1)
}

// nights reads "three nights" and "two mornings" as days.
func (r *reader) nights(q amount, i, k int) (partial, int) {
	t := r.at(k)
	if t.class == classPart && t.has(flagPlural) && (t.value == night || t.value == morning) && r.class(i) != classArticle {
		return fixed(sortDuration, "P"+q.value+"D"), k + 1
	}
	return partial{}, i
}

// notDuration tells whether an amount and the unit at k are an age, a sports quarter, an ordinal or no amount at all.
func (r *reader) notDuration(q amount, i, k int, hyphen bool) bool {
	t := r.at(k)
	u, plural := unit(t.value), t.has(flagPlural)
	switch {
	case u == unitSecond && !plural && !hyphen, u == unitSeason, u == unitWeekend, u == unitQuarter && !plural,
		u == unitQuarter && q.n == 3 && !r.word(k-1, wordAdd):
		return true
	case r.class(i) == classQuantity && !plural:
		return true
	case plural && q.exact && q.n == 1 && r.class(i) == classArticle:
		return true
	case t.has(flagShout) && !r.shout && u == unitSecond:
		return true
	}
	after := r.skip(k+1, '-')
	return r.word(after, wordOld) || r.word(k+1, wordOf) && r.word(k+2, wordAge)
}

// possessive steps over the apostrophe of "two weeks' notice", "a year's delay".
func (r *reader) possessive(i int) int {
	if !r.is(i, '\'') || !r.at(i).glued() {
		return i
	}
	if r.word(i+1, wordS) && r.at(i+1).glued() {
		return i + 2
	}
	if r.at(i - 1).has(flagPlural) {
		return i + 1
	}
	return i
}

// countedFrom reads the word that turns an amount of units into a date: ago, earlier, later, before, "from now".
func (r *reader) countedFrom(q amount, u unit, k int, hyphen bool) (partial, int) {
	n, anchor := 0, anchorReference
	t := r.at(k)
	switch {
	case t.class == classAgo && t.value == agoPast && !hyphen:
		n = -1
	case t.word == wordFrom && (r.word(k+1, wordNow) || r.class(k+1) == classDeictic && r.value(k+1) == 0):
		n, k = 1, k+1
	case t.word == wordEarlier && !hyphen && u > unitHour && r.endsCount(k+1):
		n, anchor = -1, anchorPrevious
	case t.word == wordLater && !hyphen && u > unitHour && r.endsCount(k+1):
		n, anchor = 1, anchorPrevious
	case t.class == classAgo && t.value == agoHence:
		n = 1
	default:
		return partial{}, k
	}
	return r.shiftBy(q, u, n, anchor), k + 1
}

// endsCount tells whether "earlier" or "later" stands for itself: "three days later than planned" is a duration.
func (r *reader) endsCount(i int) bool { return !r.word(i, wordThan) }

// shiftBy is an amount of units before or after the anchor; an open amount only says past or future.
func (r *reader) shiftBy(q amount, u unit, sign int, from anchoring) partial {
	if !q.exact || u <= unitHour {
		return vagueRef(1 + sign)
	}
	p := shifted(sign*q.n, u, from)
	if u == unitFortnight {
		p.shift, p.unit = p.shift*2, unitWeek
	}
	return p
}

// spelledYear reads "nineteen eighty-four" and "twenty fifteen".
func (r *reader) spelledYear(i int) (partial, int) {
	t := r.at(i)
	if t.class != classCardinal || t.value < 18 || t.value > 20 || r.class(i+1) != classCardinal || r.value(i+1) < 10 {
		return partial{}, i
	}
	n, next := r.spelledBelowHundred(i + 1)
	if r.class(next) == classUnit {
		return partial{}, i
	}
	return calendarYear(int(t.value)*100 + n), next
}

// fromUnit reads a unit without an amount: "years", "decades-long", "years ago", "year-earlier".
func (r *reader) fromUnit(i int) (partial, int) {
	t := r.at(i)
	u := unit(t.value)
	if t.has(flagPlural) {
		return r.bareUnits(i, u)
	}
	if u == unitYear && r.is(i+1, '-') && (r.class(i+2) == classAgo) && r.value(i+2) != agoLater {
		return r.yearEarlier(i)
	}
	if u >= unitDay && u != unitSecond && r.is(i+1, '-') && r.word(i+2, wordLong) {
		return fixed(sortDuration, count(1).period(u)), i + 3
	}
	if u >= unitMonth && r.is(i+1, '\'') && r.word(i+2, wordS) && r.word(i+3, wordEnd) && r.word(i-1, wordBy) {
		return shifted(0, u, anchorMode), i + 4 // "by year's end"
	}
	return partial{}, i
}

// bareUnits reads plural units without an amount, which last an unknown while.
func (r *reader) bareUnits(i int, u unit) (partial, int) {
	switch u {
	case unitSecond, unitQuarter, unitWeekend, unitSeason, unitHalf:
		return partial{}, i
	}
	if t := r.at(i + 1); u == unitMinute && t.word == wordOf && r.class(i-1) != classPreposition {
		return partial{}, i // the minutes of a meeting
	} else if t.class == classAgo && t.value == agoPast {
		return vagueRef(vaguePast), i + 2
	} else if t.word == wordLater && r.endsCount(i+2) && u > unitHour {
		return vagueRef(vagueFuture), i + 2
	}
	if r.word(i+1, wordOf) && r.word(i+2, wordAge) || u <= unitYear && (r.word(i+1, wordOld) || r.is(i+1, '-') && r.word(i+2, wordOld)) {
		return partial{}, i
	}
	return fixed(sortDuration, someAmount.period(u)), r.possessive(i + 1)
}

// yearEarlier reads "year-ago quarter", "year-earlier": the same a year before.
func (r *reader) yearEarlier(i int) (partial, int) {
	p := shifted(-1, unitYear, anchorMode)
	if r.class(i+3) == classUnit && unit(r.value(i+3)) == unitQuarter {
		p = shifted(-4, unitQuarter, anchorPrevious)
		return p, i + 4
	}
	return p, i + 3
}
