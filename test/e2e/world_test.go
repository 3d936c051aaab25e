package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/newsroom"
)

// shared is the folder of development material beside the checkout; tests that need it are skipped without it.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("TOCSIN_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the development material %s is not beside the checkout; name its folder in TOCSIN_SHARED", name)
	}
	return path
}

// write puts a configuration file into the test's folder.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// serve opens a newsroom for the length of the test.
func serve(t *testing.T, items []newsroom.Item, o newsroom.Options) *newsroom.Newsroom {
	t.Helper()
	room, err := newsroom.Serve(items, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := room.Close(); err != nil {
			t.Error(err)
		}
	})
	return room
}

// feedList writes the feeds of a newsroom as a list.
func feedList(t *testing.T, feeds []newsroom.Feed) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("feeds:\n")
	for _, f := range feeds {
		fmt.Fprintf(&b, "  - url: %s\n    id: %s\n    source: %s\n    every: 1s\n", f.URL, f.Source, f.Source)
	}
	return write(t, "feeds.yaml", b.String())
}

// natsServer starts a NATS server of its own, reached over TCP.
func natsServer(t *testing.T) *broker.Server {
	t.Helper()
	server, err := broker.Start(broker.Options{Dir: t.TempDir(), Port: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Shutdown)
	return server
}

// connect joins the server at url for the length of the test.
func connect(t *testing.T, url string) *bus.Bus {
	t.Helper()
	b, err := bus.Connect(t.Context(), bus.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// where is the first line of `tocsin run --json`.
type where struct {
	NATS  string `json:"nats"`
	Admin string `json:"admin"`
}

// startTocsin runs the all-in-one and returns where it is reached.
func startTocsin(t *testing.T, data string, args ...string) (*process, where) {
	t.Helper()
	p := start(t, "tocsin", append([]string{"run", "--json", "--data", data, "--port", "0", "--allow-private", "127.0.0.0/8"}, args...)...)
	var at where
	eventually(t, func() error {
		if p.ended() {
			t.Fatalf("tocsin run ended\n%s", p.errs.String())
		}
		lines := p.out.lines()
		if len(lines) == 0 {
			return fmt.Errorf("tocsin run printed nothing\n%s", p.errs.String())
		}
		return json.Unmarshal([]byte(lines[0]), &at)
	})
	return p, at
}

// freeAddress is a loopback address nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return "127.0.0.1:" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// ready returns nil when the process says it is, else what it says.
func ready(admin string) error {
	answer, err := http.Get("http://" + admin + "/readyz")
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode == http.StatusOK {
		return err
	}
	return fmt.Errorf("not ready: %s", body)
}
