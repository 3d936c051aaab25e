package bus

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tocsin/internal/bus/broker"
	"tocsin/pkg/messages"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil { // the tests wait more than they work
		panic(err)
	}
	// The library starts this goroutine with the first publish and loses it when the connection is closed before it ran.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/nats-io/nats.go/jetstream.(*jetStream).resetPendingAcksOnReconnect"))
}

// patience bounds every wait of a test; nothing takes that long unless it is broken.
const patience = 20 * time.Second

// testLog writes to the test's log.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) { l.t.Logf("%s", p); return len(p), nil }

func logTo(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// serve starts an embedded server for the time of the test.
func serve(t *testing.T) *broker.Server {
	t.Helper()
	s, err := broker.Start(broker.Options{Dir: t.TempDir(), Port: -1, Log: logTo(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Shutdown)
	return s
}

// dial connects for the time of the test.
func dial(t *testing.T, o Options) *Bus {
	t.Helper()
	if o.Log == nil {
		o.Log = logTo(t)
	}
	b, err := Connect(deadline(t), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// ready is a bus on a new server, all set up, with an AckWait of a second.
func ready(t *testing.T) *Bus {
	t.Helper()
	return readyWith(t, SetupOptions{AckWait: time.Second}, Options{})
}

func readyWith(t *testing.T, so SetupOptions, o Options) *Bus {
	t.Helper()
	o.Server = serve(t)
	b := dial(t, o)
	if _, err := b.Setup(deadline(t), so); err != nil {
		t.Fatal(err)
	}
	return b
}

func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// publish sends n raw messages m1 … mn.
func publish(t *testing.T, b *Bus, n int) {
	t.Helper()
	for i := range n {
		body := fmt.Sprintf("m%d", i+1)
		if err := b.Publish(deadline(t), messages.Outgoing{Subject: messages.RawSubject("test"), ID: body, Data: []byte(body)}); err != nil {
			t.Fatal(err)
		}
	}
}

// running is a Consume or ConsumeBatch in the background.
type running struct {
	cancel context.CancelFunc
	end    chan error
}

// start runs f until stop or the end of the test.
func start(t *testing.T, f func(ctx context.Context) error) *running {
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{cancel, make(chan error, 1)}
	go func() { r.end <- f(ctx) }()
	t.Cleanup(func() { r.stop(t) })
	return r
}

// stop ends it and returns how long that took.
func (r *running) stop(t *testing.T) time.Duration {
	t.Helper()
	begun := time.Now()
	r.cancel()
	select {
	case err := <-r.end:
		if err != nil {
			t.Errorf("ended with %v", err)
		}
		r.end <- nil
	case <-time.After(patience):
		t.Fatal("does not end")
	}
	return time.Since(begun)
}

// consume starts a Consume of the extractor.
func consume(t *testing.T, b *Bus, o ConsumeOptions) *running {
	t.Helper()
	if o.Consumer == "" {
		o.Consumer = messages.ConsumerExtractor
	}
	return start(t, func(ctx context.Context) error { return b.Consume(ctx, o) })
}

// eventually waits until ok holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

// tally counts what a handler saw.
type tally struct {
	mu   sync.Mutex
	seen map[string]int
	last map[string]messages.Delivery
}

func (c *tally) add(d messages.Delivery) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen, c.last = map[string]int{}, map[string]messages.Delivery{}
	}
	c.seen[string(d.Data)]++
	c.last[string(d.Data)] = d
	return c.seen[string(d.Data)]
}

func (c *tally) of(body string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[body]
}

func (c *tally) sum() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range c.seen {
		n += k
	}
	return n
}

// settled waits until the consumer has acknowledged everything there is for it. It does not ask for what is pending: the
// server counts a new message there a moment after it acknowledged it.
func settled(t *testing.T, b *Bus, consumer string) {
	t.Helper()
	eventually(t, "everything of "+consumer+" settled", func() bool {
		s, err := b.js.Stream(deadline(t), streamOf(consumer))
		if err != nil {
			return false
		}
		c, err := s.Consumer(deadline(t), consumer)
		if err != nil || c.CachedInfo().NumPending > 0 || c.CachedInfo().NumAckPending > 0 {
			return false
		}
		return consumer == messages.ConsumerFetcher || c.CachedInfo().AckFloor.Stream == s.CachedInfo().State.LastSeq
	})
}

// letters returns all dead letters.
func letters(t *testing.T, b *Bus) (ds []messages.Delivery) {
	t.Helper()
	err := b.Follow(deadline(t), FollowOptions{Stream: messages.StreamDLQ, Once: true}, func(d messages.Delivery) error {
		ds = append(ds, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ds
}
