package extractor

import (
	"context"

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
