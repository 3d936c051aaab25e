package bus

import (
	"fmt"
	"time"
)

// stalled is how long messages may wait without one being settled before a consumer counts as stuck. Consumers have been
// seen to go quiet after network trouble, and nothing else shows it.
const stalled = time.Minute

// movement is what a station knows of its own progress.
type movement struct {
	gate    error     // why nothing is fetched; nil when the gate is open
	trouble error     // of the last fetch
	pending uint64    // messages waiting at the server, as last heard
	settled time.Time // when a message was last settled, or nothing waited, or the station began
	asked   time.Time // when the server was last asked what is pending
	worked  time.Time // when a message was last acknowledged
}

func (m *movement) begin(now time.Time) { m.settled = now }

func (m *movement) settle(now time.Time) { m.settled = now }

// saw notes how many messages wait. The clock of stalled runs only while some do.
func (m *movement) saw(pending uint64, now time.Time) {
	if m.pending == 0 || pending == 0 {
		m.settled = now
	}
	m.pending = pending
}

// verdict is nil when all is well.
func (m *movement) verdict(now time.Time) error {
	switch idle := now.Sub(m.settled); {
	case m.gate != nil:
		return fmt.Errorf("fetches nothing: %w", m.gate)
	case m.trouble != nil:
		return fmt.Errorf("cannot fetch: %w", m.trouble)
	case m.pending > 0 && idle >= stalled:
		return fmt.Errorf("%d messages wait and none was settled for %v", m.pending, idle.Round(time.Second))
	}
	return nil
}

// Ready returns nil when connected, the last write went well, and every running Consume or ConsumeBatch is bound, its gate
// open, and moving: not with messages waiting and none settled for a minute. Otherwise it says what is amiss. It does no I/O.
func (b *Bus) Ready() error {
	if !b.nc.IsConnected() {
		return errNotConnected
	}
	if err := b.writes.refusal(writeMemory); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	for _, s := range b.stations {
		s.mu.Lock()
		err := s.state.verdict(now)
		s.mu.Unlock()
		if err != nil {
			return fmt.Errorf("consumer %s: %w", s.name, err)
		}
	}
	return nil
}
