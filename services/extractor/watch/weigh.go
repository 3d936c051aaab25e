package watch

import (
	"math/bits"

	"tocsin/services/extractor/watch/sound"
)

// Structure is judged in bits. The figures were set on name_bench, on lists laid over news and on the labelled set.
const (
	contradiction  = 10.0 // a watched part and a word of the mention that both met nothing
	missingPart    = 1.5  // a watched part the mention leaves out
	missingFamily  = 3.0  // such a part that is a family name: the second surname tells namesakes apart
	extraPart      = 2.5  // a word inside the mention that no watched part explains
	fatherPart     = 1.0  // such a word that names a father
	goesOnBefore   = 2.0  // another name word stands before the mention
	goesOnAfter    = 4.0
	goesOnNamed    = 4.0 // more, up to this, when that word is a name that many people carry
	namedBelow     = 13.0
	cutAtHyphen    = 5.0  // a hyphen ties the mention to a name word outside of it
	wrongRole      = 10.0 // only family or only given parts agree
	noGivenName    = 9.0  // the first given name is left out though later parts agree: a father, a son, a sister
	noLastName     = 4.0  // the last part is left out, where the list does not say what it is
	noFirstName    = 5.0  // the first part is left out, where the list does not say what it is
	rareLastName   = 7.0  // the same, when it is the rarest part
	wrongOrder     = 3.0  // family name first though the list shows it last, or the parts in another order
	otherSyllables = 6.0  // a syllable of a Korean name more or less; twice that for one tied on, three times for another order
	otherSuffix    = 5.0  // Jr, III on one side only
	lonePart       = 6.0  // one word is all that agrees of a name of several
	otherCharacter = 12.0 // a part of a Chinese name is spelled otherwise in the same romanisation
	loneKunya      = 3.0  // "father of" and one word is all that agrees
	otherKunya     = 8.0  // father of somebody else
	noFirstFamily  = 5.0  // the first of two family names is left out, the second not
	buyBack        = 0.6  // share of a contradiction that a fair likeness of the left-over parts buys back
	tailContradict = 0.9  // share of a contradiction when the unexplained word stands just outside the matched words
)

// surroundings are the words of the same run that stand just outside the matched words; nil when there are none.
type surroundings struct {
	before, after *piece
	// hyphened: the word after is tied on by a hyphen; tied: the mention to the word before.
	hyphened, tied bool
	suffix         string
	// running: the mention stands in running text, not in a field of its own.
	running bool
	// known is how many words of the mention another spelling of the entry explains.
	known int
}

// verdict is an alignment judged.
type verdict struct {
	bits    float64
	score   float64
	reasons [8]Reason
	n       int
	// contradicted: some word speaks for another person.
	contradicted bool
	// hindered: some word of the text met nothing.
	hindered bool
	missing  int
	// alike are the watched words that met nothing but have a fairly like one among the left-over words of the mention.
	alike uint32
	// wordless: only the figures are wanted, not the words they are shown with.
	wordless bool
}

func (v *verdict) wordsOf(r *rest) string {
	if v.wordless {
		return ""
	}
	return r.words()
}

func (v *verdict) versus(a, b *rest) string { return v.versusWord(a, v.wordsOf(b)) }

func (v *verdict) versusWord(a *rest, word string) string {
	if v.wordless {
		return ""
	}
	return a.words() + " ≠ " + word
}

func (v *verdict) against(rule, text string, bits float64) {
	if v.n < len(v.reasons) {
		v.reasons[v.n] = Reason{Rule: rule, Text: text, Bits: -bits}
		v.n++
	}
	v.bits -= bits
}

// weigh sums the evidence of an alignment: what agrees, what is missing, what contradicts, and what stands around it.
// Inside has the bits of the mention's words that lie between the first and the last matched one.
func weigh(a *alignment, inside uint32, around surroundings) verdict {
	return weighInto(verdict{}, a, inside, around)
}

