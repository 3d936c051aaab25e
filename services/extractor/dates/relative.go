package dates

// fromDeictic reads "today", "yesterday", "tomorrow", "tonight".
func (r *reader) fromDeictic(i int) (partial, int) {
	n := r.value(i)
	if n == deicticTonight {
		p := shifted(0, unitDay, anchorReference)
		return p.at(clock{part: night}), i + 1
	}
	if r.is(i-1, '-') && r.at(i).glued() {
		return partial{}, i
	}
	return shifted(n, unitDay, anchorReference), i + 1
}

// fromVague reads "now", "recently", "soon".
func (r *reader) fromVague(i int) (partial, int) {
	if r.value(i) == vagueFuture && (r.word(i+1, wordAfter) || r.class(i-1) == classOther && r.surface(i-1) == "as") {
		return partial{}, i // soon after, as soon as
	}
	return vagueRef(r.value(i)), i + 1
}

// fromRelation reads what begins with last, next, this, past, the following …
func (r *reader) fromRelation(i int) (partial, int) {
	relation, j := r.value(i), i+1
	if p, next := r.relativeAmount(relation, j); p.ok() {
		return p, next
	}
	j = r.skipFiscalWord(j)
	if relation == relThis || relation == relThat {
		if r.class(j) == classRelation && (r.value(j) == relComing || r.value(j) == relSame || r.value(j) == relPast) {
			relation, j = r.value(j), j+1 // this coming, that same, this past
		}
	}
	if relation == relThat && r.conjunction(i) && r.class(j) != classUnit ||
		relation == relFollowing && !r.word(i-1, wordThe) && r.class(j) != classUnit {
		return partial{}, i // "said that Friday", "following Friday's attack"
	}
	switch r.class(j) {
	case classWeekday:
		return r.relativeWeekday(relation, j)
	case classMonth:
		return r.relativeMonth(relation, j)
	case classSeason:
		return r.relativeSeason(relation, j)
	case classPart:
		return r.relativePart(relation, j)
	case classUnit:
		return r.relativeUnit(relation, j)
	case classDecade:
		return partial{}, i
	}
	return r.adjective(relation, i)
}

// conjunction tells whether the "that" at i begins a clause, by the verb of saying or hoping before it.
func (r *reader) conjunction(i int) bool {
	switch r.surface(i - 1) {
	case "said", "say", "says", "saying", "announced", "reported", "confirmed", "believe", "believes", "hope", "hopes", "hoped",
		"predicted", "predicts", "told", "added", "warned", "admitted", "claimed", "insisted", "argued", "noted", "so", "such",
		"indicated", "revealed", "stated", "suggested", "shows", "showed", "means":
		return true
	}
	switch before := r.at(i - 1); before.class {
	case classPreposition, classPunct, classBlank, classAgo:
		return false
	default:
		return !before.has(flagPast)
	}
}

// skipFiscalWord skips the fiscal of "last fiscal year".
func (r *reader) skipFiscalWord(i int) int { return r.skipWord(i, wordFiscal) }

// relativeAmount reads "last two years", "past few months", "next 24 hours": durations beside the anchor.
func (r *reader) relativeAmount(relation, j int) (partial, int) {
	switch relation {
	case relLast, relPast, relNext, relComing, relPrevious, relRecent, relIntervening:
	case relFollowing:
		if !r.word(j-2, wordThe) {
			return partial{}, j // "following three days of talks"
		}
	default:
		return partial{}, j
	}
	switch r.class(j) {
	case classNumber, classCardinal, classQuantity, classScale:
	default:
		return partial{}, j
	}
	q, k := r.quantity(j)
	for range 2 {
		k = r.skipWord(k, wordAdd)
	}
	k = r.skipFiscalWord(k)
	t := r.at(k)
	if !q.ok || t.class != classUnit || !t.has(flagPlural) {
		return partial{}, j
	}
	if v := q.period(unit(t.value)); v != "" {
		return fixed(sortDuration, v), r.possessive(k + 1)
	}
	return partial{}, j
}

