package elastic

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/indextest"
)

// TestReal holds everything that needs a real server, so that it is started once.
func TestReal(t *testing.T) {
	address := indextest.Elastic(t)
	t.Run("suite", func(t *testing.T) {
		indextest.Run(t, func(t *testing.T) indextest.Index {
			x := realIndex(t, address, Options{})
			return indextest.Index{Writer: x, Reader: x, Archive: x, Refresh: func(t *testing.T) { refresh(t, address, x) }}
		})
	})
	t.Run("answers", func(t *testing.T) { testAnswers(t, address, "real-"+unique(t)) })
	t.Run("setup", func(t *testing.T) { testSetup(t, address) })
	t.Run("before setup", func(t *testing.T) { testBeforeSetup(t, address) })
	t.Run("warnings", func(t *testing.T) { testWarnings(t, address) })
	t.Run("full disk", func(t *testing.T) { testFloodStage(t, address) })
	t.Run("lost index", func(t *testing.T) { testLostIndex(t, address) })
	t.Run("every field", func(t *testing.T) { testEveryField(t, address) })
	t.Run("alerts", func(t *testing.T) { testAlerts(t, address) })
	t.Run("rebuild", func(t *testing.T) { testRebuild(t, address) })
	t.Run("refused copy", func(t *testing.T) { testRefusedCopy(t, address) })
	t.Run("rebuild alerts", func(t *testing.T) { testRebuildAlerts(t, address) })
}

func unique(t *testing.T) string {
	return messages.Hash(t.Name(), fmt.Sprint(os.Getpid()), fmt.Sprint(time.Now().UnixNano()))
}

// bareIndex is an index of the test's own that nothing was set up for.
func bareIndex(t *testing.T, address string, o Options) *Index {
	t.Helper()
	zero := 0
	o.URLs, o.Replicas = []string{address}, &zero
	if o.Prefix == "" {
		o.Prefix = "test-" + unique(t)
	}
	x, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, prefix := range []string{o.Prefix, AlertPrefix(o.Prefix)} {
			for _, path := range []string{"/" + prefix + "-*", "/_index_template/" + prefix + "*", "/_component_template/" + prefix + "-*"} {
				indextest.Send(t, http.MethodDelete, address+path, "")
			}
		}
	})
	return x
}

func realIndex(t *testing.T, address string, o Options) *Index {
	t.Helper()
	x := bareIndex(t, address, o)
	if err := x.Setup(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x
}

func refresh(t *testing.T, address string, x *Index) {
	t.Helper()
	if status, body := indextest.Send(t, http.MethodPost, address+"/"+x.o.Prefix+"/_refresh", ""); status != http.StatusOK {
		t.Fatalf("refresh: %d %s", status, body)
	}
}

func doc(id string, published time.Time) indexer.Document {
	return indexer.NewDocument(indextest.Article(id, published, "A title", "A body about "+id+".", nil), 0)
}

func testSetup(t *testing.T, address string) {
	x := realIndex(t, address, Options{})
	if err := x.Setup(t.Context()); err != nil {
		t.Errorf("the second time: %v", err)
	}
	if _, err := x.Write(t.Context(), []indexer.Document{doc("a", time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC))}); err != nil {
		t.Fatal(err)
	}
	if err := x.Setup(t.Context()); err != nil {
		t.Errorf("with an index: %v", err)
	}
	status, body := indextest.Send(t, http.MethodGet, address+"/"+x.o.Prefix+"-v1-2026.01/_mapping", "")
	if status != http.StatusOK || !strings.Contains(body, `"schema_version":1`) || !strings.Contains(body, `"dynamic":"strict"`) {
		t.Errorf("mapping of the month: %d %s", status, body)
	}
	newer := object{"index_patterns": []string{x.o.Prefix + "-v1-*"}, "_meta": object{"schema_version": schema + 1}}
	data, err := json.Marshal(newer)
	if err != nil {
		t.Fatal(err)
	}
	indextest.Send(t, http.MethodPut, address+"/_index_template/"+x.o.Prefix, string(data))
	if err := x.Setup(t.Context()); err == nil || !strings.Contains(err.Error(), "update this program") {
		t.Errorf("over a newer schema: %v, want a refusal", err)
	}
}

