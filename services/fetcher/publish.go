package fetcher

import (
	"context"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"tocsin/pkg/messages"
	"tocsin/services/fetcher/article"
	"tocsin/services/fetcher/feed"
)

// item does one item that is new or changed: claim the article, fetch its page, publish, confirm. It completes s.
func (p *poll) item(ctx context.Context, doc feed.Document, it feed.Item, id article.Identity, known names, s *messages.SeenItem) error {
	if err := p.stillMine(ctx); err != nil {
		return err
	}
	claimed, settled, err := p.sight(ctx, s.Article, id, it)
	if err != nil {
		return err
	}
	if settled != nil {
		s.Outcome, s.Reason, s.Revision = settled.Outcome, settled.Reason, settled.Revision
		return nil
	}
	raw := p.raw(doc, it, s.Article, claimed.Sighting)
	if id.Guessed {
		raw.Notes = append(raw.Notes, "the item has neither id nor link; an edit of it will count as another article")
	}
	if claimed.Changed != "" {
		raw.Notes = append(raw.Notes, "changed since the revision before: "+claimed.Changed)
	}
	page, wait, err := p.page(ctx, it.Link, claimed.Sighting, &raw)
	if err != nil {
		return err
	}
	if wait {
		s.Outcome, s.Reason = dropped, dropTurn
		return nil
	}
	out, ok, err := p.message(ctx, raw, page)
	switch {
	case err != nil:
		return err
	case !ok:
		s.Outcome, s.Reason = dropped, dropInvalid
		return nil
	}
	s.Outcome, s.Revision = published, claimed.Revision
	return p.send(ctx, ready{out, s.Article, claimed, known, it.Published})
}

// raw is the message without its page.
func (p *poll) raw(doc feed.Document, it feed.Item, id string, s Sighting) messages.RawArticle {
	language := doc.Language
	if language == "" {
		language = p.feed.Language
	}
	return messages.RawArticle{
		Version: messages.Version,
		Article: messages.Article{
			ID: id, Revision: s.Revision, Feed: p.feed.ID, Source: p.feed.Source, SourceZone: p.feed.Zone,
			SourceCountry: p.feed.Country, GUID: it.GUID, URL: it.Link, Title: it.Title, Summary: it.Summary,
			Authors: it.Authors, FirstSeen: s.FirstSeen.UTC(), FetchedAt: p.o.Now().UTC().Truncate(time.Millisecond),
			Baseline: s.Baseline, Notes: append([]string(nil), it.Notes...),
		},
		Published: it.Published, PublishedSource: it.PublishedSource, FeedContent: it.Content, FeedLanguage: language,
	}
}

// pagePatience is how long an article waits for its page when the page's host is busy; then it goes on without.
const pagePatience = 15 * time.Minute

// page fetches the article's page, or takes it from an earlier attempt whose publish was not acknowledged. wait says that
// its host's turn comes soon enough to wait for. Without a page the article goes on, with a note. The error is the end of
// ctx, or that what waited to be published was not acknowledged.
func (p *poll) page(ctx context.Context, link string, s Sighting, raw *messages.RawArticle) (page Page, wait bool, err error) {
	if p.o.Pager == nil || link == "" || p.feed.FetchPages != nil && !*p.feed.FetchPages {
		return Page{}, false, nil
	}
	page, there := p.held.page(raw.ID, s.Revision)
	if !there {
		if err := p.beforePage(ctx); err != nil {
			return Page{}, false, err
		}
		page, err = p.o.Pager.Page(ctx, link)
		if ctx.Err() != nil {
			return Page{}, false, ctx.Err()
		}
		if err != nil {
			return Page{}, p.without(asFailure(err), s, raw), nil
		}
		p.o.Meter.Add(metricPages, 1, "outcome", "ok")
		p.held.keep(raw.ID, s.Revision, page)
	}
	raw.Page, raw.PageType = page.Body, page.ContentType
	raw.Notes = append(raw.Notes, page.Notes...)
	for _, own := range []string{page.Canonical, page.URL} {
		if own != "" && own != raw.URL {
			raw.CanonicalURL = own
			break
		}
	}
	return page, false, nil
}

// without notes why there is no page, or says that it is worth waiting for.
func (p *poll) without(f *Failure, s Sighting, raw *messages.RawArticle) (wait bool) {
	p.o.Meter.Add(metricPages, 1, "outcome", f.Kind)
	if f.Kind == FailBusy && p.o.Now().Add(f.RetryAfter).Before(s.At.Add(pagePatience)) {
		p.turn = max(p.turn, f.RetryAfter)
		return true
	}
	raw.Notes = append(raw.Notes, "the page was not fetched: "+f.Sentence)
	return false
}

// message makes the article fit: a large page moves to the object store, and what the feed itself carries is cut as a last
// resort. ok is false when the article breaks the contract, which no other try would mend.
func (p *poll) message(ctx context.Context, raw messages.RawArticle, page Page) (out messages.Outgoing, ok bool, err error) {
	limit := p.o.MaxPayload - payloadMargin
	data, err := messages.Encode(raw)
	if err == nil && len(data) > limit && len(page.Body) > 0 {
		raw.Page, raw.PageRef = nil, raw.ID+"."+strconv.Itoa(raw.Revision)
		if err := p.o.Pages.Put(ctx, raw.PageRef, page.Body); err != nil {
			return out, false, fmt.Errorf("page of article %s: %w", raw.ID, err)
		}
		data, err = messages.Encode(raw)
	}
	for range 5 {
		if err != nil || len(data) <= limit {
			break
		}
		shorten(&raw, len(data)-limit)
		data, err = messages.Encode(raw)
	}
	if err == nil && len(data) > limit {
		err = fmt.Errorf("it weighs %d bytes and a message may hold %d; raise the server's max_payload", len(data), limit)
	}
	if err != nil {
		p.o.Log.Error("item cannot be published", "feed", p.feed.ID, "article", raw.ID, "error", err)
		return out, false, nil
	}
	return messages.Outgoing{
		Subject: messages.RawSubject(p.feed.Source),
		ID:      messages.MsgID(messages.StageFetcher, raw.ID, raw.Revision, p.due.Replay),
		Data:    data, Replay: p.due.Replay,
		Header: map[string]string{
			messages.HeaderArticle: raw.ID, messages.HeaderRevision: strconv.Itoa(raw.Revision), messages.HeaderFeed: p.feed.ID,
		},
	}, true, nil
}

// shorten takes at least excess bytes from the largest text of the message and notes it. JSON may write one byte as
// six, so the caller looks again.
func shorten(raw *messages.RawArticle, excess int) {
	largest, name := &raw.FeedContent, "content"
	for field, n := range map[*string]string{&raw.Title: "title", &raw.GUID: "id", &raw.URL: "link"} {
		if len(*field) > len(*largest) {
			largest, name = field, n
		}
	}
	keep := max(0, len(*largest)-excess-200)
	for keep > 0 && !utf8.RuneStart((*largest)[keep]) {
		keep--
	}
	raw.Notes = append(raw.Notes, fmt.Sprintf("the %s from the feed was cut from %d to %d bytes to fit a message", name, len(*largest), keep))
	*largest = (*largest)[:keep]
}
