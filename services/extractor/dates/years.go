package dates

// fromYear reads a year that stands alone: "2015", "1998-99", "2014/15", "the 2008 crisis".
func (r *reader) fromYear(i int) (partial, int) {
	if p, next := r.secondYear(i); p.ok() {
		return p, next
	}
	y := r.year(i)
	if !y.ok || y.form != yearFull || r.countsSomething(i, y) {
		return partial{}, i
	}
	if r.is(i+1, '-') && r.digits(i+2, 2, 2) && r.at(i+1).glued() && r.at(i+2).glued() && r.at(i+2).value < 13 &&
		r.at(i+2).value > 0 && int(r.at(i+2).value) != (y.value+1)%100 && !r.is(i+3, '-') && r.at(i+2).value < 10 {
		p := calendarYear(y.value)
		p.unit, p.month = unitMonth, int8(r.value(i+2))
		return p, i + 3 // 2015-04
	}
	return r.yearFirstMonth(calendarYear(y.value), y.next)
}

// yearFirstMonth reads the month and day after a year, "2015 May 29", unless they have a year of their own.
func (r *reader) yearFirstMonth(p partial, i int) (partial, int) {
	if r.class(i) != classMonth || !r.named(i) || r.at(i).has(flagWrapped) || r.word(i, wordMay) && !r.capital(i) {
		return p, i
	}
	q, next := r.monthDay(i, 0)
	if !q.ok() || q.years != yearNone {
		return p, i
	}
	q.years, q.year = p.years, p.year
	return q, next
}

// secondYear reads the 99 of 1998-99 or the 15 of 2014/15: two digits after a year, a little later than it.
func (r *reader) secondYear(i int) (partial, int) {
	sep := r.at(i - 1)
	if !r.digits(i, 2, 2) || !(sep.is('-') || sep.is('/')) || !sep.glued() || !r.at(i).glued() || !r.digits(i-2, 4, 4) {
		return partial{}, i
	}
	first := r.value(i - 2)
	y := first/100*100 + r.value(i)
	if y < first {
		y += 100
	}
	if first < 1400 || first > 2100 || y <= first || y-first > 60 || r.at(i-2).glued() && r.is(i-3, '-') || r.is(i+1, sep.mark) {
		return partial{}, i
	}
	return calendarYear(y), i + 1
}

// countsSomething tells whether four digits are a quantity, a price or a part of a name and not a year.
func (r *reader) countsSomething(i int, y yearRead) bool {
	before, after := r.at(i-1), r.at(y.next)
	if before.is('$') || before.is('#') || after.is('%') || after.is('$') || after.class == classUnit && after.has(flagPlural) {
		return true
	}
	if after.glued() && (after.class == classOther || after.class == classNumber || after.is('/') && !r.digits(y.next+1, 2, 4)) {
		return true
	}
	if r.labelled(i) {
		return true
	}
	if r.lex.plainYears() {
		return y.value < 1900 || y.value > 2099 || y.value%100 == 0
	}
	if y.value < 1400 || y.value > 2100 {
		if before.word == wordTo && r.digits(i-2, 3, 4) {
			return false // "from about 1070 to 1200"
		}
		return before.class != classPreposition || after.class != classPunct || before.word == wordOf || before.word == wordTo ||
			before.word == wordBy || before.word == wordWith || before.word == wordOr || before.word == wordAt
	}
	return r.unlikelyYear(i, y)
}

// unlikelyYear weighs the words around four digits between 1400 and 2100.
func (r *reader) unlikelyYear(i int, y yearRead) bool {
	before, after := r.at(i-1), r.at(y.next)
	licensed := i == 0
	switch before.class {
	case classPreposition, classPunct, classBlank, classMonth, classStage, classArticle, classAgo, classRelation, classSeason,
		classApprox, classHoliday, classUnit:
		licensed = true
	}
	if !licensed && y.value < 1900 {
		return true
	}
	counting := before.class != classArticle && (before.word != wordIn || y.value%100 == 0)
	if r.militaryTime(i) || counting && r.measured(y.next) || before.word == wordAt && !r.pluralNoun(y.next) {
		return true
	}
	if after.class == classScale || after.class == classZone && after.has(flagShout) {
		return true
	}
	if after.class == classOther && !after.has(flagCapital) && y.value%100 == 0 && r.pluralNoun(y.next) {
		return true
	}
	return before.class == classApprox && before.word != wordAround && y.value%10 == 0 && after.class == classOther && r.pluralNoun(y.next)
}

