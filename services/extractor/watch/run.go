package watch

import (
	"cmp"
	"math"
	"slices"

	"tocsin/services/extractor/watch/fold"
	"tocsin/services/extractor/watch/sound"
)

// settle orders the hits and sums what they cost to follow.
func (h *hitList) settle(d *desk) {
	h.n = uint32(len(d.found)) - h.from //nolint:gosec // bounded by the words remembered
	list := d.hits(h)
	slices.SortFunc(list, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.part, b.part))
	})
	for _, x := range list {
		if d.level.vocab.common[x.part] {
			h.common = true
		} else {
			h.dear += int32(d.level.posts.cost(x.part)) //nolint:gosec // far below 2^31
		}
	}
}

// longestRun is how many words that may be names are laid over the lists at once; longer runs slide by runStep.
const (
	longestRun = 14
	runStep    = 9
)

// unit is one word of a run, or two read as one.
type unit struct {
	lex int32
	// first and last are the words of the text it covers; mask the units of the run.
	first, last int32
	mask        uint32
}

// run is a stretch of words that may hold a name: nothing in it ends a sentence or is an ordinary word.
type run struct {
	units []unit
	joins []unit
	// leads are the particles before each unit.
	leads []string
	// hyphened marks units tied to the one before.
	hyphened []bool
	fathered []bool
	suffix   string
	// inverted: a comma parts a family name in front from given names.
	inverted bool
}

func (r *run) reset() {
	r.units, r.joins, r.leads, r.hyphened, r.fathered = r.units[:0], r.joins[:0], r.leads[:0], r.hyphened[:0], r.fathered[:0]
	r.suffix = ""
	r.inverted = false
}

// add puts word at of the text on the run.
func (r *run) add(lex, at int32, lead string, hyphened, fathered bool) {
	r.units = append(r.units, unit{lex, at, at, 0})
	r.leads = append(r.leads, lead)
	r.hyphened = append(r.hyphened, hyphened)
	r.fathered = append(r.fathered, fathered)
}

// role of a word within runs.
type part uint8

const (
	breaks part = iota
	belongs
	leadsOn
)

// classify says what word i does to a run.
func (s *session) classify(i int) part {
	if s.plainAt(i) {
		return breaks
	}
	return s.classifyFully(i)
}

// plainAt says, at a glance, that word i always ends a run.
func (s *session) plainAt(i int) bool {
	return s.w.facts[i]&plain != 0 && !s.caseless && s.w.words[i].Flags&(fold.Capital|fold.Hyphened) == 0
}

// fact is what classify needs most often of a lexeme, kept where its number is found.
type fact uint8

// plain: written small, the word always ends a run.
const plain fact = 1

func factOf(x *lexeme) (f fact) {
	if x.piece.word == "" || x.is(isOrdinary|isStop|isNumber) && !x.is(isParticle|isHyphenParticle|isTitle) && !x.piece.initial {
		f |= plain
	}
	return f
}

func (s *session) classifyFully(i int) part {
	w, x := &s.w.words[i], &s.w.lex[s.w.ids[i]]
	switch {
	case x.piece.word == "" || x.is(isNumber):
		return breaks
	case x.is(isStop|isOrdinary|isTitle) && s.partHere(i):
		return belongs
	case x.is(isHonorific) && (w.Has(fold.Capital) || s.caseless) && s.closest(s.w.ids[i]) >= surelyName:
		return belongs
	case x.is(isStop) && !s.isInitialAt(i) && !s.insideName(i):
		if x.is(isHyphenParticle) && s.hyphenFollows(i) {
			return leadsOn
		}
		return breaks
	case x.is(isHonorific) && len(s.w.run.units) > 0 && !s.endsHere(i):
		return leadsOn
	case x.is(isTitle):
		return breaks
	case x.is(isParticle) || x.is(isHyphenParticle) && s.hyphenFollows(i):
		return leadsOn
	case x.is(isOrdinary) && !(w.Has(fold.Capital) && (w.Has(fold.Hyphened) || s.hyphenFollows(i)) && !s.caseless):
		return s.classifyOrdinary(i)
	case w.Has(fold.Capital) || s.caseless || w.Has(fold.Hyphened) && len(x.piece.word) <= 6:
		return belongs
	case s.closest(s.w.ids[i]) >= surelyName:
		return belongs
	}
	return breaks
}

