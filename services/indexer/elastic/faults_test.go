package elastic

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/internal/retry"
	"tocsin/services/indexer"
)

// fakeIndex writes to a fake, with pauses too short to wait for.
func fakeIndex(t *testing.T, o Options) (*fake, *Index) {
	t.Helper()
	f, address := newFake(t)
	o.URLs = []string{address}
	if o.Pause == 0 {
		o.Pause = time.Microsecond
	}
	x, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return f, x
}

func batch(n int) []indexer.Document {
	docs := make([]indexer.Document, n)
	for i := range docs {
		docs[i] = doc(fmt.Sprintf("doc%02d", i), time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC))
	}
	return docs
}

// verdicts abridges outcomes: "ok", "known", "later" or the reason of a dead letter.
func verdicts(outcomes []indexer.Outcome) []string {
	var all []string
	for _, o := range outcomes {
		reason, never := retry.Reason(o.Err)
		switch {
		case never:
			all = append(all, reason)
		case o.Err != nil:
			all = append(all, "later")
		case o.Known:
			all = append(all, "known")
		default:
			all = append(all, "ok")
		}
	}
	return all
}

func repeat(s string, n int) []string { return strings.Fields(strings.Repeat(s+" ", n)) }

func items(body []byte) int { return bytes.Count(body, []byte("\n")) / 2 }

