package kibana

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer/elastic"
	"tocsin/services/indexer/indextest"
)

// TestPanelsOnRealElasticsearch writes the sample and asks for every panel of every dashboard what Kibana would ask. A
// panel of which nothing is expected here is an error, so that none comes in untried.
func TestPanelsOnRealElasticsearch(t *testing.T) {
	s := server{address: indextest.Elastic(t), now: sampleTime}
	indices := s.write(t)
	w := readWorld(t)
	seen := map[string]bool{}
	for _, d := range w.dashboards() {
		for _, p := range panelsOf(t, d) {
			key := strings.TrimPrefix(d.ID, "tocsin-") + "/" + p.PanelIndex
			seen[key] = true
			if got, asked := s.answer(t, w, d, p, indices); asked {
				want, expected := answers[key]
				if g := strings.Join(got, "\n"); !expected || g != strings.TrimSpace(want) {
					t.Errorf("%s %q answers\n%s\nwant\n%s", key, p.Title, g, want)
				}
			}
		}
	}
	for key := range answers {
		if !seen[key] {
			t.Errorf("an answer is expected of %s, which is no panel", key)
		}
	}
}

// write puts the sample into indices of the test's own and returns them by the name the committed file gives them.
func (s server) write(t *testing.T) map[string]string {
	t.Helper()
	zero := 0
	prefix := "kibana-" + messages.Hash(fmt.Sprint(os.Getpid()), fmt.Sprint(time.Now().UnixNano()))
	x, err := elastic.Open(elastic.Options{URLs: []string{s.address}, Prefix: prefix, Replicas: &zero})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, path := range []string{"/" + prefix + "-*", "/_index_template/" + prefix + "*", "/_component_template/" + prefix + "-*"} {
			indextest.Send(t, http.MethodDelete, s.address+path, "")
		}
	})
	if err := errors.Join(x.Setup(t.Context()), x.Alerts().Setup(t.Context())); err != nil {
		t.Fatal(err)
	}
	written, err := x.Write(t.Context(), documents())
	if err != nil {
		t.Fatal(err)
	}
	rang, err := x.Alerts().Write(t.Context(), sampleAlerts())
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range append(written, rang...) {
		if o.Err != nil {
			t.Fatalf("document %d: %v", i, o.Err)
		}
	}
	if status, text := indextest.Send(t, http.MethodPost, s.address+"/"+prefix+"*/_refresh", ""); status != http.StatusOK {
		t.Fatalf("refresh: %d %s", status, text)
	}
	o := options()
	return map[string]string{o.Articles: prefix, o.Alerts: elastic.AlertPrefix(prefix)}
}

// answer is what a panel shows, a line a row; asked is false for words.
func (s server) answer(t *testing.T, w world, d Object, p readPanel, indices map[string]string) (rows []string, asked bool) {
	t.Helper()
	switch p.Type {
	case "lens":
		lens := p.EmbeddableConfig.Attributes
		for n := range len(lens.State.DatasourceStates.FormBased.Layers) {
			id := fmt.Sprintf("%s-%d", p.PanelIndex, n)
			view := w.refer(t, d, p.PanelIndex+":indexpattern-datasource-layer-"+id)
			filter := s.filter(t, view, d, lens.State.Query.Query)
			layer := lens.State.DatasourceStates.FormBased.Layers[id]
			rows = append(rows, s.rows(t, indices[attribute(t, view, "title")], layer, filter)...)
		}
		return rows, true
	case "search":
		return s.list(t, w, d, w.refer(t, d, p.PanelIndex+":"+p.PanelRefName), indices), true
	}
	return nil, false
}

// list is a saved search under a dashboard's time: the ids of its documents in their order, and after them the columns in
// which no document has anything.
func (s server) list(t *testing.T, w world, d, search Object, indices map[string]string) (rows []string) {
	t.Helper()
	view := w.refer(t, search, "kibanaSavedObjectMeta.searchSourceJSON.index")
	meta, _ := search.Attributes["kibanaSavedObjectMeta"].(object)
	var source struct{ Query struct{ Query string } }
	unpack(t, []byte(meta["searchSourceJSON"].(string)), &source)
	l := listOf(t, search)
	body := inner(object{
		"size": 100, "query": s.filter(t, view, d, source.Query.Query), "_source": false,
		"sort":   []any{object{l.Sort[0][0]: l.Sort[0][1]}, "id"},
		"fields": append([]string{"id"}, l.Columns...),
	})
	var answer struct {
		Hits struct {
			Hits []struct{ Fields map[string][]any }
		}
	}
	s.search(t, indices[attribute(t, view, "title")], body, &answer)
	empty := map[string]bool{}
	for _, c := range l.Columns {
		empty[c] = true
	}
	for _, h := range answer.Hits.Hits {
		rows = append(rows, fmt.Sprint(h.Fields["id"][0]))
		for c := range h.Fields {
			delete(empty, c)
		}
	}
	for _, c := range l.Columns {
		if empty[c] {
			rows = append(rows, "nothing in "+c)
		}
	}
	return rows
}
