// Package mortal keeps programs running and kills them with -9: what tests of a whole need to show that its parts may die.
//
//	crew := mortal.Gather(ctx)
//	crew.Keep(broker, fetcher)
//	killed, err := mortal.StrikeAll(crew.Context(), mortal.Strikes(100, 2, time.Minute, rand), victims)
//	err = errors.Join(err, crew.End())
package mortal

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
)

// Crew keeps victims running, each in a goroutine of its own, until End.
type Crew struct {
	ctx  context.Context //nolint:containedctx // the crew's whole life, which End ends
	stop context.CancelFunc
	kept sync.WaitGroup

	mu     sync.Mutex
	broken []error
}

// Gather returns an empty crew that lives until ctx is over, End is called, or a victim cannot be kept.
func Gather(ctx context.Context) *Crew {
	c := &Crew{}
	c.ctx, c.stop = context.WithCancel(ctx)
	return c
}

// Context is over when the crew is.
func (c *Crew) Context() context.Context { return c.ctx }

// Keep begins to keep some more.
func (c *Crew) Keep(some ...Victim) {
	for _, one := range some {
		c.kept.Go(func() {
			if err := one.Keep(c.ctx); err != nil {
				c.mu.Lock()
				c.broken = append(c.broken, err)
				c.mu.Unlock()
				c.stop()
			}
		})
	}
}

// End stops all of them in order, waits for that, and says which could not be kept.
func (c *Crew) End() error {
	c.stop()
	c.kept.Wait()
	return errors.Join(c.broken...)
}

// FreePort is a port below those that the system gives to outgoing connections, which would take it while its owner is
// down.
func FreePort() (int, error) {
	var err error
	for range 100 {
		port := 10000 + rand.IntN(20000)
		var l net.Listener
		if l, err = net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
			return port, l.Close()
		}
	}
	return 0, err
}
