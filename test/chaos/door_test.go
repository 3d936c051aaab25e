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

	"tocsin/test/mortal"
)

// door stands between one process and the broker, and kills the process when it is about to say something.
type door struct {
	process  *mortal.Process
	broker   string
	listener net.Listener
	passing  sync.WaitGroup

	mu    sync.Mutex
	hear  func(said []byte) int // where the deadly words begin, -1 without; nil: nobody dies
	heard func()                // called after a death, with the lock held
}

func openDoor(t *testing.T, p *mortal.Process, url string) *door {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &door{process: p, broker: strings.TrimPrefix(url, "nats://"), listener: l}
	d.passing.Go(d.accept)
	t.Cleanup(func() {
		_ = l.Close() // ends accept
		d.passing.Wait()
	})
	return d
}

func (d *door) url() string { return "nats://" + d.listener.Addr().String() }

// dieBefore arms the door: the process is killed once, before it says word. The result waits for that.
func (d *door) dieBefore(word string) (wait func(context.Context) error) {
	dead := make(chan struct{})
	d.dieOf(func(said []byte) int { return bytes.Index(said, []byte(word)) }, func() {
		d.hear = nil
		close(dead)
	})
	return func(ctx context.Context) error {
		select {
		case <-dead:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("%s never said %q: %w", d.process.Name, word, ctx.Err())
		}
	}
}

// dieOf arms the door for every time that hear finds something, or disarms it with nil.
func (d *door) dieOf(hear func(said []byte) int, heard func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hear, d.heard = hear, heard
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

// recall is how much of what was passed on the door remembers, so that words which two reads cut in half are heard.
const recall = 8 << 10

// listen passes on what the process says until it dies of it.
func (d *door) listen(broker io.Writer, client io.Reader) {
	chunk := make([]byte, 64<<10)
	var before []byte
	for {
		n, err := client.Read(chunk)
		said := append(before[:len(before):len(before)], chunk[:n]...)
		at := d.listenFor(said)
		now := said[len(before):]
		if at >= 0 {
			now = said[len(before):max(at, len(before))]
		}
		if _, failed := broker.Write(now); failed != nil || err != nil || at >= 0 {
			return
		}
		before = said[max(0, len(said)-recall):]
	}
}

// listenFor kills the process when it said what it must not, and returns where that begins; else -1.
func (d *door) listenFor(said []byte) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.hear == nil {
		return -1
	}
	at := d.hear(said)
	if at < 0 || !d.process.Kill(0) {
		return -1
	}
	d.heard()
	return at
}
