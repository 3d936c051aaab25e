package dates

// year resolves the year that a calendar partial or holiday names; ok is false when what it counts from is missing.
func (s *resolver) year(p *partial) (y int, label string, ok bool) {
	switch p.years {
	case yearFull:
		return int(p.year), "", true
	case yearShort:
		return s.century(int(p.year)), "", true
	case yearThat:
		b, label, ok := s.base(anchorPrevious)
		return b.year + int(p.shift), label, ok
	}
	b, label, ok := s.base(p.anchor)
	return b.year + int(p.shift), label, ok
}

// pivot is how far ahead of the reference a two-digit year may lie; without a reference years up to 35 are 20xx.
const pivot = 10

func (s *resolver) century(yy int) int {
	if !s.known {
		if yy <= 35 {
			return 2000 + yy
		}
		return 1900 + yy
	}
	base := s.ref.year
	if s.mode == Narrative && s.prev.unit != unitNone {
		base = s.prev.year + 50 - pivot
	}
	y := floorDiv(base, 100)*100 + yy
	if y > base+pivot {
		y -= 100
	}
	return y
}

// calendar resolves a date of which some fields are said.
func (s *resolver) calendar(p *partial) resolved {
	pt := point{unit: p.unit, month: int(p.month), day: int(p.day), nth: int(p.nth)}
	out := resolved{}
	if p.years != yearNone {
		y, label, ok := s.year(p)
		if !ok {
			return out
		}
		pt.year, out.anchor = y, label
		return s.checked(p, pt, out)
	}
	b, label, ok := s.base(p.anchor)
	if !ok {
		return out
	}
	out.anchor = label
	pt.year = s.pickYear(p, b, label == anchoredPrevious)
	if p.unit == unitDay && p.month == 0 {
		return s.dayAlone(p, b, out)
	}
	return s.checked(p, pt, out)
}

// checked settles the order of a numeric date and refuses days that do not exist.
func (s *resolver) checked(p *partial, pt point, out resolved) resolved {
	if p.order == orderOpen || p.order == orderDotted {
		other := pt
		other.month, other.day = pt.day, pt.month
		if s.prefersDayFirst(p, pt, other) {
			pt, other = other, pt
		}
		if valid(other.year, other.month, other.day) {
			out.alt = other.value()
		}
	}
	if p.unit == unitDay && p.nth > 0 {
		out.point = dayPoint(nthWeekday(pt.year, pt.month, int(p.weekday), int(p.nth)))
		return out
	}
	if p.unit == unitWeek {
		out.point = dayPoint(dayOf(pt.year, pt.month, pt.day)).moved(0, unitWeek)
		return out
	}
	if p.unit == unitDay && !valid(pt.year, pt.month, pt.day) {
		out.value = four(pt.year) + "-" + two(pt.month) // 29 February of a common year: the month stands
		return out
	}
	out.point = pt
	return out
}

// near is how close to the reference a reading of a numeric date must lie to be taken for it.
const near = 3

// prefersDayFirst weighs the evidence for the order of day and month: a weekday beside, nearness to the reference,
// another numeric date of the text, dots, the language.
func (s *resolver) prefersDayFirst(p *partial, monthFirst, dayFirst point) bool {
	if p.weekday > 0 {
		m, d := monthFirst.first().weekday() == int(p.weekday), dayFirst.first().weekday() == int(p.weekday)
		if m != d {
			return d
		}
	}
	if s.known {
		m, d := abs(int(monthFirst.first()-s.ref.first())) <= near, abs(int(dayFirst.first()-s.ref.first())) <= near
		if m != d {
			return d
		}
	}
	if s.provedDay {
		return s.dayFirst
	}
	return p.order == orderDotted
}

// pickYear chooses the year of a month, day, season or quarter without one.
func (s *resolver) pickYear(p *partial, b point, narrative bool) int {
	if s.endYear != 0 {
		return s.endYear
	}
	if p.nth > 0 && p.unit == unitDay {
		return monthYear(int(p.month), p.tense, b)
	}
	if p.weekday > 0 && p.month > 0 {
		return weekdayYear(p, b)
	}
	switch p.direction {
	case before, after, within, same:
		return s.directedYear(p, b)
	}
	if narrative {
		return narrativeYear(p, b)
	}
	if p.joint == jointSince && p.month > 0 {
		return pastYear(p, b)
	}
	switch p.unit {
	case unitMonth:
		return monthYear(int(p.month), p.tense, b)
	case unitSeason:
		return seasonYear(int(p.nth), p.tense, b)
	case unitQuarter:
		return quarterYear(int(p.nth), p.tense, b)
	case unitDay, unitWeek:
		if p.month > 0 {
			return dayYear(int(p.month), int(p.day), p.tense, b)
		}
	}
	return b.year
}

// pastYear is the last year in which the month or day had come: what something has gone on since lies behind.
func pastYear(p *partial, b point) int {
	if int(p.month) > b.month || int(p.month) == b.month && int(p.day) > b.day {
		return b.year - 1
	}
	return b.year
}

