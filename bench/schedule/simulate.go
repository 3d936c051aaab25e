package main

import (
	"math/rand/v2"
	"slices"
)

// poll is what a rule learns from one poll of a feed.
type poll struct {
	now, since, previous float64
	posted               []float64 // the times of the new posts in the document
	items                int       // in the document
}

// rule chooses the minutes to the next poll. A rule belongs to one feed and may remember.
type rule func(p poll) float64

// policy makes the rule of each feed; first is the interval a new feed begins with.
type policy struct {
	name  string
	first float64
	rule  func() rule
}

// tally is what a policy came to on one population.
type tally struct {
	requests int
	feeds    int
	delays   []float64
	lost     int
}

// simulate polls every feed from a random moment on. A post that left the document between two polls is lost.
func simulate(feeds []feed, p policy, seed uint64) tally {
	r := rand.New(rand.NewPCG(seed, 5)) //nolint:gosec // jitter, no secrets
	t := tally{feeds: len(feeds)}
	for _, f := range feeds {
		t.run(f, p.rule(), p.first, r)
	}
	slices.Sort(t.delays)
	return t
}

func (t *tally) run(f feed, choose rule, interval float64, r *rand.Rand) {
	now := r.Float64() * interval
	last, handled := now, 0
	for now < days*day {
		if now > warm*day {
			t.requests++
		}
		here := handled
		for here < len(f.posts) && f.posts[here] <= now {
			here++
		}
		visible := max(handled, here-f.window)
		for _, at := range f.posts[handled:visible] {
			if at > warm*day {
				t.lost++
			}
		}
		for _, at := range f.posts[visible:here] {
			if at > warm*day {
				t.delays = append(t.delays, now-at)
			}
		}
		interval = choose(poll{now: now, since: now - last, previous: interval, posted: f.posts[visible:here], items: min(here, f.window)})
		handled, last = here, now
		now += interval * (0.95 + .1*r.Float64())
	}
}

func (t tally) row(name string) row {
	slices.Sort(t.delays)
	found := len(t.delays)
	out := row{
		Policy: name, Requests: float64(t.requests) / (days - warm) / float64(max(t.feeds, 1)), Lost: t.lost, Posts: found + t.lost,
		LostShare: float64(t.lost) / float64(max(found+t.lost, 1)),
	}
	if found == 0 {
		return out
	}
	for _, d := range t.delays {
		out.MeanDelay += d / float64(found)
	}
	out.Median, out.P99 = t.delays[found/2], t.delays[found*99/100]
	return out
}
