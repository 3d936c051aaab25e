package daemon

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// safeBuffer lets the logger write while a test reads.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
	hit chan struct{}
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hit != nil {
		close(b.hit)
		b.hit = nil
	}
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func TestSignalEndsTheContextAndIsNamedInTheLog(t *testing.T) {
	logged := make(chan struct{})
	out := &safeBuffer{hit: logged}
	log, err := NewLogger(out, "info", "json")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := Signals(t.Context(), log)
	defer stop()
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
	<-logged
	if !strings.Contains(out.String(), "terminated signal received") {
		t.Errorf("log says %s", out)
	}
}

func TestStopGivesSignalsBackWithoutASound(t *testing.T) {
	out := &safeBuffer{}
	ctx, stop := Signals(t.Context(), slog.New(slog.NewTextHandler(io.Writer(out), nil)))
	stop()
	if ctx.Err() != context.Canceled || out.String() != "" {
		t.Errorf("after stop: %v, log %q", ctx.Err(), out)
	}
}
