package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tocsin/services/indexer"
)

// droppedAtOnce is how many articles one transaction deletes, so that a writer in another process waits for a moment only.
const droppedAtOnce = 200

// Months implements indexer.Shelf. It reads every article that is sorted before that time.
func (x *Index) Months(ctx context.Context, before time.Time) ([]indexer.Month, error) {
	counts := map[time.Time]int{}
	err := x.firstSeen(ctx, before, func(_ int64, seen time.Time) {
		counts[time.Date(seen.Year(), seen.Month(), 1, 0, 0, 0, 0, time.UTC)]++
	})
	if err != nil {
		return nil, fmt.Errorf("count the months of index %s: %w", x.path, explain(err))
	}
	var all []indexer.Month
	for start, n := range counts {
		if m := (indexer.Month{Name: start.Format(indexer.MonthLayout), Start: start, Documents: n}); !m.End().After(before) {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b indexer.Month) int { return a.Start.Compare(b.Start) })
	return all, nil
}

// firstSeen tells the row of every article first seen before a time, and when. No article is sorted later than it was
// first seen.
func (x *Index) firstSeen(ctx context.Context, before time.Time, tell func(rid int64, seen time.Time)) error {
	return x.look(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT rid, article FROM article JOIN body USING(rid) WHERE at < ?", before.UnixMilli())
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }() // Err below says what went wrong
		var packed sql.RawBytes
		for rows.Next() {
			var rid int64
			var article struct {
				FirstSeen time.Time `json:"first_seen"`
			}
			if err := rows.Scan(&rid, &packed); err != nil {
				return err
			}
			data, err := x.open.DecodeAll(packed, nil)
			if err == nil {
				err = json.Unmarshal(data, &article)
			}
			if err != nil {
				return fmt.Errorf("article in row %d: %w", rid, err)
			}
			if article.FirstSeen.Before(before) {
				tell(rid, article.FirstSeen.UTC())
			}
		}
		return rows.Err()
	})
}

// Holds implements indexer.Shelf.
func (x *Index) Holds(ctx context.Context, m indexer.Month, ids []string) (int, error) {
	rows := map[int64]bool{}
	err := x.firstSeen(ctx, m.End(), func(rid int64, seen time.Time) {
		if !seen.Before(m.Start) {
			rows[rid] = true
		}
	})
	n := 0
	for some := range slices.Chunk(ids, idsAtOnce) {
		if err == nil {
			err = x.rows(ctx, some, func(rid int64) {
				if rows[rid] {
					n++
				}
			})
		}
	}
	if err != nil {
		return 0, fmt.Errorf("look for articles in %s of index %s: %w", m.Name, x.path, explain(err))
	}
	return n, nil
}

// rows tells the row of each article there is.
func (x *Index) rows(ctx context.Context, ids []string, tell func(rid int64)) error {
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	return x.look(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT rid FROM article WHERE id IN (SELECT value FROM json_each(?))", string(list))
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }() // Err below says what went wrong
		for rows.Next() {
			var rid int64
			if err := rows.Scan(&rid); err != nil {
				return err
			}
			tell(rid)
		}
		return rows.Err()
	})
}

// Drop implements indexer.Shelf, also beside a process that writes. The file keeps its size; what is written next fills
// the room.
func (x *Index) Drop(ctx context.Context, m indexer.Month) error {
	if x.write == nil {
		return errors.New("the index was opened for reading only; open it without ReadOnly to drop a month")
	}
	var old []int64
	err := x.firstSeen(ctx, m.End(), func(rid int64, seen time.Time) {
		if !seen.Before(m.Start) {
			old = append(old, rid)
		}
	})
	for some := range slices.Chunk(old, droppedAtOnce) {
		if err == nil {
			err = x.dropRows(ctx, some)
		}
	}
	if err != nil {
		return fmt.Errorf("drop %s of index %s: %w", m.Name, x.path, explain(err))
	}
	return nil
}

// dropRows deletes articles with all that leads to them. Spellings of names stay: writers know them by heart.
func (x *Index) dropRows(ctx context.Context, rids []int64) error {
	list, err := json.Marshal(rids)
	if err != nil {
		return err
	}
	x.turn.Lock()
	defer x.turn.Unlock()
	tx, err := x.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	for _, forget := range []string{
		"DELETE FROM words WHERE rowid IN (SELECT value FROM json_each(?))",
		"DELETE FROM named WHERE rid IN (SELECT value FROM json_each(?))",
		"DELETE FROM mentioned WHERE rid IN (SELECT value FROM json_each(?))",
		"DELETE FROM watched WHERE rid IN (SELECT value FROM json_each(?))",
		"DELETE FROM sketch WHERE rid IN (SELECT value FROM json_each(?))",
		"DELETE FROM body WHERE rid IN (SELECT value FROM json_each(?))",
		"DELETE FROM article WHERE rid IN (SELECT value FROM json_each(?))",
	} {
		if _, err := tx.ExecContext(ctx, forget, string(list)); err != nil {
			return err
		}
	}
	return tx.Commit()
}
