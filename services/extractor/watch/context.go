package watch

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tocsin/services/extractor/watch/fold"
)

// Context is judged in bits, within these distances in words.
const (
	nearWords = 30 // about two sentences
	besides   = 6  // the words that may describe the mention itself

	nearBonus        = 1.0
	mostCountry      = 5.0
	elsewhere        = 1.5 // the text names countries, none of them the entry's
	otherNationality = 7.0
	otherCountry     = 4.0 // another country stands where a nationality would
	organizationBits = 4.0
	roleBits         = 2.5
	birthAgrees      = 6.0
	birthClashes     = 20.0
	jobClashes       = 9.0
	jobOfKnownRole   = 14.0 // when the entry's roles are known and are others
	thingClashes     = 20.0
	recognisedBits   = 0.5
	associateBits    = 4.0
)

// clues are what the whole text offers as context, gathered once.
type clues struct {
	// places are the countries named, by position; byCountry their positions.
	places    []place
	byCountry map[country][]int32
}

type place struct {
	at      int32
	country country
	people  bool
}

// gather finds the countries of the text.
func (s *session) gather() *clues {
	if s.clues != nil {
		return s.clues
	}
	c := &clues{byCountry: map[country][]int32{}}
	a := theAtlas()
	for i := range s.w.ids {
		x := &s.w.lex[s.w.ids[i]]
		found, people := x.country, x.people
		if x.is(opensPlace) {
			if code, p := a.phraseAt(s, i); code != 0 {
				found, people = code, p
			}
		}
		if found != 0 && (s.caseless || s.w.words[i].Has(fold.Capital)) {
			c.places = append(c.places, place{int32(i), found, people}) //nolint:gosec // below 2 GiB
			c.byCountry[found] = append(c.byCountry[found], int32(i))   //nolint:gosec // below 2 GiB
		}
	}
	s.clues = c
	return c
}

// phraseAt finds a place or people of two to four words.
func (a *atlas) phraseAt(s *session, i int) (country, bool) {
	key := s.wordAt(i)
	for k := i + 1; k < min(i+4, len(s.w.ids)); k++ {
		key += " " + s.wordAt(k)
		if c := a.phrase[key]; c != 0 {
			return c, a.people[key]
		}
	}
	return 0, false
}

// context sums what stands around a candidate for and against the entry.
func (s *session) context(c *candidate, d *detail) []Reason {
	out := s.recognised(c, d)
	if d == noDetail {
		return s.jobs(c, d, out)
	}
	out = s.countries(c, d, out)
	out = s.phrasesNear(c, d.organizationWords, "organization", organizationBits, out)
	out = s.phrasesNear(c, d.roleWords, "role", roleBits, out)
	out = s.phrasesNear(c, d.associateWords, "associate", associateBits, out)
	out = s.birth(c, d, out)
	return s.jobs(c, d, out)
}

// recognised adds a little when a recogniser took the same words for the same kind of name. It never takes away.
func (s *session) recognised(c *candidate, d *detail) []Reason {
	kind := d.kind
	if kind == "" {
		kind = Person
	}
	for _, e := range s.doc.Entities {
		if e.Kind == string(kind) && e.Start <= c.span.Start && e.End >= c.span.End && c.span.End-c.span.Start > (e.End-e.Start)/2 {
			return []Reason{{"recognised as " + e.Kind, s.doc.Text[c.span.Start:c.span.End], recognisedBits}}
		}
	}
	return nil
}

// countries compares the entry's countries with those of the text.
func (s *session) countries(c *candidate, d *detail, out []Reason) []Reason {
	if len(d.countries) == 0 {
		return out
	}
	all := s.gather()
	best, where, near := 0.0, int32(-1), false
	for _, own := range d.countries {
		at := nearest(all.byCountry[own], 1, c)
		if at < 0 {
			continue
		}
		bits, close := theAtlas().bits[own], distance(at, c) <= nearWords
		if close {
			bits += nearBonus
		}
		if bits > best {
			best, where, near = bits, at, close
		}
	}
	switch {
	case where >= 0:
		rule := "country in text"
		if near {
			rule = "country near"
		}
		out = append(out, Reason{rule, s.surfaceAt(where), min(best, mostCountry)})
	default:
		if i := slices.IndexFunc(all.places, func(p place) bool { return distance(p.at, c) > 0 }); i >= 0 {
			out = append(out, Reason{"other countries only", s.surfaceAt(all.places[i].at), -elsewhere})
		}
	}
	return s.apposition(c, d, out)
}

