package daemon

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// A collector that asks for patience gets the same batch again, packed, typed and with the operator's headers.
func TestSpansAreSentAgainToABusyCollector(t *testing.T) {
	var batches []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Content-Type") != "application/x-protobuf" || r.Header.Get("Api-Key") != "k" {
			t.Errorf("headers %v", r.Header)
		}
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		body, err := io.ReadAll(unpacked)
		var got tracepb.TracesData
		if err != nil || proto.Unmarshal(body, &got) != nil || len(got.ResourceSpans) != 1 {
			t.Errorf("batch of %d bytes: %v", len(body), err)
		}
		batches = append(batches, got.ResourceSpans[0].GetSchemaUrl())
		if len(batches) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	c := newCollector(server.URL, map[string]string{"Api-Key": "k"})
	if err := c.UploadTraces(t.Context(), []*tracepb.ResourceSpans{{SchemaUrl: "batch"}}); err != nil {
		t.Fatal(err)
	}
	if len(batches) != 2 || batches[0] != "batch" || batches[1] != "batch" {
		t.Errorf("the collector saw %v; want the same batch twice", batches)
	}
}

// What a collector refuses for good is an error at once: nothing is sent again.
func TestSpansACollectorRefusesAreGivenUp(t *testing.T) {
	tries := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		tries++
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer server.Close()
	if err := newCollector(server.URL, nil).UploadTraces(context.Background(), nil); err == nil || tries != 1 {
		t.Errorf("after %d tries: %v; want an error after one", tries, err)
	}
}
