package indexer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tocsin/internal/retry"
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
	p, ok := x.o.Writer.(Pinger)
	if !ok {
		return nil
	}
	if err := p.Ping(ctx); err != nil {
		return fmt.Errorf("the alert index is not ready: %w", err)
	}
	return nil
}

// HandleBatch writes the batch's alerts in one go and returns one error per delivery, in order: nil when the alert's
// revision, or a newer one, is in the index; an error of package retry otherwise. No error names who is watched.
func (x *Alerts) HandleBatch(ctx context.Context, batch []messages.Delivery) []error {
	errs := make([]error, len(batch))
	alerts := make([]AlertDocument, 0, len(batch))
	from := make([]int, 0, len(batch)) // from[i] is the delivery that alerts[i] came from
	for i, m := range batch {
		d, err := decodeAlert(m)
		if err != nil {
			errs[i] = err
			continue
		}
		alerts, from = append(alerts, d), append(from, i)
	}
	for i, err := range x.write(ctx, alerts) {
		errs[from[i]] = err
	}
	countFailures(x.o.Meter, metricAlerts, errs)
	return errs
}

func decodeAlert(m messages.Delivery) (AlertDocument, error) {
	a, err := messages.Decode[messages.Alert](m.Data)
	if err != nil {
		reason := "invalid"
		if !json.Valid(m.Data) {
			reason = "undecodable"
		}
		return AlertDocument{}, retry.Never(reason, fmt.Errorf("alert %s %d: %w", m.Stream, m.Sequence, err))
	}
	return NewAlertDocument(a), nil
}

// write returns one error per alert.
func (x *Alerts) write(ctx context.Context, alerts []AlertDocument) []error {
	errs := make([]error, len(alerts))
	if len(alerts) == 0 {
		return errs
	}
	outcomes, err := x.o.Writer.Write(ctx, alerts)
	if err == nil && len(outcomes) != len(alerts) {
		err = fmt.Errorf("the index answered for %d of %d alerts; all of them will be written again", len(outcomes), len(alerts))
	}
	if err != nil {
		for i := range errs {
			errs[i] = fmt.Errorf("write batch of %d alerts: %w", len(alerts), err)
		}
		return errs
	}
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
