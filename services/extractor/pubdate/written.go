package pubdate

import (
	"strings"
	"time"
)

// written is a date as people write it, found in running text. A year of 0 was not written; clock is −1 without a time
// of day, else seconds after midnight.
type written struct {
	start, end int // half-open byte offsets
	year       int
	month      time.Month
	day        int
	weekday    int // −1 when none stands beside it
	clock      int
	seconds    bool // the clock has them
	zoned      bool
	offset     int // minutes east, when zoned
	swappable  bool
}

// sentence reads the dates of one piece of text. monthFirst says how 5/6/2015 is read when nothing in it decides.
type sentence struct {
	text       string
	tokens     []token
	monthFirst bool
}

// findWritten returns the dates of text in order. Its cost is linear in the length of text.
func findWritten(text string, monthFirst bool) []written {
	if !hasDigit(text) {
		return nil
	}
	s := sentence{text, tokens(text), monthFirst}
	var all []written
	for i := 0; i < len(s.tokens); {
		w, next, ok := s.dateAt(i)
		if !ok {
			i++
			continue
		}
		w.weekday = s.weekdayBefore(i, &w)
		if w.clock < 0 {
			next = s.clockAfter(next, &w)
		}
		w.end = s.tokens[next-1].end
		if w.settle() {
			all = append(all, w)
		}
		i = next
	}
	return all
}

func hasDigit(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { _, ok := digit(r); return ok })
}

// at is the token i steps on, or an empty one beyond the end.
func (s *sentence) at(i int) *token {
	if i < 0 || i >= len(s.tokens) {
		return new(token)
	}
	return &s.tokens[i]
}

// dateAt reads a date that begins at token i.
func (s *sentence) dateAt(i int) (w written, next int, ok bool) {
	t := s.at(i)
	switch {
	case t.kind == 'a':
		w, next, ok = s.monthDay(i)
	case t.kind != '0' || s.joined(i-1):
		return w, 0, false
	case t.digits == 4:
		w, next, ok = s.yearFirst(i)
	case t.digits <= 2:
		if w, next, ok = s.numeric(i); !ok {
			w, next, ok = s.dayMonth(i)
		}
	}
	w.start = t.start
	return w, next, ok
}

// joined reports whether token i glues a number to what stands before it, as in 1.2.3.2015 or -12/05/2020.
func (s *sentence) joined(i int) bool {
	t, before, after := s.at(i), s.at(i-1), s.at(i+1)
	glue := t.kind == '.' || t.kind == '/' || t.kind == ',' || t.kind == ':'
	return glue && before.kind == '0' && before.end == t.start && after.start == t.end
}

// day, month and year of a calendar date.
func (w *written) set(year int, month time.Month, day int) bool {
	w.year, w.month, w.day, w.weekday, w.clock = year, month, day, -1, -1
	return true
}

// yearFirst reads 2015-05-29, 2015/5/29, 2015. 5. 29. and 2015年5月29日.
func (s *sentence) yearFirst(i int) (w written, next int, ok bool) {
	sep, month, sep2, day := s.at(i+1), s.at(i+2), s.at(i+3), s.at(i+4)
	if month.kind != '0' || day.kind != '0' || month.digits > 2 || day.digits > 2 || !year(s.at(i).value) {
		return w, 0, false
	}
	east := (sep.word == "年" && sep2.word == "月") || (sep.word == "년" && sep2.word == "월")
	plain := sep.kind == sep2.kind && (sep.kind == '-' || sep.kind == '/' || sep.kind == '.')
	if !east && !plain {
		return w, 0, false
	}
	next = i + 5
	if t := s.at(next); t.word == "日" || t.word == "일" {
		next++
	}
	return w, next, w.set(common(s.at(i).value), time.Month(month.value), day.value)
}

// year reports whether a number of four digits is a year news may be of, in the common or the Buddhist era.
func year(n int) bool { return n >= 1970 && n < 2100 || n >= 2513 && n < 2643 }

func common(year int) int {
	if year > 2500 {
		return year - 543
	}
	return year
}

// numeric reads 29.5.2015, 5/29/15 and 29-05-2015.
func (s *sentence) numeric(i int) (w written, next int, ok bool) {
	a, sep, b, sep2, y := s.at(i), s.at(i+1), s.at(i+2), s.at(i+3), s.at(i+4)
	if b.kind != '0' || y.kind != '0' || b.digits > 2 || sep.kind != sep2.kind || s.joined(i+5) && s.at(i+6).kind == '0' {
		return w, 0, false
	}
	if sep.kind != '.' && sep.kind != '/' && sep.kind != '-' || sep.start != a.end || sep2.start != b.end {
		return w, 0, false
	}
	full := y.value
	switch {
	case y.digits == 2 && sep.kind != '-' && y.start == sep2.end && a.digits+b.digits > 2:
		full += 2000
	case y.digits != 4 || !year(y.value):
		return w, 0, false
	}
	day, month := a.value, b.value
	monthFirst := sep.kind == '/' && s.monthFirst
	if day <= 12 && (month > 12 || monthFirst) {
		day, month = month, day
	}
	w.swappable = day <= 12 && month <= 12 && sep.kind != '.'
	return w, i + 5, w.set(common(full), time.Month(month), day)
}

