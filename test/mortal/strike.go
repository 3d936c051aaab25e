package mortal

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"
)

// Strike is one kill to come.
type Strike struct {
	at     time.Duration // from the beginning of the span
	victim int
	down   time.Duration // how long the victim stays down
}

// Victim is something that is kept running and can be killed.
type Victim interface {
	// Keep runs it, and again after each kill, until ctx is done; then it has stopped.
	Keep(ctx context.Context) error
	// Kill ends it with -9 for that long; false when it is down already.
	Kill(down time.Duration) bool
	// String is its name.
	String() string
}

// longestDown is how long a killed process stays down at most. One in four is back at once.
const longestDown = 1500 * time.Millisecond

// Strikes plans n kills within span, the same for the same r.
func Strikes(n, victims int, span time.Duration, r *rand.Rand) []Strike {
	all := make([]Strike, n)
	for i := range all {
		all[i] = Strike{at: time.Duration(r.Int64N(int64(span))), victim: r.IntN(victims)}
		if r.IntN(4) > 0 {
			all[i].down = time.Duration(r.Int64N(int64(longestDown)))
		}
	}
	slices.SortFunc(all, func(a, b Strike) int { return int(a.at - b.at) })
	return all
}

// StrikeAll kills by the plan; a victim that is down already is replaced by the next one that is up. It returns when
// the last was killed, and tells how often each was.
func StrikeAll(ctx context.Context, plan []Strike, all []Victim) (map[string]int, error) {
	killed := map[string]int{}
	begin := time.Now()
	for _, s := range plan {
		if err := Pause(ctx, time.Until(begin.Add(s.at))); err != nil {
			return killed, err
		}
		one := killOne(all, s)
		for ; one == nil; one = killOne(all, s) {
			if err := Pause(ctx, 10*time.Millisecond); err != nil { // all of them are down
				return killed, err
			}
		}
		killed[one.String()]++
	}
	return killed, nil
}

func killOne(all []Victim, s Strike) Victim {
	for i := range all {
		if one := all[(s.victim+i)%len(all)]; one.Kill(s.down) {
			return one
		}
	}
	return nil
}

// Pause waits for d, or for the end of ctx, whose error it returns.
func Pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
