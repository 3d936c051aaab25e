package dates

import (
	"strconv"
	"strings"
)

// clockAt reads a time of day with its zone: "5:30 p.m. (GMT +8)", "0830 GMT", "9.30 am", "five o'clock", "noon".
func (r *reader) clockAt(i int) (clock, int) {
	if r.class(i) == classPart && r.value(i) >= noon {
		return clock{set: true, hour: int8(12 * (r.value(i) - noon + 1))}, i + 1
	}
	c, j := r.hours(i)
	if j == i {
		return clock{}, i
	}
	said := c.exact
	if r.class(j) == classMeridiem {
		if c.hour > 12 || c.hour == 0 {
			return clock{}, i
		}
		c.hour = c.hour%12 + int8(r.value(j))
		j, said = j+1, true
	}
	withZone, end := r.zone(c, j)
	if end > j {
		return withZone, end
	}
	if !said || r.doubtfulClock(i, j) {
		return clock{}, i
	}
	return c, j
}

// hours reads the digits of a time of day; exact tells that minutes were among them.
func (r *reader) hours(i int) (clock, int) {
	t := r.at(i)
	switch {
	case t.class == classNumber && t.mark <= 2 && t.value <= 24:
		return r.minutes(i)
	case t.class == classNumber && t.mark == 4 && t.value < 2400 && t.value%100 < 60 && r.militaryTime(i):
		return clock{set: true, exact: true, hour: int8(t.value / 100), minute: int8(t.value % 100)}, i + 1
	case t.class == classDecimal && (r.class(i+1) == classMeridiem || r.class(i+1) == classZone && r.at(i+1).has(flagShout)):
		return r.dottedHours(i)
	case t.class == classCardinal && t.value >= 1 && t.value <= 12 && r.class(i+1) == classMeridiem:
		return clock{set: true, hour: int8(t.value)}, i + 1
	case (t.class == classCardinal || t.class == classNumber) && t.value >= 1 && t.value <= 12:
		return r.oClock(i)
	}
	return clock{}, i
}

// militaryTime tells by the word after it whether the four digits at i are hours and minutes.
func (r *reader) militaryTime(i int) bool {
	if t := r.at(i + 1); t.class == classZone {
		return t.has(flagShout)
	}
	return r.surface(i+1) == "local" && r.surface(i+2) == "time" || r.surface(i+1) == "hrs"
}

// minutes reads "17", "17:30" and "17:30:05" at i.
func (r *reader) minutes(i int) (clock, int) {
	c, j := clock{set: true, hour: int8(r.value(i))}, i+1
	if r.is(j, ':') && r.at(j).glued() && r.digits(j+1, 2, 2) && r.at(j+1).glued() && r.value(j+1) < 60 {
		c.exact, c.minute = true, int8(r.value(j+1))
		j += 2
		if r.is(j, ':') && r.at(j).glued() && r.digits(j+1, 2, 2) {
			j += 2
		}
		return c, j
	}
	if r.word(j, wordO) {
		return r.oClock(i)
	}
	return c, j
}

// oClock reads "five o'clock".
func (r *reader) oClock(i int) (clock, int) {
	if r.word(i+1, wordO) && r.is(i+2, '\'') && r.word(i+3, wordClock) {
		return clock{set: true, exact: true, hour: int8(r.value(i))}, i + 4
	}
	return clock{}, i
}

// dottedHours reads 9.30, which the tokeniser took for a decimal.
func (r *reader) dottedHours(i int) (clock, int) {
	h, m, ok := strings.Cut(r.surface(i), ".")
	hour, _ := strconv.Atoi(h)
	minute, _ := strconv.Atoi(m)
	if !ok || len(m) != 2 || len(h) > 2 || hour > 24 || minute > 59 {
		return clock{}, i
	}
	return clock{set: true, exact: true, hour: int8(hour), minute: int8(minute)}, i + 1
}

// doubtfulClock rejects what has the looks of a time but is a result or a verse: "2:04:30", "John 3:16", "3:1".
func (r *reader) doubtfulClock(i, j int) bool {
	if r.class(j-1) == classMeridiem || r.class(i) != classNumber {
		return false
	}
	before := r.at(i - 1)
	if before.class == classOther && before.has(flagCapital) && !r.shout && before.end-before.start > 2 {
		return true
	}
	seconds := j-i > 3
	return seconds && !r.word(i-1, wordAt) || before.is('.') && before.glued() || r.is(j, '.') && r.class(j+1) == classNumber && r.at(j+1).glued() ||
		before.is(':') && r.at(i).glued() || r.is(j, ':') && r.at(j).glued() && r.at(j+1).glued() && r.at(j+1).mark > 0
}

