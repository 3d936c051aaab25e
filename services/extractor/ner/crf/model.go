package crf

import (
	"hash/crc32"
	"strconv"
	"sync"
	"sync/atomic"
)

// Model is a trained recogniser. Make one with Decode; it is not changed afterwards.
type Model struct {
	Labels
	types       []string
	lex         *Lexicon
	passes      []weights
	names       [][3][4][ListCount]vec // per pass: what an entry of a list adds, by offset and place
	unit        float64                // what one step of a weight is worth
	calibration [2]float64
	left, right word
	kept        []atomic.Pointer[word]
	version     string
	pool        sync.Pool
}

// Pass is one set of trained weights.
type Pass struct {
	Keys []uint32 // ascending
	// Weights holds one row of N labels for each key, the label outside last.
	Weights []float32
	// Trans holds the weight of label b after label a at a*N+b; a run begins and ends beside the label outside.
	Trans []float32
}

// Parts is everything a model is made of.
type Parts struct {
	Types   []string // at most four
	Lexicon *Lexicon
	Passes  []Pass // none for an analyser of features, one, or two
	// Calibration maps the log odds that the model gives a name to those that it is right: slope and offset. Zero
	// means as they are.
	Calibration [2]float64
	// Coarse stores weights in four bits instead of eight.
	Coarse bool
	// Lean is added to the weight of opening a name, by type, where finding more of a type is worth some that are wrong;
	// nil is nothing.
	Lean []float64
}

// NewAnalyser returns a model without weights: it analyses documents and finds nothing.
func NewAnalyser(types []string, lex *Lexicon) *Model {
	m := &Model{Labels: Labels{len(types)}, types: types, lex: lex, unit: 1}
	m.finish(nil)
	return m
}

// finish makes what is derived from the parts.
func (m *Model) finish(file []byte) {
	m.left.form, m.right.form = borderForm(borderLeft), borderForm(borderRight)
	m.kept = make([]atomic.Pointer[word], len(m.lex.classes))
	m.names = make([][3][4][ListCount]vec, len(m.passes))
	for p := range m.passes {
		for o := range m.names[p] {
			for place := range m.names[p][o] {
				for list := range m.names[p][o][place] {
					m.passes[p].add(&m.names[p][o][place][list], nameKey(o, place, list))
				}
			}
		}
	}
	m.sum(&m.left)
	m.sum(&m.right)
	m.version = strconv.FormatUint(uint64(crc32.ChecksumIEEE(file)), 16)
	m.pool.New = func() any { return &tagger{doc: m.NewDocument()} }
}

// Types are the names of the types, as trained on, such as "PER"; do not change them.
func (m *Model) Types() []string { return m.types }

// Lexicon is the model's lexicon; do not change it.
func (m *Model) Lexicon() *Lexicon { return m.lex }

// Version is a checksum of the model's file, in hexadecimal.
func (m *Model) Version() string { return m.version }

// Features is how many features have weights, all passes together.
func (m *Model) Features() (n int) {
	for _, p := range m.passes {
		n += len(p.rows)
	}
	return n
}