// small are the words that stand between the parts of a date.
var small = map[string]bool{
	"de": true, "del": true, "of": true, "di": true, "do": true, "st": true, "nd": true, "rd": true, "th": true, "er": true, "г": true,
	"року": true, "года": true, "พ": true, "ศ": true, "º": true, "ª": true,
}

// skipSmall steps over full stops, commas and small words, three at most.
func (s *sentence) skipSmall(i int) int {
	for range 3 {
		t := s.at(i)
		if t.kind != '.' && t.kind != ',' && !small[t.word] && t.kind != '?' {
			return i
		}
		i++
	}
	return i
}

// dayMonth reads "29 May 2015", "29. Mai 2015", "29 de mayo de 2015", "29-May-2015" and the same without a year.
func (s *sentence) dayMonth(i int) (w written, next int, ok bool) {
	next = s.skipSmall(i + 1)
	if t := s.at(next); t.kind == '-' || t.kind == '/' {
		next++
	}
	month, known := names.months[s.at(next).word]
	if !known || s.at(next).word == "" {
		return w, 0, false
	}
	w.set(0, month, s.at(i).value)
	return w, s.yearAfter(next+1, &w), true
}

// monthDay reads "May 29, 2015", "May 29th" and "May 29 10:15:00 EDT 2015".
func (s *sentence) monthDay(i int) (w written, next int, ok bool) {
	next = i + 1
	if s.at(next).kind == '.' {
		next++
	}
	day := s.at(next)
	if day.kind != '0' || day.digits > 2 || s.at(next+1).kind == ':' {
		return w, 0, false
	}
	month, known := names.months[s.at(i).word]
	if !known {
		return w, 0, false
	}
	w.set(0, month, day.value)
	return w, s.yearAfter(next+1, &w), true
}

// yearAfter reads the year that follows day and month, with a clock between them where there is one.
func (s *sentence) yearAfter(i int, w *written) int {
	next := s.skipSmall(i)
	if t := s.at(next); t.kind == '-' || t.kind == '/' {
		next++
	}
	if t := s.at(next); t.kind == '0' && t.digits == 4 && year(t.value) && s.at(next+1).kind != ':' {
		w.year = common(t.value)
		return next + 1
	}
	if later := s.clockAfter(i, w); later > i {
		if t := s.at(later); t.kind == '0' && t.digits == 4 && year(t.value) {
			w.year = common(t.value)
			return later + 1
		}
		return later
	}
	return i
}

// weekdayBefore returns the weekday that stands before token i, −1 for none. It widens the date to it.
func (s *sentence) weekdayBefore(i int, w *written) int {
	for back := 1; back <= 3; back++ {
		t := s.at(i - back)
		if d, ok := names.weekdays[t.word]; ok && t.word != "" && (back > 1 || len(t.word) > 2) {
			w.start = t.start
			return int(d)
		}
		if t.kind != ',' && t.kind != '.' && t.word != "the" && t.word != "den" && t.word != "le" {
			break
		}
	}
	return -1
}

// settle checks the calendar and the weekday; a numeric date whose weekday fits only with day and month changed over is
// changed over. It reports whether the date can be true.
func (w *written) settle() bool {
	if !real(w.year, w.month, w.day) {
		return false
	}
	if w.agrees() {
		return true
	}
	if !w.swappable {
		return false
	}
	w.month, w.day = time.Month(w.day), int(w.month)
	return w.agrees()
}

// agrees reports whether the weekday beside the date is that date's; without a year any may be.
func (w *written) agrees() bool {
	return w.weekday < 0 || w.year == 0 || w.midnight().Weekday() == time.Weekday(w.weekday)
}

// midnight is when the date begins.
func (w written) midnight() time.Time {
	return time.Date(w.year, w.month, w.day, 0, 0, 0, 0, time.UTC)
}

// real reports whether the calendar has the day; a year of 0 allows 29 February.
func real(year int, month time.Month, day int) bool {
	if year == 0 {
		year = 2000
	}
	return month >= time.January && month <= time.December && day >= 1 && time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Day() == day
}

// stamp is the date as a stamp; its year must be known.
func (w written) stamp(source, text string) stamp {
	zone := time.UTC
	if w.zoned && w.offset != 0 {
		zone = time.FixedZone("", w.offset*60)
	}
	s := stamp{source: source, text: clip(text[w.start:w.end]), precision: "day"}
	if w.clock < 0 {
		s.at = w.midnight()
		return s
	}
	s.at, s.zoned = time.Date(w.year, w.month, w.day, 0, 0, w.clock, 0, zone), w.zoned
	if s.precision = "minute"; w.seconds {
		s.precision = "second"
	}
	return s.honest()
}
