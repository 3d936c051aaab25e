package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	lib "modernc.org/sqlite/lib"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/words"
)

// statements are what a Write does, prepared once.
type statements struct {
	find, add, change                                      *sql.Stmt
	forgetNames, forgetDates, forgetWatched, forgetWords   *sql.Stmt
	putBody, putWords, putName, named, mentioned, putWatch *sql.Stmt
}

func (s *statements) texts() map[**sql.Stmt]string {
	return map[**sql.Stmt]string{
		&s.find:          "SELECT rid, version FROM article WHERE id = ?",
		&s.add:           "INSERT INTO article(id, version, at, source, lang) VALUES(?, ?, ?, ?, ?) RETURNING rid",
		&s.change:        "UPDATE article SET version = ?, at = ?, source = ?, lang = ? WHERE rid = ?",
		&s.forgetNames:   "DELETE FROM named WHERE rid = ?",
		&s.forgetDates:   "DELETE FROM mentioned WHERE rid = ?",
		&s.forgetWatched: "DELETE FROM watched WHERE rid = ?",
		&s.forgetWords:   "DELETE FROM words WHERE rowid = ?",
		&s.putBody:       "INSERT OR REPLACE INTO body(rid, article) VALUES(?, ?)",
		&s.putWords:      "INSERT INTO words(rowid, title, text) VALUES(?, ?, ?)",
		&s.putName: `INSERT INTO name(kind, key, folded, shown) VALUES(?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET shown = excluded.shown RETURNING nid`,
		&s.named:     "INSERT OR IGNORE INTO named(nid, rid) VALUES(?, ?)",
		&s.mentioned: "INSERT OR IGNORE INTO mentioned(wide, starts, ends, rid) VALUES(?, ?, ?, ?)",
		&s.putWatch:  "INSERT OR IGNORE INTO watched(list, entry, rid) VALUES(?, ?, ?)",
	}
}

func prepare(ctx context.Context, db *sql.DB) (*statements, error) {
	s := &statements{}
	for stmt, text := range s.texts() {
		var err error
		if *stmt, err = db.PrepareContext(ctx, text); err != nil { //nolint:sqlclosecheck // closed with the database
			return nil, fmt.Errorf("prepare %q: %w", text, err)
		}
	}
	return s, nil
}

// Write implements indexer.Writer: one transaction for the batch, so either all of it is in the index or none.
func (x *Index) Write(ctx context.Context, docs []indexer.Document) ([]indexer.Outcome, error) {
	if x.write == nil {
		return nil, errors.New("the index was opened for reading only; open it without ReadOnly to write")
	}
	x.turn.Lock()
	defer x.turn.Unlock()
	outcomes, err := x.writeAll(ctx, docs)
	x.full.Store(primary(err) == lib.SQLITE_FULL)
	if err != nil {
		return nil, fmt.Errorf("write index %s: %w", x.path, explain(err))
	}
	return outcomes, nil
}

func (x *Index) writeAll(ctx context.Context, docs []indexer.Document) ([]indexer.Outcome, error) {
	tx, err := x.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	b := batch{ctx, tx, x}
	outcomes := make([]indexer.Outcome, len(docs))
	places := make([]place, len(docs))
	for i, d := range docs {
		if places[i], err = b.store(d); err != nil {
			return nil, fmt.Errorf("article %s: %w", d.ID, err)
		}
		outcomes[i].Known = places[i].known
	}
	// The words come last and together: FTS5 gathers them in memory and writes them out whenever another table's
	// statement opens a savepoint, which would be at every document.
	for i, d := range docs {
		if err := b.words(places[i], d); err != nil {
			return nil, fmt.Errorf("words of article %s: %w", d.ID, err)
		}
	}
	return outcomes, tx.Commit()
}

// batch is one Write's transaction.
type batch struct {
	ctx context.Context
	tx  *sql.Tx
	x   *Index
}

func (b batch) exec(s *sql.Stmt, args ...any) error {
	_, err := b.tx.StmtContext(b.ctx, s).ExecContext(b.ctx, args...) //nolint:sqlclosecheck // closed with the transaction
	return err
}

