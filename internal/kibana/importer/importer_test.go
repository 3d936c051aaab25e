package importer

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/internal/kibana"
	"tocsin/services/indexer/elastic"
)

func objects(t *testing.T) []kibana.Object {
	t.Helper()
	all, err := kibana.Objects(kibana.Options{
		Articles: elastic.DefaultPrefix, ArticleMapping: elastic.Mapping(),
		Alerts: elastic.AlertPrefix(elastic.DefaultPrefix), AlertMapping: elastic.AlertMapping(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// quick does not wait between tries.
func quick(address string) Options { return Options{URL: address, Pause: time.Nanosecond} }

func TestImportTwice(t *testing.T) {
	f, all := newFake(t), objects(t)
	o := quick(f.serve())
	for _, time := range []string{"first", "second"} {
		report, err := Import(t.Context(), o, all)
		if err != nil || report.Imported != len(all) || len(report.Notes) > 0 {
			t.Fatalf("the %s time: %+v, %v", time, report, err)
		}
	}
	if len(f.objects) != len(all) {
		t.Errorf("%d objects in Kibana, want %d", len(f.objects), len(all))
	}
	for _, want := range all {
		sent, err := kibana.Encode([]kibana.Object{want})
		if err != nil {
			t.Fatal(err)
		}
		got, err := kibana.Encode([]kibana.Object{f.objects[want.Type+" "+want.ID]})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(sent), string(got)); diff != "" {
			t.Errorf("%s: %s", want.ID, diff)
		}
	}
}

func TestIntoASpace(t *testing.T) {
	f, all := newFake(t), objects(t)
	f.elsewhere = map[string]string{"dashboard tocsin-dates": "5c3f"}
	report, err := Import(t.Context(), quick(f.serve()+"/s/news/"), all)
	if err != nil || len(report.Notes) != 1 || !strings.Contains(report.Notes[0], "dashboard tocsin-dates is 5c3f here") {
		t.Errorf("%+v, %v; want a note on the id that another space holds", report, err)
	}
}

// TestPassingTrouble meets Kibana with what passes, and wants progress told and everything imported in the end.
func TestPassingTrouble(t *testing.T) {
	conflict := `{"success":false,"successCount":1,"errors":[{"type":"search","id":"s","error":{"type":"conflict"}}]}`
	busy := `{"success":false,"successCount":1,"errors":[{"type":"search","id":"s","error":{"type":"unknown","statusCode":503,"message":"no shard"}}]}`
	tests := []struct {
		why  string
		say  http.HandlerFunc
		want string
	}{
		{"Kibana starts", refusing(503, "Kibana server is not ready yet"), "not ready yet"},
		{"a starting Kibana answers in plain text", func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "Kibana server is not ready yet", http.StatusServiceUnavailable)
		}, "not ready yet"},
		{"another import is on its way", refusing(409, "version conflict"), "version conflict"},
		{"a busy cluster", refusing(429, "too many requests"), "429"},
		{"what Kibana stands on broke off", refusing(500, "socket hang up"), "socket hang up"},
		{"a connection that is cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "no answer"},
		{"an object that somebody else writes", saying(conflict), "search s: somebody else is writing it"},
		{"an object that could not be written now", saying(busy), "no shard"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			f, all := newFake(t), objects(t)
			f.before = []http.HandlerFunc{tt.say, tt.say}
			var told []string
			o := quick(f.serve())
			o.Progress = func(s string) { told = append(told, s) }
			report, err := Import(t.Context(), o, all)
			if err != nil || report.Imported != len(all) {
				t.Fatalf("%+v, %v", report, err)
			}
			if len(told) != 2 || !strings.Contains(told[1], tt.want) || !strings.Contains(told[1], "waiting for Kibana") {
				t.Errorf("told %q, want twice %q", told, tt.want)
			}
		})
	}
}

// TestTroubleThatStays wants one request and a sentence that says what to do.
func TestTroubleThatStays(t *testing.T) {
	unknown := `{"success":false,"errors":[{"type":"dashboard","id":"d","error":{"type":"unknown","statusCode":422,"message":"belongs to a more recent version of Kibana"}}]}`
	mixed := `{"success":false,"errors":[{"type":"search","id":"s","error":{"type":"conflict"}},{"type":"dashboard","id":"d","error":{"type":"ambiguous_conflict"}}]}`
	tests := []struct {
		why  string
		say  http.HandlerFunc
		want string
	}{
		{"a wrong password", refusing(401, "unable to authenticate"), "check user and password"},
		{"a user who may not", refusing(403, "Unable to bulk_create dashboard"), "kibana_admin"},
		{"no Kibana, or another base path", refusing(404, "Not Found"), "base path"},
		{"a proxy with a small limit", refusing(413, "Payload content length greater than maximum"), "maxImportPayloadBytes"},
		{"a page to log in on", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) }, "sends on to /login"},
		{"a mistake of ours", refusing(400, "[request body.file]: expected value"), "expected value"},
		{"somebody else's page", saying("<html>Welcome</html>"), "is that Kibana's own address"},
		{"a newer shape than Kibana knows", saying(unknown), "dashboard d: unknown 422 belongs to a more recent version"},
		{"one of two objects that may pass", saying(mixed), "delete the copies"},
		{"success of fewer objects", saying(`{"success":true,"successCount":1}`), "1 of"},
		{"no success and no complaint", saying(`{"success":false}`), "complains of none"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			f := newFake(t)
			f.before = []http.HandlerFunc{tt.say}
			_, err := Import(t.Context(), quick(f.serve()), objects(t))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want it to say %q", err, tt.want)
			}
			if f.requests != 1 {
				t.Errorf("%d requests, want one", f.requests)
			}
		})
	}
}

