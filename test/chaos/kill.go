package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"
)

// strike is one kill to come.
type strike struct {
	at     time.Duration // from the beginning of the span
	victim int
	down   time.Duration // how long the victim stays down
}

// victim is something that is kept running and can be killed.
type victim interface {
	// keep runs it, and again after each kill, until ctx is done; then it has stopped.
	keep(ctx context.Context) error
	// kill ends it with -9 for that long; false when it is down already.
	kill(down time.Duration) bool
	// String is its name.
	String() string
}

// longestDown is how long a killed process stays down at most. One in four is back at once.
const longestDown = 1500 * time.Millisecond

func strikes(n, processes int, span time.Duration, r *rand.Rand) []strike {
	all := make([]strike, n)
	for i := range all {
		all[i] = strike{at: time.Duration(r.Int64N(int64(span))), victim: r.IntN(processes)}
		if r.IntN(4) > 0 {
			all[i].down = time.Duration(r.Int64N(int64(longestDown)))
		}
	}
	slices.SortFunc(all, func(a, b strike) int { return int(a.at - b.at) })
	return all
}

// strikeAll kills by the plan; a victim that is down already is replaced by the next one that is up. It returns when
// the last was killed, and tells how often each was.
func strikeAll(ctx context.Context, plan []strike, all []victim) (map[string]int, error) {
	killed := map[string]int{}
	begin := time.Now()
	for _, s := range plan {
		if err := pause(ctx, time.Until(begin.Add(s.at))); err != nil {
			return killed, err
		}
		one := killOne(all, s)
		for ; one == nil; one = killOne(all, s) {
			if err := pause(ctx, 10*time.Millisecond); err != nil { // all of them are down
				return killed, err
			}
		}
		killed[one.String()]++
	}
	return killed, nil
}

func killOne(all []victim, s strike) victim {
	for i := range all {
		if one := all[(s.victim+i)%len(all)]; one.kill(s.down) {
			return one
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
