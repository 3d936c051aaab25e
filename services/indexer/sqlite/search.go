package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// Search implements indexer.Reader.
func (x *Index) Search(ctx context.Context, q indexer.Query) (indexer.Page, error) {
	q, err := q.WithDefaults()
	if err != nil {
		return indexer.Page{}, err
	}
	from, resume, err := q.Resume()
	if err != nil {
		return indexer.Page{}, err
	}
	var page indexer.Page
	err = x.look(ctx, func(tx *sql.Tx) error {
		f := newFilter(q, false)
		if err := tx.QueryRowContext(ctx, f.sql("count(*)", ""), f.args...).Scan(&page.Total); err != nil {
			return err
		}
		found, err := list(ctx, tx, q, from, resume)
		if err != nil {
			return err
		}
		page.Hits, err = x.hits(ctx, tx, q, found)
		return err
	})
	if err != nil {
		return indexer.Page{}, err
	}
	if len(page.Hits) > q.Limit {
		page.Hits = page.Hits[:q.Limit]
		page.Next = q.Next(page.Hits[q.Limit-1])
	}
	return page, nil
}

// look runs f on one state of the index, whatever is written meanwhile.
func (x *Index) look(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := x.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err == nil {
		defer func() { _ = tx.Rollback() }() // nothing was written
		err = f(tx)
	}
	if err != nil {
		return fmt.Errorf("read index %s: %w", x.path, explain(err))
	}
	return nil
}

// row is one found article.
type row struct {
	rid, version int64
	group        string
	score        float64
}

// list finds one row more than the page holds, so that the caller knows whether there is a next page.
func list(ctx context.Context, tx *sql.Tx, q indexer.Query, from indexer.Position, resume bool) ([]row, error) {
	ranked := q.Ranked()
	f := newFilter(q, ranked)
	columns, order := "a.rid, a.version, a.kin, 0.0", "ORDER BY a.at DESC, a.id LIMIT ?"
	if ranked {
		columns, order = "a.rid, a.version, a.kin, m.score", "ORDER BY m.score DESC, a.id LIMIT ?"
	}
	switch {
	case resume && ranked:
		f.and("m.score <= ? AND (m.score < ? OR a.id > ?)", from.Score, from.Score, from.ID)
	case resume:
		f.and("a.at <= ? AND (a.at < ? OR a.id > ?)", from.At, from.At, from.ID)
	}
	rows, err := tx.QueryContext(ctx, f.sql(columns, order), append(f.args, q.Limit+1)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	var all []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.rid, &r.version, &r.group, &r.score); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

func (x *Index) hits(ctx context.Context, tx *sql.Tx, q indexer.Query, found []row) ([]indexer.Hit, error) {
	look, err := tx.PrepareContext(ctx, "SELECT article FROM body WHERE rid = ?")
	if err != nil {
		return nil, err
	}
	defer func() { _ = look.Close() }()
	all := make([]indexer.Hit, 0, len(found))
	for _, r := range found {
		var packed []byte
		if err := look.QueryRowContext(ctx, r.rid).Scan(&packed); err != nil {
			return nil, err
		}
		a, err := x.unpack(packed)
		if err != nil {
			return nil, err
		}
		d := indexer.NewDocument(a, 0)
		d.Patch, d.Group = indexer.PatchOf(r.version), r.group
		all = append(all, indexer.NewHit(d, q, r.score))
	}
	return all, nil
}

func (x *Index) unpack(packed []byte) (a messages.EnrichedArticle, err error) {
	data, err := x.open.DecodeAll(packed, nil)
	if err == nil {
		err = json.Unmarshal(data, &a)
	}
	if err != nil {
		return a, fmt.Errorf("a stored article is damaged; index the enriched articles again: %w", err)
	}
	return a, nil
}

// Article implements indexer.Archive.
func (x *Index) Article(ctx context.Context, id string) (a messages.EnrichedArticle, err error) {
	const find = "SELECT article FROM body JOIN article USING(rid) WHERE id = ?"
	err = x.look(ctx, func(tx *sql.Tx) error {
		var packed []byte
		if err := tx.QueryRowContext(ctx, find, id).Scan(&packed); err != nil {
			return err
		}
		a, err = x.unpack(packed)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return a, fmt.Errorf("%w: %s", indexer.ErrNotFound, id)
	}
	return a, err
}
