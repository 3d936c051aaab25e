package indexer

import (
	"context"
	"encoding/json"
	"fmt"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// What the two streams that are indexed, articles and alerts, have in common.

// handle decodes a batch, writes what could be decoded in one go, and returns one error per delivery, in order. It counts
// the failures to a metric.
func handle[T any](batch []messages.Delivery, decode func(messages.Delivery) (T, error), write func([]T) []error, meter Meter, metric string) []error {
	errs := make([]error, len(batch))
	docs := make([]T, 0, len(batch))
	from := make([]int, 0, len(batch)) // from[i] is the delivery that docs[i] came from
	for i, m := range batch {
		d, err := decode(m)
		if err != nil {
			errs[i] = err
			continue
		}
		docs, from = append(docs, d), append(from, i)
	}
	for i, err := range write(docs) {
		errs[from[i]] = err
	}
	countFailures(meter, metric, errs)
	return errs
}

// read decodes one message of a kind; what cannot be read now never can.
func read[M messages.Message](m messages.Delivery, kind string) (M, error) {
	v, err := messages.Decode[M](m.Data)
	if err == nil {
		return v, nil
	}
	reason := "invalid"
	if !json.Valid(m.Data) {
		reason = "undecodable"
	}
	return v, retry.Never(reason, fmt.Errorf("%s %s %d: %w", kind, m.Stream, m.Sequence, err))
}

// whole is the outcome of a write, an error where the index left some of it unanswered.
func whole(outcomes []Outcome, err error, sent int, kind string) ([]Outcome, error) {
	if err == nil && len(outcomes) != sent {
		err = fmt.Errorf("the index answered for %d of %d %s; all of them will be written again", len(outcomes), sent, kind)
	}
	return outcomes, err
}

// repeat gives each document of a batch the error of the whole.
func repeat(err error, n int) []error {
	errs := make([]error, n)
	for i := range errs {
		errs[i] = err
	}
	return errs
}

// ready pings a writer that can be asked; kind names its index.
func ready(ctx context.Context, writer any, kind string) error {
	p, ok := writer.(Pinger)
	if !ok {
		return nil
	}
	if err := p.Ping(ctx); err != nil {
		return fmt.Errorf("the %s is not ready: %w", kind, err)
	}
	return nil
}

// declareOutcomes makes a counter appear with 0, so that the first event is seen as a rise from it.
func declareOutcomes(m Meter, counter string) {
	for _, outcome := range [...]string{"stored", "known", "dead", "retried"} {
		m.Add(counter, 0, "outcome", outcome)
	}
}

// countFailures adds the failures of a batch to a metric; what went well is counted already.
func countFailures(meter Meter, metric string, errs []error) {
	for _, err := range errs {
		if err == nil {
			continue
		}
		outcome := "retried"
		if _, dead := retry.Reason(err); dead {
			outcome = "dead"
		}
		meter.Add(metric, 1, "outcome", outcome)
	}
}
