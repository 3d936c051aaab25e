package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/elastic"
	"tocsin/services/indexer/indextest"
)

// wire publishes revisions of articles and knows the newest of each.
type wire struct {
	bus *bus.Bus

	mu     sync.Mutex
	newest map[string]int
}

// firstSeen spreads articles over three months.
func firstSeen(n int) time.Time { return time.Date(2026, time.Month(1+n%3), 5, 0, 0, 0, 0, time.UTC) }

func wireArticle(n, revision int) messages.EnrichedArticle {
	a := indextest.Article(fmt.Sprintf("article-%05d", n), firstSeen(n), "A title", fmt.Sprintf("Body %d in revision %d.", n, revision), nil)
	a.Revision, a.FirstSeen = revision, firstSeen(n)
	return a
}

// publish sends one revision.
func (w *wire) publish(ctx context.Context, n, revision int) error {
	a := wireArticle(n, revision)
	data, err := messages.Encode(a)
	if err != nil {
		return err
	}
	err = w.bus.Publish(ctx, messages.Outgoing{Subject: messages.EnrichedSubject("en", a.Source),
		ID: messages.MsgID(messages.StageExtractor, a.ID, revision, 0), Data: data})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.newest[a.ID] = max(w.newest[a.ID], revision)
	return err
}

// run publishes until ctx ends: later revisions of what is old and then an earlier one, and articles that are new.
func (w *wire) run(ctx context.Context, old int) error {
	for i := 0; ctx.Err() == nil; i++ {
		for _, err := range []error{w.publish(ctx, i*7%old, 3), w.publish(ctx, i*7%old, 2), w.publish(ctx, old+i, 1)} {
			if err != nil && ctx.Err() == nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(30 * time.Millisecond): // some 100 messages a second, so that no machine falls behind
		}
	}
	return nil
}

// killAt starts a reindex and kills it as soon as it says something.
func killAt(t *testing.T, says string, args ...string) {
	t.Helper()
	p := start(t, "tocsin", args...)
	eventually(t, func() error {
		if strings.Contains(p.errs.String(), says) || p.ended() {
			return nil
		}
		return fmt.Errorf("the reindex did not say %q:\n%s", says, p.errs.String())
	})
	_ = p.cmd.Process.Kill()
	<-p.done
	if p.cmd.ProcessState.ExitCode() == 0 {
		t.Fatalf("the reindex was over before it could be killed at %q:\n%s", says, p.errs.String())
	}
}

// A reindex under load, killed with -9 while it copies and again while the indexers wait for it: what is old and in no
// stream any more, what comes meanwhile, and what comes afterwards is in the new generation, each in its newest revision.
func TestReindexBesideIndexers(t *testing.T) {
	const old = 2500 // more than one portion
	index := elasticFlags(t)
	url := natsServer(t).URL()
	flags := append([]string{"--nats", url}, index...)
	mustRun(t, "tocsin", append([]string{"setup"}, flags...)...)
	cluster, err := elastic.Open(elastic.Options{URLs: index[1:2], Prefix: index[3]})
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{bus: connect(t, url), newest: map[string]int{}}
	var docs []indexer.Document
	for n := range old { // never in the stream
		d := indexer.NewDocument(wireArticle(n, 1), 0)
		d.Group = wireArticle(n-n%10, 1).ID
		docs = append(docs, d)
		w.newest[d.ID] = 1
	}
	for some := range slices.Chunk(docs, 500) {
		if _, err := cluster.Write(t.Context(), some); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		start(t, "indexer", flags...)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	published := make(chan error, 1)
	go func() { published <- w.run(ctx, old/2) }() // the other half stays as it is
	passed(t, w.bus, messages.StreamEnriched, 100)

	command := append([]string{"reindex"}, flags...)
	killAt(t, "Pass 1", command...)
	killAt(t, "The indexers wait", command...)
	report := decodeLines[struct{ Old, New, Copied int }](t, mustRun(t, "tocsin", append(command, "--json")...))
	if len(report) != 1 || report[0].New < report[0].Old || report[0].Old < old {
		t.Errorf("the reindex reports %+v", report)
	}
	extent, err := w.bus.Extent(t.Context(), messages.StreamEnriched)
	if err != nil {
		t.Fatal(err)
	}
	passed(t, w.bus, messages.StreamEnriched, int(extent.Last)+100) //nolint:gosec // some thousands
	stop()
	if err := <-published; err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error { return w.allIn(t.Context(), cluster) })
	groupsKept(t, cluster, docs[old/2:])
	generations(t, index)
}

// allIn compares the index with what was published.
func (w *wire) allIn(ctx context.Context, cluster *elastic.Index) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := make([]string, 0, len(w.newest))
	for id := range w.newest {
		ids = append(ids, id)
	}
	have, err := cluster.Revisions(ctx, ids)
	if err != nil {
		return err
	}
	for id, want := range w.newest {
		if have[id] != want {
			return fmt.Errorf("the index holds revision %d of %s, want %d; it has %d of %d articles", have[id], id, want, len(have), len(ids))
		}
	}
	page, err := cluster.Search(ctx, indexer.Query{Limit: 1})
	if err == nil && page.Total != len(ids) {
		err = fmt.Errorf("the index holds %d documents of %d articles", page.Total, len(ids))
	}
	return err
}

// groupsKept looks whether what was only copied has the group it had.
func groupsKept(t *testing.T, cluster *elastic.Index, docs []indexer.Document) {
	t.Helper()
	want := map[string]int{}
	for _, d := range docs {
		want[d.Group]++
	}
	for group, n := range want {
		page, err := cluster.Search(t.Context(), indexer.Query{Groups: []string{group}, Limit: 1})
		if err != nil || page.Total != n {
			t.Fatalf("%d articles in group %s, want %d (%v)", page.Total, group, n, err)
		}
	}
}

// generations looks which indices are behind the alias, and that the others can go.
func generations(t *testing.T, index []string) {
	t.Helper()
	status, body := indextest.Send(t, http.MethodGet, index[1]+"/_alias/"+index[3], "")
	if status != http.StatusOK || !strings.Contains(body, "-v2-2026.01") || strings.Contains(body, "-v1-") {
		t.Errorf("behind the alias: %d %s", status, body)
	}
	gone := mustRun(t, "tocsin", append([]string{"reindex", "--drop-old"}, index...)...)
	for _, month := range []string{"-v1-2026.01", "-v1-2026.02", "-v1-2026.03"} {
		if !strings.Contains(gone, month) {
			t.Errorf("%s is not among what was deleted: %s", month, gone)
		}
	}
	if strings.Contains(gone, "-v2-") {
		t.Errorf("the generation in use was deleted: %s", gone)
	}
}
