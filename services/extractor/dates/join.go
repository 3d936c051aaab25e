package dates

// modifierBefore is the TIMEX3 modifier of the words before a mention: "about", "more than", "at least".
func (r *reader) modifierBefore(i int) modifier {
	t := r.at(i - 1)
	switch {
	case t.class == classApprox:
		return approxMods[t.value]
	case t.word == wordThan && r.word(i-2, wordMore):
		return modMore
	case t.word == wordThan && r.word(i-2, wordLess):
		return modLess
	case t.word == wordLeast:
		return modAtLeast
	}
	return modNone
}

// joins tells whether the mention that begins at token i ends the range that a begins: "from A to B", "between A and
// B", "A through B", "A–B".
func (r *reader) joins(a *found, i int) bool {
	if !a.spans() {
		return false
	}
	j, opener := int(a.to), r.at(int(a.from)-1)
	if opener.word == wordThe {
		opener = r.at(int(a.from) - 2)
	}
	middle := r.skipStageWords(j+1, i)
	if middle != i {
		return false
	}
	switch t := r.at(j); {
	case t.is('-'):
		return true
	case t.word == wordTo, t.word == wordThrough:
		return true
	case t.word == wordUntil:
		return opener.word == wordFrom
	case t.word == wordAnd:
		return opener.word == wordBetween
	}
	return false
}

// shareDay gives a time of day the day that the other end of its range names: "between 9 p.m. and 11 p.m. on Friday".
func (p *partial) shareDay(end *partial) {
	if p.kind != kindClock || end.kind == kindClock || end.clock.empty() {
		return
	}
	day, c := *end, p.clock
	day.joint, day.sentence, day.paragraph, day.mod = p.joint, p.sentence, p.paragraph, p.mod
	*p = day.at(c)
}

// spans tells whether a mention can be the end of a range.
func (p *partial) spans() bool {
	return p.kind != kindFixed && p.kind != kindOpaque && p.kind != kindNone
}

// skipStageWords skips the words that a mention's reading may have left out at its beginning.
func (r *reader) skipStageWords(j, to int) int {
	for j < to && (r.word(j, wordThe) || r.class(j) == classApprox) {
		j++
	}
	return j
}

// open marks what "since", "until", "before" and "after" leave open.
func (r *reader) open(p *partial, from int) {
	if !p.spans() {
		return
	}
	t := r.at(from - 1)
	if t.word == wordThe {
		t = r.at(from - 2)
	}
	mod := modNone
	switch t.word {
	case wordSince:
		p.joint, mod = jointSince, modSince
	case wordUntil:
		p.joint, mod = jointUntil, modUntil
	case wordBefore:
		mod = modBefore
	case wordAfter:
		mod = modAfter
	}
	if p.mod == modNone {
		p.mod = mod
	}
}

// joinRanges gives both ends of each range the interval from the beginning of one to the end of the other, and those
// open on one side an interval with a zero end.
func joinRanges(ms []Mention) {
	for i := range ms {
		m := &ms[i]
		if m.From.IsZero() {
			continue
		}
		switch m.partial.joint {
		case jointSince:
			m.Range = &Interval{From: m.From}
		case jointUntil:
			m.Range = &Interval{To: m.To}
		case jointNext:
			if i+1 < len(ms) && ms[i+1].To.After(m.From) && !ms[i+1].From.Before(m.From) {
				m.Range = &Interval{From: m.From, To: ms[i+1].To}
				ms[i+1].Range = m.Range
			}
		}
	}
}
