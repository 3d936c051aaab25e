package pubdate

import (
	"strings"
	"time"

	"tocsin/pkg/messages"
)

// stamp is a date as it was read, before it was believed.
type stamp struct {
	at        time.Time
	precision string // as in messages.Published
	zoned     bool
	source    string
	text      string
	rank      rank
	hints     hint
}

// precisionOf reads from a clock what its writer left at zero.
func precisionOf(t time.Time) string {
	switch {
	case t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0:
		return "day"
	case t.Second() == 0 && t.Nanosecond() == 0:
		return "minute"
	}
	return "second"
}

func (s stamp) candidate() messages.PublishedCandidate {
	return messages.PublishedCandidate{Source: s.source, Text: s.text, At: s.at}
}

// found makes the interval of a stamp that is believed. local is the wall clock at the article.
func (s stamp) found(local time.Time, confidence float64) Found {
	from, to := s.interval()
	return Found{
		Published: messages.Published{
			From: from.UTC(), To: to.UTC(), Precision: s.precision, Source: s.source, ZoneKnown: s.zoned, Confidence: confidence,
		},
		Local: local,
	}
}

func (s stamp) interval() (from, to time.Time) {
	y, m, d := s.at.Date()
	switch s.precision {
	case "second":
		from = s.at.Truncate(time.Second)
		return from, from.Add(time.Second)
	case "minute":
		from = s.at.Truncate(time.Minute)
		return from, from.Add(time.Minute)
	case "day":
		from = time.Date(y, m, d, 0, 0, 0, 0, s.at.Location())
		return from, from.AddDate(0, 0, 1)
	case "month":
		from = time.Date(y, m, 1, 0, 0, 0, 0, s.at.Location())
		return from, from.AddDate(0, 1, 0)
	}
	from = time.Date(y, time.January, 1, 0, 0, 0, 0, s.at.Location())
	return from, from.AddDate(1, 0, 0)
}

// instant reports whether the stamp says a moment and not somebody's day.
func (s stamp) instant() bool {
	return s.zoned && (s.precision == "second" || s.precision == "minute")
}

// inUTC reports whether the stamp says a moment in UTC, which is as often the software's zone as the writer's.
func (s stamp) inUTC() bool {
	_, offset := s.at.Zone()
	return s.instant() && offset == 0
}

// local is the wall clock where the article was written: the publisher's zone for an instant; what is written for
// everything else, a date without a time being somebody's day already. An instant in UTC of an unknown zone is moved, by
// whole hours and no more than zones are apart, to the day that one of the witnesses in turn prints. A month has none.
func (s stamp) local(zone *time.Location, witnesses []stamp) time.Time {
	if zone != nil && s.instant() {
		return wall(s.at.In(zone))
	}
	if s.precision == "month" || s.precision == "year" {
		return time.Time{}
	}
	local := wall(s.at)
	if zone != nil || !s.inUTC() {
		return local
	}
	for _, w := range witnesses {
		if w.inUTC() || w.precision == "month" {
			continue
		}
		moved, ok := moveTo(local, wall(w.at))
		if ok {
			return moved
		}
	}
	return local
}

// The zones the press writes in lie from Honolulu's to Auckland's.
const westmost, eastmost = -10, 13

// moveTo shifts t by the fewest whole hours to the day of witness.
func moveTo(t, witness time.Time) (time.Time, bool) {
	day := dayOf(witness)
	if day.Equal(dayOf(t)) {
		return t, true
	}
	step := 1
	if day.Before(t) {
		step = -1
	}
	for h := step; h >= westmost && h <= eastmost; h += step {
		if moved := t.Add(time.Duration(h) * time.Hour); dayOf(moved).Equal(day) {
			return moved, true
		}
	}
	return t, false
}

func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// wall takes the clock fields of t for UTC.
func wall(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// clip keeps the written form of a candidate short.
func clip(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s[:min(len(s), 400)], "")), " ")
	r := []rune(s)
	return string(r[:min(len(r), 80)])
}
