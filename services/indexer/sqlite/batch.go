package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// rowsAtOnce is how many rows of a narrow table one statement writes: a statement costs as much as some rows.
const rowsAtOnce = 32

// statements are what a Write does, prepared once.
type statements struct {
	find, last, add, change                              *sql.Stmt
	forgetNames, forgetDates, forgetWatched, forgetWords *sql.Stmt
	putBody, putWords, putName                           *sql.Stmt
	putSketch, putShelf, putRun, newest                  *sql.Stmt
	forgetSketch, forgetRuns                             *sql.Stmt
	forgetShelves, forgetSketches                        *sql.Stmt
	named, mentioned, watched                            table
}

// table writes rows of a narrow table, one or many with a statement.
type table struct {
	one, many *sql.Stmt
	columns   int
}

func (s *statements) texts() map[**sql.Stmt]string {
	return map[**sql.Stmt]string{
		&s.find:          "SELECT id, rid, version FROM article WHERE id IN (SELECT value FROM json_each(?))",
		&s.last:          "SELECT coalesce(max(rid), 0) FROM article",
		&s.add:           "INSERT INTO article(rid, id, version, at, source, lang, kin) VALUES(?, ?, ?, ?, ?, ?, ?)",
		&s.change:        "UPDATE article SET version = ?, at = ?, source = ?, lang = ?, kin = ? WHERE rid = ?",
		&s.forgetNames:   "DELETE FROM named WHERE rid = ?",
		&s.forgetDates:   "DELETE FROM mentioned WHERE rid = ?",
		&s.forgetWatched: "DELETE FROM watched WHERE rid = ?",
		&s.forgetWords:   "DELETE FROM words WHERE rowid = ?",
		&s.putBody:       "INSERT OR REPLACE INTO body(rid, article) VALUES(?, ?)",
		&s.putWords:      "INSERT INTO words(rowid, title, text) VALUES(?, ?, ?)",
		&s.putName: `INSERT INTO name(kind, key, folded, shown) VALUES(?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET shown = excluded.shown RETURNING nid`,
		&s.putSketch:      "INSERT INTO sketch(seq, rid, seen, hashes) VALUES(?, ?, ?, ?)",
		&s.putShelf:       "INSERT INTO shelf(at, entries) VALUES(?, ?)",
		&s.putRun:         "INSERT INTO run(run, newest, sieve) VALUES(?, ?, ?)",
		&s.newest:         "SELECT coalesce(max(seen), 0) FROM sketch WHERE seq >= ? AND seq < ?",
		&s.forgetSketch:   "DELETE FROM sketch WHERE rid = ?",
		&s.forgetRuns:     "DELETE FROM run WHERE run >= ? AND run < ?",
		&s.forgetShelves:  "DELETE FROM shelf WHERE at >= ? AND at < ?",
		&s.forgetSketches: "DELETE FROM sketch WHERE seq >= ? AND seq < ?",
	}
}

// tables are the narrow tables with their columns.
func (s *statements) tables() map[*table]string {
	return map[*table]string{
		&s.named:     "named(nid, rid)",
		&s.mentioned: "mentioned(wide, starts, ends, rid)",
		&s.watched:   "watched(list, entry, rid)",
	}
}

func prepare(ctx context.Context, db *sql.DB) (*statements, error) {
	s := &statements{}
	texts := s.texts()
	for t, columns := range s.tables() {
		t.columns = strings.Count(columns, ",") + 1
		row := "(?" + strings.Repeat(", ?", t.columns-1) + ")"
		insert := "INSERT OR IGNORE INTO " + columns + " VALUES" + row
		texts[&t.one] = insert
		texts[&t.many] = insert + strings.Repeat(", "+row, rowsAtOnce-1)
	}
	for stmt, text := range texts {
		var err error
		if *stmt, err = db.PrepareContext(ctx, text); err != nil { //nolint:sqlclosecheck // closed with the database
			return nil, fmt.Errorf("prepare %q: %w", text, err)
		}
	}
	return s, nil
}

// batch is one Write's transaction.
type batch struct {
	// asked is the caller's context, which is looked at between documents. Statements get one that never ends: the driver
	// starts a goroutine for each that could.
	asked, ctx context.Context
	tx         *sql.Tx
	x          *Index
	bound      map[*sql.Stmt]*sql.Stmt // to the transaction
	kin        kinChange
}

func newBatch(ctx context.Context, tx *sql.Tx, x *Index) *batch {
	return &batch{asked: ctx, ctx: context.WithoutCancel(ctx), tx: tx, x: x, bound: map[*sql.Stmt]*sql.Stmt{}}
}

// stmt is a prepared statement in this transaction.
func (b *batch) stmt(s *sql.Stmt) *sql.Stmt {
	bound, ok := b.bound[s]
	if !ok {
		bound = b.tx.StmtContext(b.ctx, s)
		b.bound[s] = bound
	}
	return bound
}

func (b *batch) exec(s *sql.Stmt, args ...any) error {
	_, err := b.stmt(s).ExecContext(b.ctx, args...) //nolint:sqlclosecheck // closed with the transaction
	return err
}

func (b *batch) row(s *sql.Stmt, args ...any) *sql.Row {
	return b.stmt(s).QueryRowContext(b.ctx, args...) //nolint:sqlclosecheck // closed with the transaction
}

// insert writes rows, whose values lie one after the other.
func (b *batch) insert(t table, values []any) error {
	for most := rowsAtOnce * t.columns; len(values) >= most; values = values[most:] {
		if err := b.exec(t.many, values[:most]...); err != nil {
			return err
		}
	}
	for ; len(values) > 0; values = values[t.columns:] {
		if err := b.exec(t.one, values[:t.columns]...); err != nil {
			return err
		}
	}
	return nil
}
