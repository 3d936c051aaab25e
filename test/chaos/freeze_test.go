package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"tocsin/test/mortal"
)

// A storm of redeliveries: every process stands still again and again for longer than the broker waits for an answer,
// sometimes several at once, and one fetcher for longer than its claim; then each goes on with what it had in its hands, which
// others have done meanwhile. Nothing has an effect twice.
func TestFrozenProcessesDoNothingTwice(t *testing.T) {
	t.Parallel()
	o := options{items: 120, span: 16 * time.Second, seed: 5, index: "sqlite", brokers: 1, ackWait: 500 * time.Millisecond, dir: t.TempDir(), bin: binaries, log: t.Output()}
	var mu sync.Mutex
	all := map[string]*mortal.Process{}
	o.door = func(p *mortal.Process, url string) string {
		mu.Lock()
		defer mu.Unlock()
		all[p.Name] = p
		return url
	}
	o.strike = func(ctx context.Context) error {
		var storms sync.WaitGroup
		end := time.Now().Add(o.span)
		frozen := make([]int, len(all))
		i := 0
		for _, p := range all {
			n := &frozen[i]
			i++
			r := rand.New(rand.NewPCG(o.seed, uint64(i)))
			storms.Go(func() {
				if p.Name == "fetcher-1" {
					_ = mortal.Pause(ctx, 2*time.Second)
					p.Freeze(ctx, claim+time.Second)
				}
				for time.Now().Before(end) && ctx.Err() == nil {
					if p.Freeze(ctx, time.Second+time.Duration(r.Int64N(int64(time.Second)))) {
						*n++
					}
					_ = mortal.Pause(ctx, time.Duration(r.Int64N(int64(time.Second))))
				}
			})
		}
		storms.Wait()
		t.Log("times each stood still:", frozen)
		return ctx.Err()
	}
	a, err := run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if a.Items != o.items || !a.clean() {
		t.Errorf("the account is %+v", a)
	}
}
