package bus

import (
	"context"
	"testing"
	"time"

	"tocsin/pkg/messages"
)

// A process that begins while its server starts again waits, as one that has begun does.
func TestBindingWaitsForAServerThatComesBack(t *testing.T) {
	t.Parallel()
	s := tcp(t)
	s.up()
	b, err := Connect(deadline(t), Options{URL: s.url()})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := b.Setup(deadline(t), SetupOptions{}); err != nil {
		t.Fatal(err)
	}
	s.s.Shutdown()
	eventually(t, "the connection to be lost", func() bool { return !b.nc.IsConnected() })
	bound := make(chan error, 3)
	go func() { _, err := b.Bucket(deadline(t), messages.BucketRang); bound <- err }()
	go func() { _, err := b.Objects(deadline(t), messages.ObjectsPages); bound <- err }()
	go func() {
		station, err := b.open(deadline(t), stationOptions{consumer: messages.ConsumerIndexer})
		if err == nil {
			station.close()
		}
		bound <- err
	}()
	s.up()
	for range cap(bound) {
		if err := <-bound; err != nil {
			t.Error(err)
		}
	}
}

// A cluster without a leader answers no request for streams; jetstream's own limit does not count where the caller's
// context has a deadline, however far.
func TestLookingUpNeverTakesTheCallersWholeTime(t *testing.T) {
	t.Parallel()
	b := ready(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	tries := 0
	err := b.bind(ctx, "something", func(ctx context.Context) error {
		tries++
		until, ok := ctx.Deadline()
		if !ok || time.Until(until) > requestTimeout {
			t.Errorf("try %d may take until %v", tries, until)
		}
		if tries < 3 {
			return context.DeadlineExceeded // nobody answered
		}
		return nil
	})
	if err != nil || tries != 3 {
		t.Errorf("%d tries ended with %v", tries, err)
	}
}
