package extractor

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/rejected"
	"tocsin/services/extractor/watch"
)

// maxNear is how many near misses of one article are told, the nearest first: a text about everybody would fill the
// stream.
const maxNear = 20

// match finds the watched names of an article and leaves out what operators rejected. The near misses are returned.
func (x *Extractor) match(lists Matcher, a *messages.EnrichedArticle) []watch.Match {
	rang, near := lists.Search(x.doc(*a), x.o.NearWithin)
	book := x.book.Load()
	if book.Size() > 0 {
		refused := func(m watch.Match) bool {
			_, covered := book.Covers(rejected.Found{
				List: m.List, Entry: m.Entry, Article: a.ID, Words: surface(a.Text, m.Best.Start, m.Best.End), Sentence: m.Sentence, Text: a.Text,
			})
			return covered
		}
		before := len(rang)
		rang = slices.DeleteFunc(rang, refused)
		near = slices.DeleteFunc(near, refused)
		x.o.Meter.Add(metricRejected, float64(before-len(rang)))
	}
	a.Watch = Watched(rang, a.Text)
	return near
}

// nearMisses turns what almost rang into messages, the nearest first.
func (x *Extractor) nearMisses(a messages.EnrichedArticle, near []watch.Match) []messages.NearMiss {
	slices.SortStableFunc(near, func(a, b watch.Match) int { return cmp.Compare(a.Threshold-a.Bits, b.Threshold-b.Bits) })
	near = near[:min(len(near), maxNear)]
	list := make([]messages.NearMiss, len(near))
	for i, w := range Watched(near, a.Text) {
		list[i] = messages.NearMiss{
			Version: messages.Version, ID: messages.AlertID(w.List, w.Entry, a.ID), List: w.List, Entry: w.Entry, Name: w.Name,
			Evidence: w.Evidence, Held: near[i].Held, Article: alertArticle(a), At: x.o.Now().UTC(),
		}
		list[i].Mentions, _ = fewer(w.Mentions, w.Quote)
	}
	return list
}

// tellNear publishes the near misses of an article. They are no alerts: nothing is kept of them but the stream's own
// few days.
func (x *Extractor) tellNear(ctx context.Context, a messages.EnrichedArticle, near []watch.Match) error {
	for _, n := range x.nearMisses(a, near) {
		data, err := messages.Encode(n)
		if err != nil {
			return err
		}
		err = x.o.Publisher.Publish(ctx, messages.Outgoing{
			Subject: n.Subject(), ID: messages.MsgID(messages.StageExtractor, "near-"+n.ID, a.Revision, 0), Data: data, Header: header(a.Article),
		})
		if err != nil {
			return fmt.Errorf("publish near miss %s: %w", n.ID, err)
		}
		x.o.Meter.Add(metricNear, 1)
	}
	return nil
}

func alertArticle(a messages.EnrichedArticle) messages.AlertArticle {
	return messages.AlertArticle{
		ID: a.ID, Revision: a.Revision, URL: a.URL, Title: a.Title, Source: a.Source, Feed: a.Feed, Lang: a.Lang,
		Published: a.Published.From, Baseline: a.Baseline,
	}
}

// MaxMentions is how many places of a name one alert lists; an article that holds more says so in the alert's notes.
const MaxMentions = 1000

// fewer is at most MaxMentions of the spans, in order, the quoted one among them. note is empty when it is all of them.
func fewer(spans []messages.Span, q messages.Quote) (some []messages.Span, note string) {
	if len(spans) <= MaxMentions {
		return spans, ""
	}
	best := messages.Span{Start: q.Start, End: q.End}
	some = slices.Clone(spans[:MaxMentions])
	if !slices.Contains(some, best) && slices.Contains(spans, best) {
		some[MaxMentions-1] = best
	}
	return some, fmt.Sprintf("The name stands %d times in the text; %d places are listed.", len(spans), MaxMentions)
}