// zone reads the zone after a clock time: "GMT", "(GMT +8)", "UTC+03:00", "Z".
func (r *reader) zone(c clock, i int) (clock, int) {
	j := r.skip(i, '(')
	t := r.at(j)
	if t.class != classZone || !t.has(flagShout) {
		return c, i
	}
	name := r.surface(j)
	j++
	from, to := r.at(j-1).start, r.at(j-1).end
	if (r.is(j, '+') || r.is(j, '-')) && r.digits(j+1, 1, 4) && r.at(j+1).glued() {
		j += 2
		if r.is(j, ':') && r.at(j).glued() && r.digits(j+1, 2, 2) {
			j += 2
		}
		to = r.at(j - 1).end
	} else {
		c.utc = name == "GMT" || name == "UTC"
	}
	c.zone, c.zoneLen = from, uint8(to-from)
	if r.is(i, '(') && r.is(j, ')') {
		j++
	}
	return c, j
}

// withTime adds the time of day that follows a day: "Friday at 5 p.m.", "May 5, 17:30 GMT", "Monday morning".
func (r *reader) withTime(p partial, i int) (partial, int) {
	if p.sort != sortDate || p.unit != unitDay || p.kind == kindFixed || !p.clock.empty() {
		return p, i
	}
	if t := r.at(i); t.class == classPart && !t.has(flagPlural) && t.value < noon {
		return p.at(clock{part: int8(t.value)}), i + 1
	}
	j := r.skip(i, ',')
	if r.word(j, wordAt) || r.word(j, wordAround) {
		j++
	}
	c, next := r.clockAt(j)
	if next == j {
		return p, i
	}
	return p.at(c), next
}

// fromClock reads a time of day and the day after it: "5 p.m. Friday", "10:00 on May 5, 2015", "noon tomorrow".
func (r *reader) fromClock(i int) (partial, int) {
	c, j := r.clockAt(i)
	if j == i {
		return partial{}, i
	}
	k := r.skipWord(r.skip(j, ','), wordOn)
	switch r.class(k) {
	case classWeekday, classDeictic, classMonth, classNumber, classNth:
		if p, next := r.dayAfterClock(k, j); p.ok() {
			return p.at(c), next
		}
	}
	return partial{kind: kindClock, sort: sortTime, unit: unitDay, clock: c}, j
}

// dayAfterClock reads the day at k; a month's or number's day needs the word "on" or a comma before it.
func (r *reader) dayAfterClock(k, j int) (p partial, next int) {
	switch r.class(k) {
	case classWeekday:
		p, next = r.fromWeekday(k)
	case classDeictic:
		p, next = r.fromDeictic(k)
		p.clock = clock{} // midnight tonight
	case classMonth:
		p, next = r.monthDay(k, 0)
	default:
		p, next = r.dayMonth(k, 0)
	}
	if p.unit != unitDay || p.kind == kindFixed || !p.clock.empty() {
		return partial{}, j
	}
	return p, next
}

// fromPart reads a part of the day that needs nothing before it: noon, midnight, and "night of 5 May" after an article.
func (r *reader) fromPart(i int) (partial, int) {
	if r.value(i) < noon || r.is(i+1, '-') || r.is(i-1, '-') || r.word(i-1, wordAfter) && r.value(i) == noon {
		return r.partOf(i)
	}
	return r.fromClock(i)
}

// partOf reads "morning of May 5", "night of Friday".
func (r *reader) partOf(i int) (partial, int) {
	k := i + 1
	if t := r.at(k); t.class == classUnit && t.has(flagPlural) && unit(t.value) == unitHour {
		k++ // "the early morning hours of Sunday"
	}
	if !r.word(k, wordOf) || r.value(i) >= noon || r.at(i).has(flagPlural) {
		return partial{}, i
	}
	j := r.skipWord(k+1, wordThe)
	var p partial
	next := j
	switch r.class(j) {
	case classMonth:
		p, next = r.monthDay(j, 0)
	case classNumber, classNth:
		if p, next = r.dayMonth(j, 0); !p.ok() {
			p, next = r.leadingDay(j)
		}
	case classWeekday:
		p, next = r.fromWeekday(j)
	}
	if !p.ok() || p.unit != unitDay || p.kind == kindFixed || !p.clock.empty() {
		return partial{}, i
	}
	return p.at(clock{part: int8(r.value(i))}), next
}