// apposition counts another nationality that stands directly before the mention: "the British actor Abdul Aziz".
func (s *session) apposition(c *candidate, d *detail, out []Reason) []Reason {
	places := s.gather().places
	end, _ := slices.BinarySearchFunc(places, c.first, func(p place, at int32) int { return cmp.Compare(p.at, at) })
	for k := end - 1; k >= 0 && places[k].at >= c.first-besides; k-- { // the nearest speaks of him: Italian students met Libyan leader Gaddafi
		p := places[k]
		if slices.Contains(d.countries, p.country) || !s.sameClause(int(p.at), int(c.first)) {
			break
		}
		if p.people || s.w.words[p.at].Has(fold.Possessive) {
			return append(out, Reason{"another nationality", s.surfaceAt(p.at), -otherNationality})
		}
		if !s.locates(int(p.at) - 1) {
			return append(out, Reason{"another country", s.surfaceAt(p.at), -otherCountry})
		}
	}
	return s.apposed(c, d, places, out)
}

// locates says whether word i says where something is or goes, rather than whose it is.
func (s *session) locates(i int) bool {
	return i >= 0 && whereabouts[s.wordAt(i)]
}

// mostApposed is how many words may stand between a mention and the nationality that follows in apposition: ", a former".
const mostApposed = 5

// apposed counts another nationality that directly follows the mention: "Abdul Aziz, a British actor".
func (s *session) apposed(c *candidate, d *detail, places []place, out []Reason) []Reason {
	next := int(c.last) + 1
	if next >= len(s.w.ids) || s.w.words[next].Has(fold.Break) || !s.w.words[next].Has(fold.Comma) {
		return out
	}
	for i := next; i < min(next+mostApposed+1, len(s.w.ids)); i++ {
		if i > next && s.endsHere(i) {
			return out
		}
		at, found := slices.BinarySearchFunc(places, int32(i), func(p place, at int32) int { return cmp.Compare(p.at, at) }) //nolint:gosec // below 2 GiB
		if found {
			if p := places[at]; p.people && !slices.Contains(d.countries, p.country) {
				return append(out, Reason{"another nationality", s.surfaceAt(p.at), -otherNationality})
			}
			return out
		}
		x := &s.w.lex[s.w.ids[i]]
		if x.is(isTitle) && i+3 < len(s.w.ids) && s.wordAt(i+1) == "of" {
			return s.officeOf(i+2, d, places, out)
		}
		if !x.is(isStop|isTitle|isOrdinary) || x.is(isStop) && whereabouts[x.piece.word] {
			return out
		}
	}
	return out
}

// officeOf counts another country that an office is of: "Raul Castro, the President of Cuba".
func (s *session) officeOf(i int, d *detail, places []place, out []Reason) []Reason {
	if s.wordAt(i) == "the" {
		i++
	}
	at, found := slices.BinarySearchFunc(places, int32(i), func(p place, at int32) int { return cmp.Compare(p.at, at) }) //nolint:gosec // below 2 GiB
	if found && !slices.Contains(d.countries, places[at].country) {
		return append(out, Reason{"office of another country", s.surfaceAt(places[at].at), -otherNationality})
	}
	return out
}

// sameClause says whether nothing but words that describe a person stands between two words: no break, comma or
// preposition.
func (s *session) sameClause(from, to int) bool {
	for i := from + 1; i <= to; i++ {
		if s.endsHere(i) {
			return false
		}
		if x := &s.w.lex[s.w.ids[i]]; i < to && x.is(isStop) {
			return false
		}
	}
	return true
}