func (b batch) row(s *sql.Stmt, args ...any) *sql.Row {
	return b.tx.StmtContext(b.ctx, s).QueryRowContext(b.ctx, args...) //nolint:sqlclosecheck // closed with the transaction
}

// place is the row of a document.
type place struct {
	rid int64
	// known says that this version or a newer one is there, replaced that an older one is.
	known, replaced bool
}

// store writes everything of a document but its words, unless this version or a newer one is there.
func (b batch) store(d indexer.Document) (place, error) {
	p, err := b.place(d)
	if err != nil || p.known {
		return p, err
	}
	data, err := json.Marshal(d.Article())
	if err != nil {
		return p, err
	}
	if err := b.exec(b.x.put.putBody, p.rid, b.x.pack.EncodeAll(data, nil)); err != nil {
		return p, err
	}
	return p, errors.Join(b.names(p.rid, d), b.dates(p.rid, d), b.watched(p.rid, d))
}

// place gives the document its row: a new one, or its old one cleared of what an earlier version said.
func (b batch) place(d indexer.Document) (p place, err error) {
	s := b.x.put
	var have int64
	err = b.row(s.find, d.ID).Scan(&p.rid, &have)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return p, b.row(s.add, d.ID, d.Version(), d.At.UnixMilli(), d.Source, d.Lang).Scan(&p.rid)
	case err != nil:
		return p, err
	case have >= d.Version():
		p.known = true
		return p, nil
	}
	p.replaced = true
	for _, forget := range []*sql.Stmt{s.forgetNames, s.forgetDates, s.forgetWatched} {
		if err := b.exec(forget, p.rid); err != nil {
			return p, err
		}
	}
	return p, b.exec(s.change, d.Version(), d.At.UnixMilli(), d.Source, d.Lang, p.rid)
}

// words writes the words of a document that store wrote, in the same order.
func (b batch) words(p place, d indexer.Document) error {
	if p.known {
		return nil
	}
	if p.replaced {
		if err := b.exec(b.x.put.forgetWords, p.rid); err != nil {
			return err
		}
	}
	return b.exec(b.x.put.putWords, p.rid, words.Fold(d.Title), words.Fold(d.Text))
}

func (b batch) names(rid int64, d indexer.Document) error {
	for _, k := range []struct {
		kind        string
		shown, keys []string
	}{
		{messages.KindPerson, d.Persons, d.PersonKeys},
		{messages.KindOrganization, d.Organizations, d.OrganizationKeys},
		{messages.KindPlace, d.Places, d.PlaceKeys},
	} {
		for i, shown := range k.shown {
			var nid int64
			if err := b.row(b.x.put.putName, k.kind, k.keys[i], words.Fold(shown), shown).Scan(&nid); err != nil {
				return err
			}
			if err := b.exec(b.x.put.named, nid, rid); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b batch) dates(rid int64, d indexer.Document) error {
	for wide, ranges := range [][]indexer.Range{d.Mentioned, d.MentionedWide} {
		for _, r := range ranges {
			if err := b.exec(b.x.put.mentioned, wide, since(r.From), until(r.To), rid); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b batch) watched(rid int64, d indexer.Document) error {
	for _, w := range d.Watch {
		list, entry, _ := strings.Cut(w, ".")
		if err := b.exec(b.x.put.putWatch, list, entry, rid); err != nil {
			return err
		}
	}
	return nil
}

// since is the start of an interval in milliseconds; an open start is before everything.
func since(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.UnixMilli()
}

// until is the end of an interval in milliseconds; an open end is after everything.
func until(t time.Time) int64 {
	if t.IsZero() {
		return math.MaxInt64
	}
	return t.UnixMilli()
}

// Ping implements indexer.Pinger. After a Write that found the disk full it tries a small one.
func (x *Index) Ping(ctx context.Context) error {
	if x.write == nil {
		return x.read.PingContext(ctx)
	}
	if !x.full.Load() {
		return x.write.PingContext(ctx)
	}
	if _, err := x.write.ExecContext(ctx, "REPLACE INTO probe VALUES(1, zeroblob(262144)); DELETE FROM probe"); err != nil {
		return explain(err)
	}
	x.full.Store(false)
	return nil
}
