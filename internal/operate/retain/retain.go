// Package retain drops old months of an index, and holds back those that are still needed.
package retain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tocsin/services/indexer"
)

// Least is the shortest time that may be kept: the fetcher knows an article for thirty days, and within them a revision
// would bring it back, alone, into a month that was dropped.
const Least = 2

// Before is the end of what may be dropped when so many months are kept: a month goes when all of it is older.
func Before(now time.Time, months int) (time.Time, error) {
	if months < Least || months > 1200 {
		return time.Time{}, fmt.Errorf("keep %d months: want %d to 1200; articles of the last month may still be revised", months, Least)
	}
	now = now.UTC()
	return time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, -months, 0), nil
}

// Verdict is what becomes of a month.
type Verdict struct {
	indexer.Month
	// Needed counts its articles that somebody will still ask for; a month with any stays.
	Needed int `json:"needed,omitempty"`
	// Dropped says that it is gone.
	Dropped bool `json:"dropped"`
}

// Plan decides about every month that ended at before or earlier. needed are the ids of articles that the ledger has yet
// to account for.
func Plan(ctx context.Context, index indexer.Shelf, before time.Time, needed []string) ([]Verdict, error) {
	months, err := index.Months(ctx, before)
	if err != nil {
		return nil, err
	}
	plan := make([]Verdict, len(months))
	for i, m := range months {
		plan[i].Month = m
		if len(needed) == 0 {
			continue
		}
		if plan[i].Needed, err = index.Holds(ctx, m, needed); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

// Drop carries a plan out, oldest first, and tells each verdict. It stops at the first failure; what it has dropped is
// dropped, and planning again goes on with the rest.
func Drop(ctx context.Context, index indexer.Shelf, plan []Verdict, tell func(Verdict) error) error {
	for _, v := range plan {
		if v.Needed == 0 {
			if err := index.Drop(ctx, v.Month); err != nil {
				return err
			}
			v.Dropped = true
		}
		if err := errors.Join(tell(v), ctx.Err()); err != nil {
			return err
		}
	}
	return nil
}
