package fetcher

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"tocsin/services/fetcher/feed"
)

// mapsAPoll is how many sitemaps of an index one poll reads: news is in those that changed last, and the others are its
// archive.
const mapsAPoll = 4

// follow puts the items of the sitemaps that changed last in the place of the index that names them, and says how many it
// left out. When none of them can be read the poll has failed. The error is only ever the end of ctx.
func (p *poll) follow(ctx context.Context, a *answer) error {
	index := *a.document
	chosen := index.Maps[:min(len(index.Maps), mapsAPoll)]
	var got []Response
	var failed []*Failure
	for _, m := range chosen {
		r, failure := p.sitemap(ctx, m.URL)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if failure != nil {
			failed = append(failed, about(m.URL, failure))
			continue
		}
		got = append(got, r)
		a.response.Wire += r.Wire
		a.response.Cut = a.response.Cut || r.Cut
	}
	known := p.known()
	doc, unread := p.merge(index, got, known)
	if len(doc.Known) > 0 && p.collides(doc, known) {
		clear(known)
		doc, unread = p.merge(index, got, known)
	}
	failed = append(failed, unread...)
	if len(failed) == len(chosen) {
		a.document, a.failure = nil, worth(failed)
		return nil
	}
	for _, f := range failed {
		doc.Notes = append(doc.Notes, f.Sentence)
	}
	if left := len(index.Maps) - len(chosen) + index.Over; left > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("the %d sitemaps of the index that changed last were read, and %d others were not", len(chosen), left))
	}
	a.document = &doc
	return nil
}

// sitemap fetches one sitemap with the feed's own client, and so under the same rules.
func (p *poll) sitemap(ctx context.Context, address string) (Response, *Failure) {
	if p.o.Now().Sub(p.started) > p.o.PollBudget {
		return Response{}, &Failure{Kind: FailTimeout, Sentence: "the poll had taken its time before it"}
	}
	r, err := p.o.Client.Fetch(ctx, Request{URL: address})
	switch {
	case err != nil:
		return r, asFailure(err)
	case r.Status != http.StatusOK:
		return r, &Failure{Kind: FailStatus, Sentence: statusSentence(r.Status), RetryAfter: r.RetryAfter}
	}
	return r, nil
}

// merge reads the sitemaps into one document, in their order.
func (p *poll) merge(index feed.Document, got []Response, known map[uint64]SeenItem) (feed.Document, []*Failure) {
	doc := index
	doc.Over, doc.Notes, doc.Broken = 0, slices.Clone(index.Notes), slices.Clone(index.Broken)
	var unread []*Failure
	for _, r := range got {
		part, err := p.read(r, known)
		if err == nil && len(part.Maps) > 0 {
			err = fmt.Errorf("it is an index itself; configure %s as a feed of its own", r.URL)
		}
		if err != nil {
			unread = append(unread, about(r.URL, &Failure{Kind: FailContent, Sentence: err.Error(), Err: err}))
			continue
		}
		if doc.Title == "" {
			doc.Title, doc.Language, doc.Home = part.Title, part.Language, part.Home
		}
		doc.Items, doc.Known = append(doc.Items, part.Items...), append(doc.Known, part.Known...)
		doc.Lost, doc.Over, doc.Broken = doc.Lost+part.Lost, doc.Over+part.Over, append(doc.Broken, part.Broken...)
		doc.Damaged = doc.Damaged || part.Damaged
		doc.Notes = slices.Concat(doc.Notes, r.Notes, part.Notes)
	}
	return doc, unread
}

// about is the failure with the sitemap it is about.
func about(address string, f *Failure) *Failure {
	named := *f
	named.Sentence = "the sitemap " + address + " was not read: " + f.Sentence
	return &named
}

// worth is the failure to act on when there are several: one that waiting mends, else the first.
func worth(failed []*Failure) *Failure {
	for _, f := range failed {
		if f.Kind == FailBusy {
			return f
		}
	}
	return failed[0]
}
