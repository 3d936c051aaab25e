package extractor

import (
	"tocsin/pkg/messages"
	"tocsin/services/extractor/dates"
	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/watch"
)

// The rooms have types of their own; here they become messages. No list in a message is ever null.

// Entities turns what a recogniser found in text into the form messages carry. Spans outside text are left out.
func Entities(found []ner.Entity, text string) []messages.Entity {
	entities := make([]messages.Entity, 0, len(found))
	for _, e := range found {
		spans := make([]messages.Span, 0, len(e.Mentions))
		for _, m := range e.Mentions {
			if surface(text, m.Start, m.End) != "" {
				spans = append(spans, messages.Span(m))
			}
		}
		entities = append(entities, messages.Entity{
			Kind: e.Kind, Key: e.Key, Canonical: e.Canonical, Score: e.Score, Mentions: spans,
		})
	}
	return entities
}

// Dates turns what dates.Find found in text into the form messages carry.
func Dates(found []dates.Mention, text string) []messages.Date {
	list := make([]messages.Date, 0, len(found))
	for _, m := range found {
		list = append(list, messages.Date{
			Span: messages.Span{Start: m.Start, End: m.End}, Text: surface(text, m.Start, m.End),
			Type: string(m.Type), Value: m.Value, From: m.From, To: m.To, Range: (*messages.Interval)(m.Range), Alt: m.Alt,
			Precision: m.Precision, Mod: m.Mod, Explicit: string(m.Explicit), Anchor: m.Anchor, Zone: m.Zone,
		})
	}
	return list
}

// Watched turns what watch.Find found in text into the form messages carry.
func Watched(found []watch.Match, text string) []messages.Watched {
	list := make([]messages.Watched, 0, len(found))
	for _, m := range found {
		list = append(list, messages.Watched{
			List: m.List, Entry: m.Entry, Name: m.Name, Group: m.Group,
			Evidence: messages.Evidence{
				Tier: m.Tier, Score: m.Score, Bits: m.Bits, Threshold: m.Threshold,
				Quote: messages.Quote{
					Text: surface(text, m.Best.Start, m.Best.End), Start: m.Best.Start, End: m.Best.End, Sentence: m.Sentence,
				},
				Mentions:  each(m.Mentions, func(s watch.Span) messages.Span { return messages.Span(s) }),
				Parts:     each(m.Parts, func(p watch.Part) messages.Part { return messages.Part(p) }),
				Penalties: each(m.Penalties, func(r watch.Reason) messages.Contribution { return messages.Contribution(r) }),
				Context:   each(m.Context, func(r watch.Reason) messages.Contribution { return messages.Contribution(r) }),
			},
		})
	}
	return list
}

// doc is an article as the watch room reads it.
func (x *Extractor) doc(a messages.EnrichedArticle) watch.Doc {
	d := watch.Doc{Text: a.Text, Lang: known(a.Lang), From: a.Published.From, To: a.Published.To, Now: x.o.Now()}
	for _, e := range a.Entities {
		for _, m := range e.Mentions {
			d.Entities = append(d.Entities, watch.Entity{Kind: e.Kind, Start: m.Start, End: m.End})
		}
	}
	return d
}

// each converts a list, never to nil.
func each[A, B any](list []A, to func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, v := range list {
		out = append(out, to(v))
	}
	return out
}

// surface is text[start:end], or empty for a span that does not lie in text. Validate catches such a span before it is
// published.
func surface(text string, start, end int) string {
	if start < 0 || end > len(text) || start >= end {
		return ""
	}
	return text[start:end]
}
