package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// point is one place in the delivery rules where a process dies: before what the broker would have read next.
type point struct {
	sentence string
	process  string
	before   string // in the wire protocol of NATS
}

var points = []point{
	{"the fetcher dies after the claim, before its first article", "fetcher-1", "HPUB raw."},
	{"the fetcher dies after its articles, before report and commit", "fetcher-1", "HPUB feeds."},
	{"the fetcher dies after the commit, before the next schedule", "fetcher-1", "HPUB polls.at."},
	{"the fetcher dies after the schedule, before the acknowledgement", "fetcher-1", "PUB $JS.ACK.POLLS."},
	{"the extractor dies before the enriched article", "extractor-1", "HPUB enriched."},
	{"the extractor dies after the enriched article and its decision, before the alert", "extractor-1", "HPUB alerts."},
	{"the extractor dies after the alerts, before the acknowledgement", "extractor-1", "PUB $JS.ACK.RAW."},
	{"the indexer dies between the write and its acknowledgement", "indexer-1", "PUB $JS.ACK.ENRICHED."},
}

// Real programs die at each step of the delivery rules, one after the other, while the world goes on; the other of each
// pair takes over. The steps within one process are also killed one by one, on a virtual clock, in services/fetcher and
// services/extractor.
func TestDeathAtEveryStep(t *testing.T) {
	t.Parallel()
	doors := map[string]*door{}
	o := options{items: 240, span: 40 * time.Second, seed: 3, index: "sqlite", brokers: 1, dir: t.TempDir(), log: t.Output()}
	o.door = func(p *process, url string) string {
		if !strings.HasSuffix(p.name, "-1") {
			return url
		}
		d := openDoor(t, p, strings.TrimPrefix(url, "nats://"))
		doors[p.name] = d
		return "nats://" + d.listener.Addr().String()
	}
	o.strike = func(ctx context.Context) error {
		for _, at := range points {
			met, cancel := context.WithTimeout(ctx, 45*time.Second)
			err := doors[at.process].dieBefore(met, at.before)
			cancel()
			if err != nil {
				return fmt.Errorf("%s: %w", at.sentence, err)
			}
			_, _ = fmt.Fprintln(o.log, time.Now().Format(time.TimeOnly), at.sentence)
		}
		return nil
	}
	a, err := run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if a.Items != o.items || !a.clean() {
		t.Errorf("the account is %+v", a)
	}
}

// door stands between one process and the broker, and kills the process when it is about to say something.
type door struct {
	process  *process
	broker   string
	listener net.Listener
	passing  sync.WaitGroup

	mu   sync.Mutex
	word []byte        // nil: nobody dies
	dead chan struct{} // closed by the death
}

func openDoor(t *testing.T, p *process, broker string) *door {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &door{process: p, broker: broker, listener: l}
	d.passing.Go(d.accept)
	t.Cleanup(func() {
		_ = l.Close() // ends accept
		d.passing.Wait()
	})
	return d
}

// dieBefore returns when the process was killed before it said word.
func (d *door) dieBefore(ctx context.Context, word string) error {
	dead := make(chan struct{})
	d.mu.Lock()
	d.word, d.dead = []byte(word), dead
	d.mu.Unlock()
	select {
	case <-dead:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s never said %q: %w", d.process.name, word, ctx.Err())
	}
}

func (d *door) accept() {
	for {
		client, err := d.listener.Accept()
		if err != nil {
			return
		}
		broker, err := net.Dial("tcp", d.broker)
		if err != nil {
			_ = client.Close() // the client tries again
			continue
		}
		shut := func() { _, _ = client.Close(), broker.Close() }
		d.passing.Go(func() { defer shut(); _, _ = io.Copy(client, broker) })
		d.passing.Go(func() { defer shut(); d.listen(broker, client) })
	}
}

// listen passes on what the process says until it dies of it.
func (d *door) listen(broker io.Writer, client io.Reader) {
	chunk := make([]byte, 64<<10)
	for {
		n, err := client.Read(chunk)
		said := chunk[:n]
		at := d.listenFor(said)
		if at >= 0 {
			said = said[:at]
		}
		if _, failed := broker.Write(said); failed != nil || err != nil || at >= 0 {
			return
		}
	}
}

// listenFor kills the process when the word is in what it said, and returns where; else -1. A word that two reads cut in
// half is missed, and the next one is met.
func (d *door) listenFor(said []byte) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.word == nil {
		return -1
	}
	at := bytes.Index(said, d.word)
	if at < 0 || !d.process.kill(0) {
		return -1
	}
	d.word = nil
	close(d.dead)
	return at
}
