package e2e

import (
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"tocsin/internal/newsroom"
)

// fleet is every service as a process of its own, reading a world in which a story is printed while they watch, and
// sending its traces to a collector of the test's.
type fleet struct {
	nats   string
	admin  map[string]string // by program, "forward" among them
	traces *collector
}

// startFleet returns once the story was indexed, rang and was forwarded, and the books are even.
func startFleet(t *testing.T) fleet {
	room := serve(t, []newsroom.Item{
		{Title: "Ferry sails", Text: "The ferry sailed on Wednesday.", Source: "wire"},
		{Title: "Envoy arrives", Source: "wire", Appears: 3 * time.Second,
			Text: "Oto Brandsma, the envoy of Norway, arrived in Paris on 12 March 2026, the Red Cross said. He is to leave on Friday."},
	}, newsroom.Options{})
	f := fleet{nats: natsServer(t).URL(), admin: map[string]string{}, traces: collect(t)}
	hook := openHook(t)
	index := []string{"--sqlite", filepath.Join(t.TempDir(), "index.db")}
	if os.Getenv("TOCSIN_ELASTIC_URL") != "" {
		index = elasticFlags(t)
	}
	mustRun(t, "tocsin", append([]string{"setup", "--nats", f.nats}, index...)...)
	list := write(t, "list.yaml", "list: desk\nentries:\n  - {id: brandsma, name: Oto Brandsma, kind: person}\n")
	f.start(t, "indexer", "indexer", append([]string{"--books", "500ms"}, index...)...)
	f.start(t, "extractor", "extractor", "--watchlists", list)
	f.start(t, "forward", "tocsin", "forward", "--to", hook.URL, "--name", "hook", "--since", "1h")
	f.start(t, "fetcher", "fetcher", "--feeds", feedList(t, room.Feeds()), "--allow-private", "127.0.0.0/8", "--sync", "always")
	hook.took(t, 1)
	even(t, 2, append([]string{"--nats", f.nats}, index...)...)
	return f
}

// start runs a program of the fleet under a name; args follow the flags that all have.
func (f fleet) start(t *testing.T, name, program string, args ...string) {
	t.Helper()
	f.admin[name] = freeAddress(t)
	all := []string{"--nats", f.nats, "--admin", f.admin[name], "--otlp", f.traces.URL}
	if program == "tocsin" { // the command comes first
		all, args = append([]string{args[0]}, all...), args[1:]
	}
	start(t, program, append(all, args...)...)
}

// span is one span as the collector heard of it.
type span struct {
	service, name     string
	trace, id, parent string
}

// collector takes traces as OTLP over HTTP, protobuf and gzip, as collectors do.
type collector struct {
	*httptest.Server
	mu    sync.Mutex
	spans []span
}

func collect(t *testing.T) *collector {
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := c.take(r); err != nil {
			t.Errorf("what came to the collector: %v", err)
			w.WriteHeader(http.StatusBadRequest)
		}
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *collector) take(r *http.Request) error {
	if r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
		return fmt.Errorf("%s of type %q", r.URL.Path, r.Header.Get("Content-Type"))
	}
	zip, err := gzip.NewReader(r.Body)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(zip)
	if err != nil {
		return err
	}
	var data tracepb.TracesData
	if err := proto.Unmarshal(body, &data); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range data.GetResourceSpans() {
		service := ""
		for _, a := range resource.GetResource().GetAttributes() {
			if a.GetKey() == "service.name" {
				service = a.GetValue().GetStringValue()
			}
		}
		for _, scope := range resource.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				c.spans = append(c.spans, span{
					service, s.GetName(), hex.EncodeToString(s.GetTraceId()), hex.EncodeToString(s.GetSpanId()), hex.EncodeToString(s.GetParentSpanId()),
				})
			}
		}
	}
	return nil
}

// of returns the spans of a trace by id.
func (c *collector) of(trace string) map[string]span {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[string]span{}
	for _, s := range c.spans {
		if s.trace == trace {
			found[s.id] = s
		}
	}
	return found
}
