package dates

// How far the tense of a mention is looked for, in tokens of its sentence.
const (
	tenseLeft  = 30
	tenseRight = 20
)

// tense is that of the nearest verb or particle in the sentence, first to the left, then to the right: −1 past,
// +1 future, 0 unknown. Modals (would, could, may) say nothing.
func (r *reader) tense(i int) int8 {
	for k := i - 1; k >= max(0, i-tenseLeft); k-- {
		t := &r.tokens[k]
		if t.endsSentence() {
			break
		}
		if n := t.tense(); n > 0 || n < 0 && !r.word(k-1, wordBe) {
			return n // the "held" of "will be held" is no past
		}
	}
	for k := i + 1; k < min(len(r.tokens), i+tenseRight); k++ {
		t := &r.tokens[k]
		if t.endsSentence() {
			break
		}
		if n := t.tense(); n != 0 && t.class == classOther && !r.word(k-1, wordBe) {
			return n
		}
	}
	return 0
}

func (t *token) tense() int8 {
	switch {
	case t.flags&(flagPast|flagFuture) == 0:
		return 0
	case t.has(flagPast):
		return -1
	}
	return 1
}

func (t *token) endsSentence() bool {
	return t.class == classPunct && (t.mark == '.' || t.mark == '?' || t.mark == '!') || t.class == classBlank
}
