package indexer

import (
	"context"
	"time"
)

// Month is what an index holds of one month.
type Month struct {
	// Name is that of the monthly index; of an embedded index, which has none, the month itself: 2026.01.
	Name string `json:"name"`
	// Start is the first moment of the month, UTC.
	Start     time.Time `json:"start"`
	Documents int       `json:"documents"`
	// Bytes is its size on disk, replicas aside; 0 where the index does not know.
	Bytes int64 `json:"bytes,omitempty"`
}

// End is the first moment after the month.
func (m Month) End() time.Time { return m.Start.AddDate(0, 1, 0) }

// MonthLayout writes a month as it stands in names.
const MonthLayout = "2006.01"

// Shelf is an index by months: of an article when it was first seen, of an alert when it first rang.
type Shelf interface {
	// Months returns the months that ended at before or earlier, ascending.
	Months(ctx context.Context, before time.Time) ([]Month, error)
	// Holds counts which of the ids the month holds.
	Holds(ctx context.Context, m Month, ids []string) (int, error)
	// Drop deletes what the month holds, and counts as done when nothing is there. An article that is revised once more
	// comes back alone.
	Drop(ctx context.Context, m Month) error
}