// relativeMonth reads "last April", "next May 5", "this June".
func (r *reader) relativeMonth(relation, j int) (partial, int) {
	if !r.capital(j) {
		return partial{}, j
	}
	p := partial{kind: kindCalendar, sort: sortDate, unit: unitMonth, month: int8(r.value(j))}
	next := r.afterMonth(j)
	if day, after := r.dayNumber(next); day > 0 && valid(0, r.value(j), day) && r.endsList(after) {
		p.unit, p.day, next = unitDay, int8(day), after
	}
	switch relation {
	case relLast, relPast:
		p.direction = before
	case relPrevious:
		p.direction, p.anchor = before, anchorPrevious
	case relNext, relComing:
		p.direction = after
	case relFollowing:
		p.direction, p.anchor = after, anchorPrevious
	case relThis:
	case relSame, relThat:
		p.direction, p.anchor = same, anchorPrevious
	default:
		return partial{}, j
	}
	return p, next
}

// relativePart reads "this morning", "last night", "that evening", "the next morning".
func (r *reader) relativePart(relation, j int) (partial, int) {
	part := r.value(j)
	if r.at(j).has(flagPlural) || part >= noon {
		return partial{}, j
	}
	p := shifted(0, unitDay, anchorReference)
	switch {
	case relation == relThis:
	case relation == relLast && part == night:
		p.shift = -1
	case relation == relThat || relation == relSame:
		p.anchor = anchorPrevious
	case relation == relNext || relation == relFollowing:
		p.shift, p.anchor = 1, anchorPrevious
	case relation == relPrevious:
		p.shift, p.anchor = -1, anchorPrevious
	default:
		return partial{}, j
	}
	return p.at(clock{part: int8(part)}), j + 1
}

// relativeUnit reads "last year", "this week", "the past decade", "recent months", "the same day".
func (r *reader) relativeUnit(relation, j int) (partial, int) {
	t := r.at(j)
	u := unit(t.value)
	if t.has(flagPlural) {
		return r.relativeUnits(relation, j, u)
	}
	if u < unitDay || u == unitSeason {
		return partial{}, j
	}
	switch relation {
	case relThis, relCurrent:
		return r.thisUnit(j, u)
	case relLast, relPast, relPrevious:
		return r.lastUnit(relation, j, u)
	case relNext, relComing, relFollowing:
		return r.nextUnit(relation, j, u)
	case relSame, relThat:
		return r.thatUnit(j, u)
	}
	return partial{}, j
}

// relativeUnits reads plural units: "recent years", "the coming weeks".
func (r *reader) relativeUnits(relation, j int, u unit) (partial, int) {
	switch relation {
	case relFollowing:
		if !r.word(j-2, wordThe) && r.class(j-2) != classPreposition {
			return partial{}, j // "following years of debate"
		}
	case relRecent, relPast, relLast, relComing, relPrevious, relNext, relIntervening:
	default:
		return partial{}, j
	}
	if v := someAmount.period(u); v != "" && u != unitSecond && u != unitQuarter {
		return fixed(sortDuration, v), j + 1
	}
	return partial{}, j
}

func (r *reader) thisUnit(j int, u unit) (partial, int) {
	return shifted(0, u, anchorMode), j + 1
}

func (r *reader) lastUnit(relation, j int, u unit) (partial, int) {
	switch {
	case u == unitDecade || u == unitCentury || u == unitMillennium || u == unitYear && relation == relPast ||
		relation == relPast && u > unitDay && u < unitDecade:
		return fixed(sortDuration, count(1).period(u)), j + 1
	case u == unitDay && relation != relPrevious:
		return partial{}, j
	case relation == relPrevious && (u == unitDay || u == unitMonth || u == unitWeek):
		return shifted(-1, u, anchorPrevious), j + 1
	}
	return shifted(-1, u, anchorMode), j + 1
}

func (r *reader) nextUnit(relation, j int, u unit) (partial, int) {
	switch {
	case u == unitDecade || u == unitCentury || u == unitMillennium:
		return fixed(sortDuration, count(1).period(u)), j + 1
	case relation == relComing && u == unitDay:
		return partial{}, j
	case relation == relFollowing || u == unitDay:
		return shifted(1, u, anchorPrevious), j + 1
	}
	return shifted(1, u, anchorMode), j + 1
}