func testBeforeSetup(t *testing.T, address string) {
	x := bareIndex(t, address, Options{})
	if _, err := x.Write(t.Context(), []indexer.Document{doc("a", time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC))}); err == nil || !strings.Contains(err.Error(), "setup step") {
		t.Errorf("write: %v, want it to ask for the setup step", err)
	}
	if _, err := x.Search(t.Context(), indexer.Query{}); err == nil || !strings.Contains(err.Error(), "setup step") {
		t.Errorf("search: %v, want it to ask for the setup step", err)
	}
	if err := x.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "setup step") {
		t.Errorf("ping: %v, want it to ask for the setup step", err)
	}
	if status, body := indextest.Send(t, http.MethodGet, address+"/"+x.o.Prefix+"-v1-2026.01", ""); status != http.StatusNotFound {
		t.Errorf("an index was made without its template: %d %s", status, body)
	}
}

func testWarnings(t *testing.T, address string) {
	x := realIndex(t, address, Options{})
	if err := x.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	if all, err := x.Warnings(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("warnings of a sound index: %q, %v", all, err)
	}
	settings := address + "/" + x.o.Prefix + "/_settings"
	indextest.Send(t, http.MethodPut, settings, `{"index.translog.durability":"async","index.number_of_replicas":1}`)
	all, err := x.Warnings(t.Context())
	if err != nil || len(all) != 2 || !strings.Contains(all[0], "replicas") || !strings.Contains(all[1], "async") {
		t.Errorf("warnings of an async index without its replica: %q, %v", all, err)
	}
	// The stripped server has no lifecycle management, as some clusters have none.
	y := realIndex(t, address, Options{DeleteAfter: 24 * time.Hour})
	if all, err := y.Warnings(t.Context()); err != nil || len(all) != 1 || !strings.Contains(all[0], "lifecycle") {
		t.Errorf("warnings without lifecycle management: %q, %v", all, err)
	}
}

// testFloodStage puts the block on an index that the cluster itself puts there when a disk is nearly full, and takes it
// away as the cluster does when there is room: meanwhile everything is for later, and nothing for the dead letters.
func testFloodStage(t *testing.T, address string) {
	x := realIndex(t, address, Options{Pause: time.Millisecond})
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	block := func(on bool) {
		t.Helper()
		status, body := indextest.Send(t, http.MethodPut, address+"/"+x.o.Prefix+"/_settings", fmt.Sprintf(`{"index.blocks.read_only_allow_delete":%v}`, on))
		if status != http.StatusOK {
			t.Fatalf("block: %d %s", status, body)
		}
	}
	write := func(id string) []string {
		t.Helper()
		out, err := x.Write(t.Context(), []indexer.Document{doc(id, day), doc(id+"2", day)})
		if err != nil {
			t.Fatal(err)
		}
		return verdicts(out)
	}
	if got := write("before"); !slices.Equal(got, repeat("ok", 2)) {
		t.Fatalf("before: %v", got)
	}
	block(true)
	if got := write("during"); !slices.Equal(got, repeat("later", 2)) {
		t.Errorf("while the index takes no writes: %v", got)
	}
	block(false)
	if got := write("during"); !slices.Equal(got, repeat("ok", 2)) {
		t.Errorf("with room again: %v", got)
	}
}

// testLostIndex deletes a month behind the index's back: what is written next makes it anew, from the template.
func testLostIndex(t *testing.T, address string) {
	x := realIndex(t, address, Options{})
	d := doc("a", time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC))
	for range 2 {
		out, err := x.Write(t.Context(), []indexer.Document{d})
		if err != nil || out[0].Err != nil || out[0].Known {
			t.Fatalf("write: %+v, %v", out, err)
		}
		if status, body := indextest.Send(t, http.MethodGet, address+"/"+x.month(d.FirstSeen)+"/_mapping", ""); !strings.Contains(body, `"strict"`) {
			t.Errorf("mapping: %d %s", status, body)
		}
		indextest.Send(t, http.MethodDelete, address+"/"+x.month(d.FirstSeen), "")
	}
}

// testEveryField writes a document in which no field is empty, which the strict mapping must take.
func testEveryField(t *testing.T, address string) {
	x := realIndex(t, address, Options{})
	out, err := x.Write(t.Context(), []indexer.Document{fullDocument(t)})
	if err != nil || out[0].Err != nil {
		t.Fatalf("write: %+v, %v", out, err)
	}
	alerts := realAlerts(t, address)
	out, err = alerts.Write(t.Context(), []indexer.AlertDocument{fullAlert(t)})
	if err != nil || out[0].Err != nil {
		t.Fatalf("write an alert: %+v, %v", out, err)
	}
}
