package watch

import (
	"strings"
	"unicode/utf8"

	"tocsin/services/extractor/watch/fold"
	"tocsin/services/extractor/watch/rarity"
)

// trait is what a word is, whatever stands around it.
type trait uint16

const (
	isTitle trait = 1 << iota
	isSuffix
	isParticle
	isHyphenParticle
	isPatronymic
	isStop
	isOrdinary
	isMixed
	isNumber
	isJob
	isKinship
	isHonorific
	isThing
	opensPlace
)

// lexeme is all that is known of one distinct word of the texts a worker reads.
type lexeme struct {
	piece piece
	// other are further readings: a case ending or a glued particle removed, at a cost.
	other   []piece
	traits  trait
	country country
	people  bool
	// dense is the raw run of a script without spaces.
	dense string
	// hits are the watched parts that the word may mean, by slot of the level.
	hits [levelSlots]hitList
}

func (x *lexeme) is(t trait) bool { return x.traits&t != 0 }

// newLexeme reads a word for the first time.
func newLexeme(raw string, f fold.Flag) lexeme {
	if f&fold.Dense != 0 {
		return lexeme{dense: strings.Clone(raw), traits: isStop}
	}
	abjad := f&fold.Abjad != 0
	latin := strings.Clone(foldWord(raw, abjad))
	x := lexeme{}
	if latin == "" {
		x.traits = isStop
		return x
	}
	x.piece = newPiece(latin, abjad)
	x.traits = traitsOf(latin)
	if len(raw) > len(latin) && x.traits&isParticle == 0 { // Sa'id is not "said"
		x.traits &^= isOrdinary | isMixed | isStop
	}
	a := theAtlas()
	x.country, x.people = a.word[latin], a.people[latin]
	if a.opens[latin] {
		x.traits |= opensPlace
	}
	if x.traits&(isNumber|isStop) == 0 {
		x.other = otherReadings(raw, latin, abjad)
	}
	return x
}

func traitsOf(latin string) (t trait) {
	for _, k := range []struct {
		trait trait
		set   wordSet
	}{
		{isTitle, titles}, {isHonorific, honorifics}, {isSuffix, suffixes}, {isParticle, particles}, {isHyphenParticle, hyphenParticles},
		{isPatronymic, patronymics}, {isStop, stopWords}, {isJob, otherJobs}, {isKinship, kinships}, {isThing, things},
	} {
		if k.set[latin] {
			t |= k.trait
		}
	}
	if strings.ContainsAny(latin, "0123456789") {
		t |= isNumber
	}
	switch rarity.ClassOf(latin) {
	case rarity.Ordinary:
		t |= isOrdinary
	case rarity.Mixed:
		t |= isMixed
	}
	return t
}

// Costs of other readings, in similarity.
const (
	endingCost   = 0.04
	particleCost = 0.03
	cliticCost   = 0.05
)

// shortestStem is how many letters must stay when an ending is cut off.
const shortestStem = 4

// cyrillicEndings and latinEndings are case endings of personal names, folded: Slavic; Baltic, Finnic, Turkic and
// Hungarian. The longest that fits is cut.
var (
	cyrillicEndings = strings.Fields("ovichem ymi imi ogo ego omu emu ami yami ovi evi oyu eyu oy ey om em ym im ov ev am yam akh yakh iyu iya iy yy a u e y i yu ya oi yem")
	latinEndings    = strings.Fields("ovi owi em om ie iem ego emu ui ai ei as is us os ssa sta lla lle lta ista issa in un nun nin dan den tan ten nan nen ban ben nak nek val vel hoz hez s a e u y i n t")
)

// otherReadings are what else a written word may be a form of.
func otherReadings(raw, latin string, abjad bool) []piece {
	var out []piece
	add := func(word string, cost float64) {
		if len(word) < shortestStem || word == latin {
			return
		}
		p := newPiece(word, abjad)
		p.cost = cost
		out = append(out, p)
	}
	if abjad {
		addProclitics(raw, add)
		return out
	}
	endings := latinEndings
	if r, _ := utf8.DecodeRuneInString(raw); r >= 0x400 && r < 0x530 {
		endings = cyrillicEndings
	} else if !longEnding(latin) {
		endings = nil
	}
	for _, e := range endings {
		if stem, ok := strings.CutSuffix(latin, e); ok {
			add(stem, endingCost)
			if len(out) == 2 {
				break
			}
		}
	}
	if strings.Contains(latin, "dj") { // Đorđević
		add(strings.ReplaceAll(latin, "dj", "d"), particleCost)
	}
	for _, p := range []string{"al", "el", "bin", "ibn", "ben"} {
		if rest, ok := strings.CutPrefix(latin, p); ok && len(rest) >= shortestStem {
			add(rest, particleCost)
			break
		}
	}
	return out
}

// longEnding says whether a Latin word is long enough that its last letters may be a case ending; one vowel more or
// less is left to the distance of sounds.
func longEnding(latin string) bool { return len(latin) >= 7 }

// addProclitics cuts off the Arabic and, by, to, as, so that are written together with a name.
func addProclitics(raw string, add func(string, float64)) {
	for _, p := range []string{"وال", "بال", "فال", "كال", "لل", "و", "ب", "ل", "ف", "ك"} {
		if rest, ok := strings.CutPrefix(raw, p); ok && utf8.RuneCountInString(rest) >= 3 {
			add(fold.Latin(rest), cliticCost)
			return
		}
	}
}
