package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
)

// crowd is the web of a run: every host is a feed of one item.
type crowd struct {
	o     options
	mu    sync.Mutex
	last  []time.Time // when each feed was asked last
	worst []time.Duration
	n     int64
	quit  chan struct{}
}

// ServeHTTP implements http.Handler.
func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(r.Host, ".")
	i, err := strconv.Atoi(strings.TrimPrefix(name, "s"))
	switch {
	case err != nil || i >= c.o.feeds || r.URL.Path != "/feed":
		http.NotFound(w, r)
		return
	case i < c.o.hanging:
		select {
		case <-r.Context().Done():
		case <-c.quit:
		}
		return
	}
	c.asked(i)
	w.Header().Set("Etag", `"1"`)
	if r.Header.Get("If-None-Match") == `"1"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = fmt.Fprintf(w, `<rss version="2.0"><channel><title>T</title><link>http://%[1]s/</link><item><title>One story of %[1]s</title><link>http://%[1]s/1</link></item></channel></rss>`, r.Host)
}

func (c *crowd) asked(i int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if !c.last[i].IsZero() {
		c.worst[i] = max(c.worst[i], now.Sub(c.last[i]))
	}
	c.last[i] = now
	c.n++
}

func run(ctx context.Context, o options) (v verdict, err error) {
	dir, err := os.MkdirTemp("", "crowd")
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	binary := filepath.Join(dir, "fetcher")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "./services/fetcher/cmd/fetcher").CombinedOutput(); err != nil {
		return v, fmt.Errorf("build the fetcher: %w: %s", err, out)
	}
	c := &crowd{o: o, last: make([]time.Time, o.feeds), worst: make([]time.Duration, o.feeds), quit: make(chan struct{})}
	web, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return v, err
	}
	server := &http.Server{Handler: c, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(web) }) // ends with Close
	defer serving.Wait()
	defer func() { close(c.quit); _ = server.Close() }()
	nats, err := broker.Start(broker.Options{Dir: filepath.Join(dir, "nats"), Port: -1})
	if err != nil {
		return v, err
	}
	defer nats.Shutdown()
	b, err := bus.Connect(ctx, bus.Options{Server: nats})
	if err != nil {
		return v, err
	}
	defer b.Close()
	v = verdict{Feeds: o.feeds, Hanging: o.hanging, Every: o.every.Seconds()}
	if v.Import, err = configure(ctx, b, o); err != nil {
		return v, err
	}
	fetch := exec.CommandContext(ctx, binary, "--nats", nats.URL(), "--allow-private", "127.0.0.0/8", "--resolve", "*.test="+web.Addr().String(),
		"--polls", strconv.Itoa(o.polls), "--no-pages", "--no-feed-robots", "--poll-rate", strconv.FormatFloat(o.rate, 'f', -1, 64), "--log-level", "error")
	fetch.Stderr = os.Stderr
	if err := fetch.Start(); err != nil {
		return v, err
	}
	err = c.watch(ctx, b, fetch.Process.Pid, &v)
	_ = fetch.Process.Kill()
	_ = fetch.Wait() // killed
	return v, err
}

// configure sets the streams up and imports the feeds; it returns how long the import took.
func configure(ctx context.Context, b *bus.Bus, o options) (seconds float64, err error) {
	if _, err := b.Setup(ctx, bus.SetupOptions{}); err != nil {
		return 0, err
	}
	bucket, err := b.Bucket(ctx, messages.BucketFeeds)
	if err != nil {
		return 0, err
	}
	list := make([]fetcher.Feed, o.feeds)
	for i := range list {
		list[i] = fetcher.Feed{URL: fmt.Sprintf("http://s%d.test/feed", i), EverySeconds: int(o.every.Seconds())}.WithDefaults()
	}
	begin := time.Now()
	_, err = operate.NewFeeds(assembly.Listed{Bucket: bucket}, time.Now).Import(ctx, "crowd", list)
	return time.Since(begin).Seconds(), err
}

// watch samples memory until the time is up, while somebody takes the articles.
func (c *crowd) watch(ctx context.Context, b *bus.Bus, pid int, v *verdict) error {
	ctx, cancel := context.WithTimeout(ctx, c.o.length)
	defer cancel()
	var taking sync.WaitGroup
	taking.Go(func() {
		_ = b.Consume(ctx, bus.ConsumeOptions{
			Consumer: messages.ConsumerExtractor, Stage: messages.StageExtractor, Concurrency: 4,
			Handle: func(context.Context, messages.Delivery) error { return nil },
		})
	})
	defer taking.Wait()
	begin := time.Now()
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
		if err := memory(pid, v); err != nil {
			return fmt.Errorf("the fetcher is gone: %w", err)
		}
		c.count(v, time.Since(begin))
		fmt.Fprintf(os.Stderr, "%4.0f s: %d feeds asked, %.0f answers/s, %.0f MB\n", v.Seconds, v.Asked, v.PerS, v.RSS)
	}
	return nil
}

// beginning is how long the fetcher takes to begin all feeds: fifty a second, or as many as the rate allows.
func (c *crowd) beginning() time.Duration {
	return time.Duration(float64(c.o.feeds) / max(c.o.rate, 50) * float64(time.Second))
}

func (c *crowd) count(v *verdict, passed time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v.Answered, v.Seconds = c.n, passed.Seconds()
	v.PerS = float64(c.n) / v.Seconds
	v.Asked, v.Late = 0, 0
	for i := c.o.hanging; i < c.o.feeds; i++ {
		if c.last[i].IsZero() {
			if passed > 2*c.o.every+c.beginning() {
				v.Late++ // its turn to begin has long passed
			}
			continue
		}
		v.Asked++
		if max(c.worst[i], time.Since(c.last[i])) > 2*c.o.every {
			v.Late++
		}
	}
}

// memory reads the resident memory of a process from the kernel.
func memory(pid int, v *verdict) error {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(data)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kb); n == 1 {
			v.RSS = kb / 1024
		}
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kb); n == 1 {
			v.PeakRSS = kb / 1024
		}
	}
	return nil
}
