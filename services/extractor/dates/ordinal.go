package dates

// fromOrdinal reads what begins with an ordinal: "28th of May", "19th century", "third quarter of 2015", "first half
// of last year", "the 13th".
func (r *reader) fromOrdinal(i int) (partial, int) {
	n := r.ordinal(i)
	j := r.skip(i+1, '-')
	if r.class(i) != classNth && r.word(j, wordFiscal) {
		j++ // first fiscal quarter
	}
	if p, next := r.partOfMonth(n, j); p.ok() {
		return p, next
	}
	switch t := r.at(j); {
	case t.class == classWeekday && !t.has(flagPlural) && r.class(i) != classNth:
		return r.nthWeekday(i, j, n)
	case t.class == classUnit && !t.has(flagPlural):
		return r.ordinalUnit(i, j, n)
	case t.class == classHalf && n <= 2:
		return r.halfYear(i, j+1, n)
	case n == 1 && r.class(i) == classOrdinal:
		if p, next := r.firstUnits(i); p.ok() {
			return p, next
		}
	}
	if r.class(i) == classNth || r.word(i+1, wordOf) {
		if p, next := r.dayMonth(i, 0); p.ok() {
			return p, next
		}
	}
	if r.class(i) == classNth {
		if p, next := r.leadingDay(i); p.ok() {
			return p, next
		}
		return r.loneDay(i)
	}
	return partial{}, i
}

// partOfMonth reads "week of January" and "day of May 2014" at j, after an ordinal; n 0 stands for "last". The week is
// the ISO week of the middle of the seven days meant.
func (r *reader) partOfMonth(n, j int) (partial, int) {
	t, k := r.at(j), j+2
	if t.class != classUnit || t.has(flagPlural) || !r.word(j+1, wordOf) || r.class(k) != classMonth || !r.named(k) {
		return partial{}, j
	}
	p := partial{kind: kindCalendar, sort: sortDate, unit: unit(t.value), month: int8(r.value(k)), day: int8(n)}
	length := monthDays(1, r.value(k))
	switch {
	case p.unit == unitWeek && n == 0:
		p.day = int8(length - 3)
	case p.unit == unitWeek && n <= 4:
		p.day = int8(7*n - 3)
	case p.unit == unitDay && n == 0:
		p.day = int8(length)
	case p.unit != unitDay || n > length:
		return partial{}, j
	}
	return r.withYear(p, r.afterMonth(k))
}

// nthWeekday reads "first Sunday of December 2015" and "first Tuesday of every month".
func (r *reader) nthWeekday(i, j, n int) (partial, int) {
	k := j + 1
	if k = r.skipWord(r.skipWord(k, wordOf), wordIn); k == j+1 || n > 5 {
		return partial{}, i
	}
	if r.class(k) == classEvery && r.class(k+1) == classUnit && unit(r.value(k+1)) == unitMonth {
		return fixed(sortSet, "P1M"), k + 2
	}
	if r.class(k) != classMonth || !r.named(k) {
		return partial{}, i
	}
	p := partial{kind: kindCalendar, sort: sortDate, unit: unitDay, month: int8(r.value(k)), weekday: int8(r.value(j)), nth: int8(n)}
	return r.withYear(p, r.afterMonth(k))
}

// ordinal is the number of the ordinal at i; "second", else a unit, is one as well.
func (r *reader) ordinal(i int) int {
	if r.word(i, wordSecond) {
		return 2
	}
	return r.value(i)
}

// secondOf tells whether the "second" at i is an ordinal: "second quarter", "second half", "second of May".
func (r *reader) secondOf(i int) bool {
	if !r.word(i, wordSecond) || r.at(i).has(flagPlural) {
		return false
	}
	j := r.skipWord(r.skip(i+1, '-'), wordFiscal)
	t := r.at(j)
	return t.class == classUnit && unit(t.value) >= unitDay && !t.has(flagPlural) || t.class == classHalf ||
		t.class == classWeekday && r.word(j+1, wordOf) ||
		r.word(i+1, wordOf) && r.class(i+2) == classMonth
}

// ordinalUnit reads a numbered quarter, century, or week and day of a month.
func (r *reader) ordinalUnit(i, j, n int) (partial, int) {
	switch unit(r.value(j)) {
	case unitCentury:
		return r.century(i, j+1, n)
	case unitQuarter:
		if n <= 4 {
			p := partial{kind: kindCalendar, sort: sortDate, unit: unitQuarter, nth: int8(n)}
			if r.reported(j + 1) {
				p.direction = before
			}
			return r.quarterYear(p, j+1)
		}
	case unitMillennium:
		p := calendarYear((n - 1) * 1000)
		p.unit = unitMillennium
		return p, j + 1
	case unitDecade:
		if c, next := r.centuryAfter(j + 1); c > 0 && n <= 10 {
			p := calendarYear((c-1)*100 + (n-1)*10)
			p.unit = unitDecade
			return p, next
		}
	}
	return partial{}, i
}

// reported tells whether the word at i is something that is reported once a quarter is over.
func (r *reader) reported(i int) bool {
	switch r.surface(i) {
	case "results", "earnings", "profit", "profits", "loss", "losses", "sales", "revenue", "revenues", "net", "income", "figures",
		"report", "numbers", "data", "GDP", "growth", "performance":
		return true
	}
	return false
}

