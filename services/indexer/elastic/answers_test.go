package elastic

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tocsin/services/indexer/indextest"
)

// answers are raw bulk requests and what a server says to them. They are asked of the real server and of the fake, so
// that the fake cannot drift from the truth.
var answers = []struct {
	why   string
	query string
	body  string // INDEX stands for the index
	want  string // whole: status and type; items: statuses and types
}{
	{"a new document", "", put("a", 1000, `{"at":"2026-01-05T00:00:00Z"}`), "200: 201"},
	{"the same version again", "", put("a", 1000, `{"at":"2026-01-05T00:00:00Z"}`), "200: 409 version_conflict_engine_exception"},
	{"an older version", "", put("a", 999, `{}`), "200: 409 version_conflict_engine_exception"},
	{"a newer version", "", put("a", 2000, `{}`), "200: 200"},
	{"a mixed bag keeps its order", "", put("b", 1000, `{}`) + put("a", 1000, `{}`) + put("c", 1000, `{"nosuch":1}`) + put("d", 1000, `{}`),
		"200: 201, 409 version_conflict_engine_exception, 400 strict_dynamic_mapping_exception, 201"},
	{"two versions of one document in one request", "", put("e", 3000, `{}`) + put("e", 1000, `{}`) + put("e", 4000, `{}`),
		"200: 201, 409 version_conflict_engine_exception, 200"},
	{"a date that is none", "", put("f", 1000, `{"at":"yesterday"}`), "200: 400 document_parsing_exception"},
	{"a reversed range", "", put("g", 1000, `{"mentioned":{"gte":"2026-01-05T00:00:00Z","lt":"2026-01-04T00:00:00Z"}}`), "200: 400 document_parsing_exception"},
	{"a document that is no JSON", "", put("h", 1000, `{"at":`), "200: 400 document_parsing_exception"},
	{"an index that may not be made", "?require_alias=true", strings.ReplaceAll(put("i", 1000, `{}`), "INDEX", "nosuch-alias"), "200: 404 index_not_found_exception"},
	{"an id of 512 bytes", "", put(strings.Repeat("x", 512), 1000, `{}`), "200: 201"},
	{"an id of 513 bytes spoils the whole request", "", put("j", 1000, `{}`) + put(strings.Repeat("x", 513), 1000, `{}`), "400 action_request_validation_exception"},
	{"no newline at the end", "", strings.TrimSuffix(put("k", 1000, `{}`), "\n"), "400 illegal_argument_exception"},
	{"an action that is no JSON", "", "{\"index\"\n{}\n", "400"},
	{"nothing", "", "", "400 parse_exception"},
}

func put(id string, version int, document string) string {
	return fmt.Sprintf(`{"index":{"_index":"INDEX","_id":%q,"version":%d,"version_type":"external"}}`+"\n%s\n", id, version, document)
}

// testAnswers asks the server at address, after giving it an index with our mapping.
func testAnswers(t *testing.T, address, index string) {
	settings, err := json.Marshal(object{"settings": Options{}.settings(), "mappings": json.RawMessage(mapping)})
	if err != nil {
		t.Fatal(err)
	}
	if status, body := indextest.Send(t, http.MethodPut, address+"/"+index, string(settings)); status != http.StatusOK {
		t.Fatalf("make index: %d %s", status, body)
	}
	t.Cleanup(func() { indextest.Send(t, http.MethodDelete, address+"/"+index, "") })
	for _, a := range answers {
		t.Run(a.why, func(t *testing.T) {
			status, body := indextest.Send(t, http.MethodPost, address+"/_bulk"+a.query, strings.ReplaceAll(a.body, "INDEX", index))
			if got := abridge(t, status, body); !strings.HasPrefix(got, a.want) || a.want != "400" && got != a.want {
				t.Errorf("answer %q, want %q\n%s", got, a.want, clip(body))
			}
		})
	}
}

// abridge is an answer as the table writes it.
func abridge(t *testing.T, status int, body string) string {
	t.Helper()
	if status != http.StatusOK {
		return strings.TrimSpace(fmt.Sprint(status, " ", newRefusal(status, []byte(body)).Type))
	}
	var answer struct {
		Items []map[string]itemAnswer `json:"items"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatalf("answer %s: %v", body, err)
	}
	var items []string
	for _, i := range answer.Items {
		text := fmt.Sprint(i["index"].Status)
		if e := i["index"].Error; e != nil {
			text += " " + e.Type
		}
		items = append(items, text)
	}
	return fmt.Sprintf("%d: %s", status, strings.Join(items, ", "))
}