// partHere says whether a word that usually belongs to no name is a listed part, and tied into a name here: written as one
// in the middle of a sentence (Mohammed Said al-Sahaf), or the second half of a hyphened name (Jong-man).
func (s *session) partHere(i int) bool {
	w := s.w.words[i]
	if s.caseless || i == 0 {
		return false
	}
	tail := w.Has(fold.Hyphened) && s.w.words[i-1].Has(fold.Capital) && len(s.w.lex[s.w.ids[i]].piece.word) <= longestTail
	inside := w.Has(fold.Capital) && !s.endsHere(i) && (len(s.w.run.units) > 0 || s.capitalFollows(i))
	return (tail || inside && s.w.lex[s.w.ids[i]].is(isStop)) && s.closest(s.w.ids[i]) == 1
}

// capitalFollows says whether word i is followed by a capitalised one that may belong to the same name.
func (s *session) capitalFollows(i int) bool {
	return i+1 < len(s.w.words) && !s.endsHere(i+1) && s.w.words[i+1].Has(fold.Capital)
}

// longestTail is how long the small second half of a hyphened name may be.
const longestTail = 6

// insideName says whether a capitalised stop word is tied into a name: To-chun, Do Chun.
func (s *session) insideName(i int) bool {
	w := s.w.words[i]
	return !s.caseless && w.Has(fold.Capital) && (w.Has(fold.Hyphened) || s.hyphenFollows(i))
}

// classifyOrdinary lets an ordinary word into a run when it is written as a name and is one on a list: Long, Rich, Said.
func (s *session) classifyOrdinary(i int) part {
	switch {
	case gluers[s.wordAt(i)] && s.w.words[i].Has(fold.Capital) && len(s.w.run.units) > 0 && !s.caseless: // Barzin Pour
		return belongs
	case s.caseless && s.closest(s.w.ids[i]) >= 1:
		return belongs
	case !s.caseless && s.w.words[i].Has(fold.Capital) && s.closest(s.w.ids[i]) >= surelyName:
		return belongs
	}
	return breaks
}

// surelyName is how like a watched part a word in lower case must be to count as part of a name.
const surelyName = 0.87

// closest is the best similarity of a word to any watched part.
func (s *session) closest(id int32) float32 {
	best := float32(0)
	for slot := range s.x.levels {
		best = max(best, s.w.hits(id, slot).closest)
	}
	return best
}

func (s *session) isInitialAt(i int) bool {
	w := s.w.words[i]
	return s.w.lex[s.w.ids[i]].piece.initial && (w.Has(fold.Dotted) || !s.caseless && w.Has(fold.Capital) && len(s.w.run.units) > 0)
}

func (s *session) hyphenFollows(i int) bool {
	return i+1 < len(s.w.words) && s.w.words[i+1].Has(fold.Hyphened)
}

// endsHere says whether a name cannot run from the word before i to i.
func (s *session) endsHere(i int) bool {
	w := s.w.words[i]
	if w.Flags&(fold.Break|fold.Comma) != 0 {
		return true
	}
	if i == 0 {
		return false
	}
	if s.w.words[i-1].Has(fold.Possessive) && !w.Has(fold.Hyphened) { // Italy's ANSA is no name
		return true
	}
	if !s.w.words[i-1].Has(fold.Dotted) {
		return false
	}
	x := &s.w.lex[s.w.ids[i-1]]
	return !(len(x.piece.word) <= 2 || x.is(isTitle) || x.is(isSuffix))
}

// cut walks the words and hands every run to the proposer.
func (s *session) cut() {
	r := &s.w.run
	r.reset()
	lead, fathered := "", false
	for i := range s.w.words {
		if s.plainAt(i) {
			if len(r.units) > 0 {
				s.finish(r)
			}
			lead, fathered = "", false
			continue
		}
		if len(r.units) > 0 && s.endsHere(i) {
			s.finish(r)
		}
		if s.w.words[i].Flags&(fold.Break|fold.Comma) != 0 {
			lead, fathered = "", false
		}
		role := s.classify(i)
		if role == breaks && len(r.units) == 0 && lead == "" {
			continue
		}
		x := &s.w.lex[s.w.ids[i]]
		switch role {
		case breaks:
			s.finish(r)
			lead, fathered = "", false
		case leadsOn:
			if x.is(isHonorific) {
				continue
			}
			lead += x.piece.word
			fathered = fathered || x.is(isPatronymic)
		case belongs:
			if x.is(isSuffix) && len(r.units) > 0 {
				r.suffix = x.piece.word
				s.finish(r)
				continue
			}
			n := int32(i) //nolint:gosec // a text is below 2 GiB
			if family, given, ok := s.korean(i); ok {
				s.finish(r)
				r.add(family, n, "", false, false)
				r.add(given, n, "", false, false)
				s.finish(r)
				continue
			}
			r.add(s.w.ids[i], n, lead, lead == "" && s.w.words[i].Has(fold.Hyphened), fathered)
			lead, fathered = "", false
		}
	}
	s.finish(r)
}

