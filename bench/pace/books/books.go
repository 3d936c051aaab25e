// Package books measures how long the ledger takes to account for very many articles.
package books

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	process "tocsin/bench/measure"
	"tocsin/bench/pace/measure"
	"tocsin/internal/assembly/accounting"
	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/operate/ledger"
	"tocsin/pkg/messages"
	"tocsin/services/indexer/sqlite"
)

// bodySize is that of a message; the ledger reads headers only.
const bodySize = 1 << 10

// Case is one look at n articles that went all the way, but for one that the index lacks. Readings are articles a second by
// the clock and per second of processor time, the broker's and the index's included.
func Case(n int) measure.Case {
	return measure.Case{Name: strconv.Itoa(n) + " articles", Run: func(ctx context.Context) (r measure.Readings, err error) {
		dir, err := os.MkdirTemp("", "pace-books-")
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		return look(ctx, dir, n)
	}}
}

func look(ctx context.Context, dir string, n int) (r measure.Readings, err error) {
	server, err := broker.Start(broker.Options{Dir: filepath.Join(dir, "streams"), Port: -1})
	if err != nil {
		return nil, err
	}
	defer server.Shutdown()
	b, err := bus.Connect(ctx, bus.Options{Server: server, Name: "pace"})
	if err != nil {
		return nil, err
	}
	defer b.Close()
	if _, err := b.Setup(ctx, bus.SetupOptions{}); err != nil {
		return nil, err
	}
	if err := publish(ctx, b, n); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "index.db")
	index, err := sqlite.Open(ctx, sqlite.Options{Path: path})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	if err := fill(ctx, path, n-1); err != nil {
		return nil, err
	}
	books, err := accounting.Ledger(ctx, b, index)
	if err != nil {
		return nil, err
	}
	began, cpu := time.Now(), process.CPU()
	a, err := books.Look(ctx, ledger.Query{})
	took, used := time.Since(began), process.CPU()-cpu
	// There are no stages that settled anything, so what the index lacks is on its way.
	if err == nil && (a.Seen != n || a.Indexed != n-1 || a.Pending != 1) {
		err = fmt.Errorf("the account says %+v of %d articles", a.Balance, n)
	}
	return measure.Readings{"look articles/s": float64(n) / took.Seconds(), "look articles/cpu-s": float64(n) / used.Seconds()}, err
}

// publish writes n articles into RAW and ENRICHED.
func publish(ctx context.Context, b *bus.Bus, n int) error {
	const atOnce = 500
	body := make([]byte, bodySize)
	for from := 0; from < n; from += atOnce {
		var out []messages.Outgoing
		for i := from; i < min(from+atOnce, n); i++ {
			id := messages.Hash(strconv.Itoa(i))
			header := map[string]string{messages.HeaderArticle: id, messages.HeaderRevision: "1", messages.HeaderFeed: "f"}
			out = append(out,
				messages.Outgoing{Subject: "raw.x", ID: messages.MsgID(messages.StageFetcher, id, 1, 0), Data: body, Header: header},
				messages.Outgoing{Subject: "enriched.en.x", ID: messages.MsgID(messages.StageExtractor, id, 1, 0), Data: body, Header: header})
		}
		if err := errors.Join(b.PublishAll(ctx, out)...); err != nil {
			return err
		}
	}
	return nil
}

// fill gives the index the first n articles, as far as books are concerned.
func fill(ctx context.Context, path string, n int) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // Commit says what went wrong
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	add, err := tx.PrepareContext(ctx, "INSERT INTO article(id, version, at, source, lang) VALUES(?, 1000, 0, 'x', 'en')")
	if err != nil {
		return err
	}
	defer func() { _ = add.Close() }() // as above
	for i := range n {
		if _, err := add.ExecContext(ctx, messages.Hash(strconv.Itoa(i))); err != nil {
			return fmt.Errorf("article %d: %w", i, err)
		}
	}
	return tx.Commit()
}
