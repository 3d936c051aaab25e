package bus

import (
	"sync"
	"time"
)

// keeper says in-progress for every message a station holds, so that the server does not give it to another while it
// waits its turn or its handler works.
type keeper struct {
	mu     sync.Mutex
	held   map[*claim]struct{}
	end    chan struct{}
	waiter sync.WaitGroup
}

// keep starts a keeper that speaks every period; its owner stops it.
func keep(period time.Duration) *keeper {
	k := &keeper{held: map[*claim]struct{}{}, end: make(chan struct{})}
	k.waiter.Go(func() { k.run(period) })
	return k
}

func (k *keeper) run(period time.Duration) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			k.speak()
		case <-k.end:
			return
		}
	}
}

// speak holds the lock, so that a message is never in progress again after it was settled.
func (k *keeper) speak() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for c := range k.held {
		_ = c.msg.InProgress() // fails only without a connection; then nobody hears anything
	}
}

func (k *keeper) add(c *claim) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.held[c] = struct{}{}
}

func (k *keeper) drop(c *claim) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.held, c)
}

func (k *keeper) stop() {
	close(k.end)
	k.waiter.Wait()
}