// weekdayYear is the year nearest to the base in which the day falls on its weekday; every date does within 40 years.
func weekdayYear(p *partial, b point) int {
	best, least := b.year, 1<<30
	from := b.first()
	for y := b.year - 40; y <= b.year+40; y++ {
		n := dayOf(y, int(p.month), int(p.day))
		if diff := abs(int(n - from)); valid(y, int(p.month), int(p.day)) && n.weekday() == int(p.weekday) && diff < least {
			best, least = y, diff
		}
	}
	return best
}

// directedYear is the year of "last April", "next spring", "this June", "that winter".
func (s *resolver) directedYear(p *partial, b point) int {
	month := b.month
	if month == 0 {
		month = b.anyMonth()
	}
	if p.unit == unitSeason {
		return directedSeason(p, b.year, month)
	}
	if p.unit == unitQuarter {
		return quarterYear(int(p.nth), -1, b)
	}
	switch {
	case p.direction == before && int(p.month) >= month:
		return b.year - 1
	case p.direction == after && int(p.month) <= month:
		return b.year + 1
	}
	return b.year
}

// directedSeason counts a winter to the year it begins in, but "last winter" in spring began the year before.
func directedSeason(p *partial, year, month int) int {
	current, n := floorMod(month/3-1, 4)+1, int(p.nth) // December to February is winter
	switch {
	case p.direction == before && (month <= 2 || n >= current || n == winter):
		return year - 1
	case p.direction == after && month > 2 && n <= current:
		return year + 1
	}
	return year
}

// narrativeYear is the base's year, or the one beside it when that lies much nearer in the run of the story.
func narrativeYear(p *partial, b point) int {
	if b.unit > unitMonth || p.month == 0 {
		return b.year
	}
	if b.month-int(p.month) > narrativeTurn {
		return b.year + 1
	}
	return b.year
}

// narrativeTurn is how many months a story must seem to step back before the year is taken to have turned.
const narrativeTurn = 6

// monthYear is the year of a bare month: with a past tense the last one, a month of grace allowed; with a future
// tense the next one; else the nearest, leaning to the past.
func monthYear(m int, tense int8, b point) int {
	switch {
	case tense < 0 && m > b.month+1, tense == 0 && m-b.month > 6:
		return b.year - 1
	case tense < 0 && b.month-m > 9, tense > 0 && m < b.month, tense == 0 && b.month-m > 8:
		return b.year + 1
	}
	return b.year
}

// dayYear is the year of a day and month: the nearest, the tense moving the border.
func dayYear(m, d int, tense int8, b point) int {
	ahead, behind := 183, 183
	switch {
	case tense < 0:
		ahead, behind = 120, 246
	case tense > 0:
		ahead, behind = 330, 36
	}
	diff := int(dayOf(b.year, m, d) - b.first())
	switch {
	case diff > ahead:
		return b.year - 1
	case -diff > behind:
		return b.year + 1
	}
	return b.year
}

// seasonYear is the year of a bare season: one that has not begun is last year's unless the tense is future.
func seasonYear(n int, tense int8, b point) int {
	begins := 3 * n
	switch {
	case tense <= 0 && begins > b.month+2:
		return b.year - 1
	case tense > 0 && n != winter && begins+2 < b.month:
		return b.year + 1
	}
	return b.year
}

// quarterYear is the year of a bare quarter: one that has not begun is last year's unless the tense is future.
func quarterYear(n int, tense int8, b point) int {
	current := (b.anyMonth()-1)/3 + 1
	switch {
	case tense <= 0 && n > current:
		return b.year - 1
	case tense > 0 && n < current:
		return b.year + 1
	}
	return b.year
}

// dayAlone places "the 13th" in the month of the base, or, counted from the reference, in the nearest month that the
// tense allows.
func (s *resolver) dayAlone(p *partial, b point, out resolved) resolved {
	if p.weekday > 0 && b.unit <= unitDay {
		out.point = weekdayMonth(p, b)
		return out
	}
	if s.prev.unit != unitNone && s.prev.unit <= unitMonth {
		b, out.anchor = s.prev, anchoredPrevious
	}
	if b.unit > unitMonth {
		out.value = b.yearText() + "-XX-" + two(int(p.day))
		return out
	}
	y, m, d := b.year, b.anyMonth(), int(p.day)
	if out.anchor == anchoredPublished {
		switch {
		case p.tense <= 0 && d > b.day:
			y, m = addMonths(y, m, -1)
		case p.tense > 0 && d < b.day:
			y, m = addMonths(y, m, 1)
		}
	}
	pt := point{unit: unitDay, year: y, month: m, day: d}
	if !valid(y, m, d) {
		out.value = four(y) + "-" + two(m)
		return out
	}
	out.point = pt
	return out
}

// weekdayMonth is the day of "Friday the 13th" nearest to the base: within 14 months every weekday has fallen on it.
func weekdayMonth(p *partial, b point) point {
	best, least := daynum(0), 1<<30
	for n := -14; n <= 14; n++ {
		y, m := addMonths(b.year, b.month, n)
		day := dayOf(y, m, int(p.day))
		if diff := abs(int(day - b.first())); valid(y, m, int(p.day)) && day.weekday() == int(p.weekday) && diff < least {
			best, least = day, diff
		}
	}
	return dayPoint(best)
}
