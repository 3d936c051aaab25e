package assembly_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tocsin/internal/assembly"
	"tocsin/internal/assembly/embedded"
	"tocsin/internal/assembly/extracting"
	"tocsin/internal/assembly/fetching"
	"tocsin/internal/assembly/indexing"
	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/operate"
)

// All three stages come up in one process, are ready, and leave nothing behind when they stop.
func TestStagesStopWithoutATrace(t *testing.T) {
	// The library loses this goroutine of its own when a connection is closed right after its first publish.
	defer goleak.VerifyNone(t, goleak.IgnoreTopFunction("github.com/nats-io/nats.go/jetstream.(*jetStream).resetPendingAcksOnReconnect"))
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	flags := assembly.ProcessFlags{Admin: "127.0.0.1:0", LogLevel: "info", LogFormat: "json", Drain: 20 * time.Second}
	err := assembly.Serve(ctx, "tocsin", "test", flags, io.Discard, func(ctx context.Context, p *assembly.Process) error {
		if _, err := embedded.Serve(ctx, p, dir, broker.Options{Port: -1}, bus.SetupOptions{}); err != nil {
			return err
		}
		index := indexing.IndexFlags{SQLite: filepath.Join(dir, "index.db")}
		if _, err := indexing.Add(ctx, p, index, indexing.BatchFlags{Batch: 16, BatchWait: 50 * time.Millisecond, Writers: 1}); err != nil {
			return err
		}
		if err := extracting.Add(ctx, p, extracting.ExtractFlags{NER: "none"}); err != nil {
			return err
		}
		if err := fetching.Add(ctx, p, fetching.FetchFlags{Polls: 1, Pages: true}); err != nil {
			return err
		}
		stop()
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestFlagsThatCannotWorkAreNamed(t *testing.T) {
	for flag, add := range map[string]func(context.Context, *assembly.Process) error{
		"--polls": func(ctx context.Context, p *assembly.Process) error {
			return fetching.Add(ctx, p, fetching.FetchFlags{})
		},
		"--workers": func(ctx context.Context, p *assembly.Process) error {
			return extracting.Add(ctx, p, extracting.ExtractFlags{Workers: -1})
		},
		"--batch": func(ctx context.Context, p *assembly.Process) error {
			_, err := indexing.Add(ctx, p, indexing.IndexFlags{}, indexing.BatchFlags{Batch: -3})
			return err
		},
	} {
		flags := assembly.ProcessFlags{Admin: "off", LogLevel: "info", LogFormat: "json"}
		err := assembly.Serve(t.Context(), "tocsin", "test", flags, io.Discard, add)
		if err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%s: %v; want an error that names the flag", flag, err)
		}
	}
}

const (
	listed = "101,\"TESTOV, Ivan\",\"individual\",\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a"
	others = "101,1,\"aka\",\"TESTOFF, Iwan\",-0- \r\n\x1a"
)

// OFAC's aliases lie in a file beside the list. They are read with it, also when both are named, and when they change.
func TestAliasesBesideTheirListAreFollowed(t *testing.T) {
	dir := t.TempDir()
	sdn, alt := filepath.Join(dir, "sdn.csv"), filepath.Join(dir, "alt.csv")
	write(t, sdn, listed)
	write(t, alt, others)
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	flags := assembly.ProcessFlags{Admin: "off", LogLevel: "info", LogFormat: "json", Drain: 20 * time.Second}
	err := assembly.Serve(ctx, "tocsin", "test", flags, io.Discard, func(ctx context.Context, p *assembly.Process) error {
		if _, err := embedded.Serve(ctx, p, filepath.Join(dir, "data"), broker.Options{Port: -1}, bus.SetupOptions{}); err != nil {
			return err
		}
		if err := extracting.Add(ctx, p, extracting.ExtractFlags{NER: "none", Watchlists: []string{sdn, alt}}); err != nil {
			return err
		}
		lists, err := extracting.Watchlists(ctx, p.Bus)
		if err != nil {
			return err
		}
		p.Go("watch", func(ctx context.Context) error {
			defer stop()
			expectNames(ctx, t, lists, 2)
			write(t, alt, strings.TrimSuffix(others, "\x1a")+"101,2,\"aka\",\"IVANOV, Test\",-0- \r\n")
			expectNames(ctx, t, lists, 3)
			return nil
		})
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Error(err)
	}
}

// expectNames waits until the one entry has n names.
func expectNames(ctx context.Context, t *testing.T, lists *operate.Watchlists, n int) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		all, err := lists.All(ctx)
		entries := operate.Entries(all)
		if err == nil && len(entries) == 1 && len(entries[0].Names) == n {
			return
		}
		select {
		case <-ctx.Done():
			t.Errorf("the list never had one entry of %d names: %v %v", n, entries, err)
			return
		case <-tick.C:
		}
	}
}
