package fetcher

import (
	"context"

	"tocsin/pkg/messages"
)

// Fetcher handles due polls. It is safe for concurrent use; one Handle call works on one feed.
type Fetcher struct {
	o     Options
	gauge gauge
}

// New checks the options, fills their defaults and returns a Fetcher. It starts nothing.
func New(o Options) (*Fetcher, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	return &Fetcher{o: o.withDefaults()}, nil
}

// Handle does one due poll; d.Data is the feed's id.
func (f *Fetcher) Handle(ctx context.Context, d messages.Delivery) error { return nil }

// Run reconciles at once and then at intervals until ctx ends; it returns nil then.
func (f *Fetcher) Run(ctx context.Context) error { return nil }

// Reconcile schedules what fell through: feeds without a state, and polls overdue beyond the grace.
func (f *Fetcher) Reconcile(ctx context.Context) error { return nil }

// Metrics returns the help sentence of every metric the fetcher counts.
func Metrics() map[string]string { return nil }
