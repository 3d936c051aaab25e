package main

import (
	"context"
	"fmt"

	"tocsin/internal/bus"
	"tocsin/internal/newsroom"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// account is what a run came to; every figure after Items is 0 when all is well.
type account struct {
	Kills int `json:"kills"`
	Items int `json:"items"`
	// Lost counts stories whose last version is not in the index.
	Lost int `json:"lost"`
	// Duplicates counts documents beyond one for each story.
	Duplicates int `json:"duplicates"`
	// AlertsMissing counts pairs of story and watched name that did not ring; AlertsDuplicate counts messages in the
	// stream beyond one for each alert id and revision.
	AlertsMissing   int `json:"alerts_missing"`
	AlertsDuplicate int `json:"alerts_duplicate"`
	// Difference counts revisions in RAW that are neither indexed, themselves or a later one, nor dead letters.
	Difference int     `json:"difference"`
	Seconds    float64 `json:"seconds"`

	problems []string
}

// clean reports whether nothing was lost, doubled or left unexplained.
func (a account) clean() bool {
	return a.Lost == 0 && a.Duplicates == 0 && a.AlertsMissing == 0 && a.AlertsDuplicate == 0 && a.Difference == 0
}

func (a *account) problem(format string, args ...any) {
	a.problems = append(a.problems, fmt.Sprintf(format, args...))
}

// revision is one revision of one article.
type revision struct{ article, number string }

// holdings are what the pipeline holds.
type holdings struct {
	documents []indexer.Hit
	raw       map[revision]bool
	dead      map[revision]string       // the subject of its dead letter
	rings     map[string]map[string]int // alert id → revision → messages
	rang      map[ring]bool
}

// ring is a watched name in a story.
type ring struct{ url, entry string }

// take reads everything there is.
func take(ctx context.Context, b *bus.Bus, index indexer.Reader) (h holdings, err error) {
	h = holdings{raw: map[revision]bool{}, dead: map[revision]string{}, rings: map[string]map[string]int{}, rang: map[ring]bool{}}
	if h.documents, err = documents(ctx, index); err != nil {
		return h, err
	}
	follow := func(stream string, each func(messages.Delivery) error) {
		if err == nil {
			err = b.Follow(ctx, bus.FollowOptions{Stream: stream, Once: true}, each)
		}
	}
	follow(messages.StreamRaw, func(d messages.Delivery) error {
		h.raw[revisionOf(d)] = true
		return nil
	})
	follow(messages.StreamDLQ, func(d messages.Delivery) error {
		h.dead[revisionOf(d)] = d.Subject
		return nil
	})
	follow(messages.StreamAlerts, h.alert)
	return h, err
}

func revisionOf(d messages.Delivery) revision {
	return revision{d.Header[messages.HeaderArticle], d.Header[messages.HeaderRevision]}
}

func (h *holdings) alert(d messages.Delivery) error {
	a, err := messages.Decode[messages.Alert](d.Data)
	if err != nil {
		return fmt.Errorf("alert %d: %w", d.Sequence, err)
	}
	if h.rings[a.ID] == nil {
		h.rings[a.ID] = map[string]int{}
	}
	h.rings[a.ID][fmt.Sprint(a.Revision)]++
	h.rang[ring{a.Article.URL, a.Entry}] = true
	return nil
}

func documents(ctx context.Context, index indexer.Reader) ([]indexer.Hit, error) {
	var all []indexer.Hit
	q := indexer.Query{Limit: indexer.MaxLimit}
	for {
		page, err := index.Search(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Hits...)
		if page.Next == "" || len(page.Hits) == 0 {
			return all, nil
		}
		q.Cursor = page.Next
	}
}

// compare holds what there is against what the world had.
func compare(world []newsroom.Entry, h holdings) account {
	last := map[string]newsroom.Entry{}
	for _, e := range world {
		if e.Revision >= last[e.URL].Revision {
			last[e.URL] = e
		}
	}
	a := account{Items: len(last)}
	a.stories(last, h)
	a.alerts(last, h)
	a.revisions(h)
	return a
}

func (a *account) stories(last map[string]newsroom.Entry, h holdings) {
	held := map[string]indexer.Hit{}
	for _, d := range h.documents {
		switch _, known := last[d.URL]; {
		case !known, held[d.URL].ID != "":
			a.Duplicates++
			a.problem("duplicate: document %s of %s", d.ID, d.URL)
		default:
			held[d.URL] = d
		}
	}
	for url, e := range last {
		if d, there := held[url]; !there || d.Title != e.Title {
			a.Lost++
			a.problem("lost: version %d of %s (index holds revision %d, %q)", e.Revision, url, d.Revision, d.Title)
		}
	}
}

func (a *account) alerts(last map[string]newsroom.Entry, h holdings) {
	for url, e := range last {
		for _, id := range e.Watch {
			if !h.rang[ring{url, id}] {
				a.AlertsMissing++
				a.problem("alert missing: %s in %s", id, url)
			}
		}
	}
	for id, revisions := range h.rings {
		for number, n := range revisions {
			if n > 1 {
				a.AlertsDuplicate += n - 1
				a.problem("alert twice: %s revision %s, %d messages", id, number, n)
			}
		}
	}
}

func (a *account) revisions(h holdings) {
	indexed := map[string]int{}
	for _, d := range h.documents {
		indexed[d.ID] = d.Revision
	}
	for r := range h.raw {
		var number int
		_, err := fmt.Sscan(r.number, &number)
		if err == nil && number <= indexed[r.article] {
			continue
		}
		if h.dead[r] == "" {
			a.Difference++
			a.problem("unexplained: article %s revision %s is in RAW, not indexed, and no dead letter", r.article, r.number)
		}
	}
	for r, subject := range h.dead {
		a.problem("dead letter: article %s revision %s under %s", r.article, r.number, subject)
	}
}
