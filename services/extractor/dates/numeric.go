package dates

// fromNumber reads what begins with digits: numeric dates, "29 May 2015", clock times, durations, years.
func (r *reader) fromNumber(i int) (partial, int) {
	if r.buried(i) || r.idle(i) {
		return partial{}, i
	}
	if p, next := r.numeric(i); p.ok() {
		return p, next
	}
	if r.at(i).mark <= 2 {
		if p, next := r.fromShortNumber(i); p.ok() {
			return p, next
		}
	} else if r.militaryTime(i) {
		if p, next := r.fromClock(i); p.ok() {
			return p, next
		}
	}
	if r.class(i-1) == classParticle {
		if p, next := r.quarterDigits(i); p.ok() {
			return p, next
		}
	}
	if r.counts(i + 1) {
		if p, next := r.fromQuantity(i); p.ok() {
			return p, next
		}
	}
	if p, next := r.ancient(i); p.ok() {
		return p, next
	}
	return r.fromYear(i)
}

// fromShortNumber reads what begins with one or two digits: a day of a month, a time of day.
func (r *reader) fromShortNumber(i int) (partial, int) {
	if p, next := r.dayMonth(i, 0); p.ok() {
		return p, next
	}
	if p, next := r.leadingDay(i); p.ok() {
		return p, next
	}
	return r.fromClock(i)
}

// counts tells whether what follows a number can make an amount of units of it.
func (r *reader) counts(i int) bool {
	t := r.at(i)
	switch t.class {
	case classUnit, classPart, classParticle, classOrdinal, classScale:
		return true
	case classPunct:
		return t.mark == '-' && r.class(i+1) != classNumber
	}
	return t.word == wordOr
}

// idle tells at a glance that a short number means nothing: a plain word or another number follows it, and no letter
// that makes a quarter of it stands before. Most numbers of most texts end here.
func (r *reader) idle(i int) bool {
	if r.at(i).mark > 3 {
		return false
	}
	switch next := r.at(i + 1); next.class {
	case classOther:
		return !next.has(flagCapital) && r.class(i-1) != classParticle
	case classNumber, classBlank, classGrouped, classDecimal:
		return r.class(i-1) != classParticle && !r.is(i-1, '-') && !r.is(i-1, '/')
	}
	return false
}

// buried tells whether the number at i is part of a longer string that is no date: an identifier, a path, an address.
func (r *reader) buried(i int) bool {
	t, before := r.at(i), r.at(i-1)
	if !t.glued() {
		return false
	}
	switch before.class {
	case classOther, classParticle, classNumber, classGrouped, classDecimal, classZone, classEra:
		return before.word != wordFY && before.word != wordQ && before.word != wordH
	case classPunct:
		switch before.mark {
		case '/', '.', ':', '=', '_', '@', '#', '$', '?', '&', '+', '%', '\\':
			return before.glued() || before.is('#') || before.is('$') || before.is('/')
		case '-':
			return before.glued() && r.joined(i-2)
		}
	}
	return false
}

// joined tells whether the token before a hyphen makes what follows part of an identifier: CVE-2015, A4-1999,
// CVE-2015-0042. It looks two links of the chain back and no further.
func (r *reader) joined(i int) bool {
	t := r.at(i)
	if t.class != classNumber && t.class != classNth {
		return t.class == classOther && t.has(flagShout)
	}
	if !t.glued() {
		return false
	}
	before := r.at(i - 1)
	first := r.at(i - 2)
	return before.class == classOther || before.is('-') && before.glued() &&
		(first.class == classNumber || first.class == classOther && first.has(flagShout))
}

// numeric reads a date written in digits: 2015-05-29, 2015/05/29, 29.05.2015, 5/29/2015, 2015年5月29日.
func (r *reader) numeric(i int) (partial, int) {
	t := r.at(i)
	if t.class != classNumber || t.mark > 4 {
		return partial{}, i
	}
	if p, next := r.cjk(i); p.ok() {
		return p, next
	}
	sep := r.at(i + 1)
	if !sep.glued() || !(sep.is('-') || sep.is('/') || sep.is('.')) || !r.at(i+2).glued() {
		return partial{}, i
	}
	if !r.digits(i+2, 1, 2) || !r.is(i+3, sep.mark) || !r.at(i+3).glued() || !r.at(i+4).glued() {
		return r.nineEleven(i)
	}
	var p partial
	switch {
	case t.mark == 4 && r.digits(i+4, 1, 2):
		p = r.yearFirst(int(t.value), r.value(i+2), r.value(i+4), t.has(flagShort))
	case t.mark <= 2 && (r.digits(i+4, 4, 4) || r.digits(i+4, 2, 2) && r.shortYearFits(i, sep.mark)):
		p = r.yearLast(i, sep.mark)
	}
	if !p.ok() || r.runsOn(i+5, sep.mark) {
		return partial{}, i
	}
	return r.isoTime(p, i+5)
}

