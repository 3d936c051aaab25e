package sqlite

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/indextest"
)

// childEnv names the index file that this test binary, started again as a child, fills until it is killed.
const childEnv = "TOCSIN_TEST_FILL_INDEX"

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		fmt.Println(fill(context.Background(), path)) // only a failure comes here
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// batchOf returns documents whose ids tell their batch.
func batchOf(batch, n int) []indexer.Document {
	docs := make([]indexer.Document, n)
	for i := range docs {
		a := indextest.Article(fmt.Sprintf("b%dd%d", batch, i), time.Date(2026, 1, 5, 0, 0, batch, 0, time.UTC),
			"Batch", fmt.Sprintf("Number%d of its batch. %s", i, strings.Repeat("All of it is filler. ", 50)), nil)
		docs[i] = indexer.NewDocument(a, 0)
	}
	return docs
}

const batchSize = 20

func fill(ctx context.Context, path string) error {
	x, err := Open(ctx, Options{Path: path})
	if err != nil {
		return err
	}
	for batch := 0; ; batch++ {
		if _, err := x.Write(ctx, batchOf(batch, batchSize)); err != nil {
			return err
		}
		fmt.Println("acknowledged", batch)
	}
}

func TestKilledWriterLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	acknowledged := -1
	for round := range 3 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), childEnv+"="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var batch int
			if _, err := fmt.Sscanf(lines.Text(), "acknowledged %d", &batch); err != nil {
				t.Fatalf("child: %s", lines.Text())
			}
			acknowledged = max(acknowledged, batch)
			if batch == 10+10*round {
				break
			}
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // it was killed
	}
	checkFilled(t, path, acknowledged)
}

// checkFilled expects every acknowledged document, whole batches only, and a sound file.
func checkFilled(t *testing.T, path string, acknowledged int) {
	t.Helper()
	x, err := Open(t.Context(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	var verdict string
	if err := x.write.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity: %s, %v", verdict, err)
	}
	if _, err := x.write.ExecContext(t.Context(), "INSERT INTO words(words) VALUES('integrity-check')"); err != nil {
		t.Errorf("full-text integrity: %v", err)
	}
	for batch := range acknowledged + 1 {
		ids := []string{}
		for _, d := range batchOf(batch, batchSize) {
			ids = append(ids, d.ID)
		}
		page, err := x.Search(t.Context(), indexer.Query{IDs: ids, Text: "filler"})
		if err != nil || page.Total != batchSize {
			t.Fatalf("batch %d of %d acknowledged: %d of %d documents left, %v", batch, acknowledged, page.Total, batchSize, err)
		}
	}
	all, err := x.Search(t.Context(), indexer.Query{})
	if err != nil || all.Total%batchSize != 0 {
		t.Errorf("%d documents, %v; want whole batches of %d", all.Total, err, batchSize)
	}
}

func TestFullDiskIsSaidAndPasses(t *testing.T) {
	x, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "index.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	limit := func(pages int) {
		t.Helper()
		if _, err := x.write.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.Write(t.Context(), batchOf(0, batchSize)); err != nil {
		t.Fatal(err)
	}
	limit(1) // SQLite takes it as the size the file has now
	_, err = x.Write(t.Context(), batchOf(1, 500))
	if _, ok := retry.Delay(err); !ok || !strings.Contains(err.Error(), "disk of the index is full") {
		t.Fatalf("write to a full disk: %v, want a transient error that says so", err)
	}
	if err := x.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("ping with a full disk: %v, want an error that says so", err)
	}
	if page, err := x.Search(t.Context(), indexer.Query{}); err != nil || page.Total != batchSize {
		t.Errorf("after a failed batch %d documents, %v; want the %d from before", page.Total, err, batchSize)
	}
	limit(1 << 30)
	if err := x.Ping(t.Context()); err != nil {
		t.Errorf("ping with room again: %v", err)
	}
	if _, err := x.Write(t.Context(), batchOf(1, 500)); err != nil {
		t.Errorf("write with room again: %v", err)
	}
}

