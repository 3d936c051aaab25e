package bus

import (
	"context"
	"fmt"
	"testing"

	"tocsin/internal/bus/broker"
	"tocsin/pkg/messages"
)

func benchBus(b *testing.B) *Bus {
	s, err := broker.Start(broker.Options{Dir: b.TempDir(), Port: -1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Shutdown)
	c, err := Connect(b.Context(), Options{Server: s})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.Close)
	if _, err := c.Setup(b.Context(), SetupOptions{}); err != nil {
		b.Fatal(err)
	}
	return c
}

func benchMessages(n int) (ms []messages.Outgoing) {
	body := make([]byte, 20<<10)
	for i := range n {
		ms = append(ms, messages.Outgoing{Subject: "raw.bench", ID: fmt.Sprint(i), Data: body})
	}
	return ms
}

// BenchmarkPublish waits for each acknowledgement; 20 KiB, through memory.
func BenchmarkPublish(b *testing.B) {
	c := benchBus(b)
	m := benchMessages(1)[0]
	for n := 0; b.Loop(); n++ {
		m.ID = fmt.Sprint(n)
		if err := c.Publish(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPublishAllAndConsume sends 1000 messages of 20 KiB in a row and handles them, per message.
func BenchmarkPublishAllAndConsume(b *testing.B) {
	c := benchBus(b)
	const n = 1000
	ms := benchMessages(n)
	handled := make(chan struct{}, n)
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() {
		done <- c.Consume(ctx, ConsumeOptions{Consumer: messages.ConsumerExtractor, Handle: func(context.Context, messages.Delivery) error {
			handled <- struct{}{}
			return nil
		}})
	}()
	round := 0
	for b.Loop() {
		for i := range ms {
			ms[i].ID = fmt.Sprint(round, i)
		}
		round++
		for _, err := range c.PublishAll(b.Context(), ms) {
			if err != nil {
				b.Fatal(err)
			}
		}
		for range n {
			<-handled
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(round*n), "ns/message")
	cancel()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}

// BenchmarkStoreAndLoad is one compare-and-set and one read of a state of 400 bytes.
func BenchmarkStoreAndLoad(b *testing.B) {
	c := benchBus(b)
	k, err := c.Bucket(b.Context(), messages.BucketPolls)
	if err != nil {
		b.Fatal(err)
	}
	value := make([]byte, 400)
	var rev uint64
	for b.Loop() {
		var ok bool
		if rev, ok, err = k.Store(b.Context(), "feed", value, rev); err != nil || !ok {
			b.Fatal(ok, err)
		}
		if _, _, err = k.Load(b.Context(), "feed"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStart is a server on a new store, connected to and set up.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		s, err := broker.Start(broker.Options{Dir: b.TempDir(), Port: -1})
		if err != nil {
			b.Fatal(err)
		}
		c, err := Connect(b.Context(), Options{Server: s})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Setup(b.Context(), SetupOptions{}); err != nil {
			b.Fatal(err)
		}
		c.Close()
		s.Shutdown()
	}
}
