package fetcher

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tocsin/services/fetcher/article"
	"tocsin/services/fetcher/feed"
)

// titled remembers which article a title of a source last stood for, in messages.BucketArticles beside the articles: a
// publisher that renames an item gives it another id, another address or both, and seldom another title.
type titled struct {
	Version   int       `json:"version"`
	Article   string    `json:"article"`
	Content   string    `json:"content"`
	Published time.Time `json:"published,omitzero"`
	At        time.Time `json:"at"`

	key string
	rev uint64
}

const (
	// titleLife is how long a title stands for its article; what comes back later is another one.
	titleLife = 7 * 24 * time.Hour
	// titleDates is how far apart the dates of two items with one title may be that say different things: "The week in
	// pictures" comes every week.
	titleDates = 36 * time.Hour
)

// sameTitle looks for the article an unknown item may be a new edition of. The result is that of this title's record, with
// Article set only when the item is that article: it is new under its own address, nothing else in the document is that
// article, and it says the same or is dated close to it.
func (p *poll) sameTitle(ctx context.Context, it feed.Item, id article.Identity, here met) (titled, error) {
	t, err := p.loadTitle(ctx, it.Title)
	if err != nil || t.rev == 0 {
		return t, err
	}
	now := p.o.Now()
	apart := t.Published.Sub(it.Published).Abs()
	dated := !t.Published.IsZero() && !it.Published.IsZero()
	switch {
	case t.Article == id.ID, here.present[t.Article], here.articles[t.Article] != "", now.Sub(t.At) > titleLife, dated && apart > titleDates && t.Content != id.Content:
		t.Article = ""
		return t, nil
	}
	own, err := p.loadSighting(ctx, id.ID)
	if own.rev != 0 {
		t.Article = ""
	}
	return t, err
}

func (p *poll) loadTitle(ctx context.Context, title string) (titled, error) {
	key := article.TitleKey(p.feed.Source, title)
	if key == "" {
		return titled{}, nil
	}
	t := titled{key: "title." + key}
	data, rev, err := p.o.Articles.Load(ctx, t.key)
	if err != nil || rev == 0 {
		return t, err
	}
	t.rev = rev
	if err := json.Unmarshal(data, &t); err != nil {
		return t, fmt.Errorf("title record %s cannot be read: %w", t.key, err)
	}
	return t, nil
}

// keepTitle notes that the title stands for the article now. Losing the race to another feed of the source loses nothing.
func (p *poll) keepTitle(ctx context.Context, t titled) error {
	if t.key == "" {
		return nil
	}
	t.Version = stateVersion
	data, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("title record %s: %w", t.key, err)
	}
	_, _, err = p.o.Articles.Store(ctx, t.key, data, t.rev)
	return err
}
