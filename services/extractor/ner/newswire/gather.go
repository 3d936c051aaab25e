package newswire

import (
	"bytes"
	"cmp"
	"slices"
	"unicode"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/ner/crf"
)

// gatherer is the working memory in which the names of one text become entities.
type gatherer struct {
	text   string
	buf    []byte // folded forms, end to end
	names  []name
	groups []group
	byForm map[uint64]int32 // kind and folded form → group
	last   map[uint64]int32 // surname of a full name, or short form of an organisation → group
	sure   map[uint64]sure  // folded form → its kind where the model was surest
	order  []int32
}

// sure is a kind and its score.
type sure struct {
	kind  string
	score float64
}

// sum is the FNV-1a hash of a kind and a folded form, by which the maps know it.
func sum(kind string, form []byte) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(kind) {
		h = (h ^ uint64(kind[i])) * 1099511628211
	}
	for _, c := range form {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// name is one mention.
type name struct {
	start, end int
	lo, hi     int // folded form in buf
	words      int
	kind       string
	score      float64
	group      int32
}

// group is one entity in the making.
type group struct {
	kind    string
	longest int32 // name with the longest folded form
	into    int32 // the group this one joined, or -1
	first   int32
	count   int
	score   float64
	next    int32 // another person with the same surname, or -1
}

func newGatherer() *gatherer {
	return &gatherer{byForm: map[uint64]int32{}, last: map[uint64]int32{}, sure: map[uint64]sure{}}
}

func (g *gatherer) reset(text string) {
	g.text, g.buf, g.names, g.groups = text, g.buf[:0], g.names[:0], g.groups[:0]
	clear(g.byForm)
	clear(g.last)
	clear(g.sure)
}

// add takes in one name that the model found, unless it is none.
func (g *gatherer) add(found crf.Name, kind string) {
	start, end := trim(g.text, found.Start, found.End, kind)
	lo := len(g.buf)
	var words int
	g.buf, words = appendFolded(g.buf, g.text[start:end])
	if nameless(g.text[start:end], g.buf[lo:], words, kind) {
		g.buf = g.buf[:lo]
		return
	}
	if kind == messages.KindOrganization {
		start = withArticle(g.text, start)
	}
	g.names = append(g.names, name{start: start, end: end, lo: lo, hi: len(g.buf), words: words, kind: kind, score: found.Score})
}

func (g *gatherer) folded(n *name) []byte { return g.buf[n.lo:n.hi] }

// entities groups the names and returns the entities in order of first mention.
func (g *gatherer) entities() []ner.Entity {
	g.agree()
	g.dropPeoples()
	g.shouted()
	if len(g.names) == 0 {
		return nil
	}
	g.groupForms()
	g.joinPeople()
	g.joinOrganizations()
	return g.result()
}

// doubtful is the score below which a name takes the kind of other names with the same form.
const doubtful = 0.6

// agree gives a doubtful name the kind that the text gives the same words elsewhere with more certainty.
func (g *gatherer) agree() {
	mixed := false
	for i := range g.names {
		n := &g.names[i]
		form := sum("", g.folded(n))
		b, ok := g.sure[form]
		mixed = mixed || ok && b.kind != n.kind
		if !ok || n.score > b.score {
			g.sure[form] = sure{n.kind, n.score}
		}
	}
	for i := range g.names {
		if n := &g.names[i]; mixed && n.score < doubtful {
			if b := g.sure[sum("", g.folded(n))]; b.score > 1.3*n.score {
				n.kind = b.kind
			}
		}
	}
}

// groupForms makes one group of all names with the same kind and folded form.
func (g *gatherer) groupForms() {
	for i := range g.names {
		n := &g.names[i]
		form := sum(n.kind, g.folded(n))
		k, ok := g.byForm[form]
		if !ok {
			k = int32(len(g.groups))
			g.groups = append(g.groups, group{kind: n.kind, longest: int32(i), into: -1, first: int32(i), next: -1})
			g.byForm[form] = k
		}
		n.group = k
		q := &g.groups[k]
		q.count++
		q.score = max(q.score, n.score)
		if better(g.text, n, &g.names[q.longest]) {
			q.longest = int32(i)
		}
	}
}

// better says whether a is the form to show rather than b: longer, or as long and not in capitals.
func better(text string, a, b *name) bool {
	if la, lb := a.hi-a.lo, b.hi-b.lo; la != lb {
		return la > lb
	}
	return loud(text[b.start:b.end]) && !loud(text[a.start:a.end])
}

func loud(s string) bool {
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
	}
	return true
}