// measured tells whether the word at i is something that is counted and never dated.
func (r *reader) measured(i int) bool {
	if r.class(i) != classOther {
		return false
	}
	switch r.surface(i) {
	case "points", "dollars", "euros", "pounds", "yen", "people", "persons", "jobs", "workers", "employees", "barrels", "tons",
		"tonnes", "shares", "votes", "seats", "percent", "km", "kilometers", "kilometres", "miles", "feet", "meters", "metres",
		"kg", "troops", "soldiers", "families", "homes", "houses", "units", "copies", "calories", "words", "pages",
		"square", "cubic", "cars", "vehicles", "students", "refugees", "casualties", "deaths", "hp", "MW", "megawatts", "rpm":
		return true
	}
	return false
}

// pluralNoun tells whether the word at i ends like one: "people" counts as well.
func (r *reader) pluralNoun(i int) bool {
	w := r.surface(i)
	n := len(w)
	return n > 3 && w[n-1]|0x20 == 's' && w[n-2]|0x20 != 's' || w == "people" || w == "men" || w == "women"
}

// labelled tells whether the word before i makes a number of what follows: a currency, "No.", "Room", "page".
func (r *reader) labelled(i int) bool {
	if r.is(i-1, '.') {
		i--
	}
	switch r.surface(i - 1) {
	case "USD", "EUR", "GBP", "Rs", "RM", "US", "No", "Nos", "no", "number", "numbers", "Flight", "flight", "room", "Room", "page",
		"Page", "pages", "extension", "ext", "Bus", "bus", "Route", "route", "Highway", "highway", "Lot", "lot", "Order", "Model",
		"model", "Channel", "channel", "Chapter", "chapter", "Section", "section", "Box", "box", "Serial", "serial", "invoice",
		"Invoice", "Ticket", "ticket", "Unit", "code", "Code", "port", "article", "Article", "paragraph", "Resolution", "resolution",
		"Windows", "Office", "Mark", "Peugeot", "asteroid":
		return true
	}
	return false
}

// fromMark reads a year or decade after an apostrophe: "in '98", "the '90s".
func (r *reader) fromMark(i int) (partial, int) {
	if !r.is(i, '\'') || !r.at(i+1).glued() {
		return partial{}, i
	}
	if r.class(i+1) == classDecade && r.at(i+1).mark == 2 {
		return r.decadeOf(i+1, i+2)
	}
	y := r.year(i)
	if !y.ok || r.at(i).glued() || r.class(i-1) != classPreposition {
		return partial{}, i
	}
	p := calendarYear(y.value)
	p.years = yearShort
	return p, y.next
}

// fromDecade reads "1990s" and "90s".
func (r *reader) fromDecade(i int) (partial, int) {
	t := r.at(i)
	if t.mark == 2 && !r.shortDecade(i) {
		return partial{}, i
	}
	return r.decadeOf(i, i+1)
}

// shortDecade tells whether two digits and an s are a decade by what stands before: "the 90s", "1970s and 80s".
func (r *reader) shortDecade(i int) bool {
	switch before := r.at(i - 1); {
	case before.class == classArticle, before.class == classStage, before.word == wordIn:
		return true
	case before.is('-'), before.word == wordAnd, before.word == wordOr, before.word == wordTo:
		c := r.class(i - 2)
		return c == classDecade || c == classStage
	}
	return false
}

// decadeOf is the decade whose digits stand at i; two digits from 20 up mean the last century.
func (r *reader) decadeOf(i, next int) (partial, int) {
	t := r.at(i)
	y := int(t.value)
	if t.mark == 2 {
		if y < 20 {
			return partial{}, i
		}
		y += 1900
	}
	p := calendarYear(y)
	p.unit = unitDecade
	if y%100 == 0 && t.mark == 4 && y < 2000 {
		p.unit = unitCentury // the 1800s
	}
	if e := r.eraAt(next); e.era == eraBC {
		p.year = int32(1 - y)
		next = e.next
	}
	return p, next
}

// fromSpelledYears reads "nineties" after the article or a stage.
func (r *reader) fromSpelledYears(i int) (partial, int) {
	if r.class(i-1) != classArticle && r.class(i-1) != classStage && !r.is(i-1, '-') || r.word(i-1, wordA) {
		return partial{}, i
	}
	p := calendarYear(1900 + r.value(i))
	p.unit = unitDecade
	return p, i + 1
}
