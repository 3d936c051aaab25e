package broker

import (
	"errors"
	"net"
	"os"
	"strings"
	"testing"
)

func TestServerStarts(t *testing.T) {
	s, err := Start(Options{Dir: t.TempDir(), Port: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Shutdown()
	if !strings.HasPrefix(s.URL(), "nats://127.0.0.1:") {
		t.Errorf("listens on %s", s.URL())
	}
}

func TestBusyPortGivesTheNext(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	busy := l.Addr().(*net.TCPAddr).Port
	s, err := Start(Options{Dir: t.TempDir(), Port: busy})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Shutdown()
	if strings.HasSuffix(s.URL(), l.Addr().String()) {
		t.Errorf("took the busy port %s", s.URL())
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "nats://"))
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
}

func TestTwoServersOnOneStoreAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := Start(Options{Dir: dir, Port: -1})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Start(Options{Dir: dir, Port: -1})
	held, ok := errors.AsType[*LockedError](err)
	if !ok || held.PID != os.Getpid() || held.Dir != dir {
		t.Errorf("a second server: %v", err)
	}
	s.Shutdown()
	again, err := Start(Options{Dir: dir, Port: -1})
	if err != nil {
		t.Fatalf("after the first shut down: %v", err)
	}
	again.Shutdown()
}

func TestOptionsNameWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		sentence string
		o        Options
		want     string
	}{
		{"streams need a place", Options{}, "Dir"},
		{"the embedded server has no passwords, so it stays at home", Options{Dir: "x", Host: "0.0.0.0"}, "loopback"},
		{"a port is a number of 16 bits", Options{Dir: "x", Port: 70_000}, "Port"},
	} {
		if _, err := c.o.withDefaults(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func TestServerThatCannotStartSaysWhy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "jetstream", []byte("a file where the store's directory should be"))
	_, err := Start(Options{Dir: dir, Port: -1})
	if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "JetStream") {
		t.Errorf("started on a broken store: %v", err)
	}
}
