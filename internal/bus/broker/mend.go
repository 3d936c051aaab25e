package broker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// A stream of nats-server that could not write once, because the disk was full say, refuses every further write until the
// server is started anew, silently: publishers hear nothing. Inside the all-in-one there is nobody to do that, so the
// caretaker does, as soon as the disk takes writes again. Nothing acknowledged is lost by it: a message is acknowledged
// after it was written.

// Pace of the caretaker, and how much must fit the disk before the server is started anew.
const (
	mendEvery = 2 * time.Second
	mendRoom  = 4 << 20
)

// caretaker waits for the server to say that it takes no more writes.
type caretaker struct {
	hurt chan string // holds one: the first complaint says what the others repeat
	quit chan struct{}
	work sync.WaitGroup

	mu      sync.Mutex
	trouble error
}

func newCaretaker() *caretaker {
	return &caretaker{hurt: make(chan string, 1), quit: make(chan struct{})}
}

// tell is called from within the server; it does not block.
func (c *caretaker) tell(what string) {
	select {
	case c.hurt <- what:
	default:
	}
}

func (c *caretaker) begin(s *Server) {
	c.work.Go(func() {
		for {
			select {
			case <-c.quit:
				return
			case what := <-c.hurt:
				if !c.mend(s, what) {
					return
				}
			}
		}
	})
}

// mend starts the server anew, as soon as that can help; false when the end came first.
func (c *caretaker) mend(s *Server, what string) bool {
	s.o.Log.Error("the streams take no writes; the server is started anew as soon as its disk takes some", "dir", s.o.Dir, "error", what)
	for {
		err := s.restart()
		if err == nil {
			c.note(nil)
			s.o.Log.Info("the streams take writes again", "dir", s.o.Dir)
			return true
		}
		c.note(fmt.Errorf("the streams in %s take no writes (%s); free some space there, the rest goes by itself: %w", s.o.Dir, what, err))
		select {
		case <-c.quit:
			return false
		case <-time.After(mendEvery):
		}
	}
}

func (c *caretaker) note(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trouble = err
}

func (c *caretaker) end() {
	close(c.quit)
	c.work.Wait()
}

// Ready returns nil while the streams take writes, else what keeps them from it and what to do. It does not block.
func (s *Server) Ready() error {
	s.care.mu.Lock()
	defer s.care.mu.Unlock()
	return s.care.trouble
}

// restart puts a new server in the place of the present one when there is room on the disk. Clients reconnect.
func (s *Server) restart() error {
	if err := s.probe(); err != nil {
		return err
	}
	stop(s.current())
	for { // what the old server complained of while it stopped is over
		select {
		case <-s.care.hurt:
			continue
		default:
		}
		return s.start()
	}
}

// probe writes as much as a working server soon will, and takes it back.
func (s *Server) probe() error {
	f, err := os.CreateTemp(s.o.Dir, "probe-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, mendRoom))
	return errors.Join(err, f.Close(), os.Remove(filepath.Clean(f.Name())))
}
