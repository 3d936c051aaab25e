package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"tocsin/services/indexer"
)

// idsAtOnce is how many ids one statement looks up.
const idsAtOnce = 5000

// Revisions implements indexer.Accountant. It reads the key of the article table only.
func (x *Index) Revisions(ctx context.Context, ids []string) (map[string]int, error) {
	all := make(map[string]int, len(ids))
	err := x.look(ctx, func(tx *sql.Tx) error {
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