func weighInto(v verdict, a *alignment, inside uint32, around surroundings) verdict {
	for _, p := range a.pairs[:a.n] {
		v.bits += p.bits
	}
	missing := leftOver(a.listed.base, a.have)
	extra := leftOver(a.mention.base, a.used|^inside)
	v.missing = missing.n
	v.hindered = extra.n > 0 || around.before != nil || around.after != nil
	if around.known > 0 {
		v.against("in another spelling", "", knownPart*float64(around.known))
	}
	v.alike = alike(&missing, &extra, around)
	v.contradict(&missing, &extra, around)
	v.roles(a)
	v.order(a)
	v.syllables(a, &missing, &extra, around)
	v.characters(a)
	v.kunya(a)
	v.lineage(a)
	v.initials(&missing, &extra)
	if a.n == 1 && len(a.listed.base) > 1 && !a.pairs[0].listed.joined && !a.pairs[0].met.joined {
		v.against("one part only", "", lonePart)
	}
	if around.suffix != a.listed.suffix && around.suffix+a.listed.suffix != "" {
		v.against("suffix", around.suffix+a.listed.suffix, otherSuffix)
	}
	v.score = quality(a, &v, &missing, &extra, around)
	return v
}

// rest are the parts that met nothing, at most mostWords.
type rest struct {
	parts []piece
	index [mostWords]uint8
	n     int
}

// at are the places of the parts.
func (r *rest) at() []uint8 { return r.index[:r.n] }

func leftOver(parts []piece, covered uint32) (r rest) {
	r.parts = parts
	for i := range parts {
		if covered&parts[i].mask == 0 && r.n < mostWords && !parts[i].honour {
			r.index[r.n] = uint8(i) //nolint:gosec // below mostWords
			r.n++
		}
	}
	return r
}

func (r *rest) words() string {
	s := ""
	for i, k := range r.at() {
		if i > 0 {
			s += " "
		}
		s += r.parts[k].word
	}
	return s
}

// contradict sets missing against unexplained parts: left out is an omission, unexplained on both sides is another name.
func (v *verdict) contradict(missing, extra *rest, around surroundings) {
	pairs := min(contentParts(missing), contentParts(extra))
	if pairs > 0 {
		v.contradicted = true
		v.against("contradicts", v.versus(missing, extra), contradiction*float64(pairs)*(1-buyBack*likeness(missing, extra)))
	}
	if n := contentParts(missing) - pairs; n > 0 {
		v.against("left out", v.wordsOf(missing), missing.omission(n))
	}
	if n := contentParts(extra) - pairs; n > 0 {
		v.against("unexplained", v.wordsOf(extra), min(float64(n)*extraPart, extra.price())+extra.named(around.running))
	}
	outside := around.after
	if outside == nil {
		outside = around.before
	}
	if outside != nil && contentParts(missing) > pairs {
		v.contradicted = true
		cost := tailContradict * contradiction
		if v.alike != 0 {
			cost *= 1 - buyBack
		}
		v.against("contradicts", v.versusWord(missing, outside.word), cost)
		return
	}
	if around.before != nil {
		v.against("goes on before", around.before.word, goesOnBefore+around.before.carried())
	}
	if around.after != nil {
		v.against("goes on after", around.after.word, goesOnAfter+around.after.carried())
	}
	if around.hyphened || around.tied {
		v.contradicted = true
		v.against("hyphen", "", cutAtHyphen)
	}
}

// carried is what a word beside a mention counts for beyond its place: the commoner it is as a name, the surer it makes the
// mention part of a longer name; what nobody carries may be a unit, a rank or a place.
func (p *piece) carried() float64 { return min(goesOnNamed, max(0, namedBelow-p.bits)) }

// fairlyAlike is the likeness from which a left-over word may be a misspelling of the watched one.
const fairlyAlike = 0.55

// alike finds the missing words that a left-over word of the mention, or one beside it, may be a misspelling of.
func alike(missing, extra *rest, around surroundings) (mask uint32) {
	if missing.n == 0 || extra.n == 0 && around.before == nil && around.after == nil {
		return 0
	}
	like := func(l, m *piece) bool {
		if l.initial || m.initial || len(l.code) < 2 || len(m.code) < 2 || l.rival != 0 && m.rival != 0 && rivalNames(l.word, m.word) {
			return false
		}
		return sound.Similarity(l.code, m.code, l.abjad != m.abjad) >= fairlyAlike
	}
	for _, i := range missing.at() {
		l := &missing.parts[i]
		found := around.before != nil && like(l, around.before) || around.after != nil && like(l, around.after)
		for _, j := range extra.at() {
			found = found || like(l, &extra.parts[j])
		}
		if found {
			mask |= l.mask
		}
	}
	return mask
}

// omission is what n left-out parts cost, the dearest first.
func (r *rest) omission(n int) float64 {
	sum := 0.0
	for _, i := range r.at() {
		if r.parts[i].role == roleFamily && n > 0 {
			sum += missingFamily
			n--
		}
	}
	return sum + missingPart*float64(n)
}

