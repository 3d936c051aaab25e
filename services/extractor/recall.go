package extractor

import (
	"context"
	"slices"

	"tocsin/pkg/messages"
)

// Look finds the watched names of an article that was published before, what operators rejected left out, and what
// almost rings. Nothing is published. Lists must be in force.
func (x *Extractor) Look(a messages.EnrichedArticle) (rings []messages.Watched, near []messages.NearMiss) {
	missed := x.match(*x.lists.Load(), &a)
	return a.Watch, x.nearMisses(a, missed)
}

// Recall rings for names found in an article that was published before, as messages.TierRetro. Only names that never
// rang for the article ring; none is withdrawn or changed, and the article's later revisions go on from there. It
// returns how many names rang; an error is as those of Handle, and calling again rings for the rest.
func (x *Extractor) Recall(ctx context.Context, a messages.EnrichedArticle, found []messages.Watched) (names int, err error) {
	if len(found) == 0 {
		return 0, nil
	}
	a.Watch, a.Baseline = found, true
	for range maxConflicts {
		done, err := x.settle(ctx, a, 0, func(r rang) []change {
			list := r.recall(a)
			names = max(names, len(list))
			return list
		})
		if done || err != nil {
			return names, err
		}
	}
	return 0, errBusy
}

// recall is the change of a look back: what never rang. A revision of 0 is older than any, so that nothing that rang is
// spoken of again.
func (r rang) recall(a messages.EnrichedArticle) []change {
	list := r.changes(0, a.Watch)
	for i := range list {
		list[i].Since = a.Revision
	}
	return list
}

// Withdraw tells, as an update of one revision more, that an alert was rejected. It is told once: told is false where the
// alert was withdrawn before. The article's later revisions ring for the name only when the rejection is taken back. An
// error is as those of Handle; calling again tells the rest.
func (x *Extractor) Withdraw(ctx context.Context, alert messages.Alert) (told bool, err error) {
	from := alert.Article
	a := messages.EnrichedArticle{
		Article: messages.Article{
			ID: from.ID, Revision: from.Revision, URL: from.URL, Title: from.Title, Source: from.Source, Feed: from.Feed,
			Baseline: alert.Retro, FirstSeen: alert.Times.FirstSeen,
		},
		Lang: from.Lang,
	}
	a.Published.From = from.Published
	for range maxConflicts {
		done, err := x.settle(ctx, a, 0, func(r rang) []change {
			list := r.withdraw(alert)
			told = told || len(list) > 0
			return list
		})
		if done || err != nil {
			return told, err
		}
	}
	return false, errBusy
}

// withdraw is the change of a rejection. Of an article whose record has outlived its time, the alert says what rang.
func (r rang) withdraw(alert messages.Alert) []change {
	gone := ring{
		List: alert.List, Entry: alert.Entry, Name: alert.Name, Revision: alert.Revision, Since: alert.Article.Revision,
		Tier: alert.Tier, At: alert.Times.Rang, Story: alert.Story, Count: alert.Count,
	}
	if i, known := slices.BinarySearchFunc(r.Rings, gone, order); known {
		gone = r.Rings[i]
	}
	if gone.Gone {
		return nil
	}
	gone.Gone, gone.Revision = true, gone.Revision+1
	return []change{{
		ring: gone, status: messages.StatusWithdrawn, evidence: messages.Evidence{Tier: gone.Tier, Mentions: []messages.Span{}},
		notes: []string{"An operator rejected the alert as not this name."},
	}}
}
