package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/internal/assembly/accounting"
	"tocsin/internal/assembly/indexing"
	"tocsin/internal/bus"
	"tocsin/internal/operate/deadletter"
	"tocsin/internal/operate/ledger"
	"tocsin/pkg/messages"
	"tocsin/test/mortal"
)

// binaries is the folder of the programs, built once for all tests.
var binaries string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "tocsin-chaos-bin-")
	if err == nil {
		binaries = dir
		err = mortal.Build(context.Background(), dir, append([]string{"tocsin/cmd/tocsin"}, programs...)...)
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// enrichedAs finds a publication of the story with that title in what an extractor says: nothing else, so that a dead
// letter of the same story passes.
func enrichedAs(title string) func(said []byte) int {
	return func(said []byte) int {
		for at := 0; ; {
			next := bytes.Index(said[at:], []byte("PUB "))
			if next < 0 {
				return -1
			}
			at += next + len("PUB ")
			rest := said[at:]
			if end := bytes.Index(rest, []byte("\nHPUB ")); end >= 0 {
				rest = rest[:end]
			}
			if bytes.HasPrefix(rest, []byte("enriched.")) && bytes.Contains(rest, []byte(title)) {
				return at - len("PUB ")
			}
		}
	}
}

// A page kills every extractor that reads it, whichever that is: it is set aside before it is read a tenth time, its
// neighbours go on, the books balance, and after a fix it is replayed, by a command that is itself killed twice: before the
// story is published again, and before its dead letter is taken away.
func TestPoisonPageIsSetAsideAndReplayed(t *testing.T) {
	t.Parallel()
	o := options{items: 60, span: 12 * time.Second, seed: 11, index: "sqlite", brokers: 1, ackWait: time.Second, dir: t.TempDir(), bin: binaries, log: t.Output()}
	var deaths atomic.Int32
	var doors []*door
	broker := ""
	o.door = func(p *mortal.Process, url string) string {
		broker = url
		if p.Path != filepath.Join(binaries, "extractor") {
			return url
		}
		d := openDoor(t, p, url)
		d.dieOf(enrichedAs(" number 7: "), func() { deaths.Add(1) })
		doors = append(doors, d)
		return d.url()
	}
	o.strike = func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
		defer cancel()
		b, err := bus.Connect(ctx, bus.Options{URL: broker})
		if err != nil {
			return err
		}
		defer b.Close()
		letter, err := firstLetter(ctx, b)
		if err != nil {
			return fmt.Errorf("after %d deaths: %w", deaths.Load(), err)
		}
		if letter.Stage != messages.StageExtractor || letter.Reason != "crash" || deaths.Load() < 9 || letter.Delivered < 10 {
			t.Errorf("after %d deaths the letter is %+v; want nine, and the tenth delivery set aside unread", deaths.Load(), letter)
		}
		if err := balancedBut(ctx, b, filepath.Join(o.dir, "index.db"), 1); err != nil {
			return err
		}
		for _, d := range doors {
			d.dieOf(nil, nil) // the fix
		}
		return replayKilled(ctx, t, b, broker, o.dir)
	}
	a, err := run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if a.Items != o.items || !a.clean() {
		t.Errorf("the account is %+v", a)
	}
	t.Logf("the page killed %d extractors", deaths.Load())
}

// firstLetter waits for the first dead letter.
func firstLetter(ctx context.Context, b *bus.Bus) (deadletter.Letter, error) {
	for {
		all, err := accounting.DeadLetters(b).List(ctx, deadletter.Query{})
		if len(all) > 0 || err != nil {
			return append(all, deadletter.Letter{})[0], err
		}
		if err := mortal.Pause(ctx, 100*time.Millisecond); err != nil {
			return deadletter.Letter{}, fmt.Errorf("no dead letter: %w", err)
		}
	}
}

// balancedBut waits until the ledger shows so many stories set aside and nothing lost.
func balancedBut(ctx context.Context, b *bus.Bus, path string, quarantined int) error {
	index, closeIndex, err := indexing.IndexFlags{SQLite: path}.Open(ctx, true, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { _ = closeIndex() }() // read only
	books, err := accounting.Ledger(ctx, b, index)
	if err != nil {
		return err
	}
	for {
		a, err := books.Look(ctx, ledger.Query{})
		if err != nil || a.Quarantined == quarantined && a.Difference == 0 && a.Indexed > 0 {
			return err
		}
		if err := mortal.Pause(ctx, 100*time.Millisecond); err != nil {
			return fmt.Errorf("the ledger says %+v: %w", a.Balance, err)
		}
	}
}

// replayKilled replays all dead letters, killed at both steps of it, and then to the end.
func replayKilled(ctx context.Context, t *testing.T, b *bus.Bus, broker, dir string) error {
	command := &mortal.Process{Name: "replay", Path: filepath.Join(binaries, "tocsin"), Log: filepath.Join(dir, "replay.log")}
	d := openDoor(t, command, broker)
	command.Args = []string{"dlq", "replay", "--nats", d.url(), "--reason", "crash"}
	for _, word := range []string{"HPUB raw.", "PUB $JS.API.STREAM.MSG.DELETE.DLQ "} {
		dead := d.dieBefore(word)
		if _, err := command.Live(ctx); err != nil {
			return err
		}
		if err := dead(ctx); err != nil {
			return err
		}
		if letter, err := firstLetter(ctx, b); err != nil || letter.Reason != "crash" {
			return fmt.Errorf("after a replay that died before it said %q the letter is %+v, %w", word, letter, err)
		}
	}
	if _, err := command.Live(ctx); err != nil {
		return err
	}
	left, err := accounting.DeadLetters(b).List(ctx, deadletter.Query{})
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("after the replay there are still %+v", left)
	}
	return err
}
