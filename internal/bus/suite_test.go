package bus_test

import (
	"context"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/bus/bustest"
	"tocsin/pkg/messages"
)

func TestJetStreamKeepsThePromises(t *testing.T) {
	bustest.Suite(t, openWorld)
}

func openWorld(t *testing.T) bustest.World {
	server, err := broker.Start(broker.Options{Dir: t.TempDir(), Port: -1})
	must(t, err)
	t.Cleanup(server.Shutdown)
	b, err := bus.Connect(t.Context(), bus.Options{Server: server})
	must(t, err)
	t.Cleanup(b.Close)
	_, err = b.Setup(t.Context(), bus.SetupOptions{})
	must(t, err)
	store, err := b.Bucket(t.Context(), messages.BucketPolls)
	must(t, err)
	objects, err := b.Objects(t.Context(), messages.ObjectsPages)
	must(t, err)
	return bustest.World{
		Publisher: b, Batcher: b, Store: store, Lister: store, Objects: objects, Scheduler: b,
		TooLarge: bus.ErrTooLarge, NoObject: bus.ErrNoObject,
		Published: func() (ds []messages.Delivery) {
			must(t, b.Follow(t.Context(), bus.FollowOptions{Stream: messages.StreamRaw, Once: true}, func(d messages.Delivery) error {
				ds = append(ds, d)
				return nil
			}))
			return ds
		},
		Due: func() []messages.Delivery { return takeDue(t, b) },
		Now: time.Now, Pass: time.Sleep,
	}
}

// takeDue consumes what is due now, as a fetcher does, and stops when nothing is left.
func takeDue(t *testing.T, b *bus.Bus) (ds []messages.Delivery) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- b.Consume(ctx, bus.ConsumeOptions{Consumer: messages.ConsumerFetcher, Concurrency: 1, Handle: func(_ context.Context, d messages.Delivery) error {
			ds = append(ds, d)
			return nil
		}})
	}()
	for quiet := 0; quiet < 3; quiet++ {
		time.Sleep(20 * time.Millisecond)
		l, err := b.Backlog(t.Context(), messages.ConsumerFetcher)
		must(t, err)
		if l.Pending > 0 || l.AckPending > 0 {
			quiet = -1
		}
	}
	cancel()
	must(t, <-done)
	return ds
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
