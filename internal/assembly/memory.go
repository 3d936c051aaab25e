package assembly

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Bounds of collecting garbage. The runtime collects when the heap has grown by as much as was in use, which in a process
// of a few megabytes is many times a second, and each time all processors take part: what waits meanwhile waits longest.
const (
	garbageRoom  = 128 << 20 // bytes that may always gather
	garbageMost  = 400       // percent of what is in use, however little that is
	garbageLeast = 100       // and at least, the runtime's own default
	garbageEvery = 10 * time.Second
)

// gatherGarbage keeps the runtime from collecting before there is garbageRoom of garbage, within bounds. An operator's own
// GOGC stands; GOMEMLIMIT holds as ever.
func (p *Process) gatherGarbage() {
	if os.Getenv("GOGC") != "" {
		return
	}
	before := debug.SetGCPercent(garbageMost)
	p.OnStop("garbage", func(context.Context) error { debug.SetGCPercent(before); return nil })
	p.Go("garbage", func(ctx context.Context) error {
		tick := time.NewTicker(garbageEvery)
		defer tick.Stop()
		used := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		for now := garbageMost; ; {
			metrics.Read(used)
			percent := garbagePercent(used[0].Value.Uint64())
			if percent*10 < now*9 || percent*10 > now*11 { // setting it stops the world for a moment
				debug.SetGCPercent(percent)
				now = percent
			}
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	})
}

// garbagePercent is by how much of the live bytes the heap may grow.
func garbagePercent(live uint64) int {
	return int(min(max(100*garbageRoom/max(live, 1), garbageLeast), garbageMost)) //nolint:gosec // bounded
}
