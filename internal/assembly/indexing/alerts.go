package indexing

import (
	"context"
	"errors"
	"sync/atomic"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/elastic"
)

// addAlerts adds the writing of alerts to the process, where the index is a cluster. An embedded index takes none: the
// stream ALERTS is on the same disk and `tocsin alerts` reads it there, and what charts the alerts, Kibana, reads
// Elasticsearch alone. Articles and alerts wait for nothing of each other.
func addAlerts(p *assembly.Process, index Index, b BatchFlags) error {
	cluster, ok := index.(*elastic.Index)
	if !ok {
		return nil
	}
	alerts := cluster.Alerts()
	core, err := indexer.NewAlerts(indexer.AlertOptions{Writer: alerts, Log: p.Log, Meter: p.Meter(indexer.AlertMetrics())})
	if err != nil {
		return err
	}
	p.TellBacklog(messages.ConsumerAlerts, p.Meter(assembly.BacklogHelp()))
	var prepared atomic.Bool
	p.Check("alert index", func(ctx context.Context) error {
		if !prepared.Load() {
			return errors.New("the alert index is not prepared yet")
		}
		return core.Ready(ctx)
	})
	p.Go("alert indexer", func(ctx context.Context) error {
		if !prepare(ctx, p, alerts.Setup) {
			return nil // asked to stop before there was an index
		}
		prepared.Store(true)
		return p.Bus.ConsumeBatch(ctx, bus.BatchOptions{
			Consumer: messages.ConsumerAlerts, Stage: messages.StageAlerts, Replays: messages.SubjectRefiled,
			Max: b.Batch, Wait: b.BatchWait, Drain: p.Drain, Gate: core.Ready, Handle: core.HandleBatch,
		})
	})
	return nil
}
