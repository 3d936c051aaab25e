package e2e

import (
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/internal/assembly/indexing"
	"tocsin/services/indexer"
	"tocsin/services/indexer/indextest"
)

// Months that are older than is to be kept go, but for one of which the ledger has yet to account for an article.
func TestRetain(t *testing.T) {
	for _, tt := range []struct {
		name string
		open func(t *testing.T) indexing.IndexFlags
	}{
		{"SQLite", func(t *testing.T) indexing.IndexFlags {
			return indexing.IndexFlags{SQLite: filepath.Join(t.TempDir(), "index.db")}
		}},
		{"Elasticsearch", func(t *testing.T) indexing.IndexFlags {
			flags := elasticFlags(t)
			return indexing.IndexFlags{Elastic: flags[1:2], ElasticPrefix: flags[3]}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) { retainMonths(t, tt.open(t)) })
	}
}

func retainMonths(t *testing.T, f indexing.IndexFlags) {
	url := natsServer(t).URL()
	flags := []string{"--nats", url, "--sqlite", f.SQLite}
	if len(f.Elastic) > 0 {
		flags = []string{"--nats", url, "--elastic", f.Elastic[0], "--elastic-prefix", f.ElasticPrefix}
	}
	mustRun(t, "tocsin", append([]string{"setup"}, flags...)...)
	index, closeIndex, err := f.Open(t.Context(), false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = closeIndex() }()
	month := func(ago int) time.Time {
		now := time.Now().UTC()
		return time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, -ago, 0)
	}
	var docs []indexer.Document
	for id, ago := range map[string]int{"now": 0, "kept": 12, "old": 13, "older": 14, "revised": 15} {
		docs = append(docs, indexer.NewDocument(indextest.Article(id, month(ago).Add(time.Hour), "Title", "Body.", nil), 0))
	}
	if _, err := index.Write(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	if len(f.Elastic) > 0 {
		if _, err := index.Revisions(t.Context(), []string{"now"}); err != nil { // it refreshes
			t.Fatal(err)
		}
	}
	b := connect(t, url)
	send(t, b, "revised") // in an hour that is not closed
	report(t, b, "revised")

	command := append([]string{"retain", "--keep", "12mo"}, flags...)
	wants := func(said string, words ...string) {
		t.Helper()
		for i, ago := range []int{13, 14, 15} {
			name := month(ago).Format(indexer.MonthLayout)
			if !slices.ContainsFunc(strings.Split(said, "\n"), func(line string) bool {
				return strings.HasPrefix(line, words[i]) && strings.Contains(line, name+": 1 documents")
			}) {
				t.Errorf("month %s shall be %q:\n%s", name, words[i], said)
			}
		}
		if strings.Contains(said, month(12).Format(indexer.MonthLayout)) {
			t.Errorf("the month twelve months ago is not to be spoken of:\n%s", said)
		}
	}
	wants(mustRun(t, "tocsin", append(command, "--dry-run")...), "would go", "would go", "kept")
	ids := []string{"now", "kept", "old", "older", "revised"}
	if have, err := index.Revisions(t.Context(), ids); err != nil || len(have) != 5 {
		t.Errorf("a dry run left %v (%v)", have, err)
	}
	wants(mustRun(t, "tocsin", command...), "dropped", "dropped", "kept")
	if have, err := index.Revisions(t.Context(), ids); err != nil || len(have) != 3 || have["revised"] == 0 {
		t.Errorf("after it %v (%v), want now, kept and revised", have, err)
	}
	if _, errs, code := run(t, "tocsin", append([]string{"retain", "--keep", "1mo"}, flags...)...); code == 0 || !strings.Contains(errs, "2 to 1200") {
		t.Errorf("--keep 1mo ended with %d: %s", code, errs)
	}
}
