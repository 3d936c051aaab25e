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
	// mostLexemes is how many distinct words, and neighbours read as one, a worker remembers; it then forgets those that
	// it met no more since the last time.
	mostLexemes = 3 << 16
	// wordSlots is the size of the table that leads to them.
	wordSlots = 1 << 19
	// levelSlots is how many levels an Index can have.
	levelSlots = 4
	idleMost   = 64
	// emptyRuns is how many runs without candidates a worker remembers, by hash.
	emptyRuns = 1 << 17
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
	joins map[uint64]int32
	desks [levelSlots]*desk

	words []fold.Word
	ids   []int32
	// facts are those of each word of the text.
	facts  []fact
	lone   []int32
	run    run
	window run
	// family is the run before the last, for reading across a comma; both is that and the last.
	family, both run
	options      []option
	pieces       []piece
	glue         []byte
	session      session
}

type wordSlot struct {
	key uint64
	lex int32 // 1 + index
	// met: the word was met since the worker last forgot; fact is what the cutter of runs asks first.
	met  bool
	fact fact
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
	// found holds the hits of all words.
	found []hit
	// opens says, by lexeme, whether an organisation may begin with it: 0 when nobody asked yet.
	opens []opening
}

func newWorker() *worker {
	return &worker{slots: make([]wordSlot, wordSlots), joins: map[uint64]int32{}}
}

// forget drops the words that were not met since the last time, and all that was derived from pairs of words. When
// nearly all were met, all are dropped.
func (w *worker) forget() {
	old, lex := w.slots, w.lex
	w.slots = make([]wordSlot, wordSlots)
	w.lex = make([]lexeme, 0, mostLexemes/2)
	w.joins = map[uint64]int32{}
	found := [levelSlots][]hit{}
	for _, slot := range old {
		if slot.lex == 0 || !slot.met || len(w.lex) >= mostLexemes/2 {
			continue
		}
		x := lex[slot.lex-1]
		for i, d := range w.desks {
			h := &x.hits[i]
			if d == nil || h.n == 0 {
				continue
			}
			list := d.found[h.from : h.from+h.n]
			h.from = uint32(len(found[i])) //nolint:gosec // bounded
			found[i] = append(found[i], list...)
		}
		w.lex = append(w.lex, x)
		w.place(slot.key, wordSlot{key: slot.key, lex: int32(len(w.lex)), fact: slot.fact}) //nolint:gosec // bounded
	}
	for i, d := range w.desks {
		if d != nil { // runs are remembered by the numbers of their words
			clear(d.empty)
			clear(d.opens)
			d.found = found[i]
		}
	}
}

// place puts a slot where its key leads.
func (w *worker) place(key uint64, slot wordSlot) {
	i := key >> 20 % wordSlots
	for w.slots[i].lex != 0 {
		i = (i + 1) % wordSlots
	}
	w.slots[i] = slot
}

// sit makes the worker ready for the levels of an index, keeping what it knows of levels it served before.
func (w *worker) sit(levels []*level) {
	if len(w.lex) > mostLexemes {
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
		h = mix(h, binary.LittleEndian.Uint64([]byte(s[:8])))
		s = s[8:]
	}
	var last uint64
	for i := range len(s) {
		last |= uint64(s[i]) << (8 * i)
	}
	return finish(h, last)
}

func mix(h, eight uint64) uint64 {
	h = (h ^ eight) * hashFactor
	return h ^ h>>29
}

func finish(h, last uint64) uint64 {
	h = (h ^ last) * hashFactor
	return h ^ h>>32
}

// hashWord is hashRaw(text[start:end]); it reads past the word where the text goes on, which is quicker.
func hashWord(text string, start, end int) uint64 {
	if start+8 > len(text) || end-start > 16 || end+8 > len(text) {
		return hashRaw(text[start:end])
	}
	n := end - start
	h := uint64(n) * hashFactor //nolint:gosec // not negative
	for ; n >= 8; n -= 8 {
		h = mix(h, binary.LittleEndian.Uint64([]byte(text[start:start+8])))
		start += 8
	}
	last := binary.LittleEndian.Uint64([]byte(text[start : start+8]))
	return finish(h, last&(1<<(8*n)-1))
}

// lexeme finds what is known of a word, reading it when it is new. The index stays good until forget.
func (w *worker) lexeme(text string, word *fold.Word) (int32, fact) {
	key := hashWord(text, word.Start, word.End) | 1
	i := key >> 20 % wordSlots
	for {
		slot := &w.slots[i]
		if slot.key == key {
			if !slot.met {
				slot.met = true
			}
			return slot.lex - 1, slot.fact
		}
		if slot.lex == 0 {
			break
		}
		i = (i + 1) % wordSlots
	}
	w.lex = append(w.lex, newLexeme(word.Raw(text), word.Flags))
	n := int32(len(w.lex)) //nolint:gosec // bounded by the text
	f := factOf(&w.lex[n-1])
	if n < wordSlots*3/4 { // one giant text: words past the bound are read but not kept
		w.slots[i] = wordSlot{key, n, true, f}
	}
	return n - 1, f
}

func (w *worker) keep(x lexeme) int32 {
	w.lex = append(w.lex, x)
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
	id := w.keep(lexeme{piece: p})
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
	// closest is the best similarity, dear how many postings the rare hits have, common whether there are common hits.
	closest float32
	dear    int32
	// from and n lead to the hits of the desk.
	from, n uint32
	known   bool
	common  bool
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
	*h = hitList{known: true, from: uint32(len(d.found))} //nolint:gosec // bounded by the words remembered
	d.look(&x.piece, h, d.next())
	for i := range x.other {
		d.look(&x.other[i], h, d.next())
	}
	h.settle(d)
	return h
}

func (d *desk) hits(h *hitList) []hit { return d.found[h.from : h.from+h.n] }

// look adds the watched parts like p.
func (d *desk) look(p *piece, h *hitList, epoch uint32) {
	if p.initial || p.word == "" {
		return
	}
	v := &d.level.vocab
	var q piece
	try := func(t uint32) {
		if d.seen[t] == epoch {
			return
		}
		d.seen[t] = epoch
		if !d.mayMeet(p, t) {
			return
		}
		q = v.piece(t)
		s, rule := meet(&q, p)
		if s < leastHit {
			return
		}
		h.closest = max(h.closest, float32(s))
		d.found = append(d.found, hit{t, float32(worth(&q, p, s, rule))})
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
