package dates

// fromArticle reads what begins with the or a: "the 1990s", "the past year", "a week ago", "the end of April", "the
// day before yesterday".
func (r *reader) fromArticle(i int) (partial, int) {
	j := i + 1
	if r.class(j) == classOther {
		return partial{}, i
	}
	if r.word(i, wordA) {
		return r.fromIndefinite(i)
	}
	switch r.class(j) {
	case classRelation:
		return r.theRelation(i)
	case classStage:
		return r.fromStage(j)
	case classOrdinal, classNth:
		if p, next := r.fromOrdinal(j); !r.compound(next) {
			return p, next
		}
		return partial{}, i
	case classSeason:
		return r.theSeason(i)
	case classDecade:
		return r.decadeOf(j, j+1)
	case classSpelledYears:
		return r.fromSpelledYears(j)
	case classPart:
		return r.thePart(i)
	case classUnit:
		if r.secondOf(j) && !r.is(j+1, '-') {
			return r.fromOrdinal(j)
		}
		return r.theUnit(i)
	case classPunct:
		if r.is(j, '\'') {
			return r.fromMark(j)
		}
	}
	return r.theRest(i)
}

// fromIndefinite reads "a year ago", "a few days", "a decade"; "a recent" is an adjective.
func (r *reader) fromIndefinite(i int) (partial, int) {
	if r.class(i+1) == classStage || r.class(i+1) == classRelation || r.class(i+1) == classApprox {
		return partial{}, i
	}
	return r.fromQuantity(i)
}

// theRest reads the article before numbers and particles.
func (r *reader) theRest(i int) (partial, int) {
	j := i + 1
	switch r.class(j) {
	case classCardinal, classNumber, classQuantity, classDecimal:
		if r.class(j) == classNumber {
			if p, _ := r.dayMonth(j, 0); p.ok() {
				return partial{}, i // "the 14 September": read without the article
			}
		}
		if p, next := r.fromQuantity(j); p.ok() && p.sort == sortDuration && !r.compound(next) {
			return p, next
		}
	case classParticle:
		return r.theParticle(i)
	}
	return partial{}, i
}

// compound tells whether the expression that ends at i is half of a compound, "the 52-week high", "the third-quarter
// loss": then the article belongs to the noun.
func (r *reader) compound(i int) bool {
	return r.class(i-1) == classUnit && r.is(i-2, '-') && r.class(i) == classOther
}

// theParticle reads "the future", "the rest of the year", "the latter part of 1942".
func (r *reader) theParticle(i int) (partial, int) {
	j := i + 1
	switch r.at(j).word {
	case wordFuture:
		return vagueRef(vagueFuture), j + 1
	case wordFiscal:
		if p, next := r.fromParticle(j); p.ok() {
			return p, next
		}
	case wordRest, wordLatter:
		k := j + 1
		if r.word(j, wordLatter) {
			if r.class(k) == classHalf {
				return r.halfYear(j, k+1, 2)
			}
			k = r.skipWord(k, wordPart)
		}
		if r.word(k, wordOf) && k > j {
			return r.stageOf(j, k+1, modEnd)
		}
	}
	return partial{}, i
}

// theRelation reads the article before last, past, same …
func (r *reader) theRelation(i int) (partial, int) {
	j := i + 1
	if r.value(j) == relLast {
		if p, next := r.partOfMonth(0, j+1); p.ok() {
			return p, next
		}
	}
	if r.value(j) == relPast && !r.pastOf(j+1) {
		if r.word(i-1, wordIn) {
			return vagueRef(vaguePast), j + 1
		}
		return partial{}, i
	}
	p, next := r.fromRelation(j)
	if p.kind == kindShift && r.value(j) == relNext && r.class(next-1) == classUnit &&
		p.anchor == anchorMode && r.class(i-1) != classPreposition {
		p.anchor = anchorPrevious // "the next year" follows the one before, "next year" the reference
	}
	if p.vague {
		return partial{}, i // "the recent": the adjective is read without its article
	}
	if p.ok() && p.kind == kindShift && r.value(j) == relLast && r.class(next-1) == classUnit {
		if q, end := r.lastOf(p.unit, next); q.ok() {
			return q, end
		}
	}
	return p, next
}

// pastOf tells whether what follows past is a time and not the end of the phrase.
func (r *reader) pastOf(i int) bool {
	switch r.class(i) {
	case classUnit, classNumber, classCardinal, classQuantity, classSeason, classWeekday, classMonth, classScale:
		return true
	}
	return r.word(i, wordFiscal)
}

