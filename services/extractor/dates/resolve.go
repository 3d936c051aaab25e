package dates

import (
	"strconv"
	"time"
)

// resolver turns partials into points, one after the other, with the reference and what was mentioned before.
type resolver struct {
	known     bool  // there is a reference
	ref       point // the publication day
	mode      Mode  // News or Narrative
	prev      point // the previous mention, unit unitNone when there is none
	dayFirst  bool  // numeric dates of this text write the day first
	provedDay bool  // some numeric date proves the order dayFirst
	endYear   int   // the year of a range's end, when its beginning fixes it
}

// resolved is what a resolver makes of a partial. A point without unit has no interval.
type resolved struct {
	point  point
	value  string
	alt    string // another reading
	anchor string
	drop   bool // the words mean nothing in this mode
}

func dayPoint(n daynum) point {
	y, m, d := n.date()
	return point{unit: unitDay, year: y, month: m, day: d}
}

func newResolver(ref time.Time) *resolver {
	s := new(resolver)
	if !ref.IsZero() {
		y, m, d := ref.Date()
		s.known, s.ref = true, point{unit: unitDay, year: y, month: int(m), day: d}
	}
	return s
}

// follow resolves the end of a range whose beginning is on the calendar: without a year of its own it takes the first
// that does not lie before the beginning.
func (s *resolver) follow(p *partial, begin point) {
	if p.kind != kindCalendar || p.years != yearNone || p.month == 0 || p.weekday > 0 || p.direction != nearest {
		return
	}
	if begin.unit != p.unit || begin.unit != unitDay && begin.unit != unitMonth {
		return
	}
	s.endYear = begin.year
	if int(p.month) < begin.month || int(p.month) == begin.month && int(p.day) < begin.day {
		s.endYear++
	}
}

// resolve resolves one partial and remembers it.
func (s *resolver) resolve(p *partial) resolved {
	if p.paragraph && s.mode == News {
		s.prev = point{}
	}
	if p.narrative && s.mode == News || p.kind == kindFixed && p.fixed == "FUTURE_REF" && !p.narrative && s.mode == Narrative {
		return resolved{drop: true}
	}
	out := s.place(p)
	s.endYear = 0
	if !p.clock.empty() && out.point.unit != unitNone {
		out.point.clock = p.clock
	}
	if out.point.unit != unitNone {
		out.value = out.point.value()
	} else if out.value == "" {
		out.value = p.open()
	}
	s.remember(p, out)
	return out
}

// remember makes the mention the previous one, unless it stands in brackets or leads a narrative to the present.
func (s *resolver) remember(p *partial, out resolved) {
	pt := out.point
	if pt.unit == unitNone || pt.unit > unitYear || p.recited && p.kind == kindCalendar && pt.unit == unitYear {
		return
	}
	if s.mode == Narrative && out.anchor == anchoredPublished {
		return
	}
	if s.mode == Narrative && pt.unit == unitYear && s.prev.unit != unitNone && s.prev.unit <= unitMonth &&
		s.prev.year == pt.year {
		return // the year of where the story stands is no step
	}
	pt.clock = clock{}
	s.prev = pt
}

const (
	anchoredPublished = "published"
	anchoredPrevious  = "previous"
)

// place finds the point of a partial by its kind.
func (s *resolver) place(p *partial) resolved {
	switch p.kind {
	case kindFixed:
		return resolved{value: p.fixed}
	case kindCalendar:
		return s.calendar(p)
	case kindShift:
		return s.shift(p)
	case kindWeekday:
		return s.weekday(p)
	case kindHoliday:
		return s.holiday(p)
	case kindClock:
		return s.clockDay(p)
	}
	return resolved{value: "XXXX"}
}

// base is the point that a partial counts from; ok is false when there is none.
func (s *resolver) base(a anchoring) (pt point, label string, ok bool) {
	if s.prev.unit != unitNone && (a == anchorPrevious || a != anchorReference && s.mode == Narrative) {
		return s.prev, anchoredPrevious, true
	}
	return s.ref, anchoredPublished, s.known
}

