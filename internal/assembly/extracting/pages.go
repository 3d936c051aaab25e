package extracting

import (
	"context"
	"math/rand/v2"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/daemon"
	"tocsin/internal/operate/pages"
	"tocsin/pkg/messages"
)

const (
	metricPagesRemoved = "tocsin_extractor_pages_removed_total"
	metricPagesKept    = "tocsin_extractor_pages_kept"
)

// sweepEvery is how often an extractor looks for pages nobody can ask for any more; sweepPatience bounds one look.
const (
	sweepEvery    = time.Hour
	sweepPatience = 30 * time.Minute
)

// sweepPages sweeps for as long as the process lives, first at some point of the first hour, so that extractors that
// start together do not all read RAW at once.
func sweepPages(ctx context.Context, p *assembly.Process, meter *daemon.Meter) error {
	store, err := p.Bus.Objects(ctx, messages.ObjectsPages)
	if err != nil {
		return err
	}
	meter.Add(metricPagesRemoved, 0)
	p.Go("page sweep", func(ctx context.Context) error {
		next := time.NewTimer(rand.N(sweepEvery)) //nolint:gosec // spreads work, hides nothing
		defer next.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-next.C:
			}
			next.Reset(sweepEvery)
			sweep(ctx, p, shelf{store}, meter)
		}
	})
	return nil
}

func sweep(ctx context.Context, p *assembly.Process, store pages.Store, meter *daemon.Meter) {
	patience, cancel := context.WithTimeout(ctx, sweepPatience)
	defer cancel()
	o, err := pages.Sweep(patience, store, headers{p.Bus}, time.Now())
	meter.Add(metricPagesRemoved, float64(o.Removed))
	if err != nil {
		if ctx.Err() == nil {
			p.Log.Warn("stored pages not swept; trying again in an hour", "removed", o.Removed, "error", err)
		}
		return
	}
	meter.Set(metricPagesKept, float64(o.Kept))
	if o.Removed > 0 {
		p.Log.Info("removed stored pages that nothing names any more", "removed", o.Removed, "kept", o.Kept, "next_time", o.Left)
	}
}

// shelf lets the sweep see the object store.
type shelf struct{ objects *bus.Objects }

// List implements pages.Store.
func (s shelf) List(ctx context.Context) ([]pages.Page, error) {
	infos, err := s.objects.List(ctx)
	all := make([]pages.Page, len(infos))
	for i, o := range infos {
		all[i] = pages.Page{Name: o.Name, Stored: o.Modified, Revision: o.Revision}
	}
	return all, err
}

// Remove implements pages.Store.
func (s shelf) Remove(ctx context.Context, p pages.Page) (bool, error) {
	return s.objects.Forget(ctx, p.Name, p.Revision)
}

// headers lets the sweep see the streams.
type headers struct{ *bus.Bus }

// MaxAge implements pages.Streams.
func (h headers) MaxAge(ctx context.Context) (time.Duration, error) {
	x, err := h.Extent(ctx, messages.StreamRaw)
	return x.MaxAge, err
}

// Headers implements pages.Streams.
func (h headers) Headers(ctx context.Context, stream string, since time.Time, each func(messages.Delivery) error) error {
	err := h.Follow(ctx, bus.FollowOptions{Stream: stream, Since: since, Once: true, HeadersOnly: true}, each)
	if err == nil {
		err = ctx.Err() // Follow ends without an error when it is told to stop
	}
	return err
}
