package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"tocsin/internal/retry"
	"tocsin/services/indexer"
	"tocsin/services/indexer/words"
)

// Write implements indexer.Writer: one transaction for the batch, so either all of it is in the index or none. Only when a
// document is refused the batch is cut in halves until it is alone.
func (x *Index) Write(ctx context.Context, docs []indexer.Document) ([]indexer.Outcome, error) {
	if x.write == nil {
		return nil, errors.New("the index was opened for reading only; open it without ReadOnly to write")
	}
	x.turn.Lock()
	defer x.turn.Unlock()
	outcomes, err := x.writeHalves(ctx, docs)
	x.full.Store(blocked(err))
	if err != nil {
		return nil, fmt.Errorf("write index %s: %w", x.path, explain(err))
	}
	return outcomes, nil
}

// writeHalves is writeAll, where a document that is refused all alone is its own outcome.
func (x *Index) writeHalves(ctx context.Context, docs []indexer.Document) ([]indexer.Outcome, error) {
	outcomes, err := x.writeAll(ctx, docs)
	if err != nil {
		x.names.forget() // it may know names that the transaction did not leave behind
	}
	switch {
	case !refused(err):
		return outcomes, err
	case len(docs) == 1:
		return []indexer.Outcome{{Err: retry.Never("mapping", err)}}, nil
	}
	first, err := x.writeHalves(ctx, docs[:len(docs)/2])
	if err != nil {
		return nil, err
	}
	second, err := x.writeHalves(ctx, docs[len(docs)/2:])
	return append(first, second...), err
}

func (x *Index) writeAll(ctx context.Context, docs []indexer.Document) ([]indexer.Outcome, error) {
	tx, err := x.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	b := newBatch(ctx, tx, x)
	places, outcomes, err := b.places(docs)
	if err != nil {
		return nil, err
	}
	if err := b.store(places); err != nil {
		return nil, err
	}
	if err := b.prune(docs); err != nil {
		return nil, fmt.Errorf("sketches that are too old: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	x.family.adopt(b.kin)
	return outcomes, nil
}

// place is the row that one document of a batch is written to.
type place struct {
	indexer.Document
	rid int64
	// replaced says that the row has an older version.
	replaced bool
}

// places finds out which documents are new, which replace an older version and which are known. A document that another
// one of the same batch replaces is stored as far as its outcome goes, and has no place.
func (b *batch) places(docs []indexer.Document) ([]place, []indexer.Outcome, error) {
	have, next, err := b.have(docs)
	if err != nil {
		return nil, nil, err
	}
	outcomes := make([]indexer.Outcome, len(docs))
	places := make([]place, 0, len(docs))
	at := map[string]int{} // the place of an id in this batch
	for i, d := range docs {
		old, there := have[d.ID]
		switch {
		case there && old.version >= d.Version():
			outcomes[i].Known = true
			continue
		case !there:
			next++
			old.rid = next
		}
		have[d.ID] = stored{old.rid, d.Version(), old.kept}
		p := place{d, old.rid, old.kept}
		if earlier, twice := at[d.ID]; twice {
			places[earlier] = p
			continue
		}
		at[d.ID] = len(places)
		places = append(places, p)
	}
	return places, outcomes, nil
}

// stored is an article's row; kept says that it was there before the batch.
type stored struct {
	rid, version int64
	kept         bool
}

// have returns the rows of the documents that are in the index, and the highest row there is.
func (b *batch) have(docs []indexer.Document) (map[string]stored, int64, error) {
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, 0, err
	}
	rows, err := b.stmt(b.x.put.find).QueryContext(b.ctx, string(list)) //nolint:sqlclosecheck // closed with the transaction
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	have := make(map[string]stored, len(docs))
	for rows.Next() {
		var id string
		s := stored{kept: true}
		if err := rows.Scan(&id, &s.rid, &s.version); err != nil {
			return nil, 0, err
		}
		have[id] = s
	}
	var last int64
	err = errors.Join(rows.Err(), b.row(b.x.put.last).Scan(&last))
	return have, last, err
}

// form is a document as SQLite takes it: its article packed, its words folded.
type form struct {
	place
	body        []byte
	title, text string
	err         error
}

// formsAhead is how many documents wait encoded for the writer.
const formsAhead = 16

// encode makes the forms of all places, until stop is closed.
func (b *batch) encode(places []place, forms chan<- form, stop <-chan struct{}) {
	defer close(forms)
	for _, p := range places {
		f := form{place: p, title: words.Fold(p.Title), text: words.Fold(p.Text)}
		data, err := json.Marshal(p.Article())
		f.body, f.err = b.x.pack.EncodeAll(data, nil), err
		select {
		case forms <- f:
		case <-stop:
			return
		}
	}
}

// store writes what the documents say.
func (b *batch) store(places []place) error {
	// Encoding goes on beside the writing, a few documents ahead of it.
	forms, stop := make(chan form, formsAhead), make(chan struct{})
	var encoding sync.WaitGroup
	encoding.Go(func() { b.encode(places, forms, stop) })
	defer encoding.Wait()
	defer close(stop)
	written := make([]form, 0, len(places))
	for f := range forms {
		if err := errors.Join(b.asked.Err(), f.err); err != nil {
			return fmt.Errorf("article %s: %w", f.ID, err)
		}
		if err := b.article(f); err != nil {
			return fmt.Errorf("article %s: %w", f.ID, err)
		}
		written = append(written, f)
	}
	if err := b.facts(places); err != nil {
		return err
	}
	// The words come last and together: FTS5 gathers them in memory and writes them out whenever another table's
	// statement opens a savepoint, which would be at every document.
	for _, f := range written {
		if err := errors.Join(b.asked.Err(), b.words(f)); err != nil {
			return fmt.Errorf("words of article %s: %w", f.ID, err)
		}
	}
	return nil
}

// article writes the row and the body of a document, and clears what an older version said.
func (b *batch) article(f form) error {
	s := b.x.put
	if !f.replaced {
		err := b.exec(s.add, f.rid, f.ID, f.Version(), f.At.UnixMilli(), f.Source, f.Lang, f.Group)
		return errors.Join(err, b.exec(s.putBody, f.rid, f.body))
	}
	for _, forget := range []*sql.Stmt{s.forgetNames, s.forgetDates, s.forgetWatched} {
		if err := b.exec(forget, f.rid); err != nil {
			return err
		}
	}
	err := b.exec(s.change, f.Version(), f.At.UnixMilli(), f.Source, f.Lang, f.Group, f.rid)
	return errors.Join(err, b.exec(s.putBody, f.rid, f.body))
}

func (b *batch) words(f form) error {
	if f.replaced {
		if err := b.exec(b.x.put.forgetWords, f.rid); err != nil {
			return err
		}
	}
	return b.exec(b.x.put.putWords, f.rid, f.title, f.text)
}

// Ping implements indexer.Pinger. After a Write that found the disk full it tries a small one.
func (x *Index) Ping(ctx context.Context) error {
	if x.write == nil {
		return x.read.PingContext(ctx)
	}
	if !x.full.Load() {
		return x.write.PingContext(ctx)
	}
	if _, err := x.write.ExecContext(ctx, "REPLACE INTO probe VALUES(1, zeroblob(262144)); DELETE FROM probe"); err != nil {
		return explain(err)
	}
	x.full.Store(false)
	return nil
}