// shift resolves so many units from the base: "yesterday", "last week", "three days later", "that year".
func (s *resolver) shift(p *partial) resolved {
	if p.direction == same && s.prev.unit == unitNone {
		return resolved{drop: true}
	}
	b, label, ok := s.base(p.anchor)
	if p.anchor == anchorRunning && p.sentence && s.prev.unit != unitNone && !s.prev.coarser(p.unit) {
		b, label, ok = s.prev, anchoredPrevious, true
	}
	if s.mode == News && s.known && p.shift == -1 && p.unit == unitDay && b.coarser(p.unit) {
		b, label = s.ref, anchoredPublished // "the previous day's close" after "in 2007"
	}
	if !ok {
		return resolved{}
	}
	out := resolved{anchor: label}
	if b.coarser(p.unit) {
		out.value = b.blurred(p.unit)
		return out
	}
	out.point = b.moved(int(p.shift), p.unit)
	return out
}

// coarser tells whether the point does not say what a unit needs.
func (p point) coarser(u unit) bool {
	switch {
	case u <= unitDay:
		return p.unit > unitDay
	case u <= unitFortnight:
		return p.unit > unitFortnight
	case u <= unitMonth:
		return p.unit > unitMonth
	case u <= unitHalf:
		return p.unit > unitQuarter
	}
	return p.unit > u && p.unit > unitYear
}

// blurred is the value of an unknown unit within the point: a day of 1943-07 is 1943-07-XX.
func (p point) blurred(u unit) string {
	month := p.unit == unitMonth
	switch {
	case u <= unitDay && month:
		return four(p.year) + "-" + two(p.month) + "-XX"
	case u <= unitDay:
		return p.yearText() + "-XX-XX"
	case u <= unitFortnight:
		return p.yearText() + "-WXX"
	}
	return p.yearText() + "-XX"
}

func (p point) yearText() string {
	p.unit = unitYear
	return p.value()
}

// moved is the point n units away, at the unit's granularity.
func (p point) moved(n int, u unit) point {
	switch u {
	case unitDay, unitPart:
		return dayPoint(p.first() + daynum(n))
	case unitWeek, unitWeekend, unitFortnight:
		w := p.first().monday() + daynum(7*n)
		y, m, d := w.date()
		return point{unit: u, week: w, year: y, month: m, day: d}
	case unitMonth:
		y, m := addMonths(p.year, p.anyMonth(), n)
		return point{unit: unitMonth, year: y, month: m}
	case unitQuarter:
		y, m := addMonths(p.year, p.anyMonth(), 3*n)
		return point{unit: unitQuarter, year: y, nth: (m-1)/3 + 1}
	case unitYear:
		return point{unit: unitYear, year: p.year + n}
	case unitDecade:
		return point{unit: unitDecade, year: floorDiv(p.year, 10)*10 + 10*n}
	case unitCentury:
		return point{unit: unitCentury, year: floorDiv(p.year, 100)*100 + 100*n}
	case unitMillennium:
		return point{unit: unitMillennium, year: floorDiv(p.year, 1000)*1000 + 1000*n}
	}
	return point{}
}

// anyMonth is a month within the point.
func (p point) anyMonth() int {
	_, m, _ := p.first().date()
	return m
}

// weekday resolves a weekday by direction, or by tense: the coming one for the future, else the last.
func (s *resolver) weekday(p *partial) resolved {
	b, label, ok := s.base(p.anchor)
	if p.direction == same && s.prev.unit != unitNone {
		b, label, ok = s.prev, anchoredPrevious, true
	}
	if !ok || b.unit > unitDay {
		return resolved{}
	}
	day, n := b.first(), int(p.weekday)
	diff := n - day.weekday()
	switch p.direction {
	case before:
		if diff >= 0 {
			diff -= 7
		}
	case after:
		if diff <= 0 {
			diff += 7
		}
	case within:
		diff += 7 * int(p.shift)
	default:
		diff = s.byTense(p, diff)
	}
	return resolved{point: dayPoint(day + daynum(diff)), anchor: label}
}

