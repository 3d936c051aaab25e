package bus

import (
	"context"
	"errors"
	"time"
)

// SetupOptions sizes the streams. Zero values take the defaults named.
type SetupOptions struct {
	Replicas int           // default 1
	MaxAge   time.Duration // of RAW and ENRICHED, default 7 days
	MaxBytes int64         // of RAW and of ENRICHED, default 8 GiB each

	AlertsMaxAge   time.Duration // default 90 days
	AlertsMaxBytes int64         // default 1 GiB
	EventsMaxAge   time.Duration // default 30 days
	EventsMaxBytes int64         // default 1 GiB

	ArticleLife time.Duration // how long article states are kept, default 30 days
	AckWait     time.Duration // how soon a dead worker's message goes to another, default 30 s
}

// Change is one step of a Plan.
type Change struct {
	// Action is "create", "update" or "keep" (a difference left alone, with the reason in Detail).
	Action string
	// Kind is "stream", "bucket", "objects" or "consumer".
	Kind, Name string
	// Detail says in plain words what differs.
	Detail string
}

// Plan returns what Setup would do; empty when everything is in place.
func (b *Bus) Plan(ctx context.Context, o SetupOptions) ([]Change, error) {
	return nil, errors.ErrUnsupported
}

// Setup creates or updates every stream, bucket, object store and consumer and returns what it did. It can be run
// again at any time.
func (b *Bus) Setup(ctx context.Context, o SetupOptions) ([]Change, error) {
	return nil, errors.ErrUnsupported
}
