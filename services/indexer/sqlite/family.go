package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// family leads from a hash to the sketches that have it. Sketches are numbered in the order they were written. The newest
// are led to in memory; whenever runLength of them are complete they become a run on disk, written once, in the order of its
// shelves, and dropped as a whole when it is too old. A row for every hash would cost more than all else of a document.
type family struct {
	mu     sync.RWMutex
	next   int64 // number of the next sketch
	recent recent
	runs   []run // ascending
	cache  shelfCache
}

// runBits and runLength say how many numbers a run has. They are part of the format: run r holds the numbers from
// r<<runBits on.
const (
	runBits   = 13
	runLength = 1 << runBits
)

// recent are the sketches that are in no run yet. At most a run and a batch of them are held, in some 10 MB.
type recent struct {
	from    int64            // the first number that may be here
	last    map[uint64]int32 // by hash: its last entry
	entries []recentEntry
}

// recentEntry says that a sketch has a hash; before is the entry of the same hash before it, −1 for none.
type recentEntry struct {
	hash   uint64
	seq    int64
	before int32
}

func newRecent(from int64) recent { return recent{from: from, last: map[uint64]int32{}} }

// add takes in a sketch's lowest hashes.
func (r *recent) add(s sketched) {
	for _, hash := range s.hashes {
		before, there := r.last[hash]
		if !there {
			before = -1
		}
		r.last[hash] = int32(len(r.entries)) //nolint:gosec // a run's worth
		r.entries = append(r.entries, recentEntry{hash, s.seq, before})
	}
}

// each calls f with the number of every sketch that has the hash.
func (r *recent) each(hash uint64, f func(seq int64)) {
	at, there := r.last[hash]
	if !there {
		return
	}
	for ; at >= 0; at = r.entries[at].before {
		f(r.entries[at].seq)
	}
}

// after is what is left when everything below a number has gone into runs.
func (r *recent) after(from int64) recent {
	left := newRecent(from)
	for _, e := range r.entries {
		if e.seq >= from {
			left.add(sketched{e.seq, []uint64{e.hash}})
		}
	}
	return left
}

// sketched is a sketch as far as it leads anywhere.
type sketched struct {
	seq    int64
	hashes []uint64
}

// use lends the family to f, which must not change it. A reader beside another process's writer has none of its own and
// reads it first.
func (f *family) use(ctx context.Context, x *Index, with func(*family) error) error {
	if x.write != nil {
		f.mu.RLock()
		defer f.mu.RUnlock()
		return with(f)
	}
	now := &family{}
	err := x.look(ctx, func(tx *sql.Tx) error {
		if err := now.load(ctx, tx); err != nil {
			return err
		}
		return now.readRecent(ctx, tx)
	})
	if err != nil {
		return err
	}
	return with(now)
}

// load reads the family from the index, all but what is recent.
func (f *family) load(ctx context.Context, tx *sql.Tx) (err error) {
	if f.runs, err = readRuns(ctx, tx); err != nil {
		return fmt.Errorf("runs of sketches: %w", err)
	}
	var first, last int64
	const ends = "SELECT coalesce(min(seq), 0), coalesce(max(seq), -1) FROM sketch"
	if err := tx.QueryRowContext(ctx, ends).Scan(&first, &last); err != nil {
		return err
	}
	from := first &^ (runLength - 1)
	if n := len(f.runs); n > 0 {
		from = f.runs[n-1].first() + runLength
	}
	f.recent, f.next = newRecent(from), max(from, last+1)
	return nil
}

// readRecent reads what is in no run yet, a run's worth of numbers at most.
func (f *family) readRecent(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, "SELECT seq, hashes FROM sketch WHERE seq >= ? AND seq < ? ORDER BY seq", f.recent.from, f.recent.from+runLength)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	for rows.Next() {
		var s sketched
		var packed sql.RawBytes
		if err := rows.Scan(&s.seq, &packed); err != nil {
			return err
		}
		s.hashes = lowest(unpackSketch(packed), indexedHashes)
		f.recent.add(s)
	}
	return rows.Err()
}

// adopt takes over what a transaction wrote, once it is committed.
func (f *family) adopt(c kinChange) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = max(f.next, c.next)
	for _, s := range c.added {
		f.recent.add(s)
	}
	if n := len(c.written); n > 0 {
		f.recent = f.recent.after(c.written[n-1].first() + runLength)
	}
	f.runs = append(f.runs[c.dropped:], c.written...)
}
