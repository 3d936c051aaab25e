package daemon

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector sends spans to an OTLP/HTTP collector as binary protobuf. The exporter package of OpenTelemetry does the
// same, but links gRPC and a gateway, some 3 MB of every service, for the one message type used here.
// Source: OTLP 1.9, section OTLP/HTTP.
type collector struct {
	url     string
	headers map[string]string
	client  *http.Client
}

const (
	// collectorPatience is how long one batch may take, with its repetitions; after that its spans are lost.
	collectorPatience = 10 * time.Second
	// collectorRetry is the pause before a batch is sent again when the collector names none.
	collectorRetry = time.Second
)

func newCollector(url string, headers map[string]string) *collector {
	return &collector{url: url, headers: headers, client: &http.Client{Timeout: collectorPatience}}
}

// Start implements otlptrace.Client. Nothing is dialled.
func (c *collector) Start(context.Context) error { return nil }

// Stop implements otlptrace.Client.
func (c *collector) Stop(context.Context) error {
	c.client.CloseIdleConnections()
	return nil
}

// UploadTraces implements otlptrace.Client: it sends one batch, again while the collector asks for patience.
func (c *collector) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	// The request of the collector's service has the same one field as TracesData, so their bytes are the same.
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil {
		return fmt.Errorf("encode spans: %w", err)
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write(body) // a buffer takes everything
	_ = zip.Close()
	ctx, cancel := context.WithTimeout(ctx, collectorPatience)
	defer cancel()
	for {
		wait, err := c.send(ctx, packed.Bytes())
		if err == nil || wait == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

// send posts one batch. With an error it says how long to wait before another try; 0 means that none would help.
func (c *collector) send(ctx context.Context, body []byte) (wait time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("send spans: %w", err)
	}
	for name, value := range c.headers {
		request.Header.Set(name, value)
	}
	request.Header.Set("Content-Type", "application/x-protobuf")
	request.Header.Set("Content-Encoding", "gzip")
	answer, err := c.client.Do(request)
	if err != nil {
		return collectorRetry, fmt.Errorf("send spans: %w", err)
	}
	defer func() { _ = answer.Body.Close() }() // read as far as it matters
	_, _ = io.CopyN(io.Discard, answer.Body, 64<<10)
	switch answer.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		wait = collectorRetry
		if s, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && s > 0 {
			wait = time.Duration(s) * time.Second
		}
	}
	if answer.StatusCode/100 != 2 {
		return wait, fmt.Errorf("send spans: the collector answers %s", answer.Status)
	}
	return 0, nil
}
