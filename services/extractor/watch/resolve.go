package watch

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch/fold"
)

// Margins over the threshold that make the tiers, in bits.
const (
	probableFrom  = 2.0
	confirmedFrom = 7.0
)

// tiedBits is how close two entries of one list must be for both to ring at one mention; more where the mention is the whole
// name of both, with so much evidence for either that no stranger is likely, and only spelled closer to one: spelling alone
// does not tell two people apart.
const (
	tiedBits      = 2.0
	tiedWholeBits = 4.0
	wholeEvidence = 24.0
)

// Weak aliases and other properties of a spelling.
const (
	weakAlias    = 4.0
	weakMargin   = confirmedFrom // over the threshold, from which a weak alias of several words needs no context
	leastSupport = 2.0           // context in bits that a weak alias or a name of one word needs
)

// resolve judges the candidates in their text and makes matches of those that win their mention and reach their
// threshold.
func (s *session) resolve(within float64) (rang, near []Match) {
	s.dropGone()
	groups := s.group()
	for _, g := range groups {
		s.inherit(g.all)
		s.judge(g)
	}
	bidders := newBidders(groups)
	for _, g := range groups {
		if bidders.outbid(g) {
			continue
		}
		m, ok := s.match(g)
		switch {
		case ok:
			rang = append(rang, m)
		case within > 0 && m.Bits >= m.Threshold-within:
			near = append(near, m)
		}
	}
	sortMatches(rang)
	sortMatches(near)
	return rang, near
}

func (s *session) dropGone() {
	s.found = slices.DeleteFunc(s.found, func(c candidate) bool {
		l := s.x.levels[c.slot]
		if s.x.gone[c.slot][c.entry] {
			return true
		}
		return l.entries.detailOf(c.entry).policy.ExactOnly && !c.exact || s.isPlace(&c)
	})
}

// isPlace says whether the words of a candidate are together the name of a country or town, or each of them is, not spelled
// as listed.
func (s *session) isPlace(c *candidate) bool {
	if c.exact || c.phrase {
		return false
	}
	if !slices.ContainsFunc(c.lex, func(id int32) bool { return s.w.lex[id].country == 0 }) { // Havana, Cuba
		return true
	}
	if !s.w.lex[c.lex[0]].is(opensPlace) {
		return false
	}
	key := ""
	for i, id := range c.lex {
		if i > 0 {
			key += " "
		}
		key += s.w.lex[id].piece.word
	}
	return theAtlas().phrase[key] != 0
}

// inherit lets a short mention share what is known from a longer one: where the text elsewhere goes on after the same
// words, or contradicts the entry there, the short form means that other person. The candidates are those of one entry.
func (s *session) inherit(all []candidate) {
	var longer map[uint64]*candidate
	for i := range all {
		d := &all[i]
		if d.alone {
			continue
		}
		if longer == nil {
			longer = map[uint64]*candidate{}
		}
		if known := longer[d.words]; known == nil || d.verdict.bits < known.verdict.bits {
			longer[d.words] = d
		}
	}
	for i := range all {
		c := &all[i]
		if c.phrase || !c.alone || c.verdict.contradicted {
			continue
		}
		if d := longer[c.words]; d != nil && d.verdict.bits < c.verdict.bits {
			c.verdict.against("named in full elsewhere", s.doc.Text[d.span.Start:d.span.End], c.verdict.bits-d.verdict.bits)
		}
	}
}

// group is the candidates of one entry, best first.
type group struct {
	slot  int
	entry uint32
	list  string
	all   []candidate
	bits  float64
}

func (s *session) group() []*group {
	slices.SortStableFunc(s.found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.slot, b.slot), cmp.Compare(a.entry, b.entry), cmp.Compare(b.verdict.bits, a.verdict.bits),
			cmp.Compare(a.first, b.first), cmp.Compare(a.name, b.name))
	})
	var out []*group
	for i := range s.found {
		c := s.found[i]
		c.words = hashWords(c.lex)
		if n := len(out); n > 0 && out[n-1].slot == c.slot && out[n-1].entry == c.entry {
			out[n-1].all = append(out[n-1].all, c)
			continue
		}
		e := &s.x.levels[c.slot].entries
		out = append(out, &group{slot: c.slot, entry: c.entry, list: e.lists[e.list[c.entry]], all: []candidate{c}})
	}
	return out
}

