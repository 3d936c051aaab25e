package indexing

import (
	"context"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/assembly/accounting"
	"tocsin/internal/daemon"
	"tocsin/internal/operate/ledger"
)

// namedAtOnce is how many lost articles one look names in the log; `tocsin ledger` names all.
const namedAtOnce = 20

// keepBooks balances the books every so often, closes the hours that are even, and says what does not balance.
func keepBooks(ctx context.Context, p *assembly.Process, index ledger.Index, every time.Duration) error {
	if every <= 0 {
		return nil
	}
	books, err := accounting.Ledger(ctx, p.Bus, index)
	if err != nil {
		return err
	}
	meter := p.Meter(Metrics())
	p.Go("ledger", func(ctx context.Context) error {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
			balance(ctx, p, books, meter)
		}
	})
	return nil
}

// Metrics returns the help sentence of every metric of the books.
func Metrics() map[string]string {
	return map[string]string{
		"tocsin_ledger_difference":   "Articles and items that came nowhere, of the hours not yet closed and of those closed in the last thirty days; tocsin ledger names them.",
		"tocsin_ledger_pending":      "Articles and items of those hours that a stage has yet to settle.",
		"tocsin_ledger_quarantined":  "Articles of those hours that dead letters hold.",
		"tocsin_ledger_look_seconds": "Seconds one look at the books took.",
	}
}

// balance looks at the books once.
func balance(ctx context.Context, p *assembly.Process, books *ledger.Ledger, meter *daemon.Meter) {
	start := time.Now()
	account, err := books.Close(ctx)
	if err != nil {
		if ctx.Err() == nil {
			p.Log.Warn("the books cannot be balanced", "error", err)
		}
		return
	}
	meter.Observe("tocsin_ledger_look_seconds", time.Since(start).Seconds())
	meter.Set("tocsin_ledger_difference", float64(account.Difference+account.Earlier))
	meter.Set("tocsin_ledger_pending", float64(account.Pending))
	meter.Set("tocsin_ledger_quarantined", float64(account.Quarantined))
	for _, f := range account.Behind[:min(len(account.Behind), namedAtOnce)] {
		p.Log.Error("lost", "feed", f.Feed, "article", f.Article, "revision", f.Revision, "sentence", f.Sentence)
	}
}