// price is what the unexplained words cost: a father's name little, as lists leave it out.
func (r *rest) price() float64 {
	sum := 0.0
	for _, i := range r.at() {
		switch {
		case r.parts[i].initial:
		case r.parts[i].fathered || patronymicStem(r.parts[i].word) != "":
			sum += fatherPart
		default:
			sum += extraPart
		}
	}
	return sum
}

// named is what unexplained words cost more in running text where many people carry them: Ali Kuli Khan is not Ali Khan.
func (r *rest) named(running bool) float64 {
	sum := 0.0
	for _, i := range r.at() {
		if p := &r.parts[i]; running && !p.initial && !p.fathered {
			sum += p.carried() / 3
		}
	}
	return sum
}

// contentParts counts the parts of a rest that are more than an initial.
func contentParts(r *rest) int {
	n := 0
	for _, i := range r.at() {
		if !r.parts[i].initial {
			n++
		}
	}
	return n
}

// likeness is the best similarity between what is left over on both sides.
func likeness(missing, extra *rest) float64 {
	best := 0.0
	for _, i := range missing.at() {
		for _, j := range extra.at() {
			s, rule := meetLoosely(&missing.parts[i], &extra.parts[j])
			if rule != ruleInitial {
				best = max(best, s)
			}
		}
	}
	return best
}

// roles asks for a family and a given part where the list tells them apart, and for the first given name.
func (v *verdict) roles(a *alignment) {
	var listed, met uint8
	for i := range a.listed.base {
		listed |= 1 << a.listed.base[i].role
	}
	if listed&(1<<roleFamily) == 0 || listed&(1<<roleGiven) == 0 {
		v.lastName(a)
		return
	}
	for _, p := range a.pairs[:a.n] {
		met |= 1 << p.listed.role
	}
	if met&(1<<roleFamily) == 0 || met&(1<<roleGiven) == 0 {
		v.against("family and given name", "", wrongRole)
		return
	}
	v.firstFamily(a)
	for i := range a.listed.base {
		p := &a.listed.base[i]
		if p.role != roleGiven || p.word == servantWord {
			continue
		}
		switch {
		case a.have&p.mask != 0:
		case oftenDropped[p.word] || v.alike&p.mask != 0:
			v.against("first given name left out", p.word, missingPart)
		default:
			v.against("first given name left out", p.word, noGivenName)
		}
		return
	}
}

// lastName asks for the first and the last part of a name whose roles are not known, unless it is an initial or, at the
// end, a short syllable.
func (v *verdict) lastName(a *alignment) {
	base := a.listed.base
	if len(base) < 3 {
		return
	}
	if first := &base[0]; (a.have|v.alike)&first.mask == 0 && !first.initial {
		v.against("first name left out", first.word, noFirstName)
	}
	last := &base[len(base)-1]
	if (a.have|v.alike)&last.mask != 0 || last.initial || len(last.word) < longestSyllable && !last.abjad {
		return
	}
	cost := rareLastName
	for i := range base[:len(base)-1] {
		if base[i].bits > last.bits {
			cost = noLastName
		}
	}
	v.against("last name left out", last.word, cost)
}

// order compares the order of the parts with the usual one: given names before the family name where either side tells them
// apart, else as written. Names of short syllables (Chinese, Korean, Vietnamese) go either way.
func (v *verdict) order(a *alignment) {
	if a.n < 2 {
		return
	}
	turned, straight, long := 0, 0, 0
	syllables := false
	for i := range a.pairs[:a.n] {
		p := &a.pairs[i]
		if len(p.listed.word) > longestSyllable {
			long++
		}
		for j := range a.pairs[:i] {
			q := &a.pairs[j]
			if before(p.listed, q.listed) == before(p.met, q.met) {
				straight++
			} else {
				turned++
				syllables = syllables || !p.listed.koreanFamily() && !q.listed.koreanFamily()
			}
		}
	}
	switch {
	case turned > straight && long > 0:
		v.against(orderRule, "", wrongOrder)
	case syllables && a.korean():
		v.against("other syllables", "", 3*otherSyllables)
	}
}

// orderRule names that penalty.
const orderRule = "another order"

// longestSyllable is the length up to which a part may be a Chinese, Korean or Vietnamese syllable.
const longestSyllable = 5