// hashWords hashes the numbers of words.
func hashWords(lex []int32) uint64 {
	h := uint64(len(lex))
	for _, x := range lex {
		h = mix(h, uint64(x)) //nolint:gosec // not negative
	}
	return h
}

// judge adds context to the best candidates of a group and puts the best first.
func (s *session) judge(g *group) {
	d := s.x.levels[g.slot].entries.detailOf(g.entry)
	for i := range g.all {
		c := &g.all[i]
		if c.kind == codeWeak {
			c.verdict.against("weak alias", "", weakAlias)
		}
		c.context = s.context(c, d)
		c.bits = c.verdict.bits
		for _, r := range c.context {
			c.bits += r.Bits
		}
		s.whole(c, max(s.x.Threshold(g.list), d.policy.MinBits))
	}
	slices.SortStableFunc(g.all, func(a, b candidate) int { return cmp.Compare(b.bits, a.bits) })
	g.bits = g.all[0].bits
}

// wholeBits is what the whole of a name may lift a mention by, no further than into review.
const wholeBits = 1.0

// whole lets people have a look at a mention just short of its threshold where it is the whole name and nothing but it: most
// words that only happen to be like a name leave something over.
func (s *session) whole(c *candidate, threshold float64) {
	if c.phrase || !c.alone || len(c.parts) < 2 || c.verdict.n+c.verdict.missing > 0 || support(c.context) < 0 {
		return
	}
	if c.bits < threshold && c.bits+wholeBits >= threshold {
		c.context = append(c.context, Reason{"whole name", s.doc.Text[c.span.Start:c.span.End], wholeBits})
		c.bits += wholeBits
	}
}

// bidders are all candidates in order of their place, for finding those that overlap a mention.
type bidders struct {
	bids []bid
	// longest is the length of the longest mention.
	longest int
}

type bid struct {
	group *group
	c     *candidate
}

func newBidders(groups []*group) *bidders {
	r := &bidders{}
	for _, g := range groups {
		for i := range g.all {
			c := &g.all[i]
			r.bids = append(r.bids, bid{g, c})
			r.longest = max(r.longest, c.span.End-c.span.Start)
		}
	}
	slices.SortStableFunc(r.bids, func(a, b bid) int { return cmp.Compare(a.c.span.Start, b.c.span.Start) })
	return r
}

// outbid says whether another entry of the same list explains the best mention clearly better.
func (r *bidders) outbid(g *group) bool {
	best := g.all[0].span
	from, _ := slices.BinarySearchFunc(r.bids, best.Start-r.longest, func(b bid, at int) int { return cmp.Compare(b.c.span.Start, at) })
	for _, b := range r.bids[from:] {
		if b.c.span.Start >= best.End {
			break
		}
		o := b.group
		if o != g && o.list == g.list && o.bits >= g.bits && best.Start < b.c.span.End && beats(b.c, &g.all[0]) {
			return true
		}
	}
	return false
}

// beats says whether c explains the words clearly better than d: by more than a tie, or as well while leaving out fewer
// parts of its name.
func beats(c, d *candidate) bool {
	return c.bits > d.bits+tied(d.bits, d.verdict.n == 0 && d.verdict.missing == 0) || c.bits > d.bits && c.verdict.missing < d.verdict.missing
}

// tied is how much better another entry must be than one with this evidence, whole or in part.
func tied(bits float64, whole bool) float64 {
	if whole && bits >= wholeEvidence {
		return tiedWholeBits
	}
	return tiedBits
}

