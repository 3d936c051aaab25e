package sqlite

import (
	"cmp"
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
// comparing whole sketches.
const (
	indexedHashes = 32 // of every stored sketch
	askedHashes   = 64 // of the one that kin is sought for
	sharedHashes  = 2  // needed before two sketches are compared
	mostKin       = 64 // compared at most, those that share most
)

// sketchLife is how long sketches are kept at least, a day longer than anybody looks back.
const sketchLife = 8 * 24 * time.Hour

// Kin implements indexer.Kin. What Write returned is seen at once.
func (x *Index) Kin(ctx context.Context, sketches [][]uint64, since time.Time) ([][]indexer.Relative, error) {
	all := make([][]indexer.Relative, len(sketches))
	err := x.family.use(ctx, x, func(f *family) error {
		return x.look(ctx, func(tx *sql.Tx) error {
			s, err := newSearch(ctx, tx, f, since)
			if err != nil {
				return err
			}
			defer s.close()
			for i, sketch := range sketches {
				if all[i], err = s.kin(sketch); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return all, err
}

// search looks for the kin of one sketch after the other, in one state of the index.
type search struct {
	asked, ctx   context.Context // as in batch
	shelf, fetch *sql.Stmt
	family       *family
	since        time.Time
	shared       map[int64]int // hashes in common with the sketch, by the other's number
}

func newSearch(ctx context.Context, tx *sql.Tx, f *family, since time.Time) (*search, error) {
	s := &search{asked: ctx, ctx: context.WithoutCancel(ctx), family: f, since: since, shared: map[int64]int{}}
	var err error
	if s.shelf, err = tx.PrepareContext(s.ctx, "SELECT entries FROM shelf WHERE at = ?"); err != nil {
		return nil, err
	}
	s.fetch, err = tx.PrepareContext(s.ctx, "SELECT a.id, a.kin, s.hashes FROM sketch s JOIN article a USING(rid) WHERE s.seq IN (SELECT value FROM json_each(?)) AND s.seen >= ?")
	return s, err
}

func (s *search) close() { _ = errors.Join(s.shelf.Close(), s.fetch.Close()) } // they were only read with

func (s *search) kin(sketch []uint64) ([]indexer.Relative, error) {
	if err := s.asked.Err(); err != nil {
		return nil, err
	}
	clear(s.shared)
	for _, hash := range lowest(sketch, askedHashes) {
		s.family.recent.each(hash, func(seq int64) { s.shared[seq]++ })
		for i := range s.family.runs {
			if err := s.inRun(&s.family.runs[i], hash); err != nil {
				return nil, err
			}
		}
	}
	return s.compare(sketch)
}

// inRun counts the sketches of a run that have a hash.
func (s *search) inRun(r *run, hash uint64) error {
	if !r.sieve.has(hash) {
		return nil
	}
	key := r.shelf(shelfOf(hash))
	entries, err := s.family.cache.get(key, func() (entries []byte, err error) {
		err = s.shelf.QueryRowContext(s.ctx, key).Scan(&entries)
		if errors.Is(err, sql.ErrNoRows) { // an empty shelf
			err = nil
		}
		return entries, err
	})
	eachEntry(entries, hash, func(offset int64) { s.shared[r.first()+offset]++ })
	return err
}

// compare reads the sketches that share most and keeps the near-copies.
func (s *search) compare(sketch []uint64) ([]indexer.Relative, error) {
	var near []int64
	for seq, n := range s.shared {
		if n >= sharedHashes {
			near = append(near, seq)
		}
	}
	slices.SortFunc(near, func(a, b int64) int { return cmp.Or(s.shared[b]-s.shared[a], cmp.Compare(a, b)) })
	if len(near) == 0 {
		return nil, nil
	}
	some, err := json.Marshal(near[:min(len(near), mostKin)])
	if err != nil {
		return nil, err
	}
	rows, err := s.fetch.QueryContext(s.ctx, string(some), s.since.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	var all []indexer.Relative
	for rows.Next() { // what is too old, or has another text since, is not among them
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

// lowest are the n lowest hashes of a sketch.
func lowest(sketch []uint64, n int) []uint64 { return sketch[:min(n, len(sketch))] }

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
