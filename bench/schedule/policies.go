package main

import (
	"math"
	"time"

	"tocsin/services/fetcher/schedule"
)

// epoch is minute zero of a simulation.
var epoch = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

func at(minute float64) time.Time { return epoch.Add(time.Duration(minute * float64(time.Minute))) }

// tocsin is the product's rule at a pace, with the jitter left to the simulation.
func tocsin(name string, pace float64, floor time.Duration) policy {
	limits := schedule.Limits{Floor: floor, Ceiling: 12 * time.Hour, Pace: pace}
	return policy{name, 30, func() rule {
		var history schedule.History
		return func(p poll) float64 {
			posted := make([]time.Time, len(p.posted))
			for i, t := range p.posted {
				posted[i] = at(t)
			}
			history = history.After(at(p.now), posted)
			choice := schedule.Next(schedule.Poll{
				Now: at(p.now), History: history, Previous: time.Duration(p.previous * float64(time.Minute)),
				Since: time.Duration(p.since * float64(time.Minute)), Items: p.items, New: len(p.posted), Jitter: 0.5,
			}, limits)
			return choice.Wait.Minutes()
		}
	}}
}

// paceFor is the pace the product derives for a population that may be asked so often per feed and day, from what it
// knows of the feeds after their first week.
func paceFor(feeds []feed, budget float64, floor time.Duration) float64 {
	rates := make([]float64, len(feeds))
	for i, f := range feeds {
		var history schedule.History
		history = history.After(at(0), nil)
		var posted []time.Time
		for _, t := range f.posts {
			if t < warm*day {
				posted = append(posted, at(t))
			}
		}
		rates[i], _ = history.After(at(warm*day), posted).Rate(at(warm * day))
	}
	return schedule.Pace(rates, budget*float64(len(feeds))/day, schedule.Limits{Floor: floor, Ceiling: 12 * time.Hour})
}

// stateless is a policy whose rule remembers nothing.
func stateless(name string, first float64, r rule) policy {
	return policy{name, first, func() rule { return r }}
}

func clip(x, low, high float64) float64 { return math.Max(low, math.Min(high, x)) }

// rivals are the rules in use elsewhere, as their sources have them.
func rivals() []policy {
	return []policy{
		stateless("fixed 60 min", 60, func(poll) float64 { return 60 }),
		stateless("fixed 6 h", 360, func(poll) float64 { return 360 }),
		stateless("halve on news, else x1.25", 60, func(p poll) float64 {
			if len(p.posted) > 0 {
				return clip(p.previous/2, 15, 720)
			}
			return clip(p.previous*1.25, 15, 720)
		}),
		{"newsblur-like", 60, newsblur},
		{"miniflux entry_frequency, factor 2", 60, miniflux},
		{"media cloud", 360, mediaCloud},
	}
}

// lately counts the posts it is given, forgetting those of more than so many days ago.
type lately struct {
	days  float64
	times []float64
}

func (l *lately) add(p poll) int {
	l.times = append(l.times, p.posted...)
	for len(l.times) > 0 && l.times[0] <= p.now-l.days*day {
		l.times = l.times[1:]
	}
	return len(l.times)
}

// newsblur: stories a day decide, from an hour to a day.
func newsblur() rule {
	seen := lately{days: 30}
	return func(p poll) float64 {
		perDay := float64(seen.add(p)) / clip(p.now/day, 1, 30)
		switch {
		case perDay >= 1:
			return 60
		case perDay > 0:
			return 720 - perDay*660
		}
		return 1440
	}
}

// miniflux: a week by twice the week's posts, from five minutes to a day.
func miniflux() rule {
	seen := lately{days: 7}
	return func(p poll) float64 {
		n := seen.add(p)
		if n == 0 {
			return 1440
		}
		return clip(7*day/(float64(n)*2), 5, 1440)
	}
}

// mediaCloud: ten minutes more when two thirds of the document are known, an hour less when a third is.
func mediaCloud() rule {
	news := math.Inf(-1)
	return func(p poll) float64 {
		known := 101.0
		if len(p.posted) > 0 {
			news = p.now
			known = 100 * float64(p.items-len(p.posted)) / float64(p.items)
		}
		next := p.previous
		switch {
		case known >= 67 && p.now-news < 31*day:
			next += 10
		case known >= 67:
			next += 60
		case known < 33:
			next = math.Min(next-60, 360)
		}
		return clip(next, 10, 1440)
	}
}
