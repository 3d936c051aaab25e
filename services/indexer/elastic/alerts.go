package elastic

import (
	"context"

	"tocsin/services/indexer"
)

// Write implements indexer.AlertWriter, as Index.Write does for articles. The month is that of the first ring.
func (x *Alerts) Write(ctx context.Context, alerts []indexer.AlertDocument) ([]indexer.Outcome, error) {
	records := make([]record, len(alerts))
	for i, a := range alerts {
		records[i] = record{id: a.ID, at: a.RangAt, version: a.Version(), body: a}
	}
	return x.write(ctx, records)
}
