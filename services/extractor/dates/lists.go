package dates

// connector reads what may stand between two dates that share a month or a year: "-", "and", "to", "or", ",", "/",
// "through", "until", and a comma before "and". It returns i when nothing does.
func (r *reader) connector(i int) int {
	t := r.at(i)
	switch {
	case t.is('-'), t.is('&'):
		return i + 1
	case t.is(','):
		return r.wordConnector(i + 1)
	}
	if j := r.wordConnector(i); j > i {
		return j
	}
	return i
}

func (r *reader) wordConnector(i int) int {
	switch r.at(i).word {
	case wordAnd, wordTo, wordOr, wordThrough, wordUntil:
		return i + 1
	}
	return i
}

// borrowYear finds the year of a month or day that its partner carries: "March and April 1918", "28 February-3 March
// 2019", "June 5 to July 10, 2014". p has no year; i is the index after it.
func (r *reader) borrowYear(i int, p partial) (year int32, ok bool) {
	j := r.connector(i)
	if j == i {
		return 0, false
	}
	j = r.skipStage(r.skipWord(j, wordThe))
	q, next := r.partner(j, p)
	if !q.ok() || q.years == yearNone && p.unit != unitDay {
		return 0, false
	}
	if q.years == yearNone {
		q, _ = r.withYear(q, next)
	}
	if q.years != yearFull {
		return 0, false
	}
	if q.month < p.month && p.month > 0 && q.month > 0 {
		return q.year - 1, true
	}
	return q.year, true
}

// partner reads the second of a pair of dates, without borrowing in its turn.
func (r *reader) partner(j int, p partial) (partial, int) {
	q := partial{kind: kindCalendar, unit: p.unit}
	if r.class(j) == classMonth && r.named(j) {
		q.month = int8(r.value(j))
		next := r.afterMonth(j)
		if day, after := r.dayNumber(next); p.unit == unitDay && day > 0 {
			q.day, next = int8(day), after
		}
		return r.withYear(q, next)
	}
	day, next := r.dayNumber(j)
	if p.unit != unitDay || day == 0 {
		return partial{}, j
	}
	q.day = int8(day)
	if k := r.skipWord(next, wordOf); r.class(k) == classMonth && r.named(k) {
		q.month, next = int8(r.value(k)), r.afterMonth(k)
	}
	return r.withYear(q, next)
}

// skipStage skips "early", "mid-", "the end of" before a date.
func (r *reader) skipStage(i int) int {
	if r.class(i) != classStage {
		return i
	}
	return r.skipWord(r.skip(i+1, '-'), wordOf)
}

// leadingDay reads the first day of "9-10 November 1938", "the 28 and 29 August", "2, 4 and 5 May": a number whose
// month stands with a later one. At most four days are looked through.
func (r *reader) leadingDay(i int) (partial, int) {
	day, j := r.dayNumber(i)
	if day == 0 || r.is(i-1, '$') {
		return partial{}, i
	}
	next := j
	for range 3 {
		k := r.connector(j)
		if k == j {
			k = r.skip(j, ',')
		}
		if k == j {
			return partial{}, i
		}
		k = r.skipWord(k, wordThe)
		if q, _ := r.dayMonth(k, 0); q.ok() {
			if int(q.day) <= day && !r.is(j, ',') || !valid(0, int(q.month), day) {
				return partial{}, i
			}
			q.day, q.weekday = int8(day), 0
			return q, next
		}
		if day, j = r.dayNumberKeep(k, day); j == k {
			return partial{}, i
		}
	}
	return partial{}, i
}

// dayNumberKeep steps over a further day number, keeping the first day.
func (r *reader) dayNumberKeep(k, day int) (int, int) {
	d, j := r.dayNumber(k)
	if d == 0 {
		return day, k
	}
	return day, j
}

// moreDays reads the further days of a month-first list: the 31 of "May 29-31, 2014", "May 4, 5 and 6". p is the day
// before, ending at i.
func (r *reader) moreDays(p partial, i int) (q partial, from, next int) {
	if p.kind != kindCalendar || p.unit != unitDay || p.sort != sortDate {
		return partial{}, i, i
	}
	j := r.connector(i)
	if j == i {
		return partial{}, i, i
	}
	j = r.skipWord(j, wordThe)
	day, next := r.dayNumber(j)
	closed := r.is(i, '-') && r.at(i).glued() && r.at(j).glued() && r.class(next) == classOther && !r.at(next).glued()
	if day <= int(p.day) || !valid(0, int(p.month), day) || !closed && !r.endsList(next) || r.class(j) == classOrdinal {
		return partial{}, i, i
	}
	q = p
	q.day, q.weekday = int8(day), 0
	if q.years == yearNone || r.year(r.skip(next, ',')).value == int(p.year) {
		if w, end := r.withYear(q, next); w.years != yearNone {
			q, next = w, end
		}
	}
	return q, j, next
}

// endsList tells whether a number that ends at i counts nothing: no noun, unit, month or further digits follow.
func (r *reader) endsList(i int) bool {
	t := r.at(i)
	switch t.class {
	case classOther, classParticle:
		return t.has(flagPast) || t.has(flagFuture) || t.has(flagCapital)
	case classUnit, classMonth, classMeridiem, classScale, classNumber, classDecimal, classGrouped:
		return false
	case classPunct:
		return !(t.is('%') || t.is('$') || t.is(':') || t.is('/') || t.is('-'))
	}
	return true
}
