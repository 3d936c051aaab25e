package crf

// votes is what a first pass found in the document, by word and by phrase, for the features of a second pass.
type votes struct {
	own     []int8 // type of the name a token is in, plus one; 0 is none
	phrase  []int32
	word    map[int32]*tally // by lower usage: every capitalised occurrence
	within  map[int32]*tally // occurrences inside longer names
	phrases map[uint64]int32
	counts  []tally
	length  []int32
}

// tally counts types plus one.
type tally [5]int32

const (
	tVote   = 110
	tPhrase = 112
	tWithin = 114
)

// Vote takes in the names that a first pass found, in order, so that Keys can give the features of a second one.
func (d *Document) Vote(found []Span) {
	v := &d.votes
	n := len(d.tokens)
	v.own, v.phrase = sized(v.own, n), sized(v.phrase, n)
	clear(v.own)
	for i := range v.phrase {
		v.phrase[i] = -1
	}
	v.word, v.within, v.phrases = map[int32]*tally{}, map[int32]*tally{}, map[uint64]int32{}
	v.counts, v.length = v.counts[:0], v.length[:0]
	for _, s := range found {
		v.name(d, s)
	}
	for i := range d.tokens {
		if d.word(i).capital {
			bump(v.word, d.usages[d.use[i]].lower, int(v.own[i]))
		}
	}
}

func (v *votes) name(d *Document, s Span) {
	h := uint64(0)
	for i := s.Start; i < s.End; i++ {
		h = mix(h, d.word(i).lower)
	}
	p, ok := v.phrases[h]
	if !ok {
		p = int32(len(v.counts))
		v.phrases[h] = p
		v.counts = append(v.counts, tally{})
		v.length = append(v.length, int32(s.End-s.Start))
	}
	v.counts[p][s.Type+1]++
	for i := s.Start; i < s.End; i++ {
		v.own[i], v.phrase[i] = int8(s.Type+1), p
		if s.End-s.Start > 1 {
			bump(v.within, d.usages[d.use[i]].lower, s.Type+1)
		}
	}
}

func bump(m map[int32]*tally, k int32, typ int) {
	t := m[k]
	if t == nil {
		t = new(tally)
		m[k] = t
	}
	t[typ]++
}

// keys appends the features of token i: what its word, its phrase and longer names with its word were found to be
// elsewhere.
func (v *votes) keys(dst []uint32, d *Document, i int) []uint32 {
	w := d.word(i)
	if !w.capital {
		return dst
	}
	u := d.usages[d.use[i]].lower
	best, sure := majority(v.word[u], int(v.own[i]))
	dst = append(dst, key(tVote, best), key(tVote+1, best*10+sure))
	p := v.phrase[i]
	if p >= 0 {
		best, sure = majority(&v.counts[p], int(v.own[i]))
		dst = append(dst, key(tPhrase, best), key(tPhrase+1, best*10+sure))
	}
	if p < 0 || v.length[p] == 1 {
		best, _ = majority(v.within[u], -1)
		dst = append(dst, key(tWithin, best))
	}
	return dst
}

// majority returns the commonest type of t without one occurrence of own, 9 when nothing is left, and how sure it is.
func majority(t *tally, own int) (best, sure uint64) {
	if t == nil {
		return 9, 0
	}
	c := *t
	if own >= 0 {
		c[own]--
	}
	most, sum := int32(0), int32(0)
	best = 9
	for typ, n := range c {
		sum += max(n, 0)
		if n > most {
			best, most = uint64(typ), n
		}
	}
	if best == 9 {
		return 9, 0
	}
	if most == sum {
		sure = 1
	}
	if most >= 3 {
		sure += 2
	}
	return best, sure
}