// joinPeople joins shorter forms of a person's name to the full one.
func (g *gatherer) joinPeople() {
	g.byWords(messages.KindPerson)
	for _, k := range g.order {
		n := &g.names[g.groups[k].first]
		if n.words < 2 {
			continue
		}
		surname := sum("", lastWord(g.folded(n)))
		head, ok := g.last[surname]
		if !ok {
			g.last[surname] = k
			continue
		}
		if into := g.sameperson(head, n); into >= 0 {
			g.groups[k].into = into
			continue
		}
		g.groups[k].next = g.groups[head].next
		g.groups[head].next = k
	}
	for i := range g.names {
		if n := &g.names[i]; n.kind == messages.KindPerson && n.words == 1 {
			if into := g.nearest(int32(i)); into >= 0 {
				n.group = into
			}
		}
	}
}

// byWords lists the groups of a kind, most words first, in text order among equals.
func (g *gatherer) byWords(kind string) {
	g.order = g.order[:0]
	for k := range g.groups {
		if g.groups[k].kind == kind {
			g.order = append(g.order, int32(k))
		}
	}
	slices.SortStableFunc(g.order, func(a, b int32) int {
		return cmp.Compare(g.names[g.groups[b].first].words, g.names[g.groups[a].first].words)
	})
}

// sameperson returns the group, among those with the surname of head, whose full name n shortens, or -1 when there is
// none or more than one.
func (g *gatherer) sameperson(head int32, n *name) int32 {
	found := int32(-1)
	for k := head; k >= 0; k = g.groups[k].next {
		if g.groups[k].into < 0 && shortens(g.folded(n), g.folded(&g.names[g.groups[k].first])) {
			if found >= 0 {
				return -1
			}
			found = k
		}
	}
	return found
}

// shortens says whether short is full with middle names left out or given names cut to initials.
func shortens(short, full []byte) bool {
	first, rest, more := bytes.Cut(short, []byte{' '})
	given, others, _ := bytes.Cut(full, []byte{' '})
	if !bytes.Equal(first, given) && !(len(first) == 1 && given[0] == first[0]) {
		return false
	}
	for more {
		first, rest, more = bytes.Cut(rest, []byte{' '})
		for {
			if len(others) == 0 {
				return false
			}
			given, others, _ = bytes.Cut(others, []byte{' '})
			if bytes.Equal(first, given) || len(first) == 1 && given[0] == first[0] {
				break
			}
		}
	}
	return true
}

// nearest returns the person whose surname the single word of name i is: the last one mentioned before it, else the
// first one after; -1 when there is none.
func (g *gatherer) nearest(i int32) int32 {
	head, ok := g.last[sum("", g.folded(&g.names[i]))]
	if !ok {
		return -1
	}
	if g.groups[head].next < 0 {
		return head
	}
	for _, way := range [2]int32{-1, 1} {
		for j := i + way; j >= 0 && int(j) < len(g.names); j += way {
			m := &g.names[j]
			if m.kind == messages.KindPerson && m.words > 1 && bytes.Equal(lastWord(g.folded(m)), g.folded(&g.names[i])) {
				return m.group
			}
		}
	}
	return head
}

// lastWord returns the surname of a folded full name: its last word that is no suffix.
func lastWord(folded []byte) []byte {
	for {
		i := bytes.LastIndexByte(folded, ' ')
		w := folded[i+1:]
		if i < 0 || !suffix(w) {
			return w
		}
		folded = folded[:i]
	}
}

func suffix(w []byte) bool {
	switch string(w) {
	case "jr", "sr", "ii", "iii", "iv", "phd", "md":
		return true
	}
	return false
}
