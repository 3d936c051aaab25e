package dates

// fromMonth reads what begins with a month's name: "May 29, 2015", "May 2015", "May last year", "May".
func (r *reader) fromMonth(i int) (partial, int) {
	if !r.named(i) || r.is(i-1, '-') && r.at(i).glued() && r.class(i-2) == classOther {
		return partial{}, i
	}
	if p, next := r.monthDay(i, 0); p.ok() {
		return p, next
	}
	p := partial{kind: kindCalendar, sort: sortDate, unit: unitMonth, month: int8(r.value(i))}
	j := r.afterMonth(i)
	if p, next := r.withYear(p, j); p.years != yearNone {
		return p, next
	}
	if y, next := r.borrowYear(j, p); next {
		p.years, p.year = yearFull, y
		return p, j
	}
	if !r.bareMonth(i) {
		return partial{}, i
	}
	if r.is(j-1, '.') && !r.abbreviates(j-1) {
		j--
	}
	return p, j
}

// afterMonth is the index after a month's name and the full stop of its abbreviation.
func (r *reader) afterMonth(i int) int {
	if r.at(i).has(flagShort) && r.is(i+1, '.') && r.at(i+1).glued() {
		return i + 2
	}
	return i + 1
}

// abbreviates tells whether the full stop at i ends an abbreviation and not the sentence as well.
func (r *reader) abbreviates(i int) bool {
	next := r.at(i + 1)
	return next.class != classBlank && !next.has(flagCapital)
}

// dayNumber reads the number of a day: 5, 05, 5th, "fifth" – not a clock's hour, a decimal or a count of something.
func (r *reader) dayNumber(i int) (day, next int) {
	t := r.at(i)
	plain := t.class == classNumber && t.mark <= 2
	if t.word == wordSecond && r.word(i+1, wordOf) {
		return 2, i + 1
	}
	if !plain && t.class != classNth && t.class != classOrdinal || t.value < 1 || t.value > 31 {
		return 0, i
	}
	if r.is(i+1, ':') && r.at(i+1).glued() || plain && r.is(i+1, '%') {
		return 0, i
	}
	if r.class(i+1) == classMeridiem {
		return 0, i
	}
	return int(t.value), i + 1
}

// monthDay reads a month's name and a day after it, with the year if it stands there.
func (r *reader) monthDay(i int, weekday int) (partial, int) {
	j := r.skipWord(r.afterMonth(i), wordThe)
	if r.is(j, '-') && r.at(j).glued() && r.at(j+1).glued() {
		j++ // May-29
	}
	day, next := r.dayNumber(j)
	month := r.value(i)
	if day == 0 || !valid(0, month, day) || r.class(j) == classOrdinal && r.class(next) == classUnit {
		return partial{}, i
	}
	if t := r.at(next); t.class == classUnit && r.class(j) == classNumber && t.has(flagPlural) {
		return partial{}, i // "in May 12 days were lost"
	}
	p := partial{kind: kindCalendar, sort: sortDate, unit: unitDay, month: int8(month), day: int8(day), weekday: int8(weekday)}
	if q, end := r.withYear(p, next); q.years != yearNone {
		return q, end
	}
	if y, ok := r.borrowYear(next, p); ok {
		p.years, p.year = yearFull, y
	} else if month == 9 && day == 11 && r.attackAfter(next) {
		p.years, p.year = yearFull, 2001
	}
	return p, next
}

// attackAfter tells whether the words after "September 11" make it that of 2001.
func (r *reader) attackAfter(i int) bool {
	switch r.surface(i) {
	case "attacks", "attack", "terrorist", "terror", "hijackings", "hijackers":
		return true
	}
	return false
}

// dayMonth reads a day's number and a month after it: "29 May 2015", "the 29th of May", "29-May-2015".
func (r *reader) dayMonth(i int, weekday int) (partial, int) {
	day, j := r.dayNumber(i)
	if day == 0 {
		return partial{}, i
	}
	if !r.lex.prose {
		j = r.skip(j, '.') // 29. Mai
	}
	j = r.skipWord(r.skip(j, '-'), wordOf)
	if r.class(j) != classMonth || !r.named(j) || !valid(0, r.value(j), day) {
		return partial{}, i
	}
	if r.notDayMonth(i, j) {
		return partial{}, i
	}
	p := partial{kind: kindCalendar, sort: sortDate, unit: unitDay, month: int8(r.value(j)), day: int8(day), weekday: int8(weekday)}
	end := r.afterMonth(j)
	if r.is(end-1, '.') && !r.abbreviates(end-1) && !r.year(end).ok {
		end--
	}
	if q, next := r.withYear(p, r.skip(end, '-')); q.years != yearNone {
		return q, next
	}
	if y, ok := r.borrowYear(end, p); ok {
		p.years, p.year = yearFull, y
	}
	return p, end
}

// notDayMonth rejects a number that belongs to something else: "the top 10 May contracts", "page 5 March said",
// and "April 5 May 6", where the month has its own day before it.
func (r *reader) notDayMonth(i, month int) bool {
	if r.word(month, wordMay) && r.class(i) == classNumber && r.class(month+1) == classOther && r.class(i-1) == classOther &&
		r.capital(i-1) {
		return true
	}
	return r.is(i-1, '$') || r.is(i-1, '.') && r.at(i).glued() && r.class(i-2) == classNumber
}

