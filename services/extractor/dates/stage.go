package dates

// stageMods are the TIMEX3 modifiers of stages.
var stageMods = [...]modifier{stageStart: modStart, stageMiddle: modMiddle, stageEnd: modEnd}

// fromStage reads what begins with early, mid, late, or with end, beginning, middle and "of": "mid-August 2021", "late
// April", "the end of the year", "early in 1990".
func (r *reader) fromStage(i int) (partial, int) {
	mod := stageMods[r.value(i)]
	if r.word(i, wordEnd) {
		if !r.word(i+1, wordOf) {
			return partial{}, i
		}
		return r.stageOf(i, i+2, mod)
	}
	j := r.skip(i+1, '-')
	if r.word(j, wordIn) {
		return r.stageIn(i, j+1, mod)
	}
	if (r.word(j, wordTo)) && r.is(j+1, '-') || r.is(j, '-') {
		return partial{}, i // "early-to-mid May" begins with its mid
	}
	p, next := r.staged(j)
	if !p.ok() || p.sort == sortDuration {
		return partial{}, i
	}
	p.mod = mod
	return p, next
}

// staged reads what may stand after early, mid and late.
func (r *reader) staged(j int) (partial, int) {
	switch r.class(j) {
	case classMonth:
		return r.licensedMonth(j)
	case classWeekday:
		return r.withTimeOf(r.fromWeekday(j))
	case classRelation:
		return r.fromRelation(j)
	case classNumber:
		if y := r.year(j); y.ok && y.form == yearFull {
			return calendarYear(y.value), y.next
		}
	case classPunct:
		return r.fromMark(j)
	case classDecade:
		return r.decadeOf(j, j+1)
	case classDeictic:
		if r.value(j) == 0 || r.value(j) == -1 || r.value(j) == 1 {
			return r.fromDeictic(j)
		}
	case classOrdinal, classNth:
		return r.fromOrdinal(j)
	case classUnit:
		if r.secondOf(j) {
			return r.fromOrdinal(j)
		}
	case classSeason:
		return r.stagedSeason(j)
	case classSpelledYears:
		return r.fromSpelledYears(j)
	}
	return partial{}, j
}

func (r *reader) withTimeOf(p partial, next int) (partial, int) {
	if !p.ok() {
		return p, next
	}
	return r.withTime(p, next)
}

// licensedMonth reads a month that the word before it has licensed, "may" and "march" included when they are capitals.
func (r *reader) licensedMonth(j int) (partial, int) {
	if !r.named(j) {
		return partial{}, j
	}
	return r.fromMonth(j)
}

// stagedSeason reads "early summer", with or without a year.
func (r *reader) stagedSeason(j int) (partial, int) {
	if p, next := r.fromSeason(j); p.ok() {
		return p, next
	}
	if r.word(j, wordFall) {
		return partial{}, j
	}
	return r.seasonPartial(j), j + 1
}

// stageIn reads "early in 1990", "late in the day", "early in May".
func (r *reader) stageIn(i, j int, mod modifier) (partial, int) {
	if r.word(j, wordThe) {
		if p, next := r.stageOfUnit(i, j+1, mod); p.ok() {
			return p, next
		}
		j++
	}
	p, next := r.staged(j)
	if !p.ok() || p.sort == sortDuration {
		return partial{}, i
	}
	p.mod = mod
	return p, next
}

// stageOf reads what follows "the end of": a unit, a relation, a month, a year, a decade, a season.
func (r *reader) stageOf(i, j int, mod modifier) (partial, int) {
	p, next := r.periodAt(j)
	if !p.ok() || p.sort == sortDuration {
		return partial{}, i
	}
	p.mod = mod
	return p, next
}

// periodAt reads the period that something is the end or middle of.
func (r *reader) periodAt(j int) (partial, int) {
	article := r.skipWord(j, wordThe)
	if t := r.at(article); t.class == classUnit && !t.has(flagPlural) && article > j {
		if u := unit(t.value); u >= unitDay && u != unitSeason && !r.is(article+1, '-') {
			if y := r.year(article + 1); u == unitYear && y.ok && y.form == yearFull {
				return calendarYear(y.value), y.next
			}
			if p, next := r.dayBesides(u, article); p.ok() {
				return p, next
			}
			if u == unitCentury || u == unitDecade || u == unitMillennium || !r.word(article+1, wordOf) {
				return shifted(0, u, anchorMode), article + 1
			}
		}
		return partial{}, j
	}
	if r.class(article) == classParticle && article > j && r.word(article, wordFiscal) && r.word(article+1, wordYear) {
		return shifted(0, unitYear, anchorMode), article + 2
	}
	if r.class(j) == classUnit && r.word(j, wordYear) {
		return shifted(0, unitYear, anchorMode), j + 1
	}
	if r.word(article, wordFall) || r.class(article) == classSeason {
		return r.stagedSeason(article)
	}
	return r.staged(article)
}
