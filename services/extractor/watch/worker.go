package watch

import (
	"encoding/binary"
	"math/bits"
	"sync/atomic"

	"tocsin/services/extractor/watch/fold"
	"tocsin/services/extractor/watch/sound"
)

// Bounds of a worker's memory.
const (
	// mostLexemes is how many distinct words a worker remembers; it then forgets them all and starts again.
	mostLexemes = 1 << 16
	mostJoins   = 1 << 16
	// levelSlots is how many levels an Index can have.
	levelSlots = 4
	idleMost   = 64
	// emptyRuns is how many runs without candidates a worker remembers, by hash.
	emptyRuns = 1 << 16
)

// pool keeps workers between texts, without locks: a slot holds one idle worker or none. More workers than slots are
// made when needed and dropped afterwards.
type pool struct {
	idle [idleMost]atomic.Pointer[worker]
}

func (p *pool) take() *worker {
	for i := range p.idle {
		if w := p.idle[i].Swap(nil); w != nil {
			return w
		}
	}
	return newWorker()
}

func (p *pool) put(w *worker) {
	for i := range p.idle {
		if p.idle[i].CompareAndSwap(nil, w) {
			return
		}
	}
}

// worker is the memory of one reader: the words it met, what they may mean, and scratch space. It is used by one
// goroutine at a time and carries over from one generation of an Index to the next.
type worker struct {
	// slots is an open hash table of words, by hash, to lexemes.
	slots []wordSlot
	lex   []lexeme
	facts []fact
	joins map[uint64]int32
	desks [levelSlots]*desk

	words   []fold.Word
	ids     []int32
	run     run
	window  run
	options []option
	pieces  []piece
	session session
}

type wordSlot struct {
	key uint64
	lex int32 // 1 + index
}

// desk is the scratch space for one level.
type desk struct {
	level *level
	// stamp says in which run a part was met last; unit and worth by what.
	stamp []uint32
	unit  []uint8
	worth []float32
	seen  []uint32
	named []uint32
	epoch uint32
	empty []uint64
}

func newWorker() *worker {
	w := &worker{}
	w.forget()
	return w
}

func (w *worker) forget() {
	w.slots = make([]wordSlot, 2*mostLexemes)
	w.lex, w.facts = w.lex[:0], w.facts[:0]
	clear(w.lex[:cap(w.lex)])
	w.joins = map[uint64]int32{}
	for _, d := range w.desks {
		if d != nil { // runs are remembered by the numbers of their words
			clear(d.empty)
		}
	}
}

// sit makes the worker ready for the levels of an index, keeping what it knows of levels it served before.
func (w *worker) sit(levels []*level) {
	if len(w.lex) > mostLexemes || len(w.joins) > mostJoins {
		w.forget()
	}
	for i, l := range levels {
		if w.desks[i] != nil && w.desks[i].level == l {
			continue
		}
		w.desks[i] = newDesk(l)
		for k := range w.lex {
			w.lex[k].hits[i] = hitList{}
		}
	}
}

func newDesk(l *level) *desk {
	n := l.vocab.size()
	return &desk{
		level: l, stamp: make([]uint32, n), unit: make([]uint8, n), worth: make([]float32, n), seen: make([]uint32, n),
		named: make([]uint32, l.names.size()), empty: make([]uint64, emptyRuns),
	}
}

// next begins a new run or look-up.
func (d *desk) next() uint32 {
	d.epoch++
	if d.epoch == 0 {
		clear(d.stamp)
		clear(d.seen)
		clear(d.named)
		d.epoch = 1
	}
	return d.epoch
}

const hashFactor = 0x9E3779B97F4A7C15

// hashRaw hashes the bytes of a word, eight at a time.
func hashRaw(s string) uint64 {
	h := uint64(len(s)) * hashFactor
	for len(s) >= 8 {
		h = (h ^ binary.LittleEndian.Uint64([]byte(s[:8]))) * hashFactor
		h ^= h >> 29
		s = s[8:]
	}
	var last uint64
	for i := range len(s) {
		last |= uint64(s[i]) << (8 * i)
	}
	h = (h ^ last) * hashFactor
	return h ^ h>>32
}

