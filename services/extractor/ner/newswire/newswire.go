// Package newswire recognises the people, organisations and places of English news with the model that is compiled in.
//
// The model (package crf) finds names; this package drops what is never one, keeps titles and possessives outside, and
// gathers the mentions of one entity: "Khalimov", "KHALIMOV" and "Col. Gulmurod Khalimov's" are one person, "the UN"
// is the United Nations where the text says so.
package newswire

import (
	_ "embed"
	"fmt"
	"sync"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/crf"
)

// shipped is the model that `make model` builds; docs/model-card.md tells what it was made from and how good it is.
//
//go:embed model.bin
var shipped []byte

// Shipped returns the file of the compiled-in model; do not change it.
func Shipped() []byte { return shipped }

// Recognizer finds entities. Make one with New or Open; safe for concurrent use, and the same text always gives the
// same entities.
type Recognizer struct {
	model *crf.Model
	kinds []string // message kind of each type of the model, empty for types that are left out
	pool  sync.Pool
}

// New reads the compiled-in model, which takes some tens of milliseconds and megabytes; keep what it returns.
func New() (*Recognizer, error) { return Open(shipped) }

// Open reads a model from a file's content, which is not kept.
func Open(file []byte) (*Recognizer, error) {
	m, err := crf.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("name recogniser: %w", err)
	}
	r := &Recognizer{model: m}
	for _, t := range m.Types() {
		r.kinds = append(r.kinds, kindOf(t))
	}
	r.pool.New = func() any { return newGatherer() }
	return r, nil
}

func kindOf(typ string) string {
	switch typ {
	case bio.Person:
		return messages.KindPerson
	case bio.Organization:
		return messages.KindOrganization
	case bio.Place:
		return messages.KindPlace
	}
	return ""
}

// Engine names the recogniser by the checksum of its model.
func (r *Recognizer) Engine() messages.Engine {
	return messages.Engine{Name: "crf", Version: "1-" + r.model.Version()}
}

// Model is the model in use, for scoring and for reading names without gathering them.
func (r *Recognizer) Model() *crf.Model { return r.model }

// Find returns the entities of an English text in order of first mention; a text whose language is not known is read
// as English. Any other language gives none and a note.
func (r *Recognizer) Find(text, lang string) (entities []ner.Entity, note string) {
	if lang != "en" && lang != "" && lang != "und" {
		return nil, fmt.Sprintf("No entities: the name model reads English, and the language of the text is %q.", lang)
	}
	reading := r.model.Read(text)
	defer reading.Close()
	g := r.pool.Get().(*gatherer)
	defer r.pool.Put(g)
	g.reset(text)
	for _, n := range reading.Names {
		if kind := r.kinds[n.Type]; kind != "" {
			g.add(n, kind)
		}
	}
	return g.entities(), ""
}
