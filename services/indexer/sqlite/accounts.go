package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"tocsin/services/indexer"
)

// idsAtOnce is how many ids one statement looks up.
const idsAtOnce = 5000

// When reading all articles in their order is quicker than looking each id up.
const (
	scanFrom  = 1000 // ids
	scanShare = 0.2  // of all articles
)

// Revisions implements indexer.Accountant. It reads the article table only.
func (x *Index) Revisions(ctx context.Context, ids []string) (map[string]int, error) {
	all := make(map[string]int, len(ids))
	err := x.look(ctx, func(tx *sql.Tx) error {
		var last float64
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(rid), 0) FROM article").Scan(&last); err != nil {
			return err
		}
		if len(ids) >= scanFrom && float64(len(ids)) > scanShare*last {
			return scan(ctx, tx, ids, all)
		}
		find, err := tx.PrepareContext(ctx, "SELECT id, version FROM article WHERE id IN (SELECT value FROM json_each(?))")
		if err != nil {
			return err
		}
		defer func() { _ = find.Close() }()
		for some := range slices.Chunk(ids, idsAtOnce) {
			if err := revisions(ctx, find, some, all); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// scan reads all articles and keeps those asked for.
func scan(ctx context.Context, tx *sql.Tx, ids []string, all map[string]int) error {
	for _, id := range ids {
		all[id] = 0 // asked for
	}
	rows, err := tx.QueryContext(ctx, "SELECT id, version FROM article")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	var id sql.RawBytes
	var version int64
	for rows.Next() {
		if err := rows.Scan(&id, &version); err != nil {
			return err
		}
		if _, asked := all[string(id)]; asked {
			all[string(id)] = indexer.RevisionOf(version)
		}
	}
	maps.DeleteFunc(all, func(_ string, revision int) bool { return revision == 0 })
	return rows.Err()
}

func revisions(ctx context.Context, find *sql.Stmt, ids []string, all map[string]int) error {
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	rows, err := find.QueryContext(ctx, string(list))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	for rows.Next() {
		var id string
		var version int64
		if err := rows.Scan(&id, &version); err != nil {
			return err
		}
		all[id] = indexer.RevisionOf(version)
	}
	return rows.Err()
}
