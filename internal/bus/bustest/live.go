package bustest

import (
	"testing"

	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
)

// Live is a bus on an embedded server of the test's own, set up, for the time of the test. The server's directory and
// port are chosen here.
func Live(t testing.TB, o broker.Options, setup bus.SetupOptions) *bus.Bus {
	t.Helper()
	o.Dir, o.Port = t.TempDir(), -1
	server, err := broker.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Shutdown)
	b, err := bus.Connect(t.Context(), bus.Options{Server: server})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	if _, err := b.Setup(t.Context(), setup); err != nil {
		t.Fatal(err)
	}
	return b
}