func TestFaults(t *testing.T) {
	refuse := func(w http.ResponseWriter, status int, kind string) bool {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"error":{"type":%q,"reason":"because"},"status":%d}`, kind, status)
		return true
	}
	tests := []struct {
		why   string
		docs  int
		fault func(f *fake, n int, w http.ResponseWriter, body []byte) bool
		want  []string // nil: the whole write fails
		bulks int      // 0: any number
	}{
		{"no fault: one request", 8, nil, repeat("ok", 8), 1},
		{"unavailable twice, then well", 8, func(_ *fake, n int, w http.ResponseWriter, _ []byte) bool {
			return n < 2 && refuse(w, http.StatusServiceUnavailable, "cluster_block_exception")
		}, repeat("ok", 8), 3},
		{"a gateway's page instead of JSON", 2, func(_ *fake, n int, w http.ResponseWriter, _ []byte) bool {
			if n > 0 {
				return false
			}
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write([]byte("<html>bad gateway</html>"))
			return true
		}, repeat("ok", 2), 2},
		{"unavailable for good", 3, func(_ *fake, _ int, w http.ResponseWriter, _ []byte) bool {
			return refuse(w, http.StatusServiceUnavailable, "")
		}, nil, maxPauses + 1},
		{"rejected whenever more than 3 come together", 8, func(_ *fake, _ int, w http.ResponseWriter, body []byte) bool {
			return items(body) > 3 && refuse(w, http.StatusTooManyRequests, "es_rejected_execution_exception")
		}, repeat("ok", 8), 7},
		{"too large together, an empty 413", 5, func(_ *fake, _ int, w http.ResponseWriter, body []byte) bool {
			if items(body) <= 2 {
				return false
			}
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return true
		}, repeat("ok", 5), 0},
		{"one document too large even alone", 4, func(_ *fake, _ int, w http.ResponseWriter, body []byte) bool {
			if !bytes.Contains(body, []byte("doc02")) {
				return false
			}
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return true
		}, []string{"ok", "ok", "too_large", "ok"}, 0},
		{"one document spoils the request", 6, func(_ *fake, _ int, w http.ResponseWriter, body []byte) bool {
			return bytes.Contains(body, []byte("doc04")) && refuse(w, http.StatusBadRequest, "illegal_argument_exception")
		}, []string{"ok", "ok", "ok", "ok", "mapping", "ok"}, 0},
		{"every status at once", 8, func(_ *fake, n int, w http.ResponseWriter, _ []byte) bool {
			_, _ = fmt.Fprint(w, `{"items":[`)
			for i, status := range []int{201, 200, 409, 429, 503, 404, 400, 403} {
				comma := ","
				if i == 0 {
					comma = ""
				}
				failure := `,"error":{"type":"t","reason":"r","caused_by":{"reason":"c"}}`
				if status < 300 {
					failure = ""
				}
				_, _ = fmt.Fprintf(w, `%s{"index":{"_id":"doc%02d","status":%d%s}}`, comma, i, status, failure)
			}
			_, _ = fmt.Fprint(w, `]}`)
			return n == 0
		}, []string{"ok", "ok", "known", "later", "later", "later", "mapping", "later"}, 1},
		{"a disk past its flood stage", 2, func(_ *fake, _ int, w http.ResponseWriter, _ []byte) bool {
			const refused = `"status":429,"error":{"type":"cluster_block_exception","reason":"index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];"}`
			_, _ = fmt.Fprintf(w, `{"items":[{"index":{"_id":"doc00",%s}},{"index":{"_id":"doc01",%s}}]}`, refused, refused)
			return true
		}, repeat("later", 2), 1},
		{"fewer answers than documents, then the rest is known", 4, func(f *fake, n int, w http.ResponseWriter, body []byte) bool {
			if n > 0 {
				return false
			}
			f.bulk(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/_bulk", nil), body) // they are stored
			_, _ = fmt.Fprint(w, `{"items":[{"index":{"_id":"doc00","status":201}}]}`)
			return true
		}, repeat("known", 4), 2},
		{"fewer answers than documents for good", 4, func(_ *fake, _ int, w http.ResponseWriter, _ []byte) bool {
			_, _ = fmt.Fprint(w, `{"items":[]}`)
			return true
		}, nil, 0},
		{"an answer in another's place", 2, func(_ *fake, _ int, w http.ResponseWriter, _ []byte) bool {
			_, _ = fmt.Fprint(w, `{"items":[{"index":{"_id":"doc01","status":201}},{"index":{"_id":"doc00","status":201}}]}`)
			return true
		}, nil, 0},
		{"an answer that breaks off", 3, func(_ *fake, n int, w http.ResponseWriter, _ []byte) bool {
			if n > 0 {
				return false
			}
			_, _ = fmt.Fprint(w, `{"items":[{"index":{"_id":"doc00",`)
			return true
		}, repeat("ok", 3), 2},
		{"a connection that is cut", 3, func(_ *fake, n int, _ http.ResponseWriter, _ []byte) bool {
			if n == 0 {
				panic(http.ErrAbortHandler)
			}
			return false
		}, repeat("ok", 3), 2},
		{"wrong password: no use in trying again", 3, func(_ *fake, _ int, w http.ResponseWriter, _ []byte) bool {
			return refuse(w, http.StatusUnauthorized, "security_exception")
		}, nil, 1},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			f, x := fakeIndex(t, Options{})
			if tt.fault != nil {
				f.fault = func(n int, w http.ResponseWriter, body []byte) bool {
					return tt.fault(f, n, w, body)
				}
			}
			outcomes, err := x.Write(t.Context(), batch(tt.docs))
			if (err != nil) != (tt.want == nil) {
				t.Fatalf("error %v, want one: %v", err, tt.want == nil)
			}
			if _, never := retry.Reason(err); never {
				t.Errorf("a failure of the whole is permanent: %v", err)
			}
			if diff := cmp.Diff(tt.want, verdicts(outcomes)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			if tt.bulks > 0 && f.bulks != tt.bulks {
				t.Errorf("%d bulk requests, want %d", f.bulks, tt.bulks)
			}
		})
	}
}

// TestHangingServer expects a batch to come back in bounded time, as transient.
func TestHangingServer(t *testing.T) {
	f, x := fakeIndex(t, Options{Timeout: 30 * time.Millisecond})
	hold := make(chan struct{})
	defer close(hold)
	f.fault = func(int, http.ResponseWriter, []byte) bool { <-hold; return true }
	outcomes, err := x.Write(t.Context(), batch(2))
	if _, ok := retry.Delay(err); !ok || outcomes != nil {
		t.Errorf("outcomes %v, error %v; want a transient error", outcomes, err)
	}
}

func TestCancelledWrite(t *testing.T) {
	f, x := fakeIndex(t, Options{Pause: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	f.fault = func(_ int, w http.ResponseWriter, _ []byte) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		cancel() // in the pause that follows, or just before it
		return true
	}
	if _, err := x.Write(ctx, batch(2)); err == nil {
		t.Error("a cancelled write succeeded")
	}
}

// TestLargeBatch expects a batch to be cut where it would pass MaxBytes, and what was stored before a failure to stay so.
func TestLargeBatch(t *testing.T) {
	f, x := fakeIndex(t, Options{MaxBytes: 4096})
	docs := batch(10)
	docs[3].Text = strings.Repeat("long ", 2000) // larger than a request alone
	docs[7].ID = strings.Repeat("x", maxID+1)
	outcomes, err := x.Write(t.Context(), docs)
	if err != nil {
		t.Fatal(err)
	}
	want := repeat("ok", 10)
	want[7] = "mapping"
	if diff := cmp.Diff(want, verdicts(outcomes)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if f.bulks < 3 {
		t.Errorf("%d bulk requests for three times MaxBytes", f.bulks)
	}
	down := f.bulks + 2
	f.fault = func(n int, w http.ResponseWriter, _ []byte) bool {
		if n >= down {
			w.WriteHeader(http.StatusUnauthorized)
		}
		return n >= down
	}
	for i := range docs {
		docs[i].Revision = 2
	}
	outcomes, err = x.Write(t.Context(), docs)
	got := strings.Join(verdicts(outcomes), " ")
	if err != nil || !strings.HasPrefix(got, "ok ok") || !strings.HasSuffix(got, "later later") {
		t.Errorf("outcomes %s, %v; want the first stored and the last for later", got, err)
	}
}

func TestNotElasticsearch(t *testing.T) {
	f, x := fakeIndex(t, Options{})
	f.noHeader = true
	if _, err := x.Write(t.Context(), batch(1)); err == nil || !strings.Contains(err.Error(), "not Elasticsearch") {
		t.Errorf("%v, want it to say that this is not Elasticsearch", err)
	}
}

// TestOneIndexPerMonth looks at where documents of one batch go.
func TestOneIndexPerMonth(t *testing.T) {
	f, x := fakeIndex(t, Options{Prefix: "p"})
	january, february := time.Date(2026, 1, 31, 22, 0, 0, 0, time.UTC), time.Date(2026, 1, 31, 23, 0, 0, 0, time.UTC)
	again := doc("a", february) // claims another month than the first of its id
	again.Revision = 2
	if _, err := x.Write(t.Context(), []indexer.Document{doc("a", january), doc("b", february), again}); err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{"p-v1-2026.01/a": 2000, "p-v1-2026.02/b": 1000}
	if diff := cmp.Diff(want, f.versions); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}
