package main

import (
	"regexp"
	"strconv"
	"time"
)

// span is the calendar interval that a TIMEX3 value denotes, with the time of day or season kept as text.
type span struct {
	from, to time.Time
	detail   string
}

// intervals counts DATE and TIME expressions by the interval that they denote.
type intervals struct{ gold, predicted, right int }

type placed struct {
	timex
	span span
}

// add counts one document. Gold counts only when its type is DATE or TIME; of predictions every value that denotes
// an interval counts, whatever its type.
func (c *intervals) add(gold, predicted []timex) {
	gs, ps := place(gold, true), place(predicted, false)
	c.gold += len(gs)
	c.predicted += len(ps)
	used := make([]bool, len(ps))
	for _, g := range gs {
		for j, p := range ps {
			if used[j] || g.Start >= p.End || p.Start >= g.End {
				continue
			}
			used[j] = true
			if g.span == p.span {
				c.right++
			}
			break
		}
	}
}

func place(all []timex, typed bool) []placed {
	var out []placed
	for _, t := range all {
		if typed && t.Type != "DATE" && t.Type != "TIME" {
			continue
		}
		if s, ok := intervalOf(t.Value); ok {
			out = append(out, placed{t, s})
		}
	}
	return out
}

// forms are the values that denote intervals, tried in order; groups are the numbers that the reader takes.
var forms = []struct {
	pattern *regexp.Regexp
	read    func(m []string) (span, bool)
}{
	{regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)(T.*)?$`), daySpan},
	{regexp.MustCompile(`^(\d{4})-(\d\d)(-XX)?$`), func(m []string) (span, bool) { return months(m[1], number(m[2]), 1, 1) }},
	{regexp.MustCompile(`^(\d{4})-W(\d\d?)(-WE)?(-\d)?$`), weekSpan},
	{regexp.MustCompile(`^(\d{4})-Q([1-4])$`), func(m []string) (span, bool) { return months(m[1], 3*number(m[2])-2, 3, 1) }},
	{regexp.MustCompile(`^(\d{4})-H([12])$`), func(m []string) (span, bool) { return months(m[1], 6*number(m[2])-5, 6, 1) }},
	{regexp.MustCompile(`^(\d{4})-(SP|SU|FA|WI)$`), seasonSpan},
	{regexp.MustCompile(`^(\d{4})(-XX)*$`), func(m []string) (span, bool) { return months(m[1], 1, 12, 1) }},
	{regexp.MustCompile(`^(\d{3})X?$`), func(m []string) (span, bool) { return months(m[1], 1, 120, 10) }},
	{regexp.MustCompile(`^(\d{2})(XX)?$`), func(m []string) (span, bool) { return months(m[1], 1, 1200, 100) }},
}

func intervalOf(value string) (span, bool) {
	for _, f := range forms {
		if m := f.pattern.FindStringSubmatch(value); m != nil {
			return f.read(m)
		}
	}
	return span{}, false
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // the patterns admit digits only
	return n
}

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// lastWritable is the last year that the original scorer's dates can hold.
const lastWritable = 9999

func months(year string, from, n, scale int) (span, bool) {
	y := number(year) * scale
	if y < 1 || from < 1 || from > 12 {
		return span{}, false
	}
	s := span{from: day(y, from, 1), to: day(y, from+n, 1)}
	return s, s.to.Year() <= lastWritable
}

var clockTime = regexp.MustCompile(`^T(\d\d)(?::?(\d\d))?`)

func daySpan(m []string) (span, bool) {
	y, mo, d := number(m[1]), number(m[2]), number(m[3])
	from := day(y, mo, d)
	if y < 1 || from.Month() != time.Month(mo) || from.Day() != d {
		return span{}, false
	}
	s := span{from: from, to: from.AddDate(0, 0, 1), detail: m[4]}
	if t := clockTime.FindStringSubmatch(m[4]); t != nil {
		minute := t[2]
		if minute == "" {
			minute = "00"
		}
		s.detail = t[1] + ":" + minute
	}
	return s, true
}

func weekSpan(m []string) (span, bool) {
	y, w := number(m[1]), number(m[2])
	fourth := day(y, 1, 4) // always in week 1
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(w-1))
	if iy, iw := monday.ISOWeek(); y < 1 || iy != y || iw != w {
		return span{}, false
	}
	switch {
	case m[3] != "":
		return span{from: monday.AddDate(0, 0, 5), to: monday.AddDate(0, 0, 7)}, true
	case m[4] != "":
		from := monday.AddDate(0, 0, number(m[4][1:])-1)
		return span{from: from, to: from.AddDate(0, 0, 1)}, true
	}
	return span{from: monday, to: monday.AddDate(0, 0, 7)}, true
}

func seasonSpan(m []string) (span, bool) {
	y := number(m[1])
	return span{from: day(y, 1, 1), to: day(y, 12, 31), detail: m[2]}, y > 0
}
