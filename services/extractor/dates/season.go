package dates

// fromSeason reads what begins with a season: "spring 2015", "summer of last year", "winter".
func (r *reader) fromSeason(i int) (partial, int) {
	p := r.seasonPartial(i)
	j := r.skip(i+1, ',')
	if p, next := r.withYear(p, j); p.years != yearNone {
		return p, next
	}
	if y, ok := r.borrowSeasonYear(i + 1); ok {
		p.years, p.year = yearFull, y
		return p, i + 1
	}
	if r.seasonLicensed(i) {
		return p, i + 1
	}
	return partial{}, i
}

func (r *reader) seasonPartial(i int) partial {
	return partial{kind: kindCalendar, sort: sortDate, unit: unitSeason, nth: int8(r.value(i))}
}

// seasonLicensed tells whether a season without year names a time: "by summer", "in winter", never "a fall in prices".
func (r *reader) seasonLicensed(i int) bool {
	t, before := r.at(i), r.at(i-1)
	if t.word == wordFall && (before.class != classPreposition || !before.glued() && before.word != wordIn && before.word != wordBy) {
		return false
	}
	switch before.word {
	case wordIn, wordBy, wordSince, wordUntil, wordThrough, wordThroughout, wordDuring, wordBefore, wordAfter, wordFrom:
		return !(t.word == wordFall && r.word(i+1, wordIn)) && r.class(i+1) != classOther || r.at(i+1).has(flagPast|flagFuture)
	}
	return false
}

// borrowSeasonYear finds the year that a following season carries: "summer and autumn 1918".
func (r *reader) borrowSeasonYear(i int) (int32, bool) {
	j := r.connector(i)
	if j == i {
		return 0, false
	}
	j = r.skipStage(r.skipWord(j, wordThe))
	if r.class(j) != classSeason {
		return 0, false
	}
	q, _ := r.withYear(r.seasonPartial(j), j+1)
	return q.year, q.years == yearFull
}

// theSeason reads "the summer" after a preposition, which means the one last spoken of or nearest.
func (r *reader) theSeason(i int) (partial, int) {
	j := i + 1
	if p, next := r.fromSeason(j); p.ok() {
		return p, next
	}
	before, after := r.at(i-1), r.at(j+1)
	if before.word == wordFrom && r.connector(j+1) == j+1 || before.word == wordTo || before.word == wordWith {
		return partial{}, i // water from the spring
	}
	if before.class != classPreposition && before.class != classAgo || r.word(j+1, wordOf) || r.word(j, wordFall) && r.word(j+1, wordIn) {
		return partial{}, i
	}
	if after.class == classOther && !after.has(flagPast|flagFuture) && (after.has(flagCapital) || r.word(j, wordFall) || r.pluralNoun(j+1)) {
		return partial{}, i
	}
	return r.seasonPartial(j), j + 1
}

// relativeSeason reads the season after a relation: "last summer", "this spring", "the following winter".
func (r *reader) relativeSeason(relation, j int) (partial, int) {
	p := r.seasonPartial(j)
	switch relation {
	case relLast, relPast:
		p.direction = before
	case relPrevious:
		p.direction, p.anchor = before, anchorPrevious
	case relNext, relComing:
		p.direction = after
	case relFollowing:
		p.direction, p.anchor = after, anchorPrevious
	case relThis, relCurrent:
		p.direction = within
	case relThat, relSame:
		p.direction, p.anchor = same, anchorPrevious
	default:
		return partial{}, j
	}
	return p, j + 1
}
