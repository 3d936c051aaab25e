package watch

import (
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// level is one compiled set of entries. An Index has a large one and a few small ones that hold what was added since.
type level struct {
	vocab   vocab
	blocks  buckets
	posts   postings
	names   nameTable
	entries entryTable
	phrases phrases
	// detailed: of some entry more is known than names.
	detailed bool
}

// nameTable holds the watched spellings of persons.
type nameTable struct {
	entry []uint32
	text  texts
	// at leads to the parts of each name: words first, then joined words.
	at    []uint32
	parts []namePart
	kind  []kindByte
	// suffix is the folded Jr, III and the like of the few names that have one.
	suffix map[uint32]string
}

// kindByte is a NameKind in one byte.
type kindByte uint8

// namePart packs a part: its number in the vocab (24 bits), role (2), joined (1), fathered (1), first word covered (4).
type namePart uint32

func packPart(t uint32, r role, joined, fathered bool, first int) namePart {
	p := namePart(t) | namePart(r)<<24 | namePart(first)<<28 //nolint:gosec // first is below mostWords
	if joined {
		p |= 1 << 26
	}
	if fathered {
		p |= 1 << 27
	}
	return p
}

func (p namePart) part() uint32   { return uint32(p) & (mostParts - 1) }
func (p namePart) role() role     { return role(p >> 24 & 3) } //nolint:gosec // two bits
func (p namePart) joined() bool   { return p&(1<<26) != 0 }
func (p namePart) fathered() bool { return p&(1<<27) != 0 }
func (p namePart) first() int     { return int(p >> 28) }

func (t *nameTable) size() int { return len(t.entry) }

func (t *nameTable) of(n uint32) []namePart { return t.parts[t.at[n]:t.at[n+1]] }

// texts is many strings in one.
type texts struct {
	all string
	at  []uint32
}

func (t *texts) of(i uint32) string { return t.all[t.at[i]:t.at[i+1]] }

// textsBuilder gathers texts.
type textsBuilder struct {
	b  strings.Builder
	at []uint32
}

func (t *textsBuilder) add(s string) {
	t.b.WriteString(s)
	t.at = append(t.at, uint32(t.b.Len())) //nolint:gosec // a level holds less than 4 GiB of names
}

func (t *textsBuilder) build() texts {
	return texts{t.b.String(), slices.Insert(slices.Clip(t.at), 0, 0)}
}

// entryTable holds what alerts and context need of each entry.
type entryTable struct {
	id, title texts
	list      []uint16
	lists     []string
	// byID finds an entry by its id.
	byID buckets
	// names counts the spellings of each, at most 255.
	names []uint8
	// detail leads to the details of the entries that have any; -1 for the rest.
	detail  []int32
	details []detail
}

// detail is what is known of an entry beyond its names.
type detail struct {
	kind                         Kind
	birth                        string
	countries                    []country
	policy                       Policy
	organizationWords, roleWords [][]string
	associateWords               [][]string
	requireWords, excludeWords   [][]string
}

func (t *entryTable) size() int { return len(t.list) }

func (t *entryTable) bare(e uint32) bool { return t.detail[e] < 0 }

var noDetail = &detail{}

func (t *entryTable) detailOf(e uint32) *detail {
	if i := t.detail[e]; i >= 0 {
		return &t.details[i]
	}
	return noDetail
}

// levelBuilder compiles entries.
type levelBuilder struct {
	vocab    vocabBuilder
	names    nameTable
	nameText textsBuilder
	ids      textsBuilder
	titles   textsBuilder
	entries  entryTable
	lists    map[string]uint16
	phrases  phraseBuilder
	problems []Problem
}

// chunk is how many entries are read side by side.
const chunk = 1 << 14

func buildLevel(entries []Entry) (*level, []Problem) {
	b := &levelBuilder{
		vocab: vocabBuilder{ids: map[string]uint32{}}, lists: map[string]uint16{},
		names: nameTable{at: []uint32{0}, suffix: map[uint32]string{}},
	}
	var forms [][]nameForm
	for part := range slices.Chunk(entries, chunk) {
		forms = readForms(part, forms[:0])
		for i := range part {
			b.add(part[i], forms[i])
		}
	}
	return b.build(), b.problems
}

// readForms folds the names of persons on every core.
func readForms(entries []Entry, forms [][]nameForm) [][]nameForm {
	forms = slices.Grow(forms, len(entries))[:len(entries)]
	read := func(lo, hi int) {
		for i := lo; i < hi; i++ {
			forms[i] = nil
			if entries[i].Kind == Organization {
				continue
			}
			forms[i] = make([]nameForm, len(entries[i].Names))
			for n := range entries[i].Names {
				forms[i][n] = readName(entries[i].Names[n])
			}
		}
	}
	if len(entries) < 256 {
		read(0, len(entries))
		return forms
	}
	var wg sync.WaitGroup
	step := (len(entries) + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0)
	for lo := 0; lo < len(entries); lo += step {
		wg.Go(func() { read(lo, min(lo+step, len(entries))) })
	}
	wg.Wait()
	return forms
}

// add takes one entry; what cannot be watched becomes a problem.
func (b *levelBuilder) add(e Entry, forms []nameForm) {
	e = e.WithIdentity()
	if why := e.unaddressed(); why != "" {
		b.problems = append(b.problems, Problem{e.List, e.ID, why})
		return
	}
	index := uint32(b.entries.size()) //nolint:gosec // below 2^32
	kept := false
	for i, n := range e.Names {
		ok := false
		if e.Kind == Organization {
			ok = b.phrases.addOrganization(index, n)
		} else {
			ok = b.addName(index, n, &forms[i])
		}
		if !ok {
			b.problems = append(b.problems, Problem{e.List, e.ID, "a name has no letters to match by; write it with at least one word"})
		}
		kept = kept || ok
	}
	if !kept {
		b.problems = append(b.problems, Problem{e.List, e.ID, "no name is left to watch; give the entry one"})
		return
	}
	b.addEntry(&e)
}

func (b *levelBuilder) addEntry(e *Entry) {
	list, ok := b.lists[e.List]
	if !ok {
		list = uint16(len(b.entries.lists)) //nolint:gosec // far fewer lists
		b.lists[e.List] = list
		b.entries.lists = append(b.entries.lists, e.List)
	}
	b.entries.list = append(b.entries.list, list)
	b.entries.names = append(b.entries.names, uint8(min(len(e.Names), math.MaxUint8)))
	b.ids.add(e.ID)
	b.titles.add(e.Names[0].Text)
	if !hasDetail(e) {
		b.entries.detail = append(b.entries.detail, -1)
		return
	}
	b.entries.detail = append(b.entries.detail, int32(len(b.entries.details))) //nolint:gosec // below 2^31
	b.entries.details = append(b.entries.details, newDetail(e))
}

// addName files one spelling of a person under its parts.
func (b *levelBuilder) addName(entry uint32, n Name, f *nameForm) bool {
	if f.dense != "" {
		b.phrases.addDense(entry, n, f.dense)
	}
	if len(f.parts) == 0 {
		return f.dense != ""
	}
	index := uint32(b.names.size()) //nolint:gosec // below 2^32
	for i, p := range f.parts {
		t := b.vocab.id(p.word, p.abjad)
		b.names.parts = append(b.names.parts, packPart(t, p.role, false, p.fathered, i))
	}
	for _, i := range f.joins() {
		t := b.vocab.id(f.joined(i), f.parts[i].abjad)
		b.names.parts = append(b.names.parts, packPart(t, f.parts[i].role, true, false, i))
	}
	b.names.at = append(b.names.at, uint32(len(b.names.parts))) //nolint:gosec // bounded by the list
	b.names.entry = append(b.names.entry, entry)
	b.names.kind = append(b.names.kind, kindCode(n.Kind))
	b.nameText.add(n.Text)
	if f.suffix != "" {
		b.names.suffix[index] = f.suffix
	}
	return true
}

func (b *levelBuilder) build() *level {
	l := &level{names: b.names, entries: b.entries}
	l.names.text = b.nameText.build()
	l.names.parts, l.names.entry = slices.Clip(l.names.parts), slices.Clip(l.names.entry)
	l.entries.id, l.entries.title = b.ids.build(), b.titles.build()
	filings := make([]filing, l.entries.size())
	for e := range filings {
		filings[e] = filing{hashRaw(l.entries.id.of(uint32(e))) * hashFactor, uint32(e)} //nolint:gosec // below mostParts
	}
	l.entries.byID = newBuckets(filings)
	l.vocab = b.vocab.build()
	b.vocab = vocabBuilder{}
	l.blocks = fileParts(&l.vocab)
	l.posts = newPostings(&l.vocab, l.names.size(), l.filedParts(), func(n int) bool { return l.entries.bare(l.names.entry[n]) })
	l.detailed = len(l.entries.details) > 0
	l.phrases = b.phrases.build()
	return l
}

// filedParts gives the parts that a name is filed under, each once: words first, then joined words; initials only when
// there is nothing else. What it returns is good until its next call.
func (l *level) filedParts() func(n int) (ts []uint32, base int) {
	buf := make([]uint32, 0, 2*mostWords)
	return func(n int) ([]uint32, int) {
		base := 0
		buf = buf[:0]
		for _, p := range l.names.of(uint32(n)) { //nolint:gosec // below 2^32
			t := p.part()
			if isInitial(l.vocab.word(t)) || slices.Contains(buf, t) {
				continue
			}
			if !p.joined() {
				base++
			}
			buf = append(buf, t)
		}
		if len(buf) == 0 {
			return append(buf, l.names.of(uint32(n))[0].part()), 1 //nolint:gosec // below 2^32
		}
		if base == 1 {
			return buf[:1], 1
		}
		return buf, base
	}
}

// listedName gives name n for comparing; pieces is reused.
func (l *level) listedName(n uint32, pieces []piece) (listedName, []piece) {
	pieces = pieces[:0]
	words := 0
	for _, p := range l.names.of(n) {
		q := l.vocab.piece(p.part())
		q.role, q.joined, q.fathered = p.role(), p.joined(), p.fathered()
		q.mask = 1 << p.first()
		if q.joined {
			q.mask |= q.mask << 1
		} else {
			words++
		}
		pieces = append(pieces, q)
	}
	return listedName{base: pieces[:words], joins: pieces[words:], suffix: l.names.suffix[n]}, pieces
}

// Codes of name kinds.
const (
	codePrimary kindByte = iota
	codeAlias
	codeWeak
	codeOriginal
)

func kindCode(k NameKind) kindByte {
	switch k {
	case Alias:
		return codeAlias
	case WeakAlias:
		return codeWeak
	case OriginalScript:
		return codeOriginal
	}
	return codePrimary
}
