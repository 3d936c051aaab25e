package dates

import "time"

// daynum counts days of the proleptic Gregorian calendar from 1 January 1970.
type daynum int

// dayOf returns the number of a calendar day (algorithm: H. Hinnant, "chrono-compatible low-level date algorithms").
func dayOf(y, m, d int) daynum {
	if m <= 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*((m+9)%12)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return daynum(era*146097 + doe - 719468)
}

// date is the inverse of dayOf.
func (n daynum) date() (y, m, d int) {
	z := int(n) + 719468
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = doy - (153*mp+2)/5 + 1
	m = mp + 3
	y = yoe + era*400
	if m > 12 {
		m -= 12
	}
	if m <= 2 {
		y++
	}
	return y, m, d
}

// weekday is 1 for Monday to 7 for Sunday.
func (n daynum) weekday() int { return floorMod(int(n)+3, 7) + 1 }

// monday is the first day of n's ISO week.
func (n daynum) monday() daynum { return n - daynum(n.weekday()-1) }

// isoWeek returns the ISO 8601 week-numbering year and week.
func (n daynum) isoWeek() (y, w int) {
	thursday := n.monday() + 3
	y, _, _ = thursday.date()
	return y, int(thursday-dayOf(y, 1, 1))/7 + 1
}

// time is midnight at the beginning of the day, in UTC.
func (n daynum) time() time.Time { return time.Unix(int64(n)*secondsPerDay, 0).UTC() }

const secondsPerDay = 24 * 60 * 60

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

// monthDays is the length of a month; of February's in a leap year when y is 0, that is, unknown.
func monthDays(y, m int) int {
	switch m {
	case 2:
		if y == 0 || leap(y) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// valid tells whether the day exists; year 0 is an unknown year.
func valid(y, m, d int) bool { return m >= 1 && m <= 12 && d >= 1 && d <= monthDays(y, m) }

// addMonths moves a month by n.
func addMonths(y, m, n int) (int, int) {
	k := y*12 + m - 1 + n
	return floorDiv(k, 12), floorMod(k, 12) + 1
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int) int { return a - b*floorDiv(a, b) }

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// easter is Easter Sunday of a Gregorian year (Meeus, Jones and Butcher).
func easter(y int) daynum {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	return dayOf(y, month, (h+l-7*m+33*month+19)%32)
}

// nthWeekday is the n-th given weekday of a month; n 5 means the last.
func nthWeekday(y, m, weekday, n int) daynum {
	first := dayOf(y, m, 1)
	day := first + daynum(floorMod(weekday-first.weekday(), 7)+7*(n-1))
	if n == 5 && int(day-first) >= monthDays(y, m) {
		day -= 7
	}
	return day
}
