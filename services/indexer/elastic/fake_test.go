package elastic

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// fake is a small strict Elasticsearch for what a real one cannot be made to do on demand. It keeps documents by id with
// their external versions, knows our mapping's field names and dates, and answers a bulk as testAnswers says.
type fake struct {
	t *testing.T
	// fault, when set, sees every bulk request first and answers it or returns false.
	fault func(n int, w http.ResponseWriter, body []byte) bool
	// noHeader leaves out the header by which clients know the product.
	noHeader bool

	mu       sync.Mutex
	fields   map[string]json.RawMessage
	versions map[string]int64 // index/id → version
	bulks    int
	requests []*http.Request
}

func newFake(t *testing.T) (*fake, string) {
	f := &fake{t: t, versions: map[string]int64{}}
	var m struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(mapping, &m); err != nil {
		t.Fatal(err)
	}
	f.fields = m.Properties
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, server.URL
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Error(err)
	}
	f.mu.Lock()
	f.requests = append(f.requests, r)
	f.mu.Unlock()
	if !f.noHeader {
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
	}
	w.Header().Set("Content-Type", "application/json")
	switch path := r.URL.Path; {
	case path == "/_bulk":
		f.mu.Lock()
		n := f.bulks
		f.bulks++
		f.mu.Unlock()
		if f.fault == nil || !f.fault(n, w, body) {
			f.bulk(w, r, body)
		}
	case strings.HasPrefix(path, "/_index_template/"):
		f.say(w, http.StatusOK, object{"index_templates": []object{{"index_template": object{"_meta": object{"schema_version": schema}}}}})
	case strings.HasPrefix(path, "/_alias/"):
		f.refuse(w, http.StatusNotFound, "alias_not_found_exception", "there is no such alias")
	case strings.HasSuffix(path, "/_search"):
		f.say(w, http.StatusOK, object{})
	case r.Method == http.MethodPut, r.Method == http.MethodDelete:
		f.say(w, http.StatusOK, object{"acknowledged": true})
	default:
		f.t.Errorf("the fake knows no %s %s", r.Method, path)
		f.refuse(w, http.StatusBadRequest, "illegal_argument_exception", "no handler found")
	}
}

func (f *fake) say(w http.ResponseWriter, status int, v any) {
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		f.t.Error(err)
	}
}

func (f *fake) refuse(w http.ResponseWriter, status int, kind, reason string) {
	f.say(w, status, object{"error": object{"type": kind, "reason": reason}, "status": status})
}

type action struct {
	Index struct {
		Index   string `json:"_index"`
		ID      string `json:"_id"`
		Version int64  `json:"version"`
		Type    string `json:"version_type"`
	} `json:"index"`
}

func (f *fake) bulk(w http.ResponseWriter, r *http.Request, body []byte) {
	if len(body) == 0 {
		f.refuse(w, http.StatusBadRequest, "parse_exception", "request body is required")
		return
	}
	if !bytes.HasSuffix(body, []byte("\n")) {
		f.refuse(w, http.StatusBadRequest, "illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]")
		return
	}
	lines := bytes.Split(bytes.TrimSuffix(body, []byte("\n")), []byte("\n"))
	var items []object
	actions := make([]action, len(lines)/2)
	for i := range actions {
		if err := json.Unmarshal(lines[2*i], &actions[i]); err != nil || actions[i].Index.Type != "external" {
			f.refuse(w, http.StatusBadRequest, "x_content_parse_exception", "bad action line")
			return
		}
		if len(actions[i].Index.ID) > maxID {
			f.refuse(w, http.StatusBadRequest, "action_request_validation_exception", "Validation Failed: id is too long")
			return
		}
	}
	for i, a := range actions {
		items = append(items, f.store(r, a, lines[2*i+1]))
	}
	f.say(w, http.StatusOK, object{"items": items})
}

func (f *fake) store(r *http.Request, a action, document []byte) object {
	f.mu.Lock()
	defer f.mu.Unlock()
	answer := func(status int, kind string) object {
		o := object{"_id": a.Index.ID, "status": status}
		if kind != "" {
			o["error"] = object{"type": kind, "reason": "because of " + kind}
		}
		return object{"index": o}
	}
	if r.URL.Query().Get("require_alias") != "" {
		return answer(http.StatusNotFound, "index_not_found_exception")
	}
	if kind := f.check(document); kind != "" {
		return answer(http.StatusBadRequest, kind)
	}
	key := a.Index.Index + "/" + a.Index.ID
	have, there := f.versions[key]
	switch {
	case there && have >= a.Index.Version:
		return answer(http.StatusConflict, "version_conflict_engine_exception")
	case there:
		f.versions[key] = a.Index.Version
		return answer(http.StatusOK, "")
	}
	f.versions[key] = a.Index.Version
	return answer(http.StatusCreated, "")
}

// check holds a document to the mapping as far as the table of answers needs it.
func (f *fake) check(document []byte) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(document, &fields) != nil {
		return "document_parsing_exception"
	}
	for name := range fields {
		if f.fields[name] == nil {
			return "strict_dynamic_mapping_exception"
		}
	}
	if at := fields["at"]; at != nil && json.Unmarshal(at, new(time.Time)) != nil {
		return "document_parsing_exception"
	}
	var one struct{ Gte, Lt time.Time }
	if m := fields["mentioned"]; m != nil && json.Unmarshal(m, &one) == nil && !one.Lt.After(one.Gte) {
		return "document_parsing_exception"
	}
	return ""
}

func TestFakeAnswersAsTheRealServer(t *testing.T) {
	_, address := newFake(t)
	testAnswers(t, address, "fake")
}
