package dates

import "slices"

// reader walks the tokens of one text and reads partials off them. Every function that reads at i returns the partial
// and the index after it; kindNone means that nothing was read.
type reader struct {
	text   string
	tokens []token
	lex    *lexicon
	shout  bool // the text is written in capitals, so a capital proves nothing
}

// nowhere stands for the tokens before the first and after the last.
var nowhere = token{class: classBlank}

func (r *reader) at(i int) *token {
	if uint(i) < uint(len(r.tokens)) {
		return &r.tokens[i]
	}
	return &nowhere
}

func (r *reader) class(i int) class { return r.at(i).class }

func (r *reader) value(i int) int { return int(r.at(i).value) }

func (r *reader) is(i int, mark byte) bool { return r.at(i).is(mark) }

func (r *reader) word(i int, w word) bool { return r.at(i).word == w }

// skip returns i+1 when the mark stands at i, else i.
func (r *reader) skip(i int, mark byte) int {
	if r.is(i, mark) {
		return i + 1
	}
	return i
}

// skipWord returns i+1 when the word stands at i, else i.
func (r *reader) skipWord(i int, w word) int {
	if r.word(i, w) {
		return i + 1
	}
	return i
}

// capital tells whether a word that must be a name or a month is written like one.
func (r *reader) capital(i int) bool { return r.at(i).has(flagCapital) }

// named tells whether the month or weekday at i is written as its language writes them; in lower case an English
// month counts when it is no other word.
func (r *reader) named(i int) bool {
	t := r.at(i)
	return !r.lex.caps || t.has(flagCapital) || t.class == classMonth && t.word == wordNone && !t.has(flagShort)
}

// digits tells whether a plain number of at least a and at most b digits stands at i.
func (r *reader) digits(i, a, b int) bool {
	t := r.at(i)
	return t.class == classNumber && int(t.mark) >= a && int(t.mark) <= b
}

// surface is the text of a token, empty beyond the ends.
func (r *reader) surface(i int) string {
	t := r.at(i)
	if t == &nowhere {
		return ""
	}
	return r.text[t.start:t.end]
}

// opens marks the classes that an expression may begin with, so that other tokens cost nothing.
var opens = [classes]bool{
	classMonth: true, classWeekday: true, classUnit: true, classSeason: true, classPart: true, classCardinal: true,
	classScale: true, classHalf: true, classQuantity: true, classDecimal: true, classOrdinal: true, classNth: true,
	classDeictic: true, classVague: true, classRelation: true, classStage: true, classArticle: true, classEvery: true,
	classFrequency: true, classParticle: true, classAgo: true, classHoliday: true, classSpelledYears: true,
	classNumber: true, classDecade: true, classPunct: true, classOther: false,
}

// read reads the expression that begins at i, by the class of its first token.
func (r *reader) read(i int) (partial, int) {
	switch r.class(i) {
	case classNumber:
		return r.fromNumber(i)
	case classMonth:
		return r.fromMonth(i)
	case classWeekday:
		return r.fromWeekday(i)
	case classArticle:
		return r.fromArticle(i)
	case classRelation:
		return r.fromRelation(i)
	case classStage:
		return r.fromStage(i)
	case classCardinal, classScale, classHalf, classQuantity, classDecimal:
		return r.fromQuantity(i)
	case classOrdinal, classNth:
		return r.fromOrdinal(i)
	case classUnit:
		if r.secondOf(i) {
			return r.fromOrdinal(i)
		}
		return r.fromUnit(i)
	case classSeason:
		return r.fromSeason(i)
	case classPart:
		return r.fromPart(i)
	case classDeictic:
		return r.fromDeictic(i)
	case classPunct:
		return r.fromMark(i)
	}
	return r.readRare(i)
}

// readRare goes on where read leaves off.
func (r *reader) readRare(i int) (partial, int) {
	switch r.class(i) {
	case classVague:
		return r.fromVague(i)
	case classEvery:
		return r.fromEvery(i)
	case classFrequency:
		return r.fromFrequency(i)
	case classAgo:
		return r.fromAgo(i)
	case classHoliday:
		return r.fromHoliday(i)
	case classDecade:
		return r.fromDecade(i)
	case classSpelledYears:
		return r.fromSpelledYears(i)
	case classParticle:
		return r.fromParticle(i)
	}
	return partial{}, i
}

// found is a partial with the half-open range of tokens that it was read from.
type found struct {
	partial
	from, to int32
}

// readAll appends every expression of the text to all, in order and without overlap.
func (r *reader) readAll(all []found) []found {
	if n := len(r.tokens) / foundEvery; n > cap(all) {
		all = make([]found, 0, n)
	}
	for i := 0; i < len(r.tokens); {
		if t := &r.tokens[i]; !opens[t.class] || t.class == classPunct && t.mark != '\'' {
			i++
			continue
		}
		p, next := r.read(i)
		if next <= i || !p.ok() {
			i++
			continue
		}
		if p.unit == unitDay {
			p, next = r.withTime(p, next)
		}
		if !r.ignored(i, next, &p) {
			all = r.file(all, p, i, next)
		}
		if i = next; p.unit == unitDay {
			all, i = r.fileMore(all, p, next)
		}
	}
	return all
}

// foundEvery is how many tokens of news there are to a date, roughly.
const foundEvery = 40

// file appends what was read, with the tense of the words around it.
func (r *reader) file(all []found, p partial, from, to int) []found {
	p.tense = r.tense(from)
	p.recited = r.is(from-1, '(') && r.is(to, ')')
	if p.mod == modNone {
		p.mod = r.modifierBefore(from)
	}
	if n := len(all); n > 0 {
		p.sentence, p.paragraph = r.between(int(all[n-1].to), from)
		if p.joint = jointNone; r.joins(&all[n-1], from) {
			all[n-1].joint = jointNext
			all[n-1].shareDay(&p)
		}
	}
	r.open(&p, from)
	if len(all) == cap(all) {
		all = slices.Grow(all, len(all)*(len(r.tokens)-from)/(from+1)+foundEvery)
	}
	return append(all, found{p, int32(from), int32(to)})
}

// between looks at the tokens between two mentions: whether both stand in one sentence, and whether an empty line
// stands between them. Each token is looked at once in all.
func (r *reader) between(from, to int) (sentence, paragraph bool) {
	sentence = true
	for k := from; k < to; k++ {
		t := &r.tokens[k]
		sentence = sentence && !t.endsSentence()
		paragraph = paragraph || t.class == classBlank
	}
	return sentence, paragraph
}

// fileMore appends the further days of a list that p began and returns where reading goes on.
func (r *reader) fileMore(all []found, p partial, next int) ([]found, int) {
	for range maxList {
		q, from, to := r.moreDays(p, next)
		if !q.ok() {
			return all, next
		}
		if q.years != p.years { // the year stands at the end of the list and belongs to all of it
			r.backdate(all, q)
		}
		all = r.file(all, q, from, to)
		p, next = q, to
	}
	return all, next
}

// maxList bounds a list of days; longer ones are no prose.
const maxList = 8

// backdate gives the year of a list's last day to the days before it.
func (r *reader) backdate(all []found, q partial) {
	for k := len(all) - 1; k >= max(0, len(all)-maxList); k-- {
		p := &all[k].partial
		if p.kind != kindCalendar || p.unit != unitDay || p.month != q.month || p.years != yearNone {
			return
		}
		p.years, p.year, p.shift = q.years, q.year, q.shift
	}
}
