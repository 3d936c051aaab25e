package dates

import "strconv"

// fromEvery reads "every Friday", "each year", "every two weeks", "every other day", "every May".
func (r *reader) fromEvery(i int) (partial, int) {
	if r.value(i) == 1 { // per
		if t := r.at(i + 1); t.class == classUnit && !t.has(flagPlural) && unit(t.value) >= unitDay && unit(t.value) != unitSeason {
			return fixed(sortSet, count(1).period(unit(t.value))), i + 2
		}
		return partial{}, i
	}
	q, j := count(1), i+1
	if r.word(j, wordOther) {
		q, j = count(2), j+1
	} else if c := r.class(j); c == classNumber || c == classCardinal || c == classQuantity {
		q, j = r.quantity(j)
	} else if r.word(j, wordSecond) {
		if c := r.class(j + 1); c == classUnit || c == classWeekday {
			q, j = count(2), j+1
		}
	}
	return r.everyWhat(q, i, j)
}

func (r *reader) everyWhat(q amount, i, j int) (partial, int) {
	t := r.at(j)
	switch t.class {
	case classUnit:
		if u := unit(t.value); u != unitSecond && u != unitSeason && q.period(u) != "" {
			return fixed(sortSet, q.period(u)), j + 1
		}
	case classPart:
		if t.value < noon {
			return fixed(sortSet, "XXXX-XX-XXT"+partCodes[t.value]), j + 1
		}
	case classWeekday:
		p := fixed(sortSet, "XXXX-WXX-"+strconv.Itoa(r.value(j)))
		if r.class(j+1) == classPart && r.value(j+1) < noon {
			p.fixed += "T" + partCodes[r.value(j+1)]
			j++
		}
		return p, j + 1
	case classMonth:
		if r.named(j) && r.class(j+1) != classNumber {
			return fixed(sortSet, "XXXX-"+two(r.value(j))), j + 1
		}
	case classSeason:
		return fixed(sortSet, "XXXX-"+seasonCodes[t.value]), j + 1
	}
	return partial{}, i
}

// fromFrequency reads "daily", "annually".
func (r *reader) fromFrequency(i int) (partial, int) {
	if r.at(i).has(flagCapital) && !r.shout && (r.class(i-1) == classOther && r.capital(i-1) || r.nameAfter(i)) {
		return partial{}, i // the Daily of a newspaper's name
	}
	return fixed(sortSet, count(1).period(unit(r.value(i)))), i + 1
}

// rate reads what follows once, twice or "three times": "a week", "every year", "per month".
func (r *reader) rate(i int) (partial, int) {
	if !r.word(i, wordA) && r.class(i) != classEvery {
		return partial{}, i
	}
	t := r.at(i + 1)
	if u := unit(t.value); t.class == classUnit && !t.has(flagPlural) && u >= unitHour && u != unitSeason && r.class(i+2) != classAgo {
		return fixed(sortSet, count(1).period(u)), i + 2
	}
	return partial{}, i
}

// timesPer reads "three times a week", and the rate after a plain count, "15 aircraft a year", as sets.
func (r *reader) timesPer(i, j int, q amount) (partial, int) {
	if r.word(j, wordTimes) && q.exact {
		return r.rate(j + 1)
	}
	before := r.at(i - 1)
	counted := before.class == classNumber || before.class == classGrouped || before.is('%') || before.class == classScale ||
		r.class(i-2) == classGrouped || r.class(i-2) == classScale
	if !r.word(i, wordA) || !counted {
		return partial{}, i
	}
	return r.rate(i)
}