// byTense turns the distance to a weekday within the week into that to the last or the coming one.
func (s *resolver) byTense(p *partial, diff int) int {
	future := p.tense > 0
	if s.mode == Narrative {
		future = s.prev.unit != unitNone // a narrative moves forward
	}
	if future && diff < 0 {
		return diff + 7
	}
	if !future && diff > 0 {
		return diff - 7
	}
	return diff
}

// clockDay places a time of day on the day it belongs to: the one named in the same sentence, else the reference; in
// narratives the previous one.
func (s *resolver) clockDay(p *partial) resolved {
	if s.prev.unit == unitDay && (p.sentence || s.mode == Narrative || p.tense <= 0 && s.recent()) {
		return resolved{point: s.prev, anchor: anchoredPrevious}
	}
	if s.mode == Narrative && s.prev.unit != unitNone || !s.known {
		return resolved{}
	}
	return resolved{point: s.ref, anchor: anchoredPublished}
}

// recent tells whether the previous mention is a day of the week that ends with the reference.
func (s *resolver) recent() bool {
	back := s.ref.first() - s.prev.first()
	return s.known && back >= 0 && back < 7
}

// holiday resolves a named day in the year said, or in the nearest one that the tense allows.
func (s *resolver) holiday(p *partial) resolved {
	h := &holidays[p.nth]
	if p.years != yearNone {
		y, label, ok := s.year(p)
		if !ok {
			return resolved{}
		}
		return resolved{point: dayPoint(h.on(y)), anchor: label}
	}
	b, label, ok := s.base(p.anchor)
	if !ok {
		return resolved{}
	}
	y := b.year
	if b.unit <= unitDay {
		y = nearestYear(b, p.tense, h.on)
	}
	return resolved{point: dayPoint(h.on(y)), anchor: label}
}

// nearestYear is the year in which a yearly day falls nearest to the base, on the side that the tense says.
func nearestYear(b point, tense int8, on func(int) daynum) int {
	from, best, least := b.first(), b.year, 1<<30
	for y := b.year - 1; y <= b.year+1; y++ {
		diff := int(on(y) - from)
		if tense > 0 && diff < 0 || tense < 0 && diff > 0 {
			diff *= 3 // the wrong side must be much nearer
		}
		if abs(diff) < least {
			best, least = y, abs(diff)
		}
	}
	return best
}

// open is the value of a partial that nothing resolves: XXXX-02-15, XXXX-WXX-3.
func (p *partial) open() string {
	v := p.openDate()
	if !p.clock.empty() {
		v += string(p.clock.appendValue(nil))
	}
	return v
}

func (p *partial) openDate() string {
	switch {
	case p.kind == kindWeekday:
		return "XXXX-WXX-" + strconv.Itoa(int(p.weekday))
	case p.kind == kindHoliday && holidays[p.nth].month > 0 && holidays[p.nth].weekday == 0:
		return "XXXX-" + two(holidays[p.nth].month) + "-" + two(holidays[p.nth].day)
	case p.kind != kindCalendar:
		return openUnits[p.unit]
	}
	switch p.unit {
	case unitWeek:
		return "XXXX-WXX"
	case unitDay:
		if p.month == 0 {
			return "XXXX-XX-" + two(int(p.day))
		}
		return "XXXX-" + two(int(p.month)) + "-" + two(int(p.day))
	case unitMonth:
		return "XXXX-" + two(int(p.month))
	case unitSeason:
		return "XXXX-" + seasonCodes[p.nth]
	case unitQuarter:
		return "XXXX-Q" + strconv.Itoa(int(p.nth))
	case unitHalf:
		return "XXXX-H" + strconv.Itoa(int(p.nth))
	}
	return "XXXX"
}

// openUnits are the values of units of unknown place.
var openUnits = [...]string{unitNone: "XXXX", unitPart: "XXXX-XX-XX", unitDay: "XXXX-XX-XX", unitWeekend: "XXXX-WXX-WE",
	unitWeek: "XXXX-WXX", unitFortnight: "XXXX-WXX", unitMonth: "XXXX-XX", unitSeason: "XXXX-XX", unitQuarter: "XXXX-QX",
	unitHalf: "XXXX-HX", unitYear: "XXXX", unitDecade: "XXX", unitCentury: "XX", unitMillennium: "X"}
