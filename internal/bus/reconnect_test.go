package bus

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/internal/bus/broker"
	"tocsin/pkg/messages"
)

// tcpServer is a server that can go and come back at the same address with the same store.
type tcpServer struct {
	t    *testing.T
	o    broker.Options
	s    *broker.Server
	once sync.Once
}

func tcp(t *testing.T) *tcpServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return &tcpServer{t: t, o: broker.Options{Dir: t.TempDir(), Port: l.Addr().(*net.TCPAddr).Port}}
}

func (s *tcpServer) url() string { return fmt.Sprintf("nats://127.0.0.1:%d", s.o.Port) }

func (s *tcpServer) up() {
	s.t.Helper()
	var err error
	if s.s, err = broker.Start(s.o); err != nil {
		s.t.Fatal(err)
	}
	if s.s.URL() != s.url() {
		s.t.Fatalf("came up at %s, not %s", s.s.URL(), s.url())
	}
	s.once.Do(func() { s.t.Cleanup(func() { s.s.Shutdown() }) })
}

func TestConnectWaitsForTheServer(t *testing.T) {
	t.Parallel()
	s := tcp(t)
	var log notes
	got := make(chan *Bus)
	go func() {
		b, err := Connect(deadline(t), Options{URL: s.url(), Log: log.logger()})
		if err != nil {
			t.Error(err)
		}
		got <- b
	}()
	eventually(t, "a line in the log", func() bool { return log.count("waiting for it") > 0 })
	s.up()
	b := <-got
	defer b.Close()
	if err := b.Ready(); err != nil {
		t.Error(err)
	}
}

func TestEverythingSurvivesARestartOfTheServer(t *testing.T) {
	t.Parallel()
	s := tcp(t)
	s.up()
	var log notes
	b := dial(t, Options{URL: s.url(), Log: log.logger()})
	if _, err := b.Setup(deadline(t), SetupOptions{AckWait: time.Second}); err != nil {
		t.Fatal(err)
	}
	k := bucket(t, b, messages.BucketWatch)
	var handled, followed tally
	watched := make(chan KeyChange, 16)
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error { handled.add(d); return nil }})
	start(t, func(ctx context.Context) error {
		return b.Follow(ctx, FollowOptions{Stream: messages.StreamRaw}, func(d messages.Delivery) error { followed.add(d); return nil })
	})
	start(t, func(ctx context.Context) error {
		return k.Watch(ctx, func(c KeyChange) error { watched <- c; return nil })
	})
	if c := <-watched; !c.Loaded {
		t.Fatalf("an empty bucket tells %+v", c)
	}
	publish(t, b, 2)
	eventually(t, "both handled and followed", func() bool { return handled.sum() == 2 && followed.sum() == 2 })

	s.s.Shutdown()
	eventually(t, "not ready without a server", func() bool { return b.Ready() != nil })
	sent := make(chan error)
	go func() { // published while the server is away: waits for it
		sent <- b.Publish(deadline(t), messages.Outgoing{Subject: "raw.x", ID: "late", Data: []byte("late")})
	}()
	time.Sleep(300 * time.Millisecond)
	s.up()
	if err := <-sent; err != nil {
		t.Errorf("a message sent while the server was away: %v", err)
	}
	put(t, k, "list.e", "1")
	if c := <-watched; c.Key != "list.e" || c.Loaded {
		t.Errorf("after the restart the watch tells %+v", c)
	}
	eventually(t, "the late message handled and followed", func() bool { return handled.of("late") >= 1 && followed.of("late") == 1 })
	if followed.sum() != 3 {
		t.Errorf("3 messages were followed %d times", followed.sum())
	}
	eventually(t, "ready again", func() bool { return b.Ready() == nil })
}

func TestRequestsFailCleanlyWithoutAServer(t *testing.T) {
	t.Parallel()
	s := tcp(t)
	s.up()
	b := dial(t, Options{URL: s.url()})
	if _, err := b.Setup(deadline(t), SetupOptions{}); err != nil {
		t.Fatal(err)
	}
	k := bucket(t, b, messages.BucketPolls)
	s.s.Shutdown()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := b.Publish(ctx, messages.Outgoing{Subject: "raw.x", ID: "1"}); err == nil {
		t.Error("published to nobody")
	}
	if _, _, err := k.Load(ctx, "x"); err == nil {
		t.Error("loaded from nobody")
	}
	if errs := b.PublishAll(ctx, []messages.Outgoing{{Subject: "raw.x", ID: "2"}}); errs[0] == nil {
		t.Error("published all to nobody")
	}
	s.up()
}

func TestConsumeGoesOnWhenItsConsumerIsMadeAnew(t *testing.T) {
	t.Parallel()
	b := ready(t)
	var seen tally
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error { seen.add(d); return nil }})
	publish(t, b, 1)
	settled(t, b, messages.ConsumerExtractor)
	if err := b.js.DeleteConsumer(deadline(t), messages.StreamRaw, messages.ConsumerExtractor); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the missing consumer told", func() bool {
		err := b.Ready()
		return err != nil && strings.Contains(err.Error(), "tocsin setup")
	})
	if _, err := b.Setup(deadline(t), SetupOptions{AckWait: time.Second}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "handled again from the beginning", func() bool { return seen.of("m1") == 2 })
	eventually(t, "ready again", func() bool { return b.Ready() == nil })
}
