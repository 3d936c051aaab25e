package fetcher

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tocsin/services/fetcher/article"
	"tocsin/services/fetcher/feed"
)

// titled remembers which article a title of a source, or a text, last stood for, in messages.BucketArticles beside the
// articles: a publisher that renames an item gives it another id, another address or both, and seldom another title and
// another text as well.
type titled struct {
	Version   int       `json:"version"`
	Article   string    `json:"article"`
	Content   string    `json:"content"`
	Published time.Time `json:"published,omitzero"`
	At        time.Time `json:"at"`

	key string
	rev uint64
}

// names are the records an item is found by under another id: that of its title, and that of its text.
type names [2]titled

const (
	// titleLife is how long a title stands for its article; what comes back later is another one.
	titleLife = 7 * 24 * time.Hour
	// titleDates is how far apart the dates of two items with one title may be that say different things: "The week in
	// pictures" comes every week.
	titleDates = 36 * time.Hour
)

// earlier looks for the article an unknown item may be a new edition of: by its title, then by its text. found is "" when
// there is none: it is new under its own address, nothing else in the document is that article, and it says the same or is
// dated close to it. by says what it was told by.
func (p *poll) earlier(ctx context.Context, it feed.Item, id article.Identity, here met) (known names, found, by string, err error) {
	keys := itemKeys(p.feed.Source, it)
	for i, what := range [...]string{"title", "text"} {
		if known[i], err = p.loadName(ctx, what, keys[i]); err != nil {
			return known, "", "", err
		}
		if found == "" && p.stands(known[i], it, id, here) {
			found, by = known[i].Article, what
		}
	}
	if found != "" {
		if own, err := p.loadSighting(ctx, id.ID); err != nil || own.rev != 0 {
			return known, "", "", err
		}
	}
	return known, found, by, nil
}

// itemKeys are the keys of title and text; "" for one that says too little.
func itemKeys(source string, it feed.Item) [2]string {
	own := forIdentity([]feed.Item{it})[0]
	return [2]string{article.TitleKey(source, it.Title), article.TextKey(source, own)}
}

// stands reports whether the record's article may be the item.
func (p *poll) stands(t titled, it feed.Item, id article.Identity, here met) bool {
	apart := t.Published.Sub(it.Published).Abs()
	dated := !t.Published.IsZero() && !it.Published.IsZero()
	switch {
	case t.rev == 0, t.Article == id.ID, here.present[t.Article], here.articles[t.Article] != "":
		return false
	}
	return p.o.Now().Sub(t.At) <= titleLife && (!dated || apart <= titleDates || t.Content == id.Content)
}

func (p *poll) loadName(ctx context.Context, what, key string) (titled, error) {
	if key == "" {
		return titled{}, nil
	}
	t := titled{key: what + "." + key}
	data, rev, err := p.o.Articles.Load(ctx, t.key)
	if err != nil || rev == 0 {
		return t, err
	}
	t.rev = rev
	if err := json.Unmarshal(data, &t); err != nil {
		return t, fmt.Errorf("%s record %s cannot be read: %w", what, t.key, err)
	}
	return t, nil
}

// keepNames notes that title and text stand for the article now.
func (p *poll) keepNames(ctx context.Context, r ready) error {
	for _, t := range r.names {
		if t.key == "" {
			continue
		}
		t.Version, t.Article, t.Content, t.Published, t.At = stateVersion, r.article, r.claimed.Content, r.published, p.o.Now().UTC()
		data, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("record %s: %w", t.key, err)
		}
		// Losing the race to another feed of the source loses nothing.
		if _, _, err := p.o.Articles.Store(ctx, t.key, data, t.rev); err != nil {
			return err
		}
	}
	return nil
}
