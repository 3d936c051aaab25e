package dates

import (
	"strconv"
	"time"
)

// point is a resolved place on the calendar: fields down to its unit are known, finer ones are not.
type point struct {
	unit  unit
	year  int // astronomical: 1 BC is 0
	month int
	day   int
	nth   int // quarter, half or season
	clock clock
	week  daynum // Monday of the week, when unit is a week or weekend
}

// clock is a time of day; the zero value says nothing.
type clock struct {
	set     bool // hour and minute are known
	exact   bool // minutes were said
	utc     bool // the zone written is UTC
	hour    int8
	minute  int8
	part    int8  // part of the day, when no hour is known
	zoneLen uint8 // of the zone as written
	zone    int32 // where it begins in the text
}

func (c clock) empty() bool { return !c.set && c.part == partNone }

var seasonCodes = [...]string{spring: "SP", summer: "SU", autumn: "FA", winter: "WI"}

var partCodes = [...]string{morning: "MO", afternoon: "AF", evening: "EV", night: "NI", daytime: "DT"}

// appendValue appends the clock's part of a TIMEX3 value: "T17:30", "TMO".
func (c clock) appendValue(b []byte) []byte {
	b = append(b, 'T')
	if !c.set {
		return append(b, partCodes[c.part]...)
	}
	b = append(appendInt(b, int(c.hour), 2), ':')
	b = appendInt(b, int(c.minute), 2)
	if c.utc {
		b = append(b, 'Z')
	}
	return b
}

// value renders the point as TIMEX3.
func (p point) value() string {
	var buf [32]byte
	b := p.appendDate(buf[:0])
	if !p.clock.empty() {
		b = p.clock.appendValue(b)
	}
	return string(b)
}

// appendDate appends everything but the time of day.
func (p point) appendDate(b []byte) []byte {
	switch p.unit {
	case unitWeek, unitFortnight, unitWeekend:
		y, w := p.week.isoWeek()
		b = appendInt(append(appendInt(b, y, 4), "-W"...), w, 2)
		if p.unit == unitWeekend {
			b = append(b, "-WE"...)
		}
		return b
	}
	year := p.year
	if year <= 0 {
		b, year = append(b, "BC"...), 1-year
	}
	return p.appendYear(b, year)
}

// appendYear appends everything that begins with a year, a decade or a century.
func (p point) appendYear(b []byte, year int) []byte {
	switch p.unit {
	case unitMillennium:
		return appendInt(b, year/1000, 1)
	case unitCentury:
		return appendInt(b, year/100, 2)
	case unitDecade:
		return appendInt(b, year/10, 3)
	}
	b = appendInt(b, year, 4)
	switch p.unit {
	case unitYear:
		return b
	case unitHalf:
		return appendInt(append(b, "-H"...), p.nth, 1)
	case unitQuarter:
		return appendInt(append(b, "-Q"...), p.nth, 1)
	case unitSeason:
		return append(append(b, '-'), seasonCodes[p.nth]...)
	}
	b = appendInt(append(b, '-'), p.month, 2)
	if p.unit == unitMonth {
		return b
	}
	return appendInt(append(b, '-'), p.day, 2)
}

// appendInt appends n in decimal, filled up with zeros to a width.
func appendInt(b []byte, n, width int) []byte {
	for ; width > 1; width-- {
		if n < pow10[width-1] {
			b = append(b, '0')
		}
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// pow10 are the least numbers of one digit more than their index.
var pow10 = [...]int{1, 10, 100, 1000}

func two(n int) string { return string(appendInt(nil, n, 2)) }

func four(n int) string { return string(appendInt(nil, n, 4)) }

// Years that an interval may touch: what RFC 3339 can write, without the first, which begins at the zero time.
const (
	firstYear = 2
	lastYear  = 9998
)

// The days that an interval may touch.
var (
	earliest = dayOf(firstYear, 1, 1)
	latest   = dayOf(lastYear+1, 12, 31)
)

// firstMonth is the month that a point of a month or more begins in.
func (p point) firstMonth() int {
	switch p.unit {
	case unitHalf:
		return 6*p.nth - 5
	case unitQuarter:
		return 3*p.nth - 2
	case unitSeason:
		return 3 * p.nth
	case unitMonth:
		return p.month
	}
	return 1
}

// first is the first day of the point.
func (p point) first() daynum {
	switch {
	case p.unit == unitWeek || p.unit == unitFortnight:
		return p.week
	case p.unit == unitWeekend:
		return p.week + 5
	case p.unit == unitMillennium:
		return dayOf(max(p.year, 1), 1, 1)
	case p.unit >= unitMonth:
		return dayOf(p.year, p.firstMonth(), 1)
	}
	return dayOf(p.year, p.month, p.day)
}

// days is how many days the point lasts.
func (p point) days() daynum {
	switch p.unit {
	case unitWeek:
		return 7
	case unitFortnight:
		return 14
	case unitWeekend:
		return 2
	case unitMonth:
		return p.span(1)
	case unitSeason, unitQuarter:
		return p.span(3)
	case unitHalf:
		return p.span(6)
	case unitYear:
		return p.span(12)
	case unitDecade:
		return p.span(120)
	case unitCentury:
		return p.span(1200)
	case unitMillennium:
		return p.span(12000)
	}
	return 1
}

func (p point) span(months int) daynum {
	y, m := addMonths(p.year, p.firstMonth(), months)
	return dayOf(y, m, 1) - p.first()
}

// interval is the half-open stretch of civil time that the point covers; ok is false outside the years that can be
// written, and for years before our era.
func (p point) interval() (iv Interval, ok bool) {
	if p.unit == unitNone {
		return iv, false
	}
	from, days := p.first(), p.days()
	if from < earliest || from+days > latest {
		return iv, false
	}
	iv = Interval{From: from.time(), To: (from + days).time()}
	if !p.clock.empty() {
		iv = p.clock.within(iv.From)
	}
	return iv, true
}

// partHours are the hours of the parts of the day, counted from midnight of the day named.
var partHours = [...][2]int{morning: {6, 12}, afternoon: {12, 18}, evening: {18, 24}, night: {20, 30}, daytime: {6, 18}}

// within is the stretch of a clock time on the day that begins at midnight.
func (c clock) within(day time.Time) Interval {
	if !c.set {
		h := partHours[c.part]
		return Interval{day.Add(time.Duration(h[0]) * time.Hour), day.Add(time.Duration(h[1]) * time.Hour)}
	}
	from := day.Add(time.Duration(c.hour)*time.Hour + time.Duration(c.minute)*time.Minute)
	if c.exact {
		return Interval{from, from.Add(time.Minute)}
	}
	return Interval{from, from.Add(time.Hour)}
}

// precisions names units as Mention.Precision does.
var precisions = [...]string{
	unitNone: "vague", unitSecond: "minute", unitMinute: "minute", unitHour: "hour", unitPart: "hour", unitDay: "day",
	unitWeekend: "day", unitWeek: "week", unitFortnight: "week", unitMonth: "month", unitSeason: "quarter",
	unitQuarter: "quarter", unitHalf: "quarter", unitYear: "year", unitDecade: "decade", unitCentury: "century",
	unitMillennium: "century",
}

// precision names the finest thing the point says.
func (p point) precision() string {
	switch {
	case p.clock.set && p.clock.exact:
		return precisions[unitMinute]
	case !p.clock.empty():
		return precisions[unitHour]
	}
	return precisions[p.unit]
}
