package watch

import "slices"

// Comparison says how far two spellings are one name, out of any text.
type Comparison struct {
	// Score is the likeness in [0, 1]; 1 for equal spellings. Weighted is likeness weighted with the evidence, in [0, 1]:
	// what to rank by when one name is held against a whole list.
	Score, Weighted float64
	// Bits is the evidence that both name one bearer.
	Bits      float64
	Parts     []Part
	Penalties []Reason
}

// Spelling is a name prepared for comparing; it is immutable.
type Spelling struct {
	kind Kind
	name listedName
	// organization is the name as organisations are compared, nil for persons.
	organization *organizationName
}

// Prepare reads a spelling once, so that it can be compared with many.
func Prepare(name Name, kind Kind) *Spelling {
	s := &Spelling{kind: kind, name: parseName(name)}
	s.name.joinWhole()
	if kind == Organization {
		s.organization = newOrganizationName(name.Text)
	}
	return s
}

// joinWhole also reads a name of two parts as one word, which only makes sense where a whole field is compared.
func (n *listedName) joinWhole() {
	if len(n.base) != 2 || n.base[0].initial || n.base[1].initial {
		return
	}
	a, b := &n.base[0], &n.base[1]
	p := newPiece(a.word+b.word, a.abjad || b.abjad)
	p.mask, p.joined, p.bits = a.mask|b.mask, true, min(a.bits+b.bits, mostPartBits)
	n.joins = append(n.joins, p)
}

// Compare sets a spelling against a listed name by the rules of Find, without any text around it.
func Compare(listed, other Name, kind Kind) Comparison {
	return CompareSpellings(Prepare(listed, kind), Prepare(other, kind))
}

// CompareSpellings is Compare for prepared spellings.
func CompareSpellings(listed, other *Spelling) Comparison {
	al, _ := align(&listed.name, &other.name, nil)
	v := judgeSpellings(&al, listed, other)
	return Comparison{Score: v.score, Weighted: v.blend(), Bits: v.bits, Parts: al.parts(), Penalties: slices.Clone(v.reasons[:v.n])}
}

// Scorer compares many spellings without explaining; it is not safe for concurrent use.
type Scorer struct{ options []option }

// Score is the Score and the Weighted of CompareSpellings.
func (s *Scorer) Score(listed, other *Spelling) (score, weighted float64) {
	if listed.organization != nil && other.organization != nil {
		v := weighOrganizations(listed.organization, other.organization)
		return v.score, v.blend()
	}
	var al alignment
	al, s.options = align(&listed.name, &other.name, s.options)
	if al.n == 0 && listed.name.dense == "" {
		return 0, 0
	}
	v := judgeSpellings(&al, listed, other)
	return v.score, v.blend()
}

func judgeSpellings(al *alignment, listed, other *Spelling) verdict {
	if listed.organization != nil && other.organization != nil {
		return weighOrganizations(listed.organization, other.organization)
	}
	v := weigh(al, ^uint32(0), surroundings{suffix: other.name.suffix})
	if listed.name.dense != "" && other.name.dense != "" {
		v = weighDense(listed.name.dense, other.name.dense, v)
	}
	return v
}

// parts explains an alignment.
func (a *alignment) parts() []Part {
	out := make([]Part, 0, a.n)
	for _, p := range a.pairs[:a.n] {
		out = append(out, Part{Watched: p.listed.word, Word: p.met.word, Rule: p.rule, Bits: p.bits})
	}
	return out
}
