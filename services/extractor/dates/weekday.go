package dates

import "strconv"

// fromWeekday reads what begins with a weekday: "Wednesday, February 15", "Monday night", "Friday last week", "Fridays".
func (r *reader) fromWeekday(i int) (partial, int) {
	if !r.named(i) {
		return partial{}, i
	}
	t, j := r.at(i), r.afterMonth(i)
	if t.has(flagPlural) {
		return fixed(sortSet, "XXXX-WXX-"+strconv.Itoa(r.value(i))), i + 1
	}
	if p, next := r.weekdayDate(j, r.value(i)); p.ok() {
		return p, next
	}
	if r.newspaper(i+1) || r.word(i-1, wordA) && (r.word(i+1, wordIn) || r.word(i+1, wordOr)) {
		return partial{}, i // "on a Monday in May": some Monday
	}
	if t.has(flagShort) && (!r.lex.caps || j == i+1 && !r.is(j, ',')) {
		return partial{}, i
	}
	if j > i+1 && !r.abbreviates(j-1) {
		j = i + 1
	}
	p := partial{kind: kindWeekday, sort: sortDate, unit: unitDay, weekday: int8(t.value)}
	return r.weekdayWeek(p, j)
}

// newspaper tells whether the word after a weekday makes it a paper's name.
func (r *reader) newspaper(i int) bool {
	switch r.surface(i) {
	case "Times", "Telegraph", "Mail", "Express", "Mirror", "Herald", "Star", "Independent", "Tribune", "Sun":
		return true
	}
	return false
}

// weekdayDate reads the date that stands beside a weekday: "February 15", "15 February", "the 15th of February",
// "15 February-", "2/15/2023", "2023-02-15".
func (r *reader) weekdayDate(j, weekday int) (partial, int) {
	k := r.skipWord(r.skip(j, ','), wordThe)
	if r.class(k) == classMonth && r.named(k) {
		return r.monthDay(k, weekday)
	}
	if p, next := r.dayMonth(k, weekday); p.ok() {
		return p, next
	}
	if p, next := r.numeric(k); p.ok() && p.unit == unitDay {
		p.weekday = int8(weekday)
		return p, next
	}
	if r.class(k) == classNth && r.value(k) >= 1 && r.value(k) <= 31 && !r.capital(k+1) {
		p := partial{kind: kindCalendar, sort: sortDate, unit: unitDay, day: int8(r.value(k)), weekday: int8(weekday)}
		return p, k + 1
	}
	return partial{}, j
}

// weekdayWeek reads the week that a weekday is placed in: "Monday last week", "Monday of this week", "Monday week".
func (r *reader) weekdayWeek(p partial, j int) (partial, int) {
	k := r.skipWord(j, wordOf)
	if r.class(k) != classRelation || r.class(k+1) != classUnit || r.value(k+1) != int(unitWeek) || r.at(k+1).has(flagPlural) {
		return p, j
	}
	p.direction = within
	switch r.value(k) {
	case relLast, relPrevious:
		p.shift = -1
	case relNext, relComing:
		p.shift = 1
	case relThis:
	case relThat, relSame:
		p.anchor = anchorPrevious
	default:
		return p, j
	}
	return p, k + 2
}

// relativeWeekday reads the weekday after a relation: "last Friday", "this coming Monday", "the same Tuesday".
func (r *reader) relativeWeekday(relation, j int) (partial, int) {
	if r.class(j) != classWeekday || !r.capital(j) || r.at(j).has(flagPlural|flagShort) {
		return partial{}, j
	}
	p := partial{kind: kindWeekday, sort: sortDate, unit: unitDay, weekday: int8(r.value(j))}
	switch relation {
	case relLast, relPast, relPrevious:
		p.direction = before
	case relNext, relComing, relFollowing:
		p.direction = after
	case relThis:
		p.direction = within
	case relSame, relThat:
		p.direction = same
	default:
		return partial{}, j
	}
	if relation == relFollowing || relation == relPrevious {
		p.anchor = anchorPrevious
	}
	return p, j + 1
}