// yearRead is a year as written.
type yearRead struct {
	ok    bool
	form  years
	value int
	next  int
}

// year reads a year at i: 2015, '15, and years of other calendars that the language or an era word converts.
func (r *reader) year(i int) yearRead {
	t := r.at(i)
	switch {
	case t.class == classNumber && t.mark == 4:
		if y := r.convert(int(t.value), t.has(flagShort)); y >= 1000 && y < 2200 && !r.eraAt(i+1).other() {
			return yearRead{true, yearFull, y, r.eraAt(i + 1).next}
		}
	case t.is('\'') && r.digits(i+1, 2, 2) && r.at(i+1).glued():
		return yearRead{true, yearShort, r.value(i + 1), i + 2}
	}
	return yearRead{}
}

// withYear adds the year that follows at i, after a comma or "of": 2015, '15, "last year", "of that year", "480 BC".
func (r *reader) withYear(p partial, i int) (partial, int) {
	j := r.skip(i, ',')
	if y := r.year(j); y.ok && !r.clockAhead(j) {
		p.years, p.year = y.form, int32(y.value)
		return p, y.next
	}
	if q, next := r.ancient(j); q.ok() && p.unit != unitDay {
		p.years, p.year = yearFull, q.year
		return p, next
	}
	k := r.skipWord(r.skipWord(i, wordOf), wordIn)
	if y := r.year(k); y.ok && k > i {
		p.years, p.year = y.form, int32(y.value)
		return p, y.next
	}
	if q, next := r.ancient(k); q.ok() {
		p.years, p.year = yearFull, q.year
		return p, next
	}
	if k > i && r.word(k-1, wordIn) {
		return p, i
	}
	return r.withRelativeYear(p, i, k)
}

// clockAhead tells whether the four digits at i are the hour of a military time, "1830 GMT", or begin a numeric date.
func (r *reader) clockAhead(i int) bool {
	return r.class(i+1) == classZone && r.at(i+1).has(flagShout)
}

// withRelativeYear adds "last year", "of the same year", "that year" at k, where i is the place before any "of".
func (r *reader) withRelativeYear(p partial, i, k int) (partial, int) {
	k = r.skipWord(k, wordThe)
	if r.class(k) != classRelation || !r.word(k+1, wordYear) {
		if r.class(k) == classRelation && r.value(k) == relSame && r.word(k+2, wordYear) {
			k++ // "the same calendar year"
		} else {
			return p, i
		}
	}
	if r.is(k+2, '\'') && k == i {
		return p, i // "May this year's"
	}
	switch r.value(k) {
	case relLast:
		p.years, p.shift = yearShifted, -1
	case relPrevious:
		p.years, p.shift, p.anchor = yearShifted, -1, anchorMode
	case relThis, relCurrent:
		p.years, p.shift = yearShifted, 0
	case relNext, relComing:
		p.years, p.shift = yearShifted, 1
	case relFollowing:
		p.years, p.shift, p.anchor = yearThat, 1, anchorPrevious
	case relThat, relSame:
		p.years, p.shift, p.anchor = yearThat, 0, anchorPrevious
	default:
		return p, i
	}
	return p, k + 2
}

// bareMonth tells whether a month's name without day and year is the month and not a name or a verb.
func (r *reader) bareMonth(i int) bool {
	t, before := r.at(i), r.at(i-1)
	if before.class == classStage || before.is('-') && r.class(i-2) == classStage {
		return true
	}
	licensed := before.class == classPreposition || before.class == classRelation || before.class == classStage ||
		before.class == classAgo || before.is('-')
	if t.has(flagShort) && !r.is(i+1, '.') && (r.nameAfter(i) || !r.longAbbreviation(i) && !licensed) {
		return false
	}
	if t.word == wordMay || t.word == wordMarch {
		return licensed && !(before.has(flagFuture) && before.class == classOther) && !r.nameAfter(i)
	}
	if !licensed && r.givenName(i) && (r.nameAfter(i) || r.verbAfter(i)) {
		return false
	}
	return !(licensed && r.givenName(i) && r.nameAfter(i) && !r.word(i-1, wordIn) && !r.word(i-1, wordSince) && !r.word(i-1, wordUntil))
}

// longAbbreviation is true of the abbreviations that are no other word: Sept, Dec, Nov, Oct, Feb.
func (r *reader) longAbbreviation(i int) bool {
	v := r.value(i)
	return v == 9 || v == 12
}

// givenName tells whether the month at i also names people: April, June, August, May.
func (r *reader) givenName(i int) bool {
	v := r.value(i)
	return v >= 4 && v <= 8 && v != 7
}

// nameAfter tells whether a capitalised word that is nothing temporal follows at once, as in "April Jones".
func (r *reader) nameAfter(i int) bool {
	t := r.at(i + 1)
	return t.class == classOther && t.has(flagCapital) && !r.shout
}

// verbAfter tells whether a verb that only people can do follows at once, as in "April said".
func (r *reader) verbAfter(i int) bool {
	switch r.surface(i + 1) {
	case "said", "says", "told", "wrote", "asked", "added", "thinks", "wants", "joined", "married":
		return true
	}
	return false
}
