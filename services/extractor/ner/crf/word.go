package crf

// word is a form with the summed weights of all features that depend on it alone.
type word struct {
	form
	sums   sums  // of the first pass
	second *sums // of the second pass, where the model has one
	summed bool
}

// sums holds what a word adds to the scores of the tokens around it: to its own, to those one or two away by offset,
// and to those three or four away before (0) and after it (1).
type sums struct {
	at   [5]vec
	near [2]vec
}

// maxKeys is room for the features of one word or one token at one offset.
const maxKeys = 64

func (w *weights) sum(f *form, s *sums) {
	var buf [maxKeys]uint32
	for o := range offsets {
		s.at[o] = vec{}
		if o == here {
			w.addAll(&s.at[o], f.ownKeys(buf[:0]))
		} else {
			w.addAll(&s.at[o], f.sideKeys(buf[:0], o))
		}
	}
	for side := range s.near {
		s.near[side] = vec{}
		w.add(&s.near[side], f.nearKey(uint64(side)))
	}
}

// sum fills the word's sums for all passes of the model.
func (m *Model) sum(w *word) {
	if w.summed || len(m.passes) == 0 {
		return
	}
	m.passes[0].sum(&w.form, &w.sums)
	if len(m.passes) > 1 {
		if w.second == nil {
			w.second = new(sums)
		}
		m.passes[1].sum(&w.form, w.second)
	}
	w.summed = true
}

// of returns the word's sums for a pass.
func (w *word) of(pass int) *sums {
	if pass == 0 {
		return &w.sums
	}
	return w.second
}

// known returns the word with this spelling when the model's vocabulary has it, else nil. Words of the vocabulary are
// summed when they are first met and kept for all goroutines; whoever comes first stores, all compute the same.
func (m *Model) known(hash uint64, token string) *word {
	at := m.lex.words.find(key(wordTable, hash))
	if at < 0 {
		return nil
	}
	w := m.kept[at].Load()
	if w == nil {
		w = new(word)
		readForm(token, &w.form)
		m.lex.describe(&w.form, token)
		m.sum(w)
		if !m.kept[at].CompareAndSwap(nil, w) {
			w = m.kept[at].Load()
		}
	}
	if w.exact != hash {
		return nil // two spellings share a key
	}
	return w
}