// lexeme finds what is known of a word, reading it when it is new. The index stays good until forget.
func (w *worker) lexeme(text string, word fold.Word) int32 {
	raw := text[word.Start:word.End]
	key := hashRaw(raw) | 1
	mask := uint64(len(w.slots) - 1)
	i := key >> 20 & mask
	for w.slots[i].lex != 0 {
		if w.slots[i].key == key {
			return w.slots[i].lex - 1
		}
		i = (i + 1) & mask
	}
	if len(w.lex) >= mostLexemes+mostLexemes/2 { // one giant text: words past the bound are read but not kept
		return w.overflow(word.Raw(text), word.Flags)
	}
	w.keep(newLexeme(word.Raw(text), word.Flags))
	w.slots[i] = wordSlot{key, int32(len(w.lex))} //nolint:gosec // bounded
	return int32(len(w.lex)) - 1                  //nolint:gosec // bounded
}

func (w *worker) keep(x lexeme) {
	w.lex = append(w.lex, x)
	w.facts = append(w.facts, factOf(&x))
}

// overflow reads a word without remembering it for other texts.
func (w *worker) overflow(raw string, f fold.Flag) int32 {
	w.keep(newLexeme(raw, f))
	return int32(len(w.lex)) - 1 //nolint:gosec // bounded by the text
}

// join finds the lexeme of two words read as one; lead are the particles between them.
func (w *worker) join(a, b int32, lead string) int32 {
	key := uint64(a)<<32 | uint64(b)<<1
	if lead != "" {
		key = (key | 1) ^ hashRaw(lead)<<8
	}
	if id, ok := w.joins[key]; ok {
		return id
	}
	x, y := &w.lex[a], &w.lex[b]
	word := joinWords(x.piece.word, lead, y.piece.word)
	p := newPiece(word, x.piece.abjad || y.piece.abjad)
	p.joined = true
	w.keep(lexeme{piece: p})
	id := int32(len(w.lex)) - 1 //nolint:gosec // bounded
	w.joins[key] = id
	return id
}

// hit is one watched part that a word may mean, and the evidence it would give.
type hit struct {
	part  uint32
	worth float32
}

// hitList are the hits of a word in one level, most evidence first.
type hitList struct {
	known bool
	// closest is the best similarity, dear how many postings the rare hits have, common whether there are common hits.
	closest float32
	dear    int32
	common  bool
	list    []hit
}

// leastHit is the similarity below which a word of a text does not lead to a watched part.
const leastHit = 0.66

// hits finds the watched parts of a level that a word may mean.
func (w *worker) hits(id int32, slot int) *hitList {
	x := &w.lex[id]
	h := &x.hits[slot]
	if h.known {
		return h
	}
	d := w.desks[slot]
	*h = hitList{known: true}
	epoch := d.next()
	d.look(&x.piece, h, epoch)
	for i := range x.other {
		d.look(&x.other[i], h, d.next())
	}
	h.settle(d.level)
	return h
}

// look adds the watched parts like p.
func (d *desk) look(p *piece, h *hitList, epoch uint32) {
	if p.initial || p.word == "" {
		return
	}
	v := &d.level.vocab
	try := func(t uint32) {
		if d.seen[t] == epoch {
			return
		}
		d.seen[t] = epoch
		if !d.mayMeet(p, t) {
			return
		}
		q := v.piece(t)
		s, rule := meet(&q, p)
		if s < leastHit {
			return
		}
		h.closest = max(h.closest, float32(s))
		h.list = append(h.list, hit{t, float32(worth(&q, p, s, rule))})
	}
	sound.Keys(p.word, p.code, func(key uint64) { d.level.blocks.each(key, try) })
	if p.kin != 0 {
		d.level.blocks.each(sound.GroupKey(p.kin), try)
	}
}

// mayMeet is a quick test that passes every part which p may meet.
func (d *desk) mayMeet(p *piece, t uint32) bool {
	v := &d.level.vocab
	diff := int(v.codeAt[t+1]-v.codeAt[t]) - len(p.code)
	slack := 3
	if v.abjad[t] != p.abjad {
		slack += 2
	}
	if diff <= 4 && diff >= -4 && bits.OnesCount16(v.sig[t]^p.sig) <= slack {
		w, o := int(v.weight[t]), p.weight
		// the weights alone differ by what must be dropped at least
		return p.abjad != v.abjad[t] || min(w, o)*2 >= max(w, o)
	}
	return p.kin != 0 && p.kin == v.kin[t]
}
