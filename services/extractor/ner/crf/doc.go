package crf

// Document is one text under analysis: its words, how it uses them, and the runs of tokens that can hold names. It is
// working memory: made by Model.NewDocument, filled again for every text, for one goroutine at a time.
type Document struct {
	m      *Model
	tokens []string
	ends   []int
	use    []int32   // the usage of each token
	prev   []int32   // previous telling capitalised occurrence of the same word, or -1
	names  []places4 // name-list entries over each token
	usages []usage
	slots  []int32 // hash table over usages, index+1
	runs   []Run
	words  arena
	votes  votes
}

// Run is a stretch of tokens of one sentence that can hold names, with a capital somewhere in it.
type Run struct {
	First, End int
	sentence   int // index of the sentence's first token
	stop       int // index of the token after the sentence
	shout      bool
}

// usage is how the document writes one word: as spelled, or in lower case when it stands for all its spellings.
type usage struct {
	hash  uint64
	word  *word
	lower int32 // usage of the lower-case form; itself for lower-case words
	plain int32 // occurrences in lower case
	mid   int32 // capitalised occurrences inside a sentence
	last  int32 // last telling capitalised occurrence, or -1
	count int32 // telling capitalised occurrences
}

// places4 says for each place in an entry (alone, first, inside, last) which lists have such an entry over the token.
type places4 [4]uint16

// NewDocument returns empty working memory for texts read with m.
func (m *Model) NewDocument() *Document {
	return &Document{m: m, slots: make([]int32, 1024)}
}

// Load reads a document: its tokens, and for each sentence the index after its last token. Both are kept until the next
// Load and not changed.
func (d *Document) Load(tokens []string, ends []int) {
	d.reset(tokens, ends)
	for i, t := range tokens {
		d.use[i] = d.usageOf(t)
	}
	first := 0
	for _, end := range ends {
		shout := d.shouts(first, end)
		d.findRuns(first, end, shout)
		if !shout {
			d.observe(first, end)
		}
		first = end
	}
	for _, r := range d.runs {
		d.matchNames(r)
	}
}

func (d *Document) reset(tokens []string, ends []int) {
	d.tokens, d.ends = tokens, ends
	n := len(tokens)
	d.use, d.prev, d.names = sized(d.use, n), sized(d.prev, n), sized(d.names, n)
	clear(d.names)
	for i := range d.prev {
		d.prev[i] = -1
	}
	d.usages, d.runs = d.usages[:0], d.runs[:0]
	d.words.used = 0
	size := 1024
	for size < 3*n {
		size *= 2
	}
	if size > len(d.slots) {
		d.slots = make([]int32, size)
	} else {
		d.slots = d.slots[:size]
		clear(d.slots)
	}
}

// sized returns a slice of n elements, with s's memory when it suffices.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4+64)
	}
	return s[:n]
}

// slot returns the usage with this hash and whether it is new.
func (d *Document) slot(hash uint64) (int32, bool) {
	mask := uint64(len(d.slots) - 1)
	for i := mix(hash, 0) & mask; ; i = (i + 1) & mask {
		switch u := d.slots[i] - 1; {
		case u < 0:
			d.usages = append(d.usages, usage{hash: hash, lower: -1, last: -1})
			d.slots[i] = int32(len(d.usages))
			return int32(len(d.usages)) - 1, true
		case d.usages[u].hash == hash:
			return u, false
		}
	}
}

func (d *Document) usageOf(token string) int32 {
	h := exactHash(token)
	u, _ := d.slot(h)
	if d.usages[u].word != nil {
		return u
	}
	w := d.m.known(h, token)
	if w == nil {
		w = d.words.next()
		readForm(token, &w.form)
		d.m.lex.describe(&w.form, token)
	}
	l := u
	if w.lower != h {
		l, _ = d.slot(w.lower)
	}
	d.usages[u].word, d.usages[u].lower = w, l
	return u
}

func (d *Document) word(i int) *word { return d.usages[d.use[i]].word }

// shouts says whether a sentence is written in capitals, as headlines are.
func (d *Document) shouts(first, end int) bool {
	words, loud := 0, 0
	for i := first; i < end; i++ {
		if w := d.word(i); w.letters && w.long {
			words++
			if w.shout {
				loud++
			}
		}
	}
	return words >= 3 && loud*10 >= words*8
}

// findRuns adds the runs of a sentence: stretches of words with capitals and of joiners, with at least one capital.
func (d *Document) findRuns(first, end int, shout bool) {
	for i := first; i < end; {
		start, capital := i, false
		for ; i < end; i++ {
			w := d.word(i)
			if !w.upper && !w.joins {
				break
			}
			capital = capital || w.upper
		}
		if capital {
			d.runs = append(d.runs, Run{start, i, first, end, shout})
		}
		if i == start {
			i++
		}
	}
}

// observe counts how a sentence that is not in capitals writes its words.
func (d *Document) observe(first, end int) {
	for i := first; i < end; i++ {
		w := d.word(i)
		u := &d.usages[d.usages[d.use[i]].lower]
		if !w.capital {
			if w.letters {
				u.plain++
			}
			continue
		}
		if i > first && !d.word(i-1).opens() {
			u.mid++
		}
		d.prev[i], u.last = u.last, int32(i)
		u.count++
	}
}

// opens says whether a word after this mark may have a capital for standing there.
func (f *form) opens() bool {
	switch f.exact {
	case hashQuote, hashStop, hashColon, hashDash:
		return true
	}
	return false
}

// Hashes of marks, as exactHash gives them.
const (
	hashQuote = (fnvStart ^ '"') * fnvPrime & (1<<64 - 1)
	hashStop  = (fnvStart ^ '.') * fnvPrime & (1<<64 - 1)
	hashColon = (fnvStart ^ ':') * fnvPrime & (1<<64 - 1)
	hashDash  = (fnvStart ^ '-') * fnvPrime & (1<<64 - 1)
)

// matchNames marks, from each capitalised token of the run, the longest entry of the name lists that starts there.
func (d *Document) matchNames(r Run) {
	lex := d.m.lex
	for i := r.First; i < r.End; i++ {
		w := d.word(i)
		if !w.upper {
			continue
		}
		best, size := w.listed, 1
		h := mix(0, w.lower)
		for n := 2; n <= longestName && i+n <= r.stop; n++ {
			h = mix(h, d.word(i+n-1).lower)
			if at := lex.names.find(key(nameTable, h)); at >= 0 {
				best, size = lex.lists[at], n
			}
		}
		if best == 0 {
			continue
		}
		if size == 1 {
			d.names[i][0] |= best
			continue
		}
		d.names[i][1] |= best
		for j := i + 1; j < i+size-1; j++ {
			d.names[j][2] |= best
		}
		d.names[i+size-1][3] |= best
	}
}

// Runs returns the document's runs in order; valid until the next Load.
func (d *Document) Runs() []Run { return d.runs }

// arena hands out words that live until the next document.
type arena struct {
	blocks []*[64]word
	used   int
}

func (a *arena) next() *word {
	if a.used == 64*len(a.blocks) {
		a.blocks = append(a.blocks, new([64]word))
	}
	w := &a.blocks[a.used/64][a.used%64]
	a.used++
	w.summed = false
	return w
}
