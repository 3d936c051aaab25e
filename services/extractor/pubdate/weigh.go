package pubdate

import (
	"slices"
	"strings"
	"time"
)

// stated returns the dates of the markup that are believed, the publication's before others', JSON-LD before meta; of
// two that disagree, the one that a witness confirms.
func (s sheet) stated(b Bounds, witnesses []stamp) []stamp {
	var all []stamp
	for _, m := range s.markup {
		if b.believes(m.at) {
			all = append(all, m)
		}
	}
	order := func(m stamp) int {
		n := -4 * int(m.rank)
		if m.source != "json_ld" {
			n++
		}
		if m.rank == ofRelease && slices.ContainsFunc(witnesses, func(w stamp) bool { return near(m, w) }) {
			n -= 2
		}
		return n
	}
	slices.SortStableFunc(all, func(x, y stamp) int { return order(x) - order(y) })
	return all
}

// near reports whether two stamps may be the same day, zones apart.
func near(a, b stamp) bool {
	return wall(a.at).Sub(dayOf(b.at)).Abs() < 36*time.Hour && wall(b.at).Sub(dayOf(a.at)).Abs() < 36*time.Hour
}

// weighed is a visible date with what speaks for it.
type weighed struct {
	stamp
	score, at int
}

// Scores from which a visible date is believed: before the address, and at all.
const sure, likely = 8, 3

// weigh returns the believable visible dates, weightiest first.
func weigh(s sheet, b Bounds, address []stamp) []weighed {
	lists := s.lists()
	var all []weighed
	for _, l := range s.lines {
		if !b.believes(l.stamp.at) {
			continue
		}
		below := l.at - s.titleAt
		score := l.place(s) + l.form() + l.words()
		switch {
		case l.hints&hintStray != 0 && !(s.titled && below >= -8 && below < 100):
			score -= 5
		case l.hints&hintStray != 0:
			score-- // some pages are one great widget
		}
		if (below > 900 || below < -100) && lists[l.hints] >= aList {
			score -= 3
		}
		if slices.ContainsFunc(address, func(a stamp) bool { return agreesWith(a, l.stamp.at) }) {
			score += 3
		}
		all = append(all, weighed{l.stamp, score, l.at})
	}
	slices.SortStableFunc(all, func(x, y weighed) int {
		if x.score != y.score {
			return y.score - x.score
		}
		return x.at - y.at
	})
	return all
}

// agreesWith reports whether a date lies in what an address says, a day or a month.
func agreesWith(a stamp, at time.Time) bool {
	from, to := a.interval()
	day := wall(at)
	return !day.Before(from) && day.Before(to)
}

// aList is from how many days on dates in like elements are a list of articles or comments.
const aList = 5

// lists counts the days that stand in elements of the same hints.
func (s sheet) lists() map[hint]int {
	days := map[hint]map[time.Time]bool{}
	for _, l := range s.lines {
		if days[l.hints] == nil {
			days[l.hints] = map[time.Time]bool{}
		}
		days[l.hints][dayOf(l.stamp.at)] = true
	}
	counts := map[hint]int{}
	for h, d := range days {
		counts[h] = len(d)
	}
	return counts
}

// changedOn reports whether the page calls a day that of its last change, and nothing else.
func (s sheet) changedOn(at time.Time) bool {
	day, changed := dayOf(at), false
	for _, c := range s.changes {
		changed = changed || dayOf(c.at).Equal(day)
	}
	for _, l := range s.lines {
		if !dayOf(l.stamp.at).Equal(day) {
			continue
		}
		if l.hints&hintChange == 0 && l.words() != anUpdate {
			return false
		}
		changed = true
	}
	return changed
}

// place is how near the headline a date stands, below it or just above.
func (l line) place(s sheet) int {
	below := l.at - s.titleAt
	switch {
	case s.titleAt < 0 && l.at < 1500:
		return 1
	case s.titleAt < 0:
		return 0
	case s.titled && below >= -8 && below < 100:
		return 6
	case below >= -8 && below < 300:
		return 4
	case below >= 0 && below < 900:
		return 3
	case below >= 0 && below < 2500:
		return 1
	case below > 5000:
		return -4 // comments, and lists of other articles
	case below >= 0:
		return 0
	case below > -250:
		return 2
	}
	return -2
}

// form is how much the element and the block look like a date line.
func (l line) form() int {
	score := 0
	if l.hints&hintRelease != 0 {
		score += 6
	}
	if l.hints&hintTime != 0 {
		score += 2
	}
	switch {
	case l.hints&hintDate != 0:
		score += 3
	case l.hints&hintByline != 0:
		score++
	}
	if l.hints&hintChange != 0 {
		score -= 5
	}
	if l.precision != "day" {
		score++
	}
	switch {
	case l.length <= 40:
		score += 2
	case l.length <= 120:
		score++
	case l.length > 300:
		score -= 3
	}
	return score
}

// What stands before a date and says of what it is.
var (
	releaseWords = []string{
		"publi", "posted", "veröffentlicht", "erschien", "gepostet", "eingestellt", "geschrieben", "pubbli", "опубликовано", "опубліковано", "datum:",
		"date:", "fecha:", "data:", "first published", "created", "erstellt", "ingevoerd", "geplaatst", "написано", "yayın", "publié",
		"written", "issued", "mis en ligne", "stand:", "tarih",
	}
	prepositions = []string{"on", "am", "vom", "le", "el", "il", "den", "op"}
	updateWords  = []string{
		"updated", "update", "modified", "changed", "edited", "aktualis", "änderung", "geändert", "bearbeitet", "mis à jour", "modifi",
		"actualiz", "aggiornat", "обновлено", "оновлено", "güncelle", "revised", "aktualiz", "gewijzigd", "reviewed",
	}
	otherWords = []string{
		"copyright", "©", "since", "seit ", "bis ", "until", "born", "geboren", "regist", "dabei seit", "joined", "current time", "aktuelle zeit", "last visit", "mitglied", "valid", "gültig",
		"from ", "accessed", "abgerufen", "zugriff", "deadline", "expires", "retrieved",
	}
)

// anUpdate is what words weigh that speak of a change.
const anUpdate = -5

// words is what the words before a date say of it; the last that speak count.
func (l line) words() int {
	release, update, other := lastOf(l.before, releaseWords), lastOf(l.before, updateWords), lastOf(l.before, otherWords)
	switch {
	case update >= 0 && update >= release && update >= other:
		return anUpdate
	case other >= 0 && other > release:
		return -4
	case release >= 0 && len(l.before)-release <= 30:
		return 3
	}
	if words := strings.Fields(l.before); len(words) > 0 && slices.Contains(prepositions, words[len(words)-1]) {
		return 1
	}
	return 0
}

// lastOf is where the last of words begins in s, −1 when none is there.
func lastOf(s string, words []string) int {
	last := -1
	for _, w := range words {
		last = max(last, strings.LastIndex(s, w))
	}
	return last
}
