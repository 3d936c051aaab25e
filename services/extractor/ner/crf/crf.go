// Package crf recognises names with a linear-chain conditional random field (Lafferty, McCallum and Pereira 2001).
//
// A Model is read once, is never changed by its users and may be shared by any number of goroutines. Every token
// within reach of a name gets a score per label (beginning, inside, end of a name, or single-token name, for each type,
// and outside); the best sequence under the transition scores is found by Viterbi's algorithm over runs of tokens that
// can be part of a name. What can be part of a name is learnt: words with a capital always can, others when training
// saw them inside names.
//
// A token's score is the sum of the weights of its features: words around it, their shapes, affixes, word classes,
// entries of name lists, and how its word is used elsewhere in the document. Weights are small integers, so that
// results are the same on every machine; what depends on a word alone is summed once per word and kept.
package crf

// lanes is how many labels a row of weights has room for: four for each of up to four types. The label outside has no
// lane: its score is zero by construction, which loses nothing since only differences between labels count.
const lanes = 16

// Positions of a token in a name; a label is 4*type+position.
const (
	begin = iota
	inside
	end
	single
)

// Labels is the set of labels of a model with some number of types.
type Labels struct{ Types int }

// N is the number of labels; the last one, N-1, is outside.
func (l Labels) N() int { return 4*l.Types + 1 }

// Outside is the label of tokens in no name.
func (l Labels) Outside() int { return 4 * l.Types }

// leaves says whether a name is over after label y: y is outside or the last label of a name.
func (l Labels) leaves(y int) bool { return y == l.Outside() || y%4 >= end }

// Follows says whether label b may follow label a.
func (l Labels) Follows(a, b int) bool {
	enters := b == l.Outside() || b%4 == begin || b%4 == single
	if l.leaves(a) {
		return enters
	}
	return !enters && a/4 == b/4
}

// Name writes the labels of a name of the given type that covers y whole.
func (l Labels) Name(y []uint8, typ int) {
	if len(y) == 1 {
		y[0] = uint8(4*typ + single)
		return
	}
	for i := range y {
		y[i] = uint8(4*typ + inside)
	}
	y[0], y[len(y)-1] = uint8(4*typ+begin), uint8(4*typ+end)
}

// Span is one name: tokens [Start, End) of the document and the index of its type.
type Span struct{ Start, End, Type int }
