package dates

// kind says how a partial becomes a point.
type kind uint8

const (
	kindNone     kind = iota
	kindFixed         // has a value but no place on the calendar: durations, sets, PAST_REF
	kindCalendar      // fields of a date, the missing ones taken from the anchor
	kindShift         // so many units from the anchor
	kindWeekday       // a weekday, chosen by direction
	kindHoliday       // a named day of a year
	kindClock         // a time of day alone
	kindOpaque        // read, but on a calendar that is not converted
)

// years says how the year of a calendar partial was written.
type years uint8

const (
	yearNone    years = iota
	yearFull          // 2015
	yearShort         // '15, 5/6/15: the century comes from the reference
	yearShifted       // last year, next year: counted from the reference
	yearThat          // that year: counted from the previous mention
)

// anchoring says what a partial counts from.
type anchoring uint8

const (
	anchorMode      anchoring = iota // the publication date in news, the previous mention in narratives
	anchorReference                  // always the publication date: yesterday, ago
	anchorPrevious                   // the previous mention: that day, the following day, three days later
	anchorRunning                    // the previous mention of the same sentence, else as anchorMode: the day
)

// direction chooses among the weekdays or months of one name.
type direction uint8

const (
	nearest direction = iota // by tense, else the nearest
	before
	after
	within // of the same week, month or year as the anchor
	same   // the previous mention's
)

// partial is what a mention's own words say: no reference has touched it yet, so that it can be resolved again.
type partial struct {
	kind      kind
	sort      sort
	unit      unit
	years     years
	anchor    anchoring
	direction direction
	tense     int8 // of the words around: −1 past, +1 future, 0 unknown
	order     order
	weekday   int8
	month     int8
	day       int8
	nth       int8 // quarter, half, season or holiday
	mod       modifier
	joint     joint
	mode      Mode // what Find was asked for
	vague     bool
	narrative bool // counts in narratives only
	sentence  bool // no sentence ends between the mention before and this one
	paragraph bool // an empty line stands between the mention before and this one
	recited   bool // stands in brackets: does not move the previous mention
	clock     clock
	year      int32
	shift     int32 // in units
	fixed     string
}

// sort is a Type in one byte.
type sort uint8

const (
	sortDate sort = iota
	sortTime
	sortDuration
	sortSet
)

var sorts = [...]Type{sortDate: Date, sortTime: Time, sortDuration: Duration, sortSet: Set}

// modifier is a TIMEX3 modifier in one byte.
type modifier uint8

const (
	modNone modifier = iota
	modStart
	modMiddle
	modEnd
	modApprox
	modLess
	modMore
	modAtLeast
	modSince
	modUntil
	modBefore
	modAfter
)

var modifiers = [...]string{modNone: "", modStart: "START", modMiddle: "MID", modEnd: "END", modApprox: "APPROX",
	modLess: "LESS_THAN", modMore: "MORE_THAN", modAtLeast: "EQUAL_OR_MORE", modSince: "ON_OR_AFTER",
	modUntil: "ON_OR_BEFORE", modBefore: "BEFORE", modAfter: "AFTER"}

// order is what is known of the order of day and month in a numeric date.
type order uint8

const (
	orderNone       order = iota // not numeric, or year first
	orderMonthFirst              // proved: the second number is no month
	orderDayFirst                // proved: the first number is no month
	orderOpen                    // both readings are dates; month and day hold the month-first one
	orderDotted                  // both are, but dots or the language speak for day first
)

// joint says how a mention is tied to its neighbour or open on one side.
type joint uint8

const (
	jointNone  joint = iota
	jointNext        // the beginning of a range that the next mention ends
	jointSince       // since X: open to the future
	jointUntil       // until X: open to the past
)

func (p *partial) ok() bool { return p.kind != kindNone }

func fixed(t sort, value string) partial { return partial{kind: kindFixed, sort: t, fixed: value} }

// vagueRef is PAST_REF, PRESENT_REF or FUTURE_REF.
func vagueRef(which int) partial {
	p := fixed(sortDate, [...]string{vaguePast: "PAST_REF", vaguePresent: "PRESENT_REF", vagueFuture: "FUTURE_REF"}[which])
	p.vague = true
	return p
}

func calendarYear(y int) partial {
	return partial{kind: kindCalendar, sort: sortDate, unit: unitYear, years: yearFull, year: int32(y)}
}

func shifted(n int, u unit, from anchoring) partial {
	return partial{kind: kindShift, sort: sortDate, unit: u, shift: int32(n), anchor: from}
}

// explicit grades how much of the value stands in the words.
func (p *partial) explicit() Explicit {
	switch {
	case p.vague:
		return Vague
	case p.kind == kindFixed, p.kind == kindCalendar && p.years == yearFull, p.kind == kindHoliday && p.years == yearFull,
		p.kind == kindOpaque:
		return Full
	case p.kind == kindCalendar && p.years != yearShifted && p.years != yearThat, p.kind == kindHoliday, p.kind == kindClock:
		return Partial
	}
	return Relative
}

// at adds a time of day to a date.
func (p partial) at(c clock) partial {
	p.sort, p.clock = sortTime, c
	return p
}
