// Package prose lets github.com/jdkato/prose/v2 recognise entities in English.
//
// prose is a port of NLTK's chunker. It gives no offsets, drops an entity that ends the text, and lets every occurrence
// of a word share one label; so it is fed one sentence at a time with a full stop behind it, and its labels are read off
// its tokens and laid back over the text. What it makes of them is repaired where a simple rule can: names end at
// punctuation, shed titles, and are of one kind throughout a text.
package prose

import (
	"fmt"
	"strings"

	"github.com/jdkato/prose/v2"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/ner"
)

// maxText is how much of a text is read; prose takes about a second for it.
const maxText = 64 << 10

// Recognizer finds entities with one shared model. Make one with New; safe for concurrent use.
type Recognizer struct{ model *prose.Model }

// New loads the model, which takes about a third of a second and 40 MB; keep what it returns.
func New() *Recognizer {
	doc, err := prose.NewDocument("", prose.WithSegmentation(false))
	if err != nil { // the library never returns one: its model is compiled in
		return &Recognizer{}
	}
	return &Recognizer{model: doc.Model}
}

// Engine names the library and the version that is compiled in.
func (r *Recognizer) Engine() messages.Engine {
	return messages.Engine{Name: "prose", Version: "2.0.0"}
}

// Find returns the entities of the first 64 KiB of an English text; the note says when that was not all. Any other
// language gives none and a note. About 80 KB a second on one core.
func (r *Recognizer) Find(text, lang string) (entities []ner.Entity, note string) {
	if lang != "en" {
		return nil, fmt.Sprintf("No entities: prose reads English, and the language of the text is %q.", lang)
	}
	var mentions []ner.Mention
	for s := range ner.Sentences(text) {
		if s.End > maxText {
			note = fmt.Sprintf("Entities were looked for in the first %d of %d bytes.", s.Start, len(text))
			break
		}
		mentions = r.sentence(mentions, text, s)
	}
	agree(text, mentions)
	return ner.Group(text, mentions), note
}

// sentence appends the mentions in one sentence.
func (r *Recognizer) sentence(to []ner.Mention, text string, s ner.Span) []ner.Mention {
	if !strings.ContainsAny(text[s.Start:s.End], capitals) {
		return to // prose finds names by their capitals, and takes milliseconds to find none
	}
	flat := flatten(text, s)
	doc, err := prose.NewDocument(flat.text+" .", prose.WithSegmentation(false), prose.UsingModel(r.model))
	if err != nil {
		return to
	}
	tokens := doc.Tokens()
	at := align(flat.text, tokens)
	for _, c := range chunks(tokens) {
		kind := kinds[c.label]
		from, end := at[c.first], at[c.last-1]
		if kind == "" || from.Start < 0 || end.Start < from.Start {
			continue
		}
		for _, p := range pieces(text, ner.Span{Start: flat.at[from.Start], End: flat.at[end.End]}) {
			if p = trim(text, p, kind); named(text[p.Start:p.End]) {
				to = append(to, ner.Mention{Span: p, Kind: kind})
			}
		}
	}
	return to
}

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// kinds of the labels prose has (ACE): a geo-political entity, its older name GSP, a location and a building are places.
var kinds = map[string]string{
	"PERSON":       messages.KindPerson,
	"ORGANIZATION": messages.KindOrganization,
	"GPE":          messages.KindPlace,
	"GSP":          messages.KindPlace,
	"LOCATION":     messages.KindPlace,
	"FACILITY":     messages.KindPlace,
}
