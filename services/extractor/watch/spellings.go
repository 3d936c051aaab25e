package watch

import "slices"

// knownPart is what a word costs that the spelling laid over the text lacks, but another spelling of the same entry has.
const knownPart = 1.0

// knownWithin is how far below what is needed a candidate may be for its entry's other spellings to be asked.
const knownWithin = 14.0

// known finds the words of a mention, or standing directly beside it, that met no part of name n though they are part of
// another spelling of its entry: who is listed as Adam Yacoub and as Adam Sharif may be written Adam Yacoub Sharif. Such
// words do not speak for somebody else.
func (s *session) known(r *run, l *level, n uint32, a *alignment, at extent) (mask uint32) {
	e := l.names.entry[n]
	if l.entries.names[e] < 2 {
		return 0
	}
	for i := max(0, at.first-1); i <= min(at.last+1, len(r.units)-1); i++ {
		if a.used>>i&1 == 0 && s.inSpelling(l, e, n, &s.w.lex[r.units[i].lex].piece) {
			mask |= 1 << i
		}
	}
	return mask
}

// inSpelling says whether a word is a part of a spelling of entry e, of several parts, other than n.
func (s *session) inSpelling(l *level, e, n uint32, word *piece) bool {
	if word.initial || word.honour || kunyas[word.word] {
		return false
	}
	lo, hi := n, n // the spellings of an entry stand together
	for lo > 0 && l.names.entry[lo-1] == e {
		lo--
	}
	for int(hi) < l.names.size() && l.names.entry[hi] == e {
		hi++
	}
	for k := lo; k < hi; k++ {
		if k != n && l.names.kind[k] != codeWeak && slices.ContainsFunc(l.names.of(k), func(p namePart) bool {
			q := l.vocab.piece(p.part())
			similar, rule := meet(&q, word)
			return !p.joined() && similar >= surnameLike && rule != ruleInitial
		}) {
			return true
		}
	}
	return false
}
