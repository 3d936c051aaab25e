package dates

// eraRead is an era word after a year; next is the index after it, or the index asked for.
type eraRead struct {
	era  int
	next int
}

// other tells whether the era is not the common one, so that the year may not be read as CE.
func (e eraRead) other() bool { return e.era != eraNone && e.era != eraAD }

// eraAt reads "BC", "B.C.", "BCE", "AD", "AH", "SH" at i; only capitals count, since the lower-case words are others.
func (r *reader) eraAt(i int) eraRead {
	t := r.at(i)
	if t.class == classEra && t.has(flagShout) && t.end-t.start <= 4 {
		return eraRead{int(t.value), i + 1}
	}
	if t.class == classOther && t.end-t.start == 1 && r.text[t.start] == 'B' && r.is(i+1, '.') && r.letter(i+2, 'C') {
		next := i + 3
		if r.is(next, '.') && r.letter(next+1, 'E') {
			next += 2
		}
		if r.is(next, '.') && r.abbreviates(next) {
			next++
		}
		return eraRead{eraBC, next}
	}
	return eraRead{eraNone, i}
}

// letter tells whether the single capital c stands at i, glued to what is before it.
func (r *reader) letter(i int, c byte) bool {
	t := r.at(i)
	return t.glued() && t.end-t.start == 1 && r.text[t.start] == c
}

// ancient reads a year with its era: "480 BC", "c. 461 B.C.", "AD 79"; a range's first year takes the era of the
// second, "490-479 BC".
func (r *reader) ancient(i int) (partial, int) {
	t := r.at(i)
	if t.class != classNumber || t.mark > 4 || t.value == 0 || t.has(flagShort) {
		return partial{}, i
	}
	e := r.eraAt(i + 1)
	if e.era == eraNone && r.connector(i+1) > i+1 && r.digits(r.connector(i+1), 1, 4) {
		if far := r.eraAt(r.connector(i+1) + 1); far.era == eraBC && r.value(r.connector(i+1)) < r.value(i) {
			e = eraRead{eraBC, i + 1}
		}
	}
	switch e.era {
	case eraBC:
		return calendarYear(1 - int(t.value)), e.next
	case eraAD:
		return calendarYear(int(t.value)), e.next
	case eraHijri:
		return partial{kind: kindOpaque, sort: sortDate, unit: unitYear}, e.next
	case eraJalali, eraBuddhist:
		if y := toGregorian(int(t.value), e.era); y > 1000 {
			return calendarYear(y), e.next
		}
		return partial{kind: kindOpaque, sort: sortDate, unit: unitYear}, e.next
	}
	return partial{}, i
}

const (
	buddhistOffset = 543
	jalaliOffset   = 621 // of the greater part of a Jalali year
)

// toGregorian is the Gregorian year that holds the greater part of a year of another era.
func toGregorian(y, era int) int {
	switch era {
	case eraBuddhist:
		return y - buddhistOffset
	case eraJalali:
		return y + jalaliOffset
	}
	return y
}

// eraOf is the era that a year of four digits counts from, judged by the language and by whether native digits were
// used: 1402 in Persian digits is Jalali, 2566 in a Thai text Buddhist. A year that no such calendar can mean is
// common.
func (r *reader) eraOf(y int, native bool) int {
	if native {
		// Arabic-Indic digits serve Arabic and Persian alike: Persian texts write Jalali years.
		if r.lex.era == eraNone && y >= 1300 && y < 1500 {
			return eraHijri
		}
	}
	switch r.lex.era {
	case eraJalali, eraHijri:
		if y >= 1200 && y < 1500 {
			return r.lex.era
		}
	case eraBuddhist:
		if y >= 2400 && y < 2700 {
			return eraBuddhist
		}
	}
	return eraNone
}

// convert returns the Gregorian year of four digits, or 0 where the calendar is not converted by the year alone.
func (r *reader) convert(y int, native bool) int {
	switch era := r.eraOf(y, native); era {
	case eraNone:
		return y
	case eraBuddhist:
		return y - buddhistOffset
	}
	return 0
}

// plainYears tells whether the language has no words that could license a bare year.
func (l *lexicon) plainYears() bool { return !l.prose }

// jalali converts a date of the Solar Hijri calendar (33-year cycles of 8 leap years, exact for 1244–1472 SH).
func jalali(y, m, d int) (gy, gm, gd int, ok bool) {
	if y < 1244 || y > 1472 || m < 1 || m > 12 || d < 1 || d > 31 || m > 6 && d > 30 {
		return 0, 0, 0, false
	}
	jy := y + 1595
	days := -355668 + 365*jy + jy/33*8 + (jy%33+3)/4 + d
	if m < 7 {
		days += (m - 1) * 31
	} else {
		days += (m-7)*30 + 186
	}
	gy, gm, gd = (dayOf(0, 1, 1) + daynum(days)).date()
	return gy, gm, gd, true
}
