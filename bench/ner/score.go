package main

import (
	"fmt"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/newswire"
	"tocsin/services/extractor/prose"
)

// result is one line of score.
type result struct {
	Engine string  `json:"engine"`
	File   string  `json:"file"`
	Tokens int     `json:"tokens"`
	P      float64 `json:"p"`
	R      float64 `json:"r"`
	F1     float64 `json:"f1"`
	Per    float64 `json:"per"`
	Org    float64 `json:"org"`
	Loc    float64 `json:"loc"`
}

// score measures both engines, or the one asked for, on every file.
func score(o options) error {
	for _, engine := range o.engines() {
		find, err := o.finder(engine)
		if err != nil {
			return err
		}
		for _, name := range o.files {
			docs, err := readLabelled(name)
			if err != nil {
				return err
			}
			if err := bio.Check(docs, o.types()); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			s := new(bio.Score)
			for _, d := range docs {
				gold, found := find(d)
				s.Add(gold, found, o.types())
			}
			all := s.Of("")
			r := result{engine, name, bio.Tokens(docs), all.Precision(), all.Recall(), all.F1(),
				s.Of(bio.Person).F1(), s.Of(bio.Organization).F1(), s.Of(bio.Place).F1()}
			o.print(r, "%-5s %-44s %7d tokens  P %.4f R %.4f F1 %.4f  PER %.4f ORG %.4f LOC %.4f",
				r.Engine, r.File, r.Tokens, r.P, r.R, r.F1, r.Per, r.Org, r.Loc)
		}
	}
	return nil
}

// finder returns a function that gives a document's gold and found names in one measure: token or byte positions.
type finder func(d bio.Document) (gold, found []bio.Span)

func (o options) finder(engine string) (finder, error) {
	build := joined
	if o.raw {
		build = rebuild
	}
	if engine == "prose" {
		p := prose.New()
		return func(d bio.Document) (gold, found []bio.Span) {
			a := build(d)
			return a.gold, onText(p, a.text)
		}, nil
	}
	r, err := o.crf()
	if err != nil {
		return nil, err
	}
	if o.raw {
		return func(d bio.Document) (gold, found []bio.Span) {
			a := build(d)
			reading := r.Model().Read(a.text)
			defer reading.Close()
			for _, n := range reading.Names {
				found = append(found, bio.Span{Start: n.Start, End: n.End, Type: r.Model().Types()[n.Type]})
			}
			return a.gold, found
		}, nil
	}
	return func(d bio.Document) (gold, found []bio.Span) { return onTokens(r, d) }, nil
}

// onTokens runs the CRF on the document's own tokens and sentences.
func onTokens(r *newswire.Recognizer, d bio.Document) (gold, found []bio.Span) {
	var tokens []string
	var ends []int
	for _, s := range d {
		for _, n := range bio.Spans(s.Tags) {
			gold = append(gold, bio.Span{Start: len(tokens) + n.Start, End: len(tokens) + n.End, Type: n.Type})
		}
		tokens = append(tokens, s.Tokens...)
		ends = append(ends, len(tokens))
	}
	for _, n := range r.Model().Tag(tokens, ends) {
		found = append(found, bio.Span{Start: n.Start, End: n.End, Type: r.Model().Types()[n.Type]})
	}
	return gold, found
}

// onText runs prose on text.
func onText(p *prose.Recognizer, text string) (found []bio.Span) {
	types := map[string]string{messages.KindPerson: bio.Person, messages.KindOrganization: bio.Organization, messages.KindPlace: bio.Place}
	for from := 0; from < len(text); {
		to := piece(text, from)
		entities, _ := p.Find(text[from:to], "en")
		for _, e := range entities {
			for _, m := range e.Mentions {
				found = append(found, bio.Span{Start: from + m.Start, End: from + m.End, Type: types[e.Kind]})
			}
		}
		from = to
	}
	return found
}

// piece returns the end of a piece of text that prose reads whole: at most 60,000 bytes, cut at a line's end.
func piece(text string, from int) int {
	const most = 60_000
	if len(text)-from <= most {
		return len(text)
	}
	for to := from + most; to > from; to-- {
		if text[to-1] == '\n' {
			return to
		}
	}
	return from + most
}
