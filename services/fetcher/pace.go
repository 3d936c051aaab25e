package fetcher

import (
	"maps"
	"slices"
	"sync"

	"tocsin/services/fetcher/schedule"
)

// pace is the k of the schedule for all feeds, made of how often they post. Each fetcher works it out for itself, from the
// states of all feeds that its passes of Reconcile meet; they come to the same within a pass or two.
type pace struct {
	mu sync.Mutex
	k  float64
	// rates are items a minute of feeds without a fixed interval, fixed requests a minute of the others.
	rates, fixed map[string]float64
}

// limits are what the schedule may choose from.
func (f *Fetcher) limits() schedule.Limits {
	f.pace.mu.Lock()
	defer f.pace.mu.Unlock()
	return schedule.Limits{Floor: f.o.Floor, Ceiling: f.o.Ceiling, Pace: f.pace.k}
}

// meet enters a feed's state into the sum.
func (f *Fetcher) meet(feed Feed, state PollState) {
	f.pace.mu.Lock()
	defer f.pace.mu.Unlock()
	if f.pace.rates == nil {
		f.pace.rates, f.pace.fixed = map[string]float64{}, map[string]float64{}
	}
	delete(f.pace.rates, feed.ID)
	delete(f.pace.fixed, feed.ID)
	if every := feed.Every(); every > 0 {
		f.pace.fixed[feed.ID] = 1 / every.Minutes()
		return
	}
	f.pace.rates[feed.ID], _ = state.History.Rate(f.o.Now())
}

// share divides the requests the operator allows among the feeds that are still configured.
func (f *Fetcher) share(configured map[string][]byte) {
	if f.o.Requests <= 0 {
		return
	}
	f.pace.mu.Lock()
	defer f.pace.mu.Unlock()
	gone := func(id string, _ float64) bool { return configured[id] == nil }
	maps.DeleteFunc(f.pace.rates, gone)
	maps.DeleteFunc(f.pace.fixed, gone)
	perMinute := f.o.Requests * 60
	for _, n := range f.pace.fixed {
		perMinute -= n
	}
	k := schedule.Pace(slices.Collect(maps.Values(f.pace.rates)), max(perMinute, 1e-6), schedule.Limits{Floor: f.o.Floor, Ceiling: f.o.Ceiling})
	f.pace.k = k
	f.o.Log.Debug("pace of polling", "pace", k, "feeds", len(f.pace.rates))
}