// runsOn tells whether a numeric date goes on as a longer string of digits.
func (r *reader) runsOn(i int, sep byte) bool {
	t := r.at(i)
	if !t.glued() {
		return false
	}
	return t.is(sep) && r.at(i+1).glued() && r.class(i+1) == classNumber || t.class == classNumber
}

// shortYearFits tells whether a date with a two-digit year is written so that it is no score and no version.
func (r *reader) shortYearFits(i int, sep byte) bool {
	switch sep {
	case '/':
		return true
	case '.':
		return r.at(i).mark == 2 && r.at(i+2).mark == 2
	}
	return false
}

// yearFirst is the date of year, month, day; ISO 8601 and most of Asia.
func (r *reader) yearFirst(y, m, d int, native bool) partial {
	p := partial{kind: kindCalendar, sort: sortDate, unit: unitDay, years: yearFull}
	switch era := r.eraOf(y, native); era {
	case eraJalali:
		gy, gm, gd, ok := jalali(y, m, d)
		if !ok {
			return partial{}
		}
		y, m, d = gy, gm, gd
	case eraHijri:
		return partial{kind: kindOpaque, sort: sortDate, unit: unitDay, vague: false}
	case eraBuddhist:
		y -= buddhistOffset
	}
	if y < 1000 || y > 2199 || !valid(y, m, d) {
		return partial{}
	}
	p.year, p.month, p.day = int32(y), int8(m), int8(d)
	return p
}

// yearLast is the date of day and month in either order and a year at i+4.
func (r *reader) yearLast(i int, sep byte) partial {
	a, b, y := r.value(i), r.value(i+2), r.value(i+4)
	p := partial{kind: kindCalendar, sort: sortDate, unit: unitDay, years: yearFull}
	if r.at(i+4).mark == 2 {
		p.years = yearShort
	} else if era := r.eraOf(y, r.at(i).has(flagShort)); era != eraNone {
		return r.yearFirst(y, b, a, r.at(i).has(flagShort))
	} else if y < 1000 || y > 2199 {
		return partial{}
	}
	p.year = int32(y)
	known := y
	if p.years == yearShort {
		known = 0
	}
	monthFirst, dayFirst := valid(known, a, b), valid(known, b, a)
	switch {
	case !monthFirst && !dayFirst:
		return partial{}
	case monthFirst && dayFirst && a != b:
		p.order = orderOpen
		if sep == '.' || r.lex.dayFirst {
			p.order = orderDotted
		}
	case !monthFirst:
		a, b = b, a
		p.order = orderDayFirst
	case !dayFirst:
		p.order = orderMonthFirst
	}
	p.month, p.day = int8(a), int8(b)
	return p
}

// isoTime reads the time that follows an ISO date: T17:30:05Z.
func (r *reader) isoTime(p partial, i int) (partial, int) {
	t := r.at(i)
	if !t.glued() || t.end-t.start != 1 || r.text[t.start] != 'T' || !r.digits(i+1, 2, 2) || !r.at(i+1).glued() {
		return p, i
	}
	c, j := r.minutes(i + 1)
	if !c.exact {
		return p, i
	}
	if z := r.at(j); z.glued() && z.end-z.start == 1 && r.text[z.start] == 'Z' {
		c.utc, c.zone, c.zoneLen = true, z.start, 1
		j++
	} else if (z.is('+') || z.is('-')) && z.glued() && r.digits(j+1, 2, 4) && r.at(j+1).glued() {
		end := j + 2
		if r.is(end, ':') && r.at(end).glued() && r.digits(end+1, 2, 2) {
			end += 2
		}
		c.zone, c.zoneLen = z.start, uint8(r.at(end-1).end-z.start)
		j = end
	}
	return p.at(c), j
}

// nineEleven reads 9/11, the one day that is a name in digits; other pairs of numbers are too often fractions.
func (r *reader) nineEleven(i int) (partial, int) {
	if r.value(i) != 9 || !r.is(i+1, '/') || r.value(i+2) != 11 || r.runsOn(i+3, '/') || r.at(i+2).mark != 2 {
		return partial{}, i
	}
	p := calendarYear(2001)
	p.unit, p.month, p.day = unitDay, 9, 11
	return p, i + 3
}

// cjk reads 2015年5月29日 and its beginnings.
func (r *reader) cjk(i int) (partial, int) {
	if r.at(i).mark != 4 || !r.is(i+1, markYear) {
		return partial{}, i
	}
	p := calendarYear(r.value(i))
	if !r.digits(i+2, 1, 2) || !r.is(i+3, markMonth) || !valid(0, r.value(i+2), 1) {
		return p, i + 2
	}
	p.unit, p.month = unitMonth, int8(r.value(i+2))
	if !r.digits(i+4, 1, 2) || !r.is(i+5, markDay) || !valid(r.value(i), r.value(i+2), r.value(i+4)) {
		return p, i + 4
	}
	p.unit, p.day = unitDay, int8(r.value(i+4))
	return p, i + 6
}
