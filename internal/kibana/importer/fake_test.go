package importer

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"tocsin/internal/kibana"
)

// fake is a small Kibana: it keeps what is imported, and answers as the documented endpoint does.
type fake struct {
	t *testing.T

	mu      sync.Mutex
	objects map[string]kibana.Object
	// before are answers to the first requests, instead of the fake's own.
	before   []http.HandlerFunc
	requests int
	// user is who may import, as in the header Authorization; empty lets everybody.
	user string
	// elsewhere are objects whose ids another space holds.
	elsewhere map[string]string
}

func newFake(t *testing.T) *fake {
	return &fake{t: t, objects: map[string]kibana.Object{}}
}

func (f *fake) serve() string {
	server := httptest.NewServer(f)
	f.t.Cleanup(server.Close)
	return server.URL
}

// ServeHTTP implements http.Handler.
func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests++
	if len(f.before) > 0 {
		first := f.before[0]
		f.before = f.before[1:]
		first(w, r)
		return
	}
	switch {
	case r.URL.Path != "/api/saved_objects/_import" && r.URL.Path != "/s/news/api/saved_objects/_import":
		refuse(w, http.StatusNotFound, "Not Found")
	case r.Header.Get("Kbn-Xsrf") == "":
		refuse(w, http.StatusBadRequest, "Request must contain a kbn-xsrf header.")
	case f.user != "" && r.Header.Get("Authorization") != f.user:
		refuse(w, http.StatusUnauthorized, "[security_exception] unable to authenticate")
	default:
		f.take(w, r)
	}
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"statusCode":%d,"error":%q,"message":%q}`, status, http.StatusText(status), message)
}

// refusing is an answer to one request.
func refusing(status int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { refuse(w, status, message) }
}

func saying(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

func (f *fake) take(w http.ResponseWriter, r *http.Request) {
	file, header, err := r.FormFile("file")
	if err != nil || !strings.HasSuffix(header.Filename, ".ndjson") {
		refuse(w, http.StatusBadRequest, "Invalid file extension")
		return
	}
	var sent []kibana.Object
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var o kibana.Object
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			refuse(w, http.StatusBadRequest, err.Error())
			return
		}
		sent = append(sent, o)
	}
	_ = json.NewEncoder(w).Encode(f.keep(sent, r.URL.Query().Get("overwrite") == "true"))
}

// keep stores all objects or none, as Kibana does.
func (f *fake) keep(sent []kibana.Object, overwrite bool) answer {
	there := map[string]bool{}
	for key := range f.objects {
		there[key] = true
	}
	for _, o := range sent {
		there[o.Type+" "+o.ID] = true
	}
	var a answer
	for _, o := range sent {
		_, known := f.objects[o.Type+" "+o.ID]
		if c, bad := fault(o, there, known && !overwrite); bad {
			a.Errors = append(a.Errors, c)
			continue
		}
		a.Results = append(a.Results, brought{Type: o.Type, ID: o.ID, Destination: f.elsewhere[o.Type+" "+o.ID]})
	}
	if a.Success = len(a.Errors) == 0; a.Success {
		a.SuccessCount = len(sent)
		for _, o := range sent {
			f.objects[o.Type+" "+o.ID] = o
		}
	}
	return a
}

// fault is what Kibana has against one object. It looks only for missing data views and saved searches.
func fault(o kibana.Object, there map[string]bool, conflict bool) (c complaint, bad bool) {
	c.Type, c.ID = o.Type, o.ID
	switch {
	case o.Type != "index-pattern" && o.Type != "search" && o.Type != "dashboard":
		c.Error.Type = "unsupported_type"
	case conflict:
		c.Error.Type = "conflict"
	default:
		for _, r := range o.References {
			if r.Type != "dashboard" && !there[r.Type+" "+r.ID] {
				c.Error.Type = "missing_references"
				c.Error.References = append(c.Error.References, brought{Type: r.Type, ID: r.ID})
			}
		}
	}
	return c, c.Error.Type != ""
}
