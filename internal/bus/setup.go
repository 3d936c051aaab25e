package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// SetupOptions sizes the streams. Zero values take the defaults named.
type SetupOptions struct {
	Replicas int           // of everything, 1 to 5; default 1
	MaxAge   time.Duration // of RAW and ENRICHED, default 7 days
	MaxBytes int64         // of RAW and of ENRICHED, default 8 GiB each

	AlertsMaxAge   time.Duration // default 90 days
	AlertsMaxBytes int64         // default 1 GiB
	EventsMaxAge   time.Duration // default 30 days
	EventsMaxBytes int64         // default 1 GiB
	NearMaxAge     time.Duration // default 7 days
	NearMaxBytes   int64         // default 256 MiB

	ArticleLife time.Duration // how long article states are kept, default 30 days
	AckWait     time.Duration // how soon a dead worker's message goes to another, default 30 s
}

const day = 24 * time.Hour

func (o SetupOptions) withDefaults() (SetupOptions, error) {
	o.Replicas = cmp.Or(o.Replicas, 1)
	o.MaxAge = cmp.Or(o.MaxAge, 7*day)
	o.MaxBytes = cmp.Or(o.MaxBytes, 8<<30)
	o.AlertsMaxAge = cmp.Or(o.AlertsMaxAge, 90*day)
	o.AlertsMaxBytes = cmp.Or(o.AlertsMaxBytes, 1<<30)
	o.EventsMaxAge = cmp.Or(o.EventsMaxAge, 30*day)
	o.EventsMaxBytes = cmp.Or(o.EventsMaxBytes, 1<<30)
	o.NearMaxAge = cmp.Or(o.NearMaxAge, 7*day)
	o.NearMaxBytes = cmp.Or(o.NearMaxBytes, 256<<20)
	o.ArticleLife = cmp.Or(o.ArticleLife, 30*day)
	o.AckWait = cmp.Or(o.AckWait, 30*time.Second)
	switch {
	case o.Replicas < 1 || o.Replicas > 5:
		return o, fmt.Errorf("setup options: Replicas is %d; give 1 to 5, and no more than the cluster has servers", o.Replicas)
	case min(o.MaxAge, o.AlertsMaxAge, o.EventsMaxAge, o.NearMaxAge, o.ArticleLife) < time.Second:
		return o, errors.New("setup options: a max age or ArticleLife under one second would lose messages before anyone reads them")
	case o.AckWait < 100*time.Millisecond:
		return o, fmt.Errorf("setup options: AckWait %v is too short to say in time that work goes on", o.AckWait)
	}
	return o, nil
}

// Change is one step of a Plan.
type Change struct {
	// Action is "create", "update", or "keep" for a difference left alone.
	Action string `json:"action"`
	// Kind is "stream", "bucket", "objects" or "consumer".
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Detail says in plain words what differs, or why it is kept.
	Detail string `json:"detail"`
}

// step is a Change and how to make it; do is nil when there is nothing to do.
type step struct {
	Change
	do func(ctx context.Context) error
}

// Plan returns what Setup would do, without doing it; nothing when everything is in place. What cannot be changed in
// place (the retention of a stream, where a consumer starts) is an error that names it.
func (b *Bus) Plan(ctx context.Context, o SetupOptions) ([]Change, error) {
	steps, err := b.plan(ctx, o)
	return changes(steps), err
}

// Setup makes every stream, bucket, object store and consumer, or brings it up to date, and returns what it did. It can
// be run again at any time, also by several at once; it deletes nothing.
func (b *Bus) Setup(ctx context.Context, o SetupOptions) ([]Change, error) {
	steps, err := b.plan(ctx, o)
	if err != nil {
		return nil, err
	}
	for i, s := range steps {
		if s.do == nil {
			continue
		}
		if err := s.do(ctx); err != nil {
			return changes(steps[:i]), fmt.Errorf("%s %s %s: %w", s.Action, s.Kind, s.Name, explainSetup(err))
		}
		b.log.Info("set up", "action", s.Action, "kind", s.Kind, "name", s.Name, "detail", s.Detail)
	}
	return changes(steps), nil
}

func changes(steps []step) []Change {
	var out []Change
	for _, s := range steps {
		out = append(out, s.Change)
	}
	return out
}

func (b *Bus) plan(ctx context.Context, o SetupOptions) ([]step, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	var steps []step
	for _, want := range streams(o) {
		s, err := b.planStream(ctx, want)
		if err != nil {
			return nil, err
		}
		steps = append(steps, s...)
	}
	for _, want := range consumers(o) {
		s, err := b.planConsumer(ctx, want)
		if err != nil {
			return nil, err
		}
		steps = append(steps, s...)
	}
	return steps, nil
}

func (b *Bus) planStream(ctx context.Context, want streamSpec) ([]step, error) {
	name := want.config.Name
	create := step{Change{"create", want.kind, want.name, ""}, func(ctx context.Context) error {
		_, err := b.js.CreateOrUpdateStream(ctx, want.config)
		return err
	}}
	have, err := b.js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return []step{create}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s %s: %w", want.kind, want.name, err)
	}
	merged, d := want.merge(have.CachedInfo().Config)
	if d.fixed != "" {
		return nil, fmt.Errorf("%s %s exists with %s, which cannot be changed in place; move its messages away and delete it, then run setup again", want.kind, want.name, d.fixed)
	}
	var steps []step
	if d.kept != "" {
		steps = append(steps, step{Change{"keep", want.kind, want.name, d.kept}, nil})
	}
	if d.changed != "" {
		steps = append(steps, step{Change{"update", want.kind, want.name, d.changed}, func(ctx context.Context) error {
			_, err := b.js.UpdateStream(ctx, merged)
			return err
		}})
	}
	return steps, nil
}

func (b *Bus) planConsumer(ctx context.Context, want consumerSpec) ([]step, error) {
	name := want.config.Durable
	put := func(ctx context.Context) error {
		_, err := b.js.CreateOrUpdateConsumer(ctx, want.stream, want.config)
		return err
	}
	have, err := b.js.Consumer(ctx, want.stream, name)
	if errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) {
		return []step{{Change{"create", "consumer", name, "on " + want.stream}, put}}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up consumer %s: %w", name, err)
	}
	d := want.diff(have.CachedInfo().Config)
	if d.fixed != "" {
		return nil, fmt.Errorf("consumer %s exists with %s, which cannot be changed in place; delete it and run setup again", name, d.fixed)
	}
	if d.changed == "" {
		return nil, nil
	}
	return []step{{Change{"update", "consumer", name, d.changed}, put}}, nil
}

// insufficientStorage is the server's refusal to reserve a stream's max bytes.
const insufficientStorage = 10047

func explainSetup(err error) error {
	if api, ok := errors.AsType[*jetstream.APIError](err); ok && api.ErrorCode == insufficientStorage {
		return fmt.Errorf("%w: the server's max_file_store is less than the streams together reserve; raise it or lower the max bytes", err)
	}
	return err
}