// before says whether running text usually has p before q, two parts of one side.
func before(p, q *piece) bool {
	if p.role != q.role && p.role != roleUnknown && q.role != roleUnknown {
		return p.role == roleGiven
	}
	return p.mask < q.mask
}

// initials that are left over on both sides name different people.
func (v *verdict) initials(missing, extra *rest) {
	for _, i := range missing.at() {
		for _, j := range extra.at() {
			if missing.parts[i].initial && extra.parts[j].initial {
				v.contradicted = true
				v.against("another initial", extra.parts[j].word, contradiction/2)
				return
			}
		}
	}
}

// quality is the alignment on a scale of 0 to 1 that does not ask how rare the parts are beyond their relative weight.
func quality(a *alignment, v *verdict, missing, extra *rest, around surroundings) float64 {
	var met, listedWeight, sum float64
	strong, weakest := 0, 1.0
	for _, p := range a.pairs[:a.n] {
		w := (heft(p.listed) + min(heft(p.listed), heft(p.met))) / 2
		met += w
		sum += w * p.similar
		if p.rule != ruleInitial {
			strong += max(1, min(bits.OnesCount32(p.listed.mask), 2))
			weakest = min(weakest, p.similar)
		}
	}
	if met == 0 {
		return 0
	}
	listedWeight = met
	missed, surplus := 0.0, 0.0
	for _, i := range missing.at() {
		missed += heft(&missing.parts[i])
	}
	for _, i := range extra.at() {
		surplus += heft(&extra.parts[i])
	}
	listedWeight += missed
	q := sum / met
	s := q - 1.2*(1-q)*(1-q) - shortfall(strong)*missed/listedWeight - shortfall(strong)*surplus/(met+surplus)
	if weakest < 0.8 {
		s -= (0.8 - weakest) * 0.45
	}
	if missed > 0 && surplus > 0 {
		c := min(missed, surplus)
		s -= (0.06 + 0.55*c/(met+c)) * (1 - buyBack*likeness(missing, extra))
	}
	switch {
	case len(a.listed.base) == 1 || strong >= 2:
	case a.n > 1: // one part and an initial
		s -= 0.10
	default:
		s -= 0.25
	}
	if v.contradicted && missed == 0 {
		s -= 0.25
	}
	s -= a.doubts(missing)
	if n := missing.n + extra.n; n > 2 {
		s -= 0.04 * float64(n-2)
	}
	if around.before != nil {
		s -= 0.05
	}
	if around.after != nil {
		s -= 0.07
	}
	return max(0, min(1, s))
}

// What likeness loses where the parts agree but the whole is in doubt.
const (
	doubtFamily = 0.10 // a second family name is left out
	doubtGiven  = 0.12 // the first given name is left out
	doubtScript = 0.08 // one side does not write its vowels
)

// doubts sums them.
func (a *alignment) doubts(missing *rest) float64 {
	sum := 0.0
	for _, i := range missing.at() {
		switch p := &missing.parts[i]; {
		case p.role == roleFamily:
			sum += doubtFamily
		case p.role == roleGiven && (i == 0 || missing.parts[i-1].role != roleGiven):
			sum += doubtGiven
		}
	}
	for _, p := range a.pairs[:a.n] {
		if p.listed.abjad != p.met.abjad {
			return sum + doubtScript
		}
	}
	return sum
}

// Shares of likeness and of evidence in the score of a comparison. Likeness alone would rank the Smiths of this world too
// high, evidence alone would forgive too much in rare names.
const (
	likenessShare = 0.70
	fullEvidence  = 34.0
)

// blend is the score of a comparison: how alike the names are, and how much it means.
func (v *verdict) blend() float64 {
	if v.score <= 0 {
		return 0
	}
	return max(0, likenessShare*v.score+(1-likenessShare)*min(v.bits, fullEvidence)/fullEvidence)
}

// heft is the weight of a part within its name: more for rare parts, little for short ones and initials.
func heft(p *piece) float64 {
	w := 0.35 + 0.65*min(p.bits, mostPartBits)/mostPartBits
	switch {
	case p.initial:
		return 0.25 * w
	case len(p.word) <= 3:
		return 0.8 * w
	}
	return w
}

// shortfall is the price of a missing or surplus share: low when enough other parts agree.
func shortfall(strong int) float64 {
	switch {
	case strong >= 3:
		return 0.18
	case strong == 2:
		return 0.26
	}
	return 0.55
}