// lastOf reads "of 2014" after "the last quarter", "the last week", "the last day".
func (r *reader) lastOf(u unit, i int) (partial, int) {
	if !r.word(i, wordOf) {
		return partial{}, i
	}
	switch y := r.year(i + 1); {
	case u == unitQuarter && y.ok:
		p := calendarYear(y.value)
		p.unit, p.nth = unitQuarter, 4
		return p, y.next
	case u == unitDecade:
		if c, next := r.centuryAfter(i); c > 0 {
			p := calendarYear((c-1)*100 + 90)
			p.unit = unitDecade
			return p, next
		}
	}
	return partial{}, i
}

// thePart reads "the morning of May 5", "the night of 28 April"; "the morning" alone means nothing here.
func (r *reader) thePart(i int) (partial, int) {
	if r.value(i+1) >= noon {
		return partial{}, i
	}
	if p, next := r.partOf(i + 1); p.ok() {
		return p, next
	}
	if r.word(i+2, wordBefore) && r.endsPhrase(i+3) {
		return shifted(-1, unitDay, anchorPrevious).at(clock{part: int8(r.value(i + 1))}), i + 3
	}
	return partial{}, i
}

// theUnit reads "the day before yesterday", "the weekend", "the year", "the day after", "the month".
func (r *reader) theUnit(i int) (partial, int) {
	j := i + 1
	t := r.at(j)
	if t.has(flagPlural) {
		return partial{}, i
	}
	u := unit(t.value)
	if p, next := r.dayBesides(u, j); p.ok() {
		return p, next
	}
	switch {
	case u == unitWeek && r.word(j+1, wordOf):
		if p, next := r.monthDayAt(j + 2); p.ok() {
			p.unit = unitWeek
			return p, next
		}
	case u == unitWeekend:
		return shifted(0, u, anchorMode), j + 1
	case u == unitYear && (r.word(i-1, wordOf) || r.word(i-1, wordFor) || r.word(i-1, wordThroughout) || r.word(i-1, wordDuring)) && !r.word(j+1, wordOf) && !r.year(j+1).ok:
		return shifted(0, u, anchorMode), j + 1
	case u == unitQuarter && (r.word(i-1, wordFor) || r.word(i-1, wordIn)) && !r.word(j+1, wordOf):
		return shifted(0, u, anchorMode), j + 1
	case u == unitDay || u == unitWeek || u == unitMonth:
		if r.runningUnit(i, j) {
			return shifted(0, u, anchorRunning), j + 1
		}
	case u == unitYear && r.is(j+1, '-') && r.class(j+2) == classAgo:
		return r.yearEarlier(j)
	case u == unitYear && r.year(j+1).ok && r.year(j+1).form == yearFull:
		y := r.year(j + 1)
		return calendarYear(y.value), y.next
	}
	return partial{}, i
}

// monthDayAt reads a day with its month in either order.
func (r *reader) monthDayAt(i int) (partial, int) {
	if r.class(i) == classMonth && r.named(i) {
		return r.monthDay(i, 0)
	}
	return r.dayMonth(i, 0)
}

// runningUnit tells whether "the day", "the week" or "the month" is that of the story: "fell 3 percent on the day",
// "for the week", with nothing after it that would say which.
func (r *reader) runningUnit(i, j int) bool {
	switch r.at(i - 1).word {
	case wordFor, wordDuring, wordThroughout, wordOn, wordIn:
	default:
		return false
	}
	t := r.at(j + 1)
	return t.class == classPunct && (t.is('.') || t.is(',') || t.is(';')) || t.class == classBlank || t.word == wordAnd
}

// dayBesides reads "day before yesterday", "day after tomorrow", "year before", "day after".
func (r *reader) dayBesides(u unit, j int) (partial, int) {
	n := 0
	switch r.at(j + 1).word {
	case wordBefore, wordEarlier:
		n = -1
	case wordAfter:
		n = 1
	default:
		return partial{}, j
	}
	if u == unitDay && r.class(j+2) == classDeictic && r.value(j+2) != 0 && r.value(j+2) != deicticTonight {
		return shifted(r.value(j+2)+n, unitDay, anchorReference), j + 3
	}
	if !r.endsPhrase(j+2) || u < unitDay || u == unitSeason {
		return partial{}, j
	}
	return shifted(n, u, anchorPrevious), j + 2
}

// endsPhrase tells whether nothing that "before" or "after" could govern follows.
func (r *reader) endsPhrase(i int) bool {
	t := r.at(i)
	return t.class == classPunct && !t.is('\'') && !t.is('"') || t.class == classBlank
}
