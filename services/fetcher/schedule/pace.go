package schedule

import "math"

// Pace is the pace at which feeds of these rates (items a minute, History.Rate's mean) are asked perMinute times a minute
// together, within a fifth; see Limits.Pace. Feeds with fixed intervals are not among them. With more
// requests than the floor allows it is the least there is, with fewer than the ceiling makes anyway the most. No feeds or
// no requests: UsualPace.
func Pace(rates []float64, perMinute float64, l Limits) float64 {
	if len(rates) == 0 || !(perMinute > 0) {
		return UsualPace
	}
	low, high := math.Log(leastPace), math.Log(mostPace)
	for range 30 {
		mid := (low + high) / 2
		if asked(rates, math.Exp(mid), l) > perMinute {
			low = mid
		} else {
			high = mid
		}
	}
	return math.Exp(high)
}

const (
	leastPace = 0.05
	mostPace  = 5000
	// unrest is how many more polls there are than the mean rate asks for, because bursts, busy hours and the guard
	// against overrun shorten waits more often than quiet hours lengthen them; measured on bench/schedule.
	unrest = 1.05
)

// asked is how many requests a minute the feeds come to at a pace.
func asked(rates []float64, pace float64, l Limits) float64 {
	total := 0.0
	low, high := l.Floor.Minutes(), l.Ceiling.Minutes()
	for _, rate := range rates {
		total += 1 / min(max(pace/math.Sqrt(max(rate, 1e-9)), low), high)
	}
	return total * unrest
}