// match makes the match of a group; ok says whether it rings.
func (s *session) match(g *group) (m Match, ok bool) {
	l := s.x.levels[g.slot]
	c := &g.all[0]
	d := l.entries.detailOf(g.entry)
	m = Match{
		List: g.list, Entry: l.entries.id.of(g.entry), Name: l.entries.title.of(g.entry), Alias: s.alias(c),
		Score: matchScore(c), Bits: c.bits, Threshold: max(s.x.Threshold(g.list), d.policy.MinBits),
		Best: c.span, Parts: c.parts, Penalties: slices.Clone(c.verdict.reasons[:c.verdict.n]), Context: c.context,
	}
	m.Sentence = sentence(s.doc.Text, m.Best)
	m.Mentions = s.mentions(g, m.Threshold)
	m.Tier = lowered(tier(m.Bits-m.Threshold), d.policy.Tier)
	if m.loneWord(c) || c.kind == codeWeak && support(c.context) < leastSupport {
		m.Tier = lowered(m.Tier, messages.TierProbable)
	}
	m.Group = d.policy.Group
	if m.Bits < m.Threshold {
		return m, false
	}
	m.Held = s.held(c, d, m.Bits-m.Threshold)
	return m, m.Held == ""
}

// loneWord says whether one word is all that the match rests on, written as listed: the strongest that may be is probable.
func (m *Match) loneWord(c *candidate) bool {
	return !c.phrase && len(m.Parts) == 1 && support(m.Context) < leastSupport
}

// support is what contributions come to.
func support(reasons []Reason) float64 {
	bits := 0.0
	for _, r := range reasons {
		bits += r.Bits
	}
	return bits
}

func (s *session) alias(c *candidate) string {
	l := s.x.levels[c.slot]
	if c.phrase {
		return c.parts0(l)
	}
	return l.names.text.of(c.name)
}

// parts0 is the spelling behind a phrase candidate.
func (c *candidate) parts0(l *level) string {
	if c.source != "" {
		return c.source
	}
	return l.entries.title.of(c.entry)
}

func matchScore(c *candidate) float64 {
	if c.exact {
		return 1
	}
	return min(c.verdict.score, 0.999)
}

func tier(margin float64) string {
	switch {
	case margin >= confirmedFrom:
		return messages.TierConfirmed
	case margin >= probableFrom:
		return messages.TierProbable
	}
	return messages.TierReview
}

// lowered is a tier brought down to the highest that a policy lets ring.
func lowered(tier, highest string) string {
	if highest == messages.TierReview || highest == messages.TierProbable && tier == messages.TierConfirmed {
		return highest
	}
	return tier
}

// held says why a candidate with enough evidence does not ring: the entry's policy, or a spelling that is never enough
// alone. Empty when it rings.
func (s *session) held(c *candidate, d *detail, margin float64) string {
	p := &d.policy
	switch {
	case !p.MuteUntil.IsZero() && s.doc.Now.Before(p.MuteUntil) && !s.doc.Now.IsZero():
		return "the entry is mute until " + p.MuteUntil.UTC().Format(time.DateTime) + " UTC"
	case s.holdsAny(d.excludeWords):
		return "a phrase that the entry excludes stands in the text"
	case len(d.requireWords) > 0 && !s.holdsAny(d.requireWords):
		return "none of the phrases that the entry requires stands in the text"
	}
	switch {
	case support(c.context) >= leastSupport:
		return ""
	case !c.phrase && len(c.parts) == 1 && s.partOfLonger(c):
		return "one word of a longer listed name never rings alone; it counts once the text has more of the name, or with support from the context"
	case c.kind == codeWeak && (c.phrase || len(c.parts) < 2 || margin < weakMargin):
		return "a weak alias rings only with support from the context, or as several words with far more evidence than the threshold"
	case !c.phrase && len(c.parts) == 1 && !(c.exact && c.verdict.n == 0):
		return "one word rings only where it is written exactly as listed, or with support from the context"
	}
	return ""
}

// partOfLonger says whether a spelling of one word is part of a longer spelling of its entry, as a family name is.
func (s *session) partOfLonger(c *candidate) bool {
	l := s.x.levels[c.slot]
	one, _ := l.listedName(c.name, nil)
	if len(one.base) != 1 {
		return false
	}
	like := func(n uint32) bool {
		longer, _ := l.listedName(n, nil)
		return len(longer.base) > 1 && slices.ContainsFunc(longer.base, func(p piece) bool {
			similar, _ := meet(&p, &one.base[0])
			return similar >= surnameLike
		})
	}
	n := c.name // the spellings of an entry stand together
	for n > 0 && l.names.entry[n-1] == c.entry {
		n--
	}
	for ; int(n) < l.names.size() && l.names.entry[n] == c.entry; n++ {
		if like(n) {
			return true
		}
	}
	return false
}