// century reads the era after "5th century".
func (r *reader) century(i, next, n int) (partial, int) {
	if n < 1 || n > 30 {
		return partial{}, i
	}
	p := calendarYear(max(1, (n-1)*100))
	p.unit = unitCentury
	if e := r.eraAt(next); e.other() {
		p.year, next = int32(1-(n-1)*100), e.next
	}
	return p, next
}

// centuryAfter reads "of the 20th century".
func (r *reader) centuryAfter(i int) (n, next int) {
	j := r.skipWord(r.skipWord(i, wordOf), wordThe)
	if c := r.class(j); c != classNth && c != classOrdinal && !r.secondOf(j) {
		return 0, i
	}
	k := r.skip(j+1, '-')
	if r.class(k) != classUnit || unit(r.value(k)) != unitCentury {
		return 0, i
	}
	return r.ordinal(j), k + 1
}

// quarterYear reads the year of a quarter: "of 2015", "2015", "of last year", "of fiscal 2016", "of the year".
func (r *reader) quarterYear(p partial, i int) (partial, int) {
	j := r.skipWord(r.skipWord(r.skip(i, ','), wordOf), wordIn)
	j = r.skipFiscal(j)
	if y := r.year(j); y.ok {
		p.years, p.year = y.form, int32(y.value)
		return p, y.next
	}
	if r.word(j, wordThe) && r.word(j+1, wordYear) {
		p.years = yearShifted
		return p, j + 2
	}
	if j > i && r.class(j-1) != classPreposition {
		j = i
	}
	return r.withRelativeYear(p, i, j)
}

// skipFiscal skips "fiscal", "fiscal year", "the financial year", "FY".
func (r *reader) skipFiscal(i int) int {
	j := r.skipWord(i, wordThe)
	if !r.word(j, wordFiscal) && !r.word(j, wordFY) {
		return i
	}
	return r.skipWord(j+1, wordYear)
}

// halfYear reads "first half of 2014", "second half of the year", "first half of the 19th century".
func (r *reader) halfYear(i, j, n int) (partial, int) {
	if r.class(i) == classNth {
		return partial{}, i
	}
	if c, next := r.centuryAfter(j); c > 0 && r.word(j, wordOf) {
		p := calendarYear((c - 1) * 100)
		p.unit, p.mod = unitCentury, [...]modifier{1: modStart, 2: modEnd}[n]
		return p, next
	}
	p := partial{kind: kindCalendar, sort: sortDate, unit: unitHalf, nth: int8(n)}
	p, next := r.quarterYear(p, j)
	if p.years == yearNone {
		return partial{}, i
	}
	return p, next
}

// firstUnits reads "first three months", a duration.
func (r *reader) firstUnits(i int) (partial, int) {
	q, j := r.quantity(i + 1)
	if !q.ok || q.value == "1" {
		return partial{}, i
	}
	return r.durationOf(q, i, j)
}

// loneDay reads "the 13th", a day of the month last spoken of; it needs "on", "by" or the like before the article.
func (r *reader) loneDay(i int) (partial, int) {
	n := r.value(i)
	if n < 1 || n > 31 || !r.word(i-1, wordThe) || !r.endsList(i+1) || r.is(i+1, '-') || r.capital(i+1) && r.class(i+1) == classOther {
		return partial{}, i
	}
	switch r.at(i - 2).word {
	case wordOn, wordBy, wordUntil, wordSince, wordThrough, wordAnd, wordFrom, wordTo:
	default:
		return partial{}, i
	}
	if c := r.class(i + 1); c == classOther && !r.at(i+1).has(flagPast|flagFuture) || c == classHalf {
		return partial{}, i
	}
	return partial{kind: kindCalendar, sort: sortDate, unit: unitDay, day: int8(n)}, i + 1
}

// quarterDigits reads "Q3 2015", "FY2016", "H1 2014": a letter glued to the number at i, or standing before it.
func (r *reader) quarterDigits(i int) (partial, int) {
	before, n := r.at(i-1), r.value(i)
	switch {
	case before.word == wordFY && before.has(flagShout):
		if y := r.year(i); y.ok {
			return r.fiscalYear(y.value, y.next)
		}
		if r.digits(i, 2, 2) {
			p := calendarYear(n)
			p.years = yearShort
			return p, i + 1
		}
	case !r.at(i).glued() || !before.has(flagCapital):
	case before.word == wordQ && n >= 1 && n <= 4:
		return r.quarterYear(partial{kind: kindCalendar, sort: sortDate, unit: unitQuarter, nth: int8(n)}, i+1)
	case before.word == wordH && (n == 1 || n == 2):
		if p, next := r.quarterYear(partial{kind: kindCalendar, sort: sortDate, unit: unitHalf, nth: int8(n)}, i+1); p.years != yearNone {
			return p, next
		}
	}
	return partial{}, i
}

// fiscalYear is a company's year, which no text dates: the calendar year of the same number stands for it.
func (r *reader) fiscalYear(y, next int) (partial, int) {
	p := calendarYear(y)
	if (r.is(next, '-') || r.is(next, '/')) && r.digits(next+1, 2, 2) && r.at(next).glued() {
		p.year, next = int32(y/100*100+r.value(next+1)), next+2
	}
	return p, next
}
