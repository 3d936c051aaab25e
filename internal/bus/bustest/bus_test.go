package bustest_test

import (
	"testing"
	"time"

	"tocsin/internal/bus/bustest"
	"tocsin/pkg/messages"
)

func TestStandInKeepsThePromises(t *testing.T) {
	bustest.Suite(t, func(*testing.T) bustest.World {
		clock := bustest.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 300e6, time.UTC))
		b := bustest.New(clock)
		store, objects := b.Store(messages.BucketPolls), b.Objects(messages.ObjectsPages)
		return bustest.World{
			Publisher: b, Batcher: b, Store: store, Lister: store, Objects: objects, Scheduler: b,
			TooLarge: bustest.ErrTooLarge, NoObject: bustest.ErrNoObject,
			Published: func() []messages.Delivery { return b.Published("raw.") },
			Due:       b.Due, Now: clock.Now, Pass: clock.Advance,
		}
	})
}

func TestFailAndBeforeLetATestInterfere(t *testing.T) {
	b := bustest.New(bustest.NewClock(time.Unix(0, 0)))
	b.Fail(func(m messages.Outgoing) error {
		if m.ID == "2" {
			return bustest.ErrTooLarge
		}
		return nil
	})
	errs := b.PublishAll(t.Context(), []messages.Outgoing{{Subject: "raw.a", ID: "1"}, {Subject: "raw.a", ID: "2"}})
	if errs[0] != nil || errs[1] == nil || len(b.Published("raw.")) != 1 {
		t.Errorf("errors %v", errs)
	}
	s := b.Store("polls")
	s.Before(func(verb, key string) {
		if verb == "store" {
			s.Before(nil)
			if _, ok, err := s.Store(t.Context(), key, []byte("quicker"), 0); !ok || err != nil {
				t.Error(ok, err)
			}
		}
	})
	if _, ok, err := s.Store(t.Context(), "k", []byte("slower"), 0); ok || err != nil {
		t.Errorf("someone quicker: %v, %v", ok, err)
	}
}