// distance is how many words lie between a place and a candidate.
func distance(at int32, c *candidate) int {
	switch {
	case at < c.first:
		return int(c.first - at)
	case at > c.last:
		return int(at - c.last)
	}
	return 0
}

func (s *session) surfaceAt(i int32) string {
	return s.doc.Text[s.w.words[i].Start:s.w.words[i].End]
}

// phrasesNear gives bits when one of the phrases stands in the text, more when it stands near.
func (s *session) phrasesNear(c *candidate, phrases [][]string, rule string, bits float64, out []Reason) []Reason {
	for _, p := range phrases {
		if at := nearest(s.positions(p), len(p), c); at >= 0 {
			b := bits - nearBonus
			if distance(at, c) <= nearWords {
				b = bits
			}
			return append(out, Reason{rule, s.surfaceAt(at), b})
		}
	}
	return out
}

// positions are the words where a phrase begins, ascending; the text is searched once for each phrase.
func (s *session) positions(phrase []string) []int32 {
	key := strings.Join(phrase, " ")
	if at, known := s.phraseAt[key]; known {
		return at
	}
	var at []int32
	for i := range s.w.ids {
		if s.holdsAt(phrase, i) {
			at = append(at, int32(i)) //nolint:gosec // below 2 GiB
		}
	}
	if s.phraseAt == nil {
		s.phraseAt = map[string][]int32{}
	}
	s.phraseAt[key] = at
	return at
}

// nearest finds the position, of ascending ones, that is nearest to a candidate and where n words do not overlap it; -1
// when there is none. What is part of the name itself is no context.
func nearest(positions []int32, n int, c *candidate) int32 {
	best := int32(-1)
	after, _ := slices.BinarySearch(positions, c.last+1)
	if after < len(positions) {
		best = positions[after]
	}
	before, _ := slices.BinarySearch(positions, c.first-int32(n)+1) //nolint:gosec // a few words
	if before > 0 && (best < 0 || distance(positions[before-1], c) <= distance(best, c)) {
		best = positions[before-1]
	}
	return best
}

// birth compares a year of birth or an age beside the mention with the entry's.
func (s *session) birth(c *candidate, d *detail, out []Reason) []Reason {
	if len(d.birth) < 4 {
		return out
	}
	want, err := strconv.Atoi(d.birth[:4])
	if err != nil {
		return out
	}
	for i := max(0, int(c.first)-besides); i < min(len(s.w.ids), int(c.last)+2*besides); i++ {
		year, slack := s.birthAt(i, int(c.last))
		if year == 0 {
			continue
		}
		text := s.surfaceAt(int32(i)) //nolint:gosec // below 2 GiB
		if diff := year - want; diff >= -slack && diff <= slack {
			return append(out, Reason{"birth year", text, birthAgrees})
		}
		return append(out, Reason{"another birth year", text, -birthClashes})
	}
	return out
}

// birthAt reads word i as a year of birth ("born in 1975") or an age ("47-year-old", ", 47,", "aged 47"), with the years it may be
// off; zero when it is neither.
func (s *session) birthAt(i, last int) (year, slack int) {
	n, err := strconv.Atoi(s.wordAt(i))
	if err != nil {
		return 0, 0
	}
	before := ""
	for k := max(0, i-4); k < i; k++ {
		before += " " + s.wordAt(k)
	}
	now := s.doc.From
	if now.IsZero() {
		now = s.doc.Now
	}
	switch {
	case n >= 1900 && n <= 2030:
		if strings.Contains(before, " born") || strings.HasSuffix(before, " b") {
			return n, 1
		}
	case n >= 10 && n <= 99 && !now.IsZero():
		aged := strings.HasSuffix(before, " aged") || strings.HasSuffix(before, " age")
		old := i+2 < len(s.w.ids) && strings.HasPrefix(s.wordAt(i+1), "year") && s.wordAt(i+2) == "old"
		apposed := i == last+1 && s.w.words[i].Has(fold.Comma) && (i+1 == len(s.w.words) || s.w.words[i+1].Flags&(fold.Comma|fold.Break) != 0)
		if aged || old || apposed {
			return now.Year() - n, 2
		}
	}
	return 0, 0
}

