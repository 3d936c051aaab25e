package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// How near-copies are found: by the few lowest hashes of each sketch, which are a sample of the sample, then by
// comparing whole sketches. Few hashes are written, as each is a row; more are asked for, which costs less.
const (
	indexedHashes = 32 // of every stored sketch
	askedHashes   = 64 // of the one that kin is sought for
	sharedHashes  = 2  // needed before two sketches are compared
	mostKin       = 64 // compared at most, those that share most
)

// sketchLife is how long sketches are kept, a day longer than anybody looks back.
const (
	sketchLife   = 8 * 24 * time.Hour
	prunedAtOnce = 512
)

// Kin implements indexer.Kin. What Write returned is seen at once.
func (x *Index) Kin(ctx context.Context, sketches [][]uint64, since time.Time) ([][]indexer.Relative, error) {
	all := make([][]indexer.Relative, len(sketches))
	err := x.look(ctx, func(tx *sql.Tx) error {
		find, err := tx.PrepareContext(ctx, `SELECT a.id, a.kin, s.hashes FROM (
				SELECT rid, count(*) AS n FROM shingle WHERE hash IN (SELECT value FROM json_each(?))
				GROUP BY rid HAVING n >= ? ORDER BY n DESC, rid LIMIT ?)
			JOIN sketch s USING(rid) JOIN article a USING(rid) WHERE s.seen >= ?`)
		if err != nil {
			return err
		}
		defer func() { _ = find.Close() }()
		for i, sketch := range sketches {
			if all[i], err = kin(ctx, find, sketch, since); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

func kin(ctx context.Context, find *sql.Stmt, sketch []uint64, since time.Time) ([]indexer.Relative, error) {
	rows, err := find.QueryContext(ctx, array(lowest(sketch, askedHashes)), sharedHashes, mostKin, since.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	var all []indexer.Relative
	for rows.Next() {
		var r indexer.Relative
		var packed sql.RawBytes
		if err := rows.Scan(&r.ID, &r.Group, &packed); err != nil {
			return nil, err
		}
		if messages.NearCopies(sketch, unpackSketch(packed)) {
			all = append(all, r)
		}
	}
	return all, rows.Err()
}

// sketches stores what the documents' near-copies are found by.
func (b *batch) sketches(places []place) error {
	var shingles []keyed
	for _, p := range places {
		if len(p.Sketch) < messages.SketchLeast {
			continue
		}
		if err := b.exec(b.x.put.putSketch, p.rid, p.FirstSeen.UnixMilli(), packSketch(p.Sketch)); err != nil {
			return err
		}
		for _, hash := range lowest(p.Sketch, indexedHashes) {
			shingles = append(shingles, keyed{hash, p.rid})
		}
	}
	return b.insert(b.x.put.shingles, inOrder(shingles))
}

func (b *batch) forgetKin(rid int64) error {
	var packed []byte
	err := b.row(b.x.put.findSketch, rid).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(
		b.exec(b.x.put.forgetShingles, rid, array(lowest(unpackSketch(packed), indexedHashes))),
		b.exec(b.x.put.forgetSketch, rid))
}

// prune forgets sketches that are older than anybody looks back from the newest of the batch, some at a time.
func (b *batch) prune(docs []indexer.Document) error {
	var newest time.Time
	for _, d := range docs {
		if d.FirstSeen.After(newest) {
			newest = d.FirstSeen
		}
	}
	old, err := b.oldSketches(newest.Add(-sketchLife))
	if err != nil {
		return err
	}
	for _, rid := range old {
		if err := b.forgetKin(rid); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) oldSketches(before time.Time) ([]int64, error) {
	rows, err := b.stmt(b.x.put.oldSketches).QueryContext(b.ctx, before.UnixMilli(), prunedAtOnce) //nolint:sqlclosecheck // closed with the transaction
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	var old []int64
	for rows.Next() {
		var rid int64
		if err := rows.Scan(&rid); err != nil {
			return nil, err
		}
		old = append(old, rid)
	}
	return old, rows.Err()
}

// lowest are the n lowest hashes of a sketch as signed numbers, since SQL knows no others.
func lowest(sketch []uint64, n int) []int64 {
	signed := make([]int64, min(n, len(sketch)))
	for i := range signed {
		signed[i] = int64(sketch[i]) //nolint:gosec // the bits count, not their sign
	}
	return signed
}

// array is the JSON that json_each reads.
func array(numbers []int64) string {
	text, _ := json.Marshal(numbers) // numbers always can
	return string(text)
}

func packSketch(sketch []uint64) []byte {
	packed := make([]byte, 0, 8*len(sketch))
	for _, h := range sketch {
		packed = binary.BigEndian.AppendUint64(packed, h)
	}
	return packed
}

func unpackSketch(packed []byte) []uint64 {
	sketch := make([]uint64, 0, len(packed)/8)
	for hash := range slices.Chunk(packed, 8) {
		if len(hash) == 8 {
			sketch = append(sketch, binary.BigEndian.Uint64(hash))
		}
	}
	return sketch
}
