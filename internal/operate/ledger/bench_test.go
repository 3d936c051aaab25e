package ledger_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"tocsin/internal/assembly/accounting"
	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/bus/bustest"
	"tocsin/internal/operate/ledger"
	"tocsin/pkg/messages"
	"tocsin/services/indexer/sqlite"
)

// BenchmarkLook accounts for TOCSIN_BENCH_ARTICLES articles (default 20,000) of 1 KB that went all the way.
func BenchmarkLook(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("TOCSIN_BENCH_ARTICLES"))
	if err != nil {
		n = 20_000
	}
	w, index := walked(b, n)
	closed, err := w.Bucket(b.Context(), messages.BucketLedger)
	if err != nil {
		b.Fatal(err)
	}
	l, err := ledger.New(ledger.Options{Streams: accounting.LedgerStreams(w), Index: index, Closed: closed, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		a, err := l.Look(b.Context(), ledger.Query{})
		// The messages are there without stages that settled them, so what the index lacks is pending.
		if err != nil || a.Seen != n || a.Indexed != n-1 || a.Pending != 1 {
			b.Fatalf("%s, %v", says(a.Balance), err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

// walked is a pipeline after n articles, the last of which is missing in the index.
func walked(b *testing.B, n int) (*bus.Bus, *sqlite.Index) {
	b.Helper()
	w := bustest.Live(b, broker.Options{}, bus.SetupOptions{})
	body := make([]byte, 1024)
	for at := 0; at < n; at += 500 {
		var out []messages.Outgoing
		for i := at; i < min(at+500, n); i++ {
			id := messages.Hash(strconv.Itoa(i))
			out = append(out,
				messages.Outgoing{Subject: "raw.x", ID: "fetcher:" + id + ":1", Data: body, Header: headers("f", id, 1)},
				messages.Outgoing{Subject: "enriched.en.x", ID: "extractor:" + id + ":1", Data: body, Header: headers("f", id, 1)})
		}
		for _, err := range w.PublishAll(b.Context(), out) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	return w, filled(b, n-1)
}

// filled is an index that has the first n articles, without their content.
func filled(b *testing.B, n int) *sqlite.Index {
	b.Helper()
	path := filepath.Join(b.TempDir(), "index.db")
	index, err := sqlite.Open(b.Context(), sqlite.Options{Path: path})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = index.Close() })
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	for i := range n {
		if _, err := tx.ExecContext(b.Context(), "INSERT INTO article(id, version, at, source, lang) VALUES(?, 1000, 0, 'x', 'en')", messages.Hash(strconv.Itoa(i))); err != nil {
			b.Fatal(fmt.Errorf("article %d: %w", i, err))
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return index
}
