package newswire

import (
	"bytes"
	"strings"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/ner"
)

// joinOrganizations joins acronyms to the name they stand for, where the text introduces them or where their letters
// are its initials, and short forms to a longer name that begins with them.
func (g *gatherer) joinOrganizations() {
	g.byWords(messages.KindOrganization)
	if len(g.order) < 2 {
		return
	}
	g.introduced()
	clear(g.last)
	for _, k := range g.order {
		n := &g.names[g.groups[k].first]
		if g.groups[k].into >= 0 {
			continue
		}
		if n.words > 1 {
			g.claim(k, n)
			continue
		}
		if into, ok := g.last[sum("", g.folded(n))]; ok && into >= 0 && into != k {
			g.groups[k].into = g.root(into)
		}
	}
}

// ambiguous marks a short form that stands for more than one name.
const ambiguous = -2

// claim offers the initials and the first word of a long name as its short forms.
func (g *gatherer) claim(k int32, n *name) {
	at := len(g.buf)
	for w := range bytes.FieldsSeq(g.folded(n)) {
		if !minor(w) {
			g.buf = append(g.buf, w[0])
		}
	}
	if len(g.buf)-at > 1 {
		g.offer(g.buf[at:], k)
	}
	g.buf = g.buf[:at]
	first, _, _ := bytes.Cut(g.folded(n), []byte{' '})
	if len(first) > 3 {
		g.offer(first, k)
	}
}

func (g *gatherer) offer(short []byte, k int32) {
	form := sum("", short)
	if old, taken := g.last[form]; taken && old != k {
		k = ambiguous
	}
	g.last[form] = k
}

func minor(w []byte) bool {
	switch string(w) {
	case "of", "the", "and", "for", "in", "on", "to", "de", "la", "s":
		return true
	}
	return false
}

// introduced joins a name in brackets to the one right before it: "the United Nations (UN)", "WHO (World Health
// Organization)".
func (g *gatherer) introduced() {
	for i := 1; i < len(g.names); i++ {
		a, b := &g.names[i-1], &g.names[i]
		if a.kind != messages.KindOrganization || b.kind != a.kind || a.group == b.group {
			continue
		}
		between := strings.TrimSpace(g.text[a.end:b.start])
		if between != "(" || !strings.HasPrefix(strings.TrimLeft(g.text[b.end:], " "), ")") {
			continue
		}
		long, short := a, b
		if short.words > long.words {
			long, short = short, long
		}
		if short.words == 1 && g.root(short.group) != g.root(long.group) && abbreviates(g.folded(short), g.folded(long)) {
			g.groups[g.root(short.group)].into = g.root(long.group)
		}
	}
}

// abbreviates says whether the letters of short occur in long in this order, beginning with the first.
func abbreviates(short, long []byte) bool {
	if long[0] != short[0] {
		return false
	}
	for _, c := range short {
		i := bytes.IndexByte(long, c)
		if i < 0 {
			return false
		}
		long = long[i+1:]
	}
	return true
}

// root returns the group that k joined in the end.
func (g *gatherer) root(k int32) int32 {
	for g.groups[k].into >= 0 {
		k = g.groups[k].into
	}
	return k
}

// result writes the groups out. All mentions share one array, and so do all keys.
func (g *gatherer) result() []ner.Entity {
	roots := 0
	for k := range g.groups {
		g.groups[k].count, g.groups[k].first = 0, -1
	}
	for i := range g.names {
		n := &g.names[i]
		n.group = g.root(n.group)
		q := &g.groups[n.group]
		if q.count == 0 {
			q.first = int32(i)
			q.longest = int32(i)
			roots++
		}
		q.count++
		q.score = max(q.score, n.score)
		if better(g.text, n, &g.names[q.longest]) {
			q.longest = int32(i)
		}
	}
	entities := make([]ner.Entity, 0, roots)
	mentions := make([]ner.Span, len(g.names))
	g.order = g.order[:0]
	at := 0
	for i := range g.names {
		q := &g.groups[g.names[i].group]
		if q.first != int32(i) {
			continue
		}
		entities = append(entities, g.entity(q, mentions[at:at:at+q.count]))
		at += q.count
		q.next = int32(len(entities) - 1)
	}
	for i := range g.names {
		n := &g.names[i]
		e := &entities[g.groups[n.group].next]
		e.Mentions = append(e.Mentions, ner.Span{Start: n.start, End: n.end})
	}
	g.keys(entities)
	return entities
}

func (g *gatherer) entity(q *group, mentions []ner.Span) ner.Entity {
	n := &g.names[q.longest]
	form := g.text[n.start:n.end]
	if strings.ContainsAny(form, "\n\t\r\u00a0") || strings.Contains(form, "  ") {
		form = strings.Join(strings.Fields(form), " ")
	}
	g.order = append(g.order, q.longest)
	return ner.Entity{Kind: q.kind, Canonical: form, Score: q.score, Mentions: mentions}
}

// keys gives each entity its key, cut from one string.
func (g *gatherer) keys(entities []ner.Entity) {
	at := len(g.buf)
	for i := range entities {
		n := &g.names[g.order[i]]
		g.buf = append(append(append(g.buf, entities[i].Kind...), ':'), g.folded(n)...)
	}
	all := string(g.buf[at:])
	for i := range entities {
		n := &g.names[g.order[i]]
		size := len(entities[i].Kind) + 1 + n.hi - n.lo
		entities[i].Key, all = all[:size], all[size:]
	}
	g.buf = g.buf[:at]
}
