package fetcher

import (
	"tocsin/services/fetcher/article"
	"tocsin/services/fetcher/feed"
)

// parse reads the document of an answer; items that are remembered by their bytes are passed over.
func (p *poll) parse(a *answer) {
	known := p.known()
	doc, err := p.read(a.response, known)
	if err == nil && len(doc.Known) > 0 && p.collides(doc, known) {
		clear(known)
		doc, err = p.read(a.response, known)
	}
	if err != nil {
		a.failure = &Failure{Kind: FailContent, Sentence: err.Error(), Err: err}
		return
	}
	a.document = &doc
}

// known are the remembered items that may be passed over by their bytes.
func (p *poll) known() map[uint64]SeenItem {
	known := p.state.Seen.byHash()
	if p.state.Whole {
		clear(known)
	}
	return known
}

func (p *poll) read(r Response, known map[uint64]SeenItem) (feed.Document, error) {
	return feed.Parse(r.Body, r.ContentType, r.URL, func(hash uint64) bool {
		_, there := known[hash]
		return there
	}, feed.Limits{})
}

// collides reports whether a new item has the key or the article of one that was passed over. What they are depends on
// one another then, and the whole document must be looked at.
func (p *poll) collides(doc feed.Document, known map[uint64]SeenItem) bool {
	keys, articles := map[uint64]bool{}, map[uint64]bool{}
	for _, hash := range doc.Known {
		keys[known[hash].Key], articles[known[hash].Article] = true, true
	}
	for _, id := range article.Identify(p.feed.ID, doc.Home, forIdentity(doc.Items)) {
		if keys[number(id.Key)] || articles[number(id.ID)] {
			return true
		}
	}
	return false
}

// those are the remembered items with the hashes, in their order.
func (s Seen) those(hashes []uint64) Seen {
	if len(hashes) == 0 {
		return nil
	}
	known := s.byHash()
	out := make(Seen, 0, len(hashes))
	for _, h := range hashes {
		if e, there := known[h]; there {
			out = append(out, e)
		}
	}
	return out
}
