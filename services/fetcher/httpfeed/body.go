package httpfeed

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"tocsin/services/fetcher"
)

const (
	// ratioFrom is how much a body may grow to whatever it weighed; beyond, maxRatio times its weight is the limit.
	ratioFrom = 1 << 20
	maxRatio  = 100
)

// body is what was read of an answer.
type body struct {
	data []byte
	wire int64
	// cut says that there was more, or that the connection broke; note says so in a sentence.
	cut  bool
	note string
}

// readBody reads and decodes an answer up to its limits. What passes them is cut and noted; a body that grows out of
// proportion is refused, as is an encoding nobody asked for.
func (c *Client) readBody(r *http.Response, maxWire, maxDecoded int64) (body, error) {
	wire := &meteredReader{r: r.Body, left: maxWire, now: c.o.Now, begin: c.o.Now()}
	decoded, err := decoder(r.Header.Get("Content-Encoding"), wire)
	if err != nil {
		return body{wire: wire.n}, err
	}
	defer decoded.Close()
	return drain(decoded, wire, maxWire, maxDecoded)
}

func drain(decoded io.Reader, wire *meteredReader, maxWire, maxDecoded int64) (body, error) {
	var buf bytes.Buffer
	chunk := make([]byte, 32<<10)
	for {
		n, err := decoded.Read(chunk)
		buf.Write(chunk[:n])
		b := body{data: buf.Bytes(), wire: wire.n}
		switch {
		case int64(buf.Len()) > ratioFrom && int64(buf.Len()) > maxRatio*wire.n:
			return body{wire: wire.n}, &fetcher.Failure{Kind: fetcher.FailTooBig, Sentence: fmt.Sprintf("the answer grows more than %d times when decompressed; it is not read", maxRatio)}
		case int64(buf.Len()) > maxDecoded:
			b.data, b.cut = b.data[:maxDecoded], true
			b.note = fmt.Sprintf("the answer was cut at %d bytes", maxDecoded)
			return b, nil
		case wire.cut && (err != nil || n == 0):
			b.cut, b.note = true, fmt.Sprintf("the answer was cut after %d bytes had travelled", maxWire)
			return b, nil
		case errors.Is(err, io.EOF):
			return b, nil
		case err != nil && buf.Len() > 0 && broken(err):
			b.cut, b.note = true, fmt.Sprintf("the connection broke after %d bytes", wire.n)
			return b, nil
		case err != nil:
			return b, err
		}
	}
}

// broken reports whether the sender stopped in the middle, as opposed to being too slow or this side giving up.
func broken(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || isReset(err)
}

// decoder undoes the content encoding (RFC 9110, 8.4).
func decoder(encoding string, r io.Reader) (io.ReadCloser, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return io.NopCloser(r), nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r)
		if errors.Is(err, io.EOF) { // an empty body needs no encoding
			return io.NopCloser(bytes.NewReader(nil)), nil
		}
		if err != nil {
			return nil, &fetcher.Failure{Kind: fetcher.FailContent, Sentence: "the answer says it is gzip but is not", Err: err}
		}
		return z, nil
	case "br":
		return io.NopCloser(brotli.NewReader(r)), nil
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(32<<20), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, &fetcher.Failure{Kind: fetcher.FailContent, Sentence: "the answer says it is zstd but is not", Err: err}
		}
		return z.IOReadCloser(), nil
	}
	return nil, &fetcher.Failure{Kind: fetcher.FailContent, Sentence: "the answer is encoded as " + encoding + ", which was not asked for"}
}

const (
	// slowAfter is how long a sender may take its time; then it must have sent slowest bytes for each second so far.
	slowAfter = 10 * time.Second
	slowest   = 1 << 10
)

// errSlow says that a sender would hold a connection for ever.
var errSlow = &fetcher.Failure{Kind: fetcher.FailTimeout, Sentence: "the answer comes at less than a kilobyte a second; it is not waited for"}

// meteredReader counts what travels and ends early at a limit; cut says that it did. A sender that is too slow is an error.
type meteredReader struct {
	r     io.Reader
	n     int64
	left  int64
	cut   bool
	now   func() time.Time
	begin time.Time
}

// Read implements io.Reader.
func (m *meteredReader) Read(p []byte) (int, error) {
	if m.left <= 0 {
		var one [1]byte
		n, err := m.r.Read(one[:])
		m.cut = n > 0
		return 0, cmp.Or(err, io.EOF)
	}
	n, err := m.r.Read(p[:min(int64(len(p)), m.left)])
	m.n += int64(n)
	m.left -= int64(n)
	if took := m.now().Sub(m.begin); err == nil && took > slowAfter && m.n < int64(took.Seconds())*slowest {
		return n, errSlow
	}
	return n, err
}
