// Package ner is the room of named entities: what a recogniser returns, how mentions are gathered into entities, and
// where sentences end. Recognisers that wrap a library live in rooms of their own.
package ner

import "tocsin/pkg/messages"

// Span is a half-open byte range of the text that was read, on rune boundaries.
type Span struct{ Start, End int }

// Entity is one person, organisation or place with all its mentions.
type Entity struct {
	// Kind is messages.KindPerson, KindOrganization or KindPlace.
	Kind string
	// Key is the kind and the folded longest form; equal keys are the same entity.
	Key string
	// Canonical is the longest form as written, white space made single.
	Canonical string
	// Score is the recogniser's confidence in [0, 1]; 0 when it gives none.
	Score float64
	// Mentions ascend and do not overlap.
	Mentions []Span
}

// None is the recogniser that finds nothing, for those who want no entities. Watched names do not need them.
type None struct{}

// Find returns nothing.
func (None) Find(_, _ string) ([]Entity, string) { return nil, "" }

// Engine names it "none".
func (None) Engine() messages.Engine { return messages.Engine{Name: "none", Version: "1"} }
