package indexer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tocsin/pkg/messages"
)

// AlertWriter stores alerts.
type AlertWriter interface {
	// Write is Writer.Write for alerts. Whatever comes in whichever order, the newest revision of an alert stays, in the
	// month of its first ring.
	Write(ctx context.Context, alerts []AlertDocument) ([]Outcome, error)
}

// Names of the metrics of alerts.
const (
	metricAlerts   = "tocsin_indexer_alerts_total"
	metricAlertAge = "tocsin_indexer_alert_age_seconds"
)

// AlertMetrics names every metric of Alerts and says what it means.
func AlertMetrics() map[string]string {
	return map[string]string{
		metricAlerts:   "Alerts settled, by outcome: stored, known (this revision or a newer one was there), dead, retried.",
		metricAlertAge: "Seconds from an alert's being made to its being in the index.",
	}
}

// AlertOptions of Alerts.
type AlertOptions struct {
	// Writer is the alert index. Required.
	Writer AlertWriter
	// Log receives one debug line per batch; nil discards.
	Log *slog.Logger
	// Meter counts; nil counts nothing.
	Meter Meter
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Alerts writes batches of alerts to the alert index. It may be used by any number of goroutines.
type Alerts struct{ o AlertOptions }

// NewAlerts checks the options and returns an Alerts.
func NewAlerts(o AlertOptions) (*Alerts, error) {
	if o.Writer == nil {
		return nil, errors.New("alert index options: Writer is missing; open an index first")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Meter == nil {
		o.Meter = silent{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	declareOutcomes(o.Meter, metricAlerts)
	return &Alerts{o}, nil
}

// Ready returns nil when the index would probably take a write, else what is wrong.
func (x *Alerts) Ready(ctx context.Context) error {
	return ready(ctx, x.o.Writer, "alert index")
}

// HandleBatch writes the batch's alerts in one go and returns one error per delivery, in order: nil when the alert's
// revision, or a newer one, is in the index; an error of package retry otherwise. No error names who is watched.
func (x *Alerts) HandleBatch(ctx context.Context, batch []messages.Delivery) []error {
	write := func(alerts []AlertDocument) []error { return x.write(ctx, alerts) }
	return handle(batch, decodeAlert, write, x.o.Meter, metricAlerts)
}

func decodeAlert(m messages.Delivery) (AlertDocument, error) {
	a, err := read[messages.Alert](m, "alert")
	if err != nil {
		return AlertDocument{}, err
	}
	return NewAlertDocument(a), nil
}

// write returns one error per alert.
func (x *Alerts) write(ctx context.Context, alerts []AlertDocument) []error {
	if len(alerts) == 0 {
		return nil
	}
	outcomes, err := x.o.Writer.Write(ctx, alerts)
	if outcomes, err = whole(outcomes, err, len(alerts), "alerts"); err != nil {
		return repeat(fmt.Errorf("write batch of %d alerts: %w", len(alerts), err), len(alerts))
	}
	errs := make([]error, len(alerts))
	x.o.Log.DebugContext(ctx, "alerts written", "alerts", len(alerts))
	now := x.o.Now()
	for i, o := range outcomes {
		switch {
		case o.Err != nil:
			errs[i] = fmt.Errorf("alert %s revision %d: %w", alerts[i].ID, alerts[i].Revision, o.Err)
		case o.Known:
			x.o.Meter.Add(metricAlerts, 1, "outcome", "known")
		default:
			x.o.Meter.Add(metricAlerts, 1, "outcome", "stored")
			x.o.Meter.Observe(metricAlertAge, now.Sub(alerts[i].ChangedAt).Seconds())
		}
	}
	return errs
}