// holdsAny says whether any of the phrases stands in the text.
func (s *session) holdsAny(phrases [][]string) bool {
	for _, p := range phrases {
		if len(s.positions(p)) > 0 {
			return true
		}
	}
	return false
}

// holdsAt says whether a phrase begins at word i.
func (s *session) holdsAt(phrase []string, i int) bool {
	if i+len(phrase) > len(s.w.ids) {
		return false
	}
	for k, want := range phrase {
		x := &s.w.lex[s.w.ids[i+k]]
		if x.piece.word != want && (x.dense == "" || !strings.Contains(x.dense, want)) {
			return false
		}
	}
	return true
}

// mentions are all spans of the entry: other full mentions, and lone family names once a full one identified it.
func (s *session) mentions(g *group, threshold float64) []Span {
	var spans []Span
	for i := range g.all {
		if c := &g.all[i]; c.bits >= threshold-probableFrom || i == 0 {
			spans = append(spans, c.span)
		}
	}
	if c := &g.all[0]; !c.phrase && c.bits >= threshold {
		spans = append(spans, s.surnames(c)...)
	}
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	out := spans[:0]
	for _, sp := range spans {
		if len(out) == 0 || sp.Start >= out[len(out)-1].End {
			out = append(out, sp)
		} else if inside(g.all[0].span, sp) || g.all[0].span == sp {
			out[len(out)-1] = sp
		}
	}
	return out
}

func inside(in, out Span) bool { return in.Start >= out.Start && in.End <= out.End }

// surnameLike is the similarity from which a lone word is taken for the family name of a full mention.
const surnameLike = 0.85

// surnames finds words that stand alone and repeat the family name of a full mention.
func (s *session) surnames(c *candidate) []Span {
	family := &s.w.lex[c.family]
	var spans []Span
	for _, i := range s.loneWords() {
		w := &s.w.words[i]
		if w.Start < c.span.End && c.span.Start < w.End {
			continue
		}
		x := &s.w.lex[s.w.ids[i]]
		if x != family {
			if x.piece.word == "" || x.is(isOrdinary|isStop) || len(x.piece.code) < 3 {
				continue
			}
			if similar, _ := meet(&family.piece, &x.piece); similar < surnameLike {
				continue
			}
		}
		spans = append(spans, Span{w.Start, w.End})
	}
	return spans
}

// loneWords are the words of the text that stand alone and could be a family name, found once.
func (s *session) loneWords() []int32 {
	if s.lone == nil {
		s.lone = s.w.lone[:0]
		for i := range s.w.ids {
			if !s.plainAt(i) && s.standsAlone(i) {
				s.lone = append(s.lone, int32(i)) //nolint:gosec // below 2 GiB
			}
		}
		s.w.lone = s.lone
	}
	return s.lone
}

// standsAlone says whether no other name word stands directly beside word i.
func (s *session) standsAlone(i int) bool {
	if !s.caseless && !s.w.words[i].Has(fold.Capital) {
		return false
	}
	if i > 0 && !s.endsHere(i) && s.nameWord(i-1) && !s.acronymBeside(i-1, i) {
		return false
	}
	return i+1 >= len(s.w.words) || s.endsHere(i+1) || !s.nameWord(i+1) || s.acronymBeside(i+1, i)
}

// acronymBeside says whether word i is an acronym beside an ordinarily written name: "OMON Khalimov".
func (s *session) acronymBeside(i, name int) bool {
	return s.w.words[i].Has(fold.Shout) && !s.w.words[name].Has(fold.Shout) && !s.caseless
}

// nameWord says whether word i reads as part of a name.
func (s *session) nameWord(i int) bool {
	x := &s.w.lex[s.w.ids[i]]
	if x.country != 0 || x.is(isOrdinary|isStop|isTitle|isJob|isNumber) {
		return false
	}
	return s.classify(i) == belongs
}
