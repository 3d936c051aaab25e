package elastic

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/services/indexer"
	"tocsin/services/indexer/indextest"
)

func noTell(indexer.Mending) {}

func mended(t *testing.T, r *Rebuild) indexer.Mended {
	t.Helper()
	m, err := r.Mend(t.Context(), noTell)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func written(t *testing.T, x indexer.Writer, docs ...indexer.Document) []string {
	t.Helper()
	out, err := x.Write(t.Context(), docs)
	if err != nil {
		t.Fatal(err)
	}
	return verdicts(out)
}

func wantVerdicts(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("outcomes %v, want %v", got, want)
	}
}

// testRebuild walks a new generation of the articles from its beginning to the deletion of the old one, with an indexer
// that learns of nothing but what the cluster answers it.
func testRebuild(t *testing.T, address string) {
	january, february := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 5, 0, 0, 0, 0, time.UTC)
	worker := realIndex(t, address, Options{Pause: time.Millisecond})
	operator := bareIndex(t, address, Options{Prefix: worker.o.Prefix, Pause: time.Millisecond})
	grouped := doc("b", january)
	grouped.Group = "a"
	wantVerdicts(t, written(t, worker, doc("a", january), grouped), "ok", "ok")
	refresh(t, address, worker) // weeks passed

	if err := operator.Abort(t.Context()); !errors.Is(err, indexer.ErrNoRebuild) {
		t.Errorf("abort without a rebuild: %v", err)
	}
	r, err := operator.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	newer := doc("a", february) // the fetcher has forgotten when it was first seen
	newer.Revision = 2
	wantVerdicts(t, written(t, r, newer, doc("b", january)), "ok", "ok") // the feed is first, and knows no groups
	if m := mended(t, r); m.Old != 2 || m.New != 2 || m.Copied != 1 {
		t.Errorf("the first pass: %+v, want the group of b copied and a left alone", m)
	}
	wantVerdicts(t, written(t, worker, newer), "ok")
	if m := mended(t, r); m.Old != 2 || m.New != 2 || m.Copied != 0 {
		t.Errorf("the second pass: %+v, want nothing to do", m)
	}
	t.Run("fence", func(t *testing.T) { testFence(t, worker, r) })
	if err := r.Swap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := worker.Ping(t.Context()); err != nil {
		t.Errorf("ready after the swap: %v", err)
	}
	wantVerdicts(t, written(t, worker, doc("c", january), doc("d", february), newer), "later", "later", "known") // it meets the block
	wantVerdicts(t, written(t, worker, doc("c", january), doc("d", february), newer), "ok", "ok", "known")       // and has looked
	if err := worker.Setup(t.Context()); err != nil {
		t.Errorf("setup after the swap: %v", err)
	}
	gone, err := operator.DropOld(t.Context())
	if err != nil || len(gone) == 0 || !strings.Contains(gone[0], "-v1-") {
		t.Errorf("old indices deleted: %v (%v)", gone, err)
	}
	wantVerdicts(t, written(t, worker, doc("c", january), doc("e", january)), "known", "ok")
	refresh(t, address, worker)
	if have, err := worker.Revisions(t.Context(), []string{"a", "b", "c", "d", "e"}); err != nil || len(have) != 5 || have["a"] != 2 {
		t.Errorf("the index holds %v (%v)", have, err)
	}
}

// testFence fences the old generation, lets it go, and fences it again: writes wait, also into months that nobody made yet.
func testFence(t *testing.T, worker *Index, r *Rebuild) {
	march := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	var release func() error
	fence := func() {
		t.Helper()
		undo, err := r.Fence(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		release = func() error { return undo(t.Context()) }
	}
	fence()
	old := doc("b", march)
	old.Revision = 9
	wantVerdicts(t, written(t, worker, old, doc("new-month", march)), "later", "later")
	if err := worker.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "takes no writes") {
		t.Errorf("ready behind the fence: %v", err)
	}
	if err := worker.Setup(t.Context()); err != nil {
		t.Errorf("an indexer that starts behind the fence: %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if err := worker.Ping(t.Context()); err != nil {
		t.Errorf("ready without the fence: %v", err)
	}
	wantVerdicts(t, written(t, worker, doc("b", march), doc("new-month", march)), "known", "ok")
	if m := mended(t, r); m.Copied != 1 {
		t.Errorf("after the fence was let go: %+v, want the new month copied", m)
	}
	fence()
	if m := mended(t, r); m.Copied != 0 || m.Old != m.New {
		t.Errorf("behind the fence: %+v", m)
	}
}

// testRefusedCopy gives up a generation that does not take what the old one holds, and whose template was left by a build
// of a newer schema.
func testRefusedCopy(t *testing.T, address string) {
	january := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	x := realIndex(t, address, Options{Pause: time.Millisecond})
	wantVerdicts(t, written(t, x, doc("a", january)), "ok")
	narrow := &Index{&months{o: x.o, es: x.es, mapping: []byte(`{"dynamic":"strict","properties":{"id":{"type":"keyword"}}}`)}}
	r, err := narrow.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if m := mended(t, r); m.Refused != 1 || m.Why == nil || m.New != 0 {
		t.Errorf("into a mapping without fields: %+v", m)
	}
	if err := x.Abort(t.Context()); err != nil {
		t.Fatal(err)
	}
	status, body := indextest.Send(t, http.MethodGet, address+"/"+x.o.Prefix+"-v2-*", "")
	if status != http.StatusOK || strings.TrimSpace(body) != "{}" {
		t.Errorf("what was begun is still there: %d %s", status, body)
	}
	wantVerdicts(t, written(t, x, doc("b", january)), "ok")
}

// testRebuildAlerts takes alerts into a new generation.
func testRebuildAlerts(t *testing.T, address string) {
	x := realAlerts(t, address)
	first := indextest.Alert("a", 1, time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC))
	if _, err := x.Write(t.Context(), []indexer.AlertDocument{indexer.NewAlertDocument(first)}); err != nil {
		t.Fatal(err)
	}
	r, err := x.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if m := mended(t, r); m.Copied != 1 || m.New != 1 {
		t.Errorf("copied %+v", m)
	}
	if m := mended(t, r); m.Copied != 0 {
		t.Errorf("copied again %+v", m)
	}
	if err := r.Swap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, address, x); !slices.Equal(got, []string{"2026.01 a 1 new"}) {
		t.Errorf("behind the alias: %v", got)
	}
}

func TestGenerationIn(t *testing.T) {
	for index, want := range map[string]int{
		"news-v1-2026.01": 1, "news-v12-2026.11": 12, "news-v1-2026.13": 0, "news-vx-2026.01": 0, "other-v1-2026.01": 0, "news-v1": 0, "news-v1-restored-2026.01": 1,
	} {
		if got := generationIn("news", index); got != want {
			t.Errorf("%s is of generation %d, want %d", index, got, want)
		}
	}
}