// jobs counts an occupation beside the mention that the entry does not have.
func (s *session) jobs(c *candidate, d *detail, out []Reason) []Reason {
	for i := max(0, int(c.first)-besides); i < min(len(s.w.ids), int(c.last)+besides); i++ {
		if int32(i) >= c.first && int32(i) <= c.last { //nolint:gosec // below 2 GiB
			continue
		}
		x := &s.w.lex[s.w.ids[i]]
		several := i+1 == int(c.first) && otherJobs[strings.TrimSuffix(x.piece.word, "s")]
		if !(x.is(isJob) || several) || !s.describes(i, c) || hasWord(d.roleWords, x.piece.word) {
			continue
		}
		cost := jobClashes
		if len(d.roleWords) > 0 {
			cost = jobOfKnownRole
		}
		return append(out, Reason{"another occupation", s.surfaceAt(int32(i)), -cost}) //nolint:gosec // below 2 GiB
	}
	return s.thing(c, out)
}

// thing counts a word directly after the mention that makes it the name of a street, a company or a stadium, and one
// before it that makes it the name of a place.
func (s *session) thing(c *candidate, out []Reason) []Reason {
	if c.phrase {
		return out
	}
	at := int(c.first) - 1
	if at > 0 && s.wordAt(at) == "of" {
		at--
	}
	if at >= 0 && !s.endsHere(int(c.first)) && (beforePlaces[s.wordAt(at)] || s.wordAt(at) == "in" && s.placeFollows(c)) {
		return append(out, Reason{"name of a place", s.surfaceAt(int32(at)), -thingClashes}) //nolint:gosec // below 2 GiB
	}
	if next := s.thingAfter(int(c.last)); next > 0 {
		return append(out, Reason{"name of a thing", s.surfaceAt(int32(next)), -thingClashes}) //nolint:gosec // below 2 GiB
	}
	return out
}

// placeFollows says whether a place follows a candidate behind a comma: in Khan Abad, Kunduz.
func (s *session) placeFollows(c *candidate) bool {
	next := int(c.last) + 1
	return next < len(s.w.words) && s.w.words[next].Flags&(fold.Comma|fold.Break) == fold.Comma &&
		slices.ContainsFunc(s.gather().places, func(p place) bool { return int(p.at) == next && !p.people })
}

// thingAfter is the word after a last one that makes a thing of the name, or 0. Some do so written small, and with one word
// between: the Beltran Leyva drug cartel.
func (s *session) thingAfter(last int) int {
	if s.w.words[last].Has(fold.Possessive) {
		return 0
	}
	for i := last + 1; i < min(last+3, len(s.w.ids)) && !s.endsHere(i); i++ {
		x := &s.w.lex[s.w.ids[i]]
		written := i == last+1 && (s.caseless || s.w.words[i].Has(fold.Capital))
		if x.is(isThing) && written || smallThings[x.piece.word] {
			return i
		}
		if x.is(isStop) || s.w.words[i].Has(fold.Capital) {
			return 0
		}
	}
	return 0
}

// describes says whether word i speaks of the candidate: directly before it, or after it behind a comma or "a", "the",
// "is".
func (s *session) describes(i int, c *candidate) bool {
	if i < int(c.first) {
		return s.sameClause(i, int(c.first))
	}
	next := int(c.last) + 1
	if w := s.wordAt(next); i > next && !s.w.words[next].Has(fold.Comma) && !copulas[w] {
		return false
	}
	for k := next; k <= i; k++ {
		if s.w.words[k].Has(fold.Break) || k > next && s.endsHere(k) {
			return false
		}
	}
	return true
}

func hasWord(phrases [][]string, word string) bool {
	for _, p := range phrases {
		if slices.Contains(p, word) {
			return true
		}
	}
	return false
}
