package extractor_test

import (
	"context"
	"testing"
	"testing/synctest"

	"tocsin/pkg/messages"
	"tocsin/services/extractor"
)

// slow is a stream that acknowledges when it is told to.
type slow struct {
	*world
	acknowledge chan struct{}
}

func (s slow) Publish(ctx context.Context, m messages.Outgoing) error {
	if err := s.world.Publish(ctx, m); err != nil {
		return err
	}
	<-s.acknowledge
	return nil
}

// An article that waits for its acknowledgement leaves its desk to the next one.
func TestWaitingTakesNoDesk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slow{newWorld(), make(chan struct{})}
		x := start(t, s.world, khalimov, func(o *extractor.Options) { o.Publisher, o.Desks = s, 1 })
		done := make(chan error)
		for _, id := range []string{"one", "two", "three"} {
			raw := item()
			raw.ID = messages.Hash(id)
			go func() { done <- x.Handle(t.Context(), delivery(t, raw)) }()
		}
		synctest.Wait()
		if n := len(s.articles(t)); n != 3 {
			t.Errorf("%d articles were published while none was acknowledged, want 3", n)
		}
		close(s.acknowledge)
		for range 3 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}
