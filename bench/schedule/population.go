package main

import (
	"math"
	"math/rand"
	"slices"
)

const (
	// day is in minutes, as all times here.
	day = 1440.0
	// days are simulated; what happens in the first warm of them is not counted.
	days = 21
	warm = 7
)

// feed is one of the population: when it posts, and how many posts its document holds.
type feed struct {
	window int
	posts  []float64
}

// population draws feeds whose rates lie log-normally around 0.6 posts a day, at most 400, with one in seven dead; who
// post along a day's and a week's rhythm, every tenth time in a burst of four; and whose documents hold 10 to 100 items.
func population(seed int64, n int) []feed {
	r := rand.New(rand.NewSource(seed)) //nolint:gosec // the order of its numbers is what makes the population
	feeds := make([]feed, n)
	for i := range feeds {
		rate := min(math.Exp(math.Log(0.6)+2.1*r.NormFloat64()), 400)
		phase := r.Float64() * 24
		feeds[i].window = []int{10, 10, 15, 20, 20, 25, 30, 50, 100}[r.Intn(9)]
		if r.Float64() < .15 {
			rate = 0
		}
		feeds[i].posts = posts(r, rate, phase)
	}
	return feeds
}

// posts thins out a process of twice the rate by the hour and the weekday.
func posts(r *rand.Rand, rate, phase float64) []float64 {
	var out []float64
	for t := 0.0; rate > 0; {
		t += r.ExpFloat64() * day / (rate * 2)
		if t > days*day {
			break
		}
		hour := math.Mod(t/60+phase, 24)
		chance := 0.5 * (1 - math.Cos(2*math.Pi*hour/24))
		if int(t/day)%7 >= 5 {
			chance *= .6
		}
		if r.Float64() >= chance {
			continue
		}
		out = append(out, t)
		if r.Float64() < .1 {
			for range 3 {
				out = append(out, t+r.Float64()*10)
			}
		}
	}
	slices.Sort(out)
	return out
}