// thatUnit reads "that year", "the same day": the previous mention's, and nothing without one.
func (r *reader) thatUnit(j int, u unit) (partial, int) {
	p := shifted(0, u, anchorPrevious)
	p.direction = same
	return p, j + 1
}

// adjective reads "current" and "recent" before a noun, which say present and past and no more.
func (r *reader) adjective(relation, i int) (partial, int) {
	if c := r.class(i + 1); c != classOther && c != classParticle || r.capital(i) && r.class(i-1) == classOther && r.capital(i-1) {
		return partial{}, i
	}
	switch relation {
	case relCurrent:
		return vagueRef(vaguePresent), i + 1
	case relRecent:
		return vagueRef(vaguePast), i + 1
	}
	return partial{}, i
}

// fromAgo reads what begins with earlier or later: "earlier this year", "later that month", "later in the day".
func (r *reader) fromAgo(i int) (partial, int) {
	t := r.at(i)
	if t.word != wordEarlier && t.word != wordLater {
		return partial{}, i
	}
	mod := modStart
	if t.word == wordLater {
		mod = modEnd
	}
	j := r.skip(i+1, ',')
	switch {
	case j > i+1:
		return partial{}, i
	case r.class(j) == classRelation:
		p, next := r.fromRelation(j)
		if !p.ok() || p.kind == kindFixed {
			return partial{}, i
		}
		p.mod = mod
		return p, next
	case r.class(j) == classDeictic && r.value(j) <= 0:
		p, next := r.fromDeictic(j)
		p.mod = mod
		return p, next
	case r.word(j, wordIn) && r.word(j+1, wordThe):
		return r.stageOfUnit(i, j+2, mod)
	case r.word(j, wordIn):
		if y := r.year(j + 1); y.ok && y.form == yearFull {
			p := calendarYear(y.value)
			p.mod = mod
			return p, y.next
		}
	}
	return partial{}, i
}

// stageOfUnit reads the unit of "later in the year", "late in the day" as the previous mention's or the reference's.
func (r *reader) stageOfUnit(i, j int, mod modifier) (partial, int) {
	t := r.at(j)
	if t.class != classUnit || t.has(flagPlural) {
		return partial{}, i
	}
	switch u := unit(t.value); u {
	case unitDay, unitWeek, unitMonth, unitYear, unitDecade, unitCentury:
		p := shifted(0, u, anchorMode)
		p.mod = mod
		return p, j + 1
	}
	return partial{}, i
}

// fromParticle reads what begins with a word of its own: "fiscal 2016", "FY2016", "Q3", "former", "these days".
func (r *reader) fromParticle(i int) (partial, int) {
	t := r.at(i)
	switch t.word {
	case wordFiscal:
		if y := r.year(r.skipWord(i+1, wordYear)); y.ok && y.form == yearFull {
			return r.fiscalYear(y.value, y.next)
		}
		if r.class(i+1) == classOrdinal {
			return r.fromOrdinal(i + 1)
		}
	case wordFY, wordQ, wordH:
		return r.lettered(i)
	case wordOnce, wordTwice:
		return r.rate(i + 1)
	case wordThese:
		if r.word(i+1, wordDays) {
			return vagueRef(vaguePresent), i + 2
		}
	case wordFormer:
		if !r.capital(i) || r.word(i-1, wordThe) || r.class(i-1) == classPunct || r.class(i-1) == classBlank {
			return r.rare(vaguePast, i+1)
		}
	case wordFuture:
		return r.rare(vagueFuture, i+1)
	}
	return partial{}, i
}

// rare is a vague word that counts in narratives only; in news it is an adjective like any other.
func (r *reader) rare(which, next int) (partial, int) {
	p := vagueRef(which)
	p.narrative = true
	return p, next
}

// lettered reads the number after FY, Q or H.
func (r *reader) lettered(i int) (partial, int) {
	if !r.at(i).has(flagCapital) || r.class(i+1) != classNumber || !r.at(i+1).glued() && !r.word(i, wordFY) {
		return partial{}, i
	}
	return r.quarterDigits(i + 1)
}
