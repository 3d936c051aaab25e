package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
)

// application marks the file as ours: "Tocs" in ASCII.
const application = 0x546f6373

// migrations lead from one format to the next; the format of a file is the number of those it went through. Only append.
//
// Times are milliseconds since 1970. name holds every spelling of every key once, so that named stays narrow. mentioned
// is searched by its key: narrow intervals are shorter than a decade, so a question about a day reads only what began
// in the decade before it. kin is Document.Group. sketch holds what the last days brought; run and shelf lead to it by a few
// hashes of each (see family).
var migrations = []string{`
CREATE TABLE article(
	rid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
	at INTEGER NOT NULL, source TEXT NOT NULL, lang TEXT NOT NULL);
CREATE INDEX article_at ON article(at DESC, id, source, lang);
CREATE INDEX article_source ON article(source, at DESC, id);
CREATE INDEX article_lang ON article(lang, at DESC, id);

CREATE TABLE body(rid INTEGER PRIMARY KEY, article BLOB NOT NULL);

CREATE TABLE name(
	nid INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, folded TEXT NOT NULL, shown TEXT NOT NULL,
	UNIQUE(kind, key, folded));
CREATE INDEX name_folded ON name(kind, folded);
CREATE TABLE named(nid INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(nid, rid)) WITHOUT ROWID;
CREATE INDEX named_rid ON named(rid);

CREATE TABLE mentioned(
	wide INTEGER NOT NULL, starts INTEGER NOT NULL, ends INTEGER NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY(wide, starts, ends, rid)) WITHOUT ROWID;
CREATE INDEX mentioned_rid ON mentioned(rid);

CREATE TABLE watched(
	list TEXT NOT NULL, entry TEXT NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(list, entry, rid)) WITHOUT ROWID;
CREATE INDEX watched_rid ON watched(rid);

CREATE VIRTUAL TABLE words USING fts5(title, text, content='', contentless_delete=1,
	tokenize="porter unicode61 remove_diacritics 0 categories 'L* N* M* Co'");

CREATE TABLE probe(only INTEGER PRIMARY KEY CHECK(only = 1), ballast BLOB);
`, `
ALTER TABLE article ADD COLUMN kin TEXT NOT NULL DEFAULT '';
UPDATE article SET kin = id;
CREATE INDEX article_kin ON article(kin, at DESC, id);

CREATE TABLE sketch(rid INTEGER PRIMARY KEY, seen INTEGER NOT NULL, hashes BLOB NOT NULL);
CREATE INDEX sketch_seen ON sketch(seen);
CREATE TABLE shingle(hash INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(hash, rid)) WITHOUT ROWID;
`, `
DROP TABLE shingle;
DROP INDEX sketch_seen;
ALTER TABLE sketch RENAME TO sketch_by_rid;
CREATE TABLE sketch(seq INTEGER PRIMARY KEY, rid INTEGER NOT NULL, seen INTEGER NOT NULL, hashes BLOB NOT NULL);
INSERT INTO sketch(rid, seen, hashes) SELECT rid, seen, hashes FROM sketch_by_rid ORDER BY rid;
CREATE UNIQUE INDEX sketch_rid ON sketch(rid);
DROP TABLE sketch_by_rid;
CREATE TABLE run(run INTEGER PRIMARY KEY, newest INTEGER NOT NULL, sieve BLOB NOT NULL);
CREATE TABLE shelf(at INTEGER PRIMARY KEY, entries BLOB NOT NULL);

INSERT INTO words(words, rank) VALUES('hashsize', 16777216);
INSERT INTO words(words, rank) VALUES('automerge', 8);
`}

// migrate brings the file to the newest format, one transaction per step.
func migrate(ctx context.Context, db *sql.DB, log *slog.Logger) error {
	var have int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return explain(err)
	}
	if have > 0 {
		if _, err := formatOf(ctx, db); err != nil {
			return err
		}
	} else if err := checkFresh(ctx, db); err != nil {
		return err
	}
	for ; have < len(migrations); have++ {
		if err := step(ctx, db, have); err != nil {
			return fmt.Errorf("bring the index to format %d: %w", have+1, explain(err))
		}
		log.InfoContext(ctx, "index migrated", "format", have+1)
	}
	return nil
}

func step(ctx context.Context, db *sql.DB, have int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	var now int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&now); err != nil || now > have {
		return err // another process was first
	}
	marks := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", application, have+1)
	if _, err := tx.ExecContext(ctx, migrations[have]+marks); err != nil {
		return err
	}
	return tx.Commit()
}

// checkFresh refuses a database that holds somebody else's tables.
func checkFresh(ctx context.Context, db *sql.DB) error {
	var tables int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return explain(err)
	}
	if tables > 0 {
		return errors.New("the file is a database of another program; name another file")
	}
	return nil
}

// checkFormat refuses a file that is not an index, or one of another format than this build writes.
func checkFormat(ctx context.Context, db *sql.DB) error {
	format, err := formatOf(ctx, db)
	if err == nil && format < len(migrations) {
		err = fmt.Errorf("the index has the older format %d; start the process that writes it, which migrates it", format)
	}
	return err
}

// formatOf refuses a file that is not an index, or one of a format this build does not know.
func formatOf(ctx context.Context, db *sql.DB) (format int, err error) {
	var id int
	if err := db.QueryRowContext(ctx, "SELECT application_id, user_version FROM pragma_application_id, pragma_user_version").Scan(&id, &format); err != nil {
		return 0, explain(err)
	}
	switch {
	case id != application:
		return 0, errors.New("the file is no index of this program; name another file")
	case format > len(migrations):
		return 0, fmt.Errorf("the index has format %d and this build knows up to %d; update the program", format, len(migrations))
	}
	return format, nil
}