func TestObjectsThatAreNotNamed(t *testing.T) {
	f, all := newFake(t), objects(t)
	a := f.keep(all, true)
	a.Results = a.Results[1:]
	said, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	f.before = []http.HandlerFunc{saying(string(said))}
	if _, err := Import(t.Context(), quick(f.serve()), all); err == nil || !strings.Contains(err.Error(), "does not name: index-pattern tocsin-alerts") {
		t.Errorf("%v, want the object that Kibana did not name", err)
	}
}

func TestObjectsThatAreNotWhole(t *testing.T) {
	all := objects(t)
	_, err := Import(t.Context(), quick(newFake(t).serve()), all[1:])
	if err == nil || !strings.Contains(err.Error(), "needs what is not there: index-pattern tocsin-alerts") {
		t.Errorf("without a data view: %v", err)
	}
	odd := append(append([]kibana.Object{}, all...), kibana.Object{Type: "canvas-thing", ID: "c"})
	if _, err = Import(t.Context(), quick(newFake(t).serve()), odd); err == nil || !strings.Contains(err.Error(), "canvas-thing c: this Kibana has no such type") {
		t.Errorf("with a type that is not known: %v", err)
	}
}

func TestPatienceEnds(t *testing.T) {
	f := newFake(t)
	for range 100 {
		f.before = append(f.before, refusing(503, "Kibana server is not ready yet"))
	}
	o, now := quick(f.serve()), time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	o.Wait, o.Now = time.Minute, func() time.Time { now = now.Add(15 * time.Second); return now }
	_, err := Import(t.Context(), o, objects(t))
	if err == nil || !strings.Contains(err.Error(), "gave up after 1m0s") || !strings.Contains(err.Error(), "not ready yet") {
		t.Errorf("%v, want it to give up and say over what", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	o.Pause, o.Wait, o.Progress = time.Hour, 100*time.Hour, func(string) { stop() }
	if _, err := Import(ctx, o, objects(t)); err == nil || !strings.Contains(err.Error(), "context canceled") {
		t.Errorf("interrupted while waiting: %v", err)
	}
}

func TestWhoAsks(t *testing.T) {
	tests := []struct {
		why, user string
		o         Options
	}{
		{"user and password", "Basic dTpw", Options{User: "u", Password: "p"}},
		{"an API key", "ApiKey a2V5", Options{APIKey: "a2V5"}},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			f := newFake(t)
			f.user, tt.o.URL, tt.o.Pause = tt.user, f.serve(), time.Nanosecond
			if _, err := Import(t.Context(), tt.o, objects(t)); err != nil {
				t.Error(err)
			}
			if _, err := Import(t.Context(), quick(tt.o.URL), objects(t)); err == nil {
				t.Error("nobody may import, and could")
			}
		})
	}
}

func TestAuthority(t *testing.T) {
	server := httptest.NewUnstartedServer(newFake(t))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the handshake that fails, as it should
	server.StartTLS()
	defer server.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	o := quick(server.URL)
	if _, err := Import(t.Context(), o, objects(t)); err == nil || !strings.Contains(err.Error(), "name the authority") {
		t.Errorf("an unknown authority: %v", err)
	}
	o.CAFile = file
	if _, err := Import(t.Context(), o, objects(t)); err != nil {
		t.Errorf("with its authority: %v", err)
	}
	o.URL = strings.Replace(newFake(t).serve(), "http:", "https:", 1)
	if _, err := Import(t.Context(), o, objects(t)); err == nil || !strings.Contains(err.Error(), "speaks http") {
		t.Errorf("https to a server of http: %v", err)
	}
}

func TestOptions(t *testing.T) {
	const at = "http://localhost:5601"
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("no"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		why  string
		o    Options
		want string
	}{
		{"no address", Options{}, "URL is empty"},
		{"an address without scheme", Options{URL: "localhost:5601"}, "not http://"},
		{"a password in the address", Options{URL: "http://u:p@localhost:5601"}, "holds a password"},
		{"the address of a page", Options{URL: at + "/app/home#/"}, "leave out what follows"},
		{"two ways to say who asks", Options{URL: at, User: "u", APIKey: "k"}, "give one of them"},
		{"a negative wait", Options{URL: at, Wait: -1}, "cannot be negative"},
		{"an authority that is not there", Options{URL: at, CAFile: empty + "x"}, "CAFile"},
		{"an authority that is none", Options{URL: at, CAFile: empty}, "no certificate"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			if _, err := Import(t.Context(), tt.o, nil); err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "u:p@") {
				t.Errorf("%v, want it to say %q", err, tt.want)
			}
		})
	}
}

// FuzzAnswer holds to it that no answer counts as success that does not name every object.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"success":true,"successCount":1,"successResults":[{"type":"search","id":"s"}]}`))
	f.Add([]byte(`{"success":true,"successCount":1,"errors":[{"error":{"references":[{}]}}]}`))
	f.Add([]byte(`{"success":"yes","successCount":1e99}`))
	sent := []kibana.Object{{Type: "search", ID: "s"}}
	f.Fuzz(func(t *testing.T, body []byte) {
		o, err := quick("http://kibana").withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: says(body)}
		a, err := o.send(t.Context(), client, nil)
		if err == nil {
			err = a.failed()
		}
		if err == nil {
			err = a.accountsFor(sent)
		}
		if err == nil && !slices.Contains(ids(a.Results), "search s") {
			t.Errorf("taken for success: %q", body)
		}
		a.notes()
	})
}

func ids(all []brought) (keys []string) {
	for _, b := range all {
		keys = append(keys, b.Type+" "+b.ID)
	}
	return keys
}

// says answers every request with itself.
type says []byte

// RoundTrip implements http.RoundTripper.
func (s says) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(string(s)))}, nil
}
