package fetcher

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/fetcher/article"
	"tocsin/services/fetcher/feed"
)

// Sighting is what all feeds agree on about one article: the value of messages.BucketArticles.
type Sighting struct {
	Version int `json:"version"`
	// FirstSeen is when any feed first brought the article.
	FirstSeen time.Time `json:"first_seen"`
	// Revision counts from 1; Content is the hash of what it says.
	Revision int    `json:"revision"`
	Content  string `json:"content"`
	// Title and Text are the hashes of each alone, Dated the item's own date, zero where it had none; Changed is what this
	// revision changed of the one before, in words. Empty in what was written before they were kept.
	Title   string    `json:"title,omitempty"`
	Text    string    `json:"text,omitempty"`
	Dated   time.Time `json:"dated,omitzero"`
	Changed string    `json:"changed,omitempty"`
	// Feed brought the article; only its edits make revisions.
	Feed string `json:"feed"`
	// Baseline marks back catalogue of that feed.
	Baseline bool `json:"baseline,omitempty"`
	// Published says that the revision was acknowledged; until then it is claimed, at At, by the poll with the base Base.
	Published bool      `json:"published,omitempty"`
	At        time.Time `json:"at"`
	Base      uint64    `json:"base"`
}

// sighted is a sighting as loaded and claimed.
type sighted struct {
	Sighting
	rev uint64
}

// sight claims the article for publishing. The answer's outcome is "" when the article is to be published now; else it is
// settled, and known says that nothing new was met at all.
func (p *poll) sight(ctx context.Context, id string, said article.Identity, item feed.Item) (got sighted, settled *messages.SeenItem, err error) {
	for range 5 {
		s, err := p.loadSighting(ctx, id)
		if err != nil {
			return s, nil, err
		}
		next, settled := p.judge(s, said, item)
		if settled != nil {
			return s, settled, nil
		}
		if next == s.Sighting {
			return s, nil, nil // this poll's own claim, interrupted
		}
		claimed := sighted{next, s.rev}
		ok, err := p.storeSighting(ctx, id, &claimed)
		if err != nil || ok {
			return claimed, nil, err
		}
	}
	return got, &messages.SeenItem{Outcome: dropped, Reason: dropBusy}, nil
}

// claimArticle is how long an article that a feed is bringing is left to that feed: its page may have to wait for its turn.
const claimArticle = 5 * time.Minute

// judge decides what an item means for its article: the sighting to claim, or how the item is settled (an empty outcome:
// it is known).
func (p *poll) judge(s sighted, said article.Identity, item feed.Item) (next Sighting, settled *messages.SeenItem) {
	now := p.o.Now().UTC()
	mine, same := s.Feed == p.feed.ID, s.Content == said.Content
	next = s.Sighting
	switch {
	case s.rev == 0:
		next = Sighting{Version: stateVersion, FirstSeen: now, Feed: p.feed.ID, Baseline: p.baseline(item), At: now, Base: p.base}
		return next.says(said, item), nil
	case !s.Published && !mine && within(claimArticle, s.At, now):
		return next, &messages.SeenItem{Outcome: dropped, Reason: dropBusy}
	case !s.Published && mine && same:
		next.Base = p.base
		return next, nil
	case !s.Published:
		// Whoever claimed it may have published it all the same; other words need another number.
		next.Feed, next.At, next.Base = p.feed.ID, now, p.base
		if !same {
			next = next.says(said, item)
		}
		return next, nil
	case !mine:
		return next, &messages.SeenItem{Outcome: duplicate}
	case same && s.Base == p.base:
		return next, &messages.SeenItem{Outcome: published, Revision: s.Revision}
	case same:
		return next, &messages.SeenItem{}
	case s.Revision >= p.o.MaxRevisions:
		return next, &messages.SeenItem{Outcome: dropped, Reason: dropLimit}
	case within(p.o.RevisionGap, s.At, now):
		return next, &messages.SeenItem{Outcome: dropped, Reason: dropRecent}
	}
	next.Published, next.At, next.Base = false, now, p.base
	return next.says(said, item), nil
}

// says is the sighting's next revision.
func (s Sighting) says(said article.Identity, item feed.Item) Sighting {
	var changed []string
	if s.Title != "" {
		if s.Title != said.Title {
			changed = append(changed, "the title")
		}
		if s.Text != said.Text {
			changed = append(changed, "the text")
		}
		if !s.Dated.Equal(item.Published) {
			changed = append(changed, "the date")
		}
	}
	s.Revision, s.Content, s.Title, s.Text = s.Revision+1, said.Content, said.Title, said.Text
	s.Dated, s.Changed = item.Published.UTC(), strings.Join(changed, ", ")
	return s
}

// baselineAge is how much older than its feed's configuration an item must be to count as back catalogue.
const baselineAge = 24 * time.Hour

// baseline reports whether an item is back catalogue: dated well before the feed was added, or undated when the feed is
// read for the first time.
func (p *poll) baseline(item feed.Item) bool {
	switch {
	case p.o.BaselineRing:
		return false
	case item.Published.IsZero():
		return p.state.Succeeded.IsZero()
	}
	return item.Published.Before(p.feed.AddedAt.Add(-baselineAge))
}

func (p *poll) loadSighting(ctx context.Context, id string) (sighted, error) {
	data, rev, err := p.o.Articles.Load(ctx, id)
	if err != nil || rev == 0 {
		return sighted{}, err
	}
	s := sighted{rev: rev}
	if err := json.Unmarshal(data, &s.Sighting); err != nil {
		return s, fmt.Errorf("article %s: its state cannot be read: %w", id, err)
	}
	return s, nil
}

func (p *poll) storeSighting(ctx context.Context, id string, s *sighted) (bool, error) {
	data, err := json.Marshal(s.Sighting)
	if err != nil {
		return false, fmt.Errorf("article %s: %w", id, err)
	}
	rev, ok, err := p.o.Articles.Store(ctx, id, data, s.rev)
	if ok {
		s.rev = rev
	}
	return ok, err
}

// confirm remembers that the revision was acknowledged. Somebody who took the claim over meanwhile publishes under the
// same id or a higher revision, so losing the race loses nothing.
func (p *poll) confirm(ctx context.Context, id string, s sighted) error {
	s.Published, s.At = true, p.o.Now().UTC()
	_, err := p.storeSighting(ctx, id, &s)
	return err
}
