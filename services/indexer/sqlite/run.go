package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// A run's entries lie on shelves by the last bits of their hash, so that a look reads two kilobytes.
const (
	shelfBits = 10
	shelves   = 1 << shelfBits
)

// run leads to runLength numbered sketches.
type run struct {
	number int64
	newest int64 // when the newest of its articles was first seen, in milliseconds since 1970
	sieve  sieve
}

// first is the lowest number of a run.
func (r *run) first() int64 { return r.number << runBits }

// shelf is the key of one of a run's shelves.
func (r *run) shelf(n int64) int64 { return r.number<<shelfBits + n }

// shelfOf is the shelf that a hash lies on.
func shelfOf(hash uint64) int64 { return int64(hash & (shelves - 1)) } //nolint:gosec // below shelves

// entry is a hash on its shelf and the place of its sketch in the run: 43 and 13 bits, ordered by hash.
func entry(hash uint64, offset int64) uint64 {
	return hash>>shelfBits<<runBits | uint64(offset) //nolint:gosec // below runLength
}

// eachEntry calls f with the place of every sketch that has the hash.
func eachEntry(entries []byte, hash uint64, f func(offset int64)) {
	n := len(entries) / 8
	from, end := entry(hash, 0), entry(hash, runLength-1)
	at := sort.Search(n, func(i int) bool { return binary.BigEndian.Uint64(entries[8*i:]) >= from })
	for ; at < n; at++ {
		e := binary.BigEndian.Uint64(entries[8*at:])
		if e > end {
			return
		}
		f(int64(e & (runLength - 1))) //nolint:gosec // below runLength
	}
}

func readRuns(ctx context.Context, tx *sql.Tx) (all []run, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT run, newest, sieve FROM run ORDER BY run")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	for rows.Next() {
		var r run
		var bits []byte
		if err := rows.Scan(&r.number, &r.newest, &bits); err != nil {
			return nil, err
		}
		if len(bits) == 0 || len(bits)%sieveBlock != 0 {
			return nil, fmt.Errorf("run %d is damaged; move the index away and index the enriched articles again", r.number)
		}
		r.sieve = bits
		all = append(all, r)
	}
	return all, rows.Err()
}

// kinChange is what a transaction does to the family.
type kinChange struct {
	next    int64
	added   []sketched
	written []run
	dropped int // of the oldest runs
}

// sketches stores what the documents' near-copies are found by.
func (b *batch) sketches(places []place) error {
	b.kin.next = b.x.family.next
	for _, p := range places {
		if p.replaced {
			if err := b.exec(b.x.put.forgetSketch, p.rid); err != nil {
				return err
			}
		}
		if len(p.Sketch) < messages.SketchLeast {
			continue
		}
		s := sketched{b.kin.next, lowest(p.Sketch, indexedHashes)}
		if err := b.exec(b.x.put.putSketch, s.seq, p.rid, p.FirstSeen.UnixMilli(), packSketch(p.Sketch)); err != nil {
			return err
		}
		b.kin.next++
		b.kin.added = append(b.kin.added, s)
	}
	return b.shelve()
}

// shelve writes the runs that are complete.
func (b *batch) shelve() error {
	for from := b.x.family.recent.from; b.kin.next-from >= runLength; from += runLength {
		if err := b.shelveRun(from); err != nil {
			return err
		}
	}
	return nil
}

// shelveRun writes the run that begins with a number.
func (b *batch) shelveRun(from int64) error {
	byShelf := make([][]uint64, shelves)
	n := 0
	put := func(hash uint64, seq int64) {
		if seq >= from && seq < from+runLength {
			at := shelfOf(hash)
			byShelf[at] = append(byShelf[at], entry(hash, seq-from))
			n++
		}
	}
	for _, e := range b.x.family.recent.entries {
		put(e.hash, e.seq)
	}
	for _, s := range b.kin.added {
		for _, hash := range s.hashes {
			put(hash, s.seq)
		}
	}
	return b.run(run{number: from >> runBits, sieve: newSieve(n)}, byShelf)
}

// run writes a run and its shelves.
func (b *batch) run(r run, byShelf [][]uint64) error {
	for n, entries := range byShelf {
		if len(entries) == 0 {
			continue
		}
		slices.Sort(entries)
		packed := make([]byte, 0, 8*len(entries))
		for _, e := range entries {
			packed = binary.BigEndian.AppendUint64(packed, e)
			r.sieve.put(e>>runBits<<shelfBits | uint64(n)) //nolint:gosec // below shelves
		}
		if err := b.exec(b.x.put.putShelf, r.shelf(int64(n)), packed); err != nil {
			return err
		}
	}
	if err := b.row(b.x.put.newest, r.first(), r.first()+runLength).Scan(&r.newest); err != nil {
		return err
	}
	b.kin.written = append(b.kin.written, r)
	return b.exec(b.x.put.putRun, r.number, r.newest, []byte(r.sieve))
}

// prune drops the oldest run when all of it is older than anybody looks back from the newest of the batch.
func (b *batch) prune(docs []indexer.Document) error {
	if len(b.x.family.runs) == 0 || len(docs) == 0 {
		return nil
	}
	newest := docs[0].FirstSeen
	for _, d := range docs {
		if d.FirstSeen.After(newest) {
			newest = d.FirstSeen
		}
	}
	oldest := b.x.family.runs[0]
	if oldest.newest >= newest.Add(-sketchLife).UnixMilli() {
		return nil
	}
	b.kin.dropped = 1
	for _, forget := range []struct {
		stmt     *sql.Stmt
		from, to int64
	}{
		{b.x.put.forgetRuns, oldest.number, oldest.number + 1},
		{b.x.put.forgetShelves, oldest.shelf(0), oldest.shelf(shelves)},
		{b.x.put.forgetSketches, oldest.first(), oldest.first() + runLength},
	} {
		if err := b.exec(forget.stmt, forget.from, forget.to); err != nil {
			return err
		}
	}
	return nil
}
