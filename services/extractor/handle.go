package extractor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/extractor/dates"
	"tocsin/services/extractor/lang"
	"tocsin/services/extractor/sketch"
	"tocsin/services/extractor/watch"
)

// Handle enriches one RawArticle, publishes it, and rings for the watched names in it. It returns nil only after all of
// that was acknowledged; a message that is delivered again repeats the same ids. Errors are retry.Never for a message
// that cannot be read or does not fit ("undecodable", "invalid", "oversize", "contract", "rang"), retry.After while no
// lists are loaded, and plain ones when the page store, the bucket of what rang or the stream did not answer.
func (x *Extractor) Handle(ctx context.Context, d messages.Delivery) error {
	began := x.o.Now()
	raw, err := decode(d)
	if err != nil {
		return x.refuse(err)
	}
	lists := x.lists.Load()
	if lists == nil {
		return retry.After(listsPause, errors.New("no watchlists are loaded yet; the message waits for them"))
	}
	page, err := x.open(ctx, raw)
	if err != nil {
		return fmt.Errorf("article %s: %w", raw.ID, err)
	}
	a, near, err := x.enrich(ctx, raw, page, *lists)
	if err != nil {
		return fmt.Errorf("article %s: %w", raw.ID, err)
	}
	if err := x.publish(ctx, a, d.Replay); err != nil {
		return x.refuse(fmt.Errorf("article %s: %w", raw.ID, err))
	}
	if err := x.ring(ctx, a, d.Delivered > 1); err != nil {
		return x.refuse(fmt.Errorf("alerts of article %s: %w", raw.ID, err))
	}
	if err := x.tellNear(ctx, a, near); err != nil {
		return fmt.Errorf("near misses of article %s: %w", raw.ID, err)
	}
	x.o.Meter.Observe(metricSeconds, x.o.Now().Sub(began).Seconds())
	return nil
}

// enrich reads the article, at one of the desks: what is computed needs a processor and memory, unlike what comes after,
// which waits for acknowledgements. An error means that ctx ended.
func (x *Extractor) enrich(ctx context.Context, raw messages.RawArticle, p page, lists Matcher) (a messages.EnrichedArticle, near []watch.Match, err error) {
	select {
	case x.desks <- struct{}{}:
		defer func() { <-x.desks }()
	case <-ctx.Done():
		return a, nil, ctx.Err()
	}
	steps := stopwatch{x, x.o.Now()}
	text, err := x.read(ctx, raw, p)
	if err != nil {
		return a, nil, err
	}
	steps.lap(stepPage)
	language, sure := lang.Detect(text.title, text.body, raw.FeedLanguage)
	steps.lap(stepLanguage)
	published, err := x.published(ctx, raw, p, text.body)
	if err != nil {
		return a, nil, err
	}
	steps.lap(stepPublished)
	a = x.article(raw, text, published)
	a.Lang, a.LangConfidence = language, sure
	x.recognize(&a)
	steps.lap(stepEntities)
	a.Dates = Dates(dates.Find(a.Text, published.Local, dates.Options{Lang: known(a.Lang)}), a.Text)
	steps.lap(stepDates)
	a.Sketch = sketch.Of(text.body)
	steps.lap(stepSketch)
	near = x.match(lists, &a)
	steps.lap(stepWatch)
	return a, near, nil
}

// listsPause is how long a message waits that came before the lists.
const listsPause = 5 * time.Second

// decode reads a delivery. What is not JSON at all is told apart from what breaks the contract: the first points at a
// foreign publisher on the subject, the second at a fetcher of another version.
func decode(d messages.Delivery) (messages.RawArticle, error) {
	raw, err := messages.Decode[messages.RawArticle](d.Data)
	if err == nil {
		return raw, nil
	}
	reason := "invalid"
	if !json.Valid(d.Data) {
		reason = "undecodable"
	}
	return raw, retry.Never(reason, fmt.Errorf("message %d of stream %s on %s: %w", d.Sequence, d.Stream, d.Subject, err))
}

// refuse counts what will never go through, by reason, and passes the error on.
func (x *Extractor) refuse(err error) error {
	if reason, never := retry.Reason(err); never {
		x.o.Meter.Add(metricRefused, 1, "reason", reason)
	}
	return err
}

// article begins the message with what is known before anything is recognised.
func (x *Extractor) article(raw messages.RawArticle, t reading, p publication) messages.EnrichedArticle {
	a := messages.EnrichedArticle{
		Version: messages.Version, Article: raw.Article, Text: t.text(), TextSource: t.source, Published: p.Published,
		Engines: []messages.Engine{
			x.o.Recognizer.Engine(),
			{Name: "dates", Version: x.o.Version},
			{Name: "watch", Version: x.o.Version},
		},
	}
	a.Title = t.title
	a.Notes = slices.Concat(raw.Notes, t.notes, p.Notes)
	return a
}

// recognize adds the entities; a recogniser that panics costs them, not the article.
func (x *Extractor) recognize(a *messages.EnrichedArticle) {
	type found struct {
		entities []messages.Entity
		note     string
	}
	f, err := calmly(func() found {
		entities, note := x.o.Recognizer.Find(a.Text, a.Lang)
		return found{Entities(entities, a.Text), note}
	})
	if err != nil {
		x.abandon(stepEntities, a.ID, err)
		f = found{[]messages.Entity{}, "Entities are missing: the recogniser failed on this text."}
	}
	a.Entities = f.entities
	if f.note != "" {
		a.Notes = append(a.Notes, f.note)
	}
}

// abandon tells operators of a step that was given up.
func (x *Extractor) abandon(step, article string, err error) {
	x.o.Meter.Add(metricAbandoned, 1, "step", step)
	x.o.Log.Warn("a step was given up and the article goes on without it", "step", step, "id", article, "error", err)
}

// known is the language as rooms want it, empty where it is undetermined.
func known(code string) string {
	if code == lang.Undetermined {
		return ""
	}
	return code
}