// finish hands a run on, in overlapping windows when it is long.
func (s *session) finish(r *run) {
	defer r.reset()
	if len(r.units) == 0 {
		return
	}
	s.inverted(r)
	for lo := 0; ; lo += runStep {
		hi := min(lo+longestRun, len(r.units))
		window := &s.w.window
		*window = run{
			units: r.units[lo:hi], leads: r.leads[lo:hi], hyphened: r.hyphened[lo:hi], fathered: r.fathered[lo:hi],
			suffix: r.suffix, joins: r.joins[:0],
		}
		s.window(window)
		r.joins = window.joins[:0]
		if hi == len(r.units) {
			return
		}
	}
}

// window completes a window and searches each level.
func (s *session) window(r *run) {
	for i := range r.units {
		r.units[i].mask = 1 << i
	}
	key := s.runKey(r)
	joined := false
	for slot := range s.x.levels {
		d := s.w.desks[slot]
		at := &d.empty[key%emptyRuns]
		if *at == key {
			continue
		}
		if !joined {
			s.addJoins(r)
			joined = true
		}
		before := len(s.found)
		if s.propose(r, slot); len(s.found) == before {
			*at = key
		}
	}
}

// runKey hashes a run for the memory of empty runs.
func (s *session) runKey(r *run) uint64 {
	h := uint64(len(r.units)) * hashFactor
	for i := range r.units {
		h = (h ^ uint64(r.units[i].lex)) * hashFactor //nolint:gosec // not negative
		if r.leads[i] != "" {
			h = (h ^ hashRaw(r.leads[i])) * hashFactor
		}
		h ^= h >> 29
	}
	h ^= math.Float64bits(s.need+2*s.slack) * hashFactor
	if r.inverted {
		h ^= hashFactor
	}
	return h | 1
}

// addJoins adds neighbours read as one word, and words with their particle glued on.
func (s *session) addJoins(r *run) {
	for i := range r.units {
		u := &r.units[i]
		x := &s.w.lex[u.lex]
		if lead := r.leads[i]; lead != "" && len(lead) > 1 && i > 0 {
			// the particle belongs to the word: binladin
			r.joins = append(r.joins, unit{s.leaded(u.lex, lead), u.first, u.last, u.mask})
		}
		if i+1 == len(r.units) {
			break
		}
		v := &r.units[i+1]
		y := &s.w.lex[v.lex]
		if x.piece.abjad != y.piece.abjad ||
			!(joinable(x.piece.word, y.piece.word) || r.hyphened[i+1] && len(x.piece.word) > 1 || s.listedAsOne(x.piece.word, y.piece.word)) {
			continue
		}
		if x.is(isOrdinary) && y.is(isOrdinary) {
			continue
		}
		r.joins = append(r.joins, unit{s.w.join(u.lex, v.lex, r.leads[i+1]), u.first, v.last, u.mask | v.mask})
	}
}

// listedAsOne says whether two words written together are a listed part, letter for letter.
func (s *session) listedAsOne(a, b string) bool {
	if len(a) <= shortFirst || len(b) <= shortSecond || len(a)+len(b) > longestJoined {
		return false
	}
	s.w.glue = append(append(s.w.glue[:0], a...), b...)
	key := sound.SpellingKey(s.w.glue)
	found := false
	for _, l := range s.x.levels {
		l.blocks.each(key, func(t uint32) { found = found || l.vocab.word(t) == string(s.w.glue) })
	}
	return found
}

// leaded is the lexeme of a particle glued to a word.
func (s *session) leaded(id int32, lead string) int32 {
	key := uint64(id)<<32 ^ hashRaw(lead)<<1 | 1
	if known, ok := s.w.joins[key]; ok {
		return known
	}
	p := newPiece(lead+s.w.lex[id].piece.word, s.w.lex[id].piece.abjad)
	joined := s.w.keep(lexeme{piece: p})
	s.w.joins[key] = joined
	return joined
}
