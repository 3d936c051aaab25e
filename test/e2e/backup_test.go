package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/newsroom"
	"tocsin/pkg/messages"
	"tocsin/services/indexer/elastic"
	"tocsin/services/indexer/indextest"
)

// The data directory of a stopped instance is its backup: put back, it goes on where it was, finds what was read, and what
// rang does not ring again.
func TestBackupOfADataDirectory(t *testing.T) {
	var items []newsroom.Item
	for i := range 5 {
		items = append(items, newsroom.Item{Title: fmt.Sprintf("Envoy arrives, day %d", i), Text: fmt.Sprintf("Oto Brandsma arrived on day %d.", i)})
	}
	room := serve(t, items, newsroom.Options{})
	list := write(t, "list.yaml", "list: desk\nentries:\n  - {id: brandsma, name: Oto Brandsma, kind: person}\n")
	data, backup := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "backup")
	args := []string{"--ner", "none", "--baseline", "ring", "--feeds", feedList(t, room.Feeds()), "--watchlists", list}
	p, _ := startTocsin(t, data, args...)
	even(t, len(items), "--data", data)
	p.stop()
	rang := mustRun(t, "tocsin", "alerts", "--json", "--updates", "--data", data)
	if n := strings.Count(rang, "\n"); n != len(items) {
		t.Fatalf("%d alerts of %d articles", n, len(items))
	}

	if err := os.CopyFS(backup, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(data, os.DirFS(backup)); err != nil {
		t.Fatal(err)
	}
	p, at := startTocsin(t, data, args...)
	polled(t, connect(t, at.NATS)) // with what it remembers
	even(t, len(items), "--data", data)
	p.stop()
	if again := mustRun(t, "tocsin", "alerts", "--json", "--updates", "--data", data); again != rang {
		t.Errorf("what rang was\n%s\nand after the restore it is\n%s", rang, again)
	}
	if found := mustRun(t, "tocsin", "search", "--json", "--data", data, "Brandsma"); !strings.Contains(found, "day 4") {
		t.Errorf("found after the restore: %s", found)
	}
}

// polled waits for a poll that happens after now.
func polled(t *testing.T, b *bus.Bus) {
	t.Helper()
	before, err := b.Extent(t.Context(), messages.StreamEvents)
	if err != nil {
		t.Fatal(err)
	}
	passed(t, b, messages.StreamEvents, int(before.Last)+1) //nolint:gosec // a few
}

// elasticCall sends a request and wants it to succeed.
func elasticCall(t *testing.T, method, address, body string) string {
	t.Helper()
	status, answer := indextest.Send(t, method, address, body)
	if status/100 != 2 {
		t.Fatalf("%s %s: %d %s", method, address, status, answer)
	}
	return answer
}

// A snapshot of the indices, put back after they were lost, holds what it held. What was indexed later is in ENRICHED and
// comes back when the indexer's consumer begins anew; nothing is there twice.
func TestBackupOfElasticsearch(t *testing.T) {
	index := elasticFlags(t)
	cluster, err := elastic.Open(elastic.Options{URLs: index[1:2], Prefix: index[3]})
	if err != nil {
		t.Fatal(err)
	}
	repository := index[1] + "/_snapshot/" + index[3]
	status, answer := indextest.Send(t, http.MethodPut, repository, fmt.Sprintf(`{"type": "fs", "settings": {"location": %q}}`, index[3]))
	if status != http.StatusOK && strings.Contains(answer, "path.repo") {
		t.Skip("this Elasticsearch has no path.repo, so it takes no snapshot into a folder; scripts/elastic/up.sh starts one that has")
	}
	t.Cleanup(func() { indextest.Send(t, http.MethodDelete, repository, "") })
	url := natsServer(t).URL()
	flags := append([]string{"--nats", url}, index...)
	mustRun(t, "tocsin", append([]string{"setup"}, flags...)...)
	w := &wire{bus: connect(t, url), newest: map[string]int{}}
	send := func(from, to int) {
		t.Helper()
		for n := from; n < to; n++ {
			if err := w.publish(t.Context(), n, 1); err != nil {
				t.Fatal(err)
			}
		}
	}
	indexers := start(t, "indexer", flags...)
	send(0, 30)
	eventually(t, func() error { return w.allIn(t.Context(), cluster) })
	elasticCall(t, http.MethodPut, repository+"/one?wait_for_completion=true", fmt.Sprintf(`{"indices": "%s-*", "include_global_state": false}`, index[3]))
	send(20, 50)
	if err := w.publish(t.Context(), 3, 2); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error { return w.allIn(t.Context(), cluster) })

	indexers.stop()
	dropIndices(t, index[1], index[3])
	restored := elasticCall(t, http.MethodPost, repository+"/one/_restore?wait_for_completion=true", fmt.Sprintf(`{"indices": "%s-*"}`, index[3]))
	if !strings.Contains(restored, `"failed":0`) {
		t.Fatalf("restored: %s", restored)
	}
	if have, err := cluster.Revisions(t.Context(), []string{"article-00003", "article-00029", "article-00049"}); err != nil || len(have) != 2 || have["article-00003"] != 1 {
		t.Errorf("the snapshot held %v (%v)", have, err)
	}
	if err := w.bus.RemoveDurable(t.Context(), messages.ConsumerIndexer); err != nil { // nats consumer rm ENRICHED indexer
		t.Fatal(err)
	}
	mustRun(t, "tocsin", append([]string{"setup"}, flags...)...)
	start(t, "indexer", flags...)
	eventually(t, func() error { return w.allIn(t.Context(), cluster) })
	mapping := elasticCall(t, http.MethodGet, index[1]+"/"+index[3]+"/_mapping", "")
	if strings.Count(mapping, `"dynamic":"strict"`) < 3 {
		t.Errorf("mapping after the restore: %s", mapping)
	}
	if at := time.Now().UTC().Format("2006.01"); !strings.Contains(mapping, "-v1-"+at) {
		t.Errorf("setup made no index of this month %s: %s", at, mapping)
	}
}
