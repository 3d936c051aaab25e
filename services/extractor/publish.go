package extractor

import (
	"context"
	"fmt"
	"strconv"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/extractor/maintext"
)

// publish sends an enriched article, its text cut where the message would not fit otherwise.
func (x *Extractor) publish(ctx context.Context, a messages.EnrichedArticle, replay int) error {
	data, err := fit(a, x.o.MaxMessage)
	if err != nil {
		return err
	}
	err = x.o.Publisher.Publish(ctx, messages.Outgoing{
		Subject: messages.EnrichedSubject(a.Lang, a.Source),
		ID:      messages.MsgID(messages.StageExtractor, a.ID, a.Revision, replay),
		Data:    data,
		Header:  header(a.Article),
		Replay:  replay,
	})
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if a.Revision == 1 && !a.Baseline && replay == 0 {
		x.o.Meter.Observe(metricExtracted, x.o.Now().Sub(a.FirstSeen).Seconds())
	}
	x.o.Meter.Add(metricArticles, 1, "lang", a.Lang)
	x.o.Meter.Add(metricDates, float64(len(a.Dates)))
	for _, e := range a.Entities {
		x.o.Meter.Add(metricEntities, 1, "kind", e.Kind)
	}
	return nil
}

func header(a messages.Article) map[string]string {
	h := map[string]string{messages.HeaderArticle: a.ID, messages.HeaderRevision: strconv.Itoa(a.Revision)}
	if a.Feed != "" {
		h[messages.HeaderFeed] = a.Feed
	}
	return h
}

// fit encodes an article in at most limit bytes: it halves the text, and drops what was found beyond, until it fits.
func fit(a messages.EnrichedArticle, limit int) ([]byte, error) {
	data, err := messages.Encode(a)
	for size := len(a.Text) / 2; err == nil && len(data) > limit; size /= 2 {
		if size == 0 {
			return nil, retry.Never("oversize", fmt.Errorf(
				"%d bytes without any text, over the %d a message may have; look at its summary, authors and notes", len(data), limit))
		}
		data, err = messages.Encode(shortened(a, size))
	}
	if err != nil {
		return nil, retry.Never("contract", err)
	}
	return data, nil
}

// shortened is the article as if its text had ended at size bytes, which its notes say.
func shortened(a messages.EnrichedArticle, size int) messages.EnrichedArticle {
	whole := len(a.Text)
	a.Text, _ = maintext.Limit(a.Text, size)
	a.Notes = append(a.Notes[:len(a.Notes):len(a.Notes)], fmt.Sprintf(
		"The text was cut from %d to %d bytes so that the message fits; watched names beyond it rang all the same.", whole, len(a.Text)))
	entities, dates, watched := a.Entities, a.Dates, a.Watch
	a.Entities, a.Dates, a.Watch = []messages.Entity{}, []messages.Date{}, []messages.Watched{}
	for _, e := range entities {
		if e.Mentions = within(e.Mentions, len(a.Text)); len(e.Mentions) > 0 {
			a.Entities = append(a.Entities, e)
		}
	}
	for _, d := range dates {
		if d.End <= len(a.Text) {
			a.Dates = append(a.Dates, d)
		}
	}
	for _, w := range watched {
		if w.Mentions = within(w.Mentions, len(a.Text)); len(w.Mentions) > 0 && w.Quote.End <= len(a.Text) {
			a.Watch = append(a.Watch, w)
		}
	}
	return a
}

func within(spans []messages.Span, end int) []messages.Span {
	var in []messages.Span
	for _, s := range spans {
		if s.End <= end {
			in = append(in, s)
		}
	}
	return in
}