// A name is remembered by its row once it was written. When the batch that brought it is undone the row is gone, and the
// next batch must not lean on it.
func TestNamesOfAFailedBatchAreWrittenAgain(t *testing.T) {
	x, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "index.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	var docs []indexer.Document
	for _, d := range batchOf(0, 500) {
		a := d.Article()
		a.Entities = []messages.Entity{{Kind: messages.KindPerson, Key: "person:ewa nowak", Canonical: "Ewa Nowak"}}
		docs = append(docs, indexer.NewDocument(a, 0))
	}
	limit := func(pages int) {
		if _, err := x.write.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // SQLite takes it as the size the file has now
	if _, err := x.Write(t.Context(), docs); err == nil {
		t.Fatal("a batch went to a full disk")
	}
	limit(1 << 30)
	if _, err := x.Write(t.Context(), docs[:7]); err != nil {
		t.Fatal(err)
	}
	f, err := x.Facets(t.Context(), indexer.Query{}, indexer.FacetOptions{})
	if err != nil || len(f.Persons) != 1 || f.Persons[0].Count != 7 {
		t.Errorf("persons %+v, %v; want Ewa Nowak in 7 articles", f.Persons, err)
	}
}

// One document that the index refuses keeps none of its neighbours out.
func TestRefusedDocumentIsAlone(t *testing.T) {
	x, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "index.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	docs := batchOf(0, batchSize)
	refuse := "CREATE TEMP TRIGGER refuse BEFORE INSERT ON article WHEN NEW.id = '" + docs[7].ID + "' BEGIN SELECT RAISE(ABORT, 'refused'); END"
	if _, err := x.write.ExecContext(t.Context(), refuse); err != nil {
		t.Fatal(err)
	}
	docs[11].Detail.Published.From = time.Date(123456, 1, 1, 0, 0, 0, 0, time.UTC) // no JSON can say that
	outcomes, err := x.Write(t.Context(), docs)
	if err != nil || len(outcomes) != len(docs) {
		t.Fatalf("%d outcomes, %v", len(outcomes), err)
	}
	for i, o := range outcomes {
		if reason, never := retry.Reason(o.Err); never != (i == 7 || i == 11) || never && reason != "mapping" {
			t.Errorf("document %d: %v", i, o.Err)
		}
	}
	if page, err := x.Search(t.Context(), indexer.Query{}); err != nil || page.Total != batchSize-2 {
		t.Errorf("%d documents, %v; want all but two", page.Total, err)
	}
}

func TestOpenRefusesWhatItCannotUse(t *testing.T) {
	dir := t.TempDir()
	foreign := func(name, text string) string {
		path := filepath.Join(dir, name)
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
		return path
	}
	garbage := filepath.Join(dir, "garbage")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		why  string
		o    Options
		want string
	}{
		{"no path", Options{}, "Path is empty"},
		{"an unknown sync", Options{Path: "x", Sync: "off"}, `Sync is "off"`},
		{"a folder that is not there", Options{Path: filepath.Join(dir, "no", "index.db")}, "make it first"},
		{"nothing to read yet", Options{Path: filepath.Join(dir, "no.db"), ReadOnly: true}, "no index"},
		{"another program's database", Options{Path: foreign("other.db", "CREATE TABLE t(x)")}, "another program"},
		{"another program's database with a format", Options{Path: foreign("other2.db", "CREATE TABLE t(x); PRAGMA user_version = 1")}, "no index of this program"},
		{"a newer format", Options{Path: foreign("newer.db", fmt.Sprintf("CREATE TABLE t(x); PRAGMA application_id = %d; PRAGMA user_version = 99", application))}, "update the program"},
		{"no database at all", Options{Path: garbage}, "damaged"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			x, err := Open(t.Context(), tt.o)
			if err == nil {
				_ = x.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want it to say %q", err, tt.want)
			}
		})
	}
}

func TestReaderBesideAWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in dex?.db") // a name that needs escaping
	w, err := Open(t.Context(), Options{Path: path, Sync: SyncFull})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	r, err := Open(t.Context(), Options{Path: path, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	for batch := range 5 {
		if _, err := w.Write(t.Context(), batchOf(batch, batchSize)); err != nil {
			t.Fatal(err)
		}
		page, err := r.Search(t.Context(), indexer.Query{})
		if err != nil || page.Total != (batch+1)*batchSize {
			t.Errorf("the reader sees %d documents after batch %d, %v", page.Total, batch, err)
		}
	}
	if _, err := r.Write(t.Context(), batchOf(9, 1)); err == nil {
		t.Error("a reader wrote")
	}
	if err := errors.Join(r.Ping(t.Context()), r.Close(), r.Close(), w.Ping(t.Context())); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the index is not where it was asked for: %v", err)
	}
}
