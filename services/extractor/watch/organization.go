package watch

import (
	"strings"

	"tocsin/services/extractor/watch/fold"
	"tocsin/services/extractor/watch/rarity"
)

// organizationName is an organisation's spelling ready to be compared: the words that tell it, without legal forms and
// connectives, letters with full stops between them as one word.
type organizationName struct {
	words []piece
	// weights say how much each word tells: little where running text uses it as an ordinary word.
	weights []float64
	// letters are the first letters of all words but articles, as an acronym has them.
	letters string
}

// Weights of an organisation's words in its comparison.
const (
	ordinaryWeight = 0.4
	mixedWeight    = 0.7
	sameWord       = 0.74 // the likeness from which two words are one
	oneSided       = 0.35 // share of a word's weight that its absence on one side costs
	acronymScore   = 0.80
	reordered      = 0.03
)

func newOrganizationName(text string) *organizationName {
	ws := dottedLetters(text)
	o := &organizationName{}
	add := func(all bool) {
		for _, w := range ws {
			if !all && (connectors[w] || legalForms[w]) {
				continue
			}
			p := newPiece(w, false)
			weight := 1.0
			switch rarity.ClassOf(w) {
			case rarity.Ordinary:
				weight = ordinaryWeight
			case rarity.Mixed:
				weight = mixedWeight
			}
			o.words = append(o.words, p)
			o.weights = append(o.weights, weight*(0.5+0.5*min(p.bits, mostPartBits)/mostPartBits))
			o.letters += w[:1]
		}
	}
	if add(false); len(o.words) == 0 {
		add(true)
	}
	return o
}

// numerals are numbers that names write as words.
var numerals = map[string]string{"first": "1", "1st": "1", "second": "2", "2nd": "2", "third": "3", "3rd": "3", "one": "1", "two": "2", "three": "3"}

// dottedLetters folds the words of a name; letters that only full stops part are one word (L.X.C.).
func dottedLetters(text string) []string {
	var out []string
	open := false
	for _, w := range fold.Words(nil, text) {
		s := foldWord(w.Raw(text), w.Has(fold.Abjad))
		if s == "" {
			continue
		}
		if n := numerals[s]; n != "" {
			s = n
		}
		if open && len(s) == 1 && w.Flags&(fold.Break|fold.Comma|fold.Hyphened) == 0 {
			out[len(out)-1] += s
		} else {
			out = append(out, s)
		}
		open = len(s) == 1 && w.Has(fold.Dotted)
	}
	return out
}

// weighOrganizations judges two names of organisations: they must say the same words, in any order; a word more on one
// side is an omission, different words on both sides are two organisations.
func weighOrganizations(a, b *organizationName) (v verdict) {
	if len(a.words) == 0 || len(b.words) == 0 {
		return v
	}
	used := make([]bool, len(b.words))
	met, missed, extra, last := 0.0, 0.0, 0.0, -1
	telling := false
	for i := range a.words {
		j, s := a.best(i, b, used)
		if j < 0 {
			missed += a.weights[i]
			continue
		}
		used[j] = true
		w := max(a.weights[i], b.weights[j])
		met += w * s * s
		missed += w * (1 - s*s)
		telling = telling || min(a.weights[i], b.weights[j]) > mixedWeight*0.8
		v.bits += worth(&a.words[i], &b.words[j], s, ruleSound)
		if j < last {
			v.score -= reordered
		}
		last = j
	}
	for j := range used {
		if !used[j] {
			extra += b.weights[j]
		}
	}
	if acronym(a, b) || acronym(b, a) {
		v.score = max(v.score, acronymScore)
	}
	if met == 0 {
		return v
	}
	lost := oneSided * (missed + extra)
	if both := min(missed, extra); both > 0 || !telling {
		lost = missed + extra + both
	}
	v.score = max(v.score, met/(met+lost)+min(v.score, 0))
	return v
}

// best is the word of b that is most like word i and not used yet; -1 when none is like enough.
func (o *organizationName) best(i int, b *organizationName, used []bool) (at int, likeness float64) {
	at = -1
	for j := range b.words {
		l, m := &o.words[i], &b.words[j]
		if used[j] || strings.ContainsAny(l.word+m.word, "0123456789") && l.word != m.word {
			continue
		}
		if s, rule := meet(l, m); rule != ruleInitial && rule != ruleTranslated && s >= sameWord && s > likeness {
			at, likeness = j, s
		} else if l.word == m.word {
			at, likeness = j, 1
		}
	}
	return at, likeness
}

// acronym says whether a is one word made of the first letters of b.
func acronym(a, b *organizationName) bool {
	return len(a.words) == 1 && len(b.words) > 2 && a.words[0].word == b.letters
}
