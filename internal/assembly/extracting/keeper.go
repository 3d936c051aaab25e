package extracting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/daemon"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/rejected"
	"tocsin/services/extractor/watch"
)

// settle is how long a burst of new bulk lists may go on before it is compiled as one.
const settle = 50 * time.Millisecond

// stores are where watchlists and rejections are.
type stores struct {
	edits, rejected *bus.Bucket
	bulk            *bus.Objects
	lists           *operate.Watchlists
}

func openStores(ctx context.Context, b *bus.Bus) (s stores, err error) {
	if s.edits, err = b.Bucket(ctx, messages.BucketWatch); err != nil {
		return s, err
	}
	if s.rejected, err = b.Bucket(ctx, messages.BucketRejected); err != nil {
		return s, err
	}
	if s.bulk, err = b.Objects(ctx, messages.ObjectsLists); err != nil {
		return s, err
	}
	s.lists = operate.NewWatchlists(assembly.Blobs{Objects: s.bulk}, assembly.Listed{Bucket: s.edits}, time.Now)
	return s, nil
}

// keeper keeps the lists and rejections of one extractor those of NATS, whoever changed them. An edit of one entry takes
// effect at once, beside whatever else is going on; a new bulk list compiles everything anew in the background, and the
// edits that came meanwhile are made again on the outcome before it takes over.
type keeper struct {
	stores
	p     *assembly.Process
	core  *extractor.Extractor
	meter *daemon.Meter
	set   watch.Set
	air   flights

	compile chan struct{} // one mark that bulk lists changed is enough: a reload reads everything
	tell    chan struct{} // one mark that the report changed is enough

	mu      sync.Mutex // guards what follows
	force   messages.InForce
	book    *rejected.Book
	reading bool           // a reload is under way
	missed  []operate.Edit // edits made since it began
}

// keepLists loads the lists and rejections into core, keeps them, and reports what is in force.
func keepLists(ctx context.Context, p *assembly.Process, s stores, core *extractor.Extractor, meter *daemon.Meter) (*keeper, error) {
	k := &keeper{stores: s, p: p, core: core, meter: meter, compile: make(chan struct{}, 1), tell: make(chan struct{}, 1)}
	k.force = messages.InForce{Version: messages.Version, Extractor: processName()}
	if err := k.loadRejected(ctx); err != nil {
		return nil, err
	}
	if err := k.reload(ctx); err != nil {
		return nil, err
	}
	core.SetIndex(inForce{&k.set})
	p.Go("watch entries", func(ctx context.Context) error { return k.edits.Watch(ctx, k.edit) })
	p.Go("watchlists", func(ctx context.Context) error { return k.bulk.Watch(ctx, k.bulkChanged) })
	p.Go("rejections", func(ctx context.Context) error { return k.rejected.Watch(ctx, k.reject) })
	p.Go("watchlist reload", k.reloads)
	p.Go("watchlist report", k.reports)
	return k, nil
}

// inForce lets the core search the lists as they are when a text comes.
type inForce struct{ *watch.Set }

// Search implements extractor.Matcher.
func (f inForce) Search(doc watch.Doc, within float64) (rang, near []watch.Match) {
	return f.Index().Search(doc, within)
}

func mark(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// edit makes one edit of an entry.
func (k *keeper) edit(c bus.KeyChange) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c.Loaded || c.Revision <= k.force.Edits {
		return nil
	}
	if c.Removed { // the record itself is gone, so that the file's entry counts again
		mark(k.compile)
		return nil
	}
	e, err := operate.ReadEdit(c.Key, c.Value)
	if err != nil {
		k.p.Log.Error("an edit of a watch entry cannot be read and is not in force", "error", err)
		return nil
	}
	if k.reading {
		k.missed = append(k.missed, e)
	}
	if e.Removed {
		k.set.Remove(e.List, e.ID)
	} else {
		k.complain(k.set.Add(e.Entry))
	}
	k.advance(c.Revision, k.force.Bulk)
	return nil
}

// advance notes revisions in force; k.mu is held.
func (k *keeper) advance(edits, bulk uint64) {
	k.force.Edits, k.force.Bulk = max(edits, k.force.Edits), max(bulk, k.force.Bulk)
	k.air.put(k.force.Edits)
	k.force.Entries, k.force.Names = k.set.Index().Size()
	k.meter.Set("tocsin_extractor_watched_names", float64(k.force.Names))
	k.meter.Set("tocsin_extractor_watch_revision", float64(k.force.Edits))
	mark(k.tell)
}

// handle is core.Handle; the report says from it when articles that were read with older lists are done.
func (k *keeper) handle(ctx context.Context, d messages.Delivery) error {
	began := k.air.begin()
	defer func() {
		if k.air.end(began) {
			mark(k.tell)
		}
	}()
	return k.core.Handle(ctx, d)
}

func (k *keeper) bulkChanged(o bus.ObjectInfo) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !o.Loaded && o.Revision > k.force.Bulk {
		mark(k.compile)
	}
	return nil
}

// reloadAgain is the pause after a reload that failed.
const reloadAgain = 5 * time.Second

func (k *keeper) reloads(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-k.compile:
		}
		pause := settle
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(pause):
			}
			err := k.reload(ctx)
			if err == nil || ctx.Err() != nil {
				break
			}
			k.p.Log.Error("watchlists not reloaded; those in force stay, and it is tried again", "error", err)
			pause = reloadAgain
		}
	}
}

// reload compiles everything anew.
func (k *keeper) reload(ctx context.Context) error {
	k.mu.Lock()
	k.reading, k.missed = true, nil
	k.mu.Unlock()
	index, edits, bulk, err := k.read(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	missed := k.missed
	k.reading, k.missed = false, nil
	if err != nil {
		return err
	}
	for _, e := range missed {
		if e.Removed {
			index = index.Without(e.List, e.ID)
		} else {
			index, _ = index.With(e.Entry) // complained of when it was made
		}
	}
	k.set.Replace(index)
	k.advance(edits, bulk)
	k.p.Log.Info("watchlists in force", "entries", k.force.Entries, "names", k.force.Names)
	return nil
}

// read compiles what is in NATS, at least up to the revisions it returns.
func (k *keeper) read(ctx context.Context) (index *watch.Index, edits, bulk uint64, err error) {
	if edits, err = k.edits.Last(ctx); err != nil {
		return nil, 0, 0, err
	}
	if bulk, err = k.bulk.Last(ctx); err != nil {
		return nil, 0, 0, err
	}
	owned, err := k.lists.All(ctx)
	if err != nil {
		return nil, 0, 0, err
	}
	index, problems := watch.Compile(operate.Entries(owned), watch.Options{})
	k.complain(problems)
	return index, edits, bulk, nil
}

func (k *keeper) complain(problems []watch.Problem) {
	for _, problem := range problems {
		if !messages.IsToken(problem.List) || !messages.IsToken(problem.Entry) {
			problem.List, problem.Entry = "", "" // somebody's name in the wrong place, perhaps; names never reach a log
		}
		k.p.Log.Warn("watch entry not watched in full", "list", problem.List, "entry", problem.Entry, "reason", problem.Sentence)
	}
}

// loadRejected puts the rejections there are in force.
func (k *keeper) loadRejected(ctx context.Context) error {
	book, rev, err := readRejected(ctx, k.rejected)
	if err != nil {
		return err
	}
	k.book, k.force.Rejected = book, rev
	k.core.SetRejected(book)
	return nil
}

// readRejected reads the rejections there are, at least up to the revision it returns.
func readRejected(ctx context.Context, bucket *bus.Bucket) (*rejected.Book, uint64, error) {
	rev, err := bucket.Last(ctx)
	if err != nil {
		return nil, 0, err
	}
	book := &rejected.Book{}
	err = bucket.List(ctx, func(key string, value []byte) error {
		r, err := messages.Decode[messages.Rejection](value)
		if err != nil {
			return fmt.Errorf("rejection %s: %w", key, err)
		}
		book = book.With(r)
		return nil
	})
	return book, rev, err
}

// reject makes one change of the rejections.
func (k *keeper) reject(c bus.KeyChange) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c.Loaded || c.Revision <= k.force.Rejected {
		return nil
	}
	book, err := k.changeBook(c)
	if err != nil {
		k.p.Log.Error("a rejection cannot be read and is not in force", "error", err)
		return nil
	}
	k.book, k.force.Rejected = book, c.Revision
	k.core.SetRejected(book)
	mark(k.tell)
	return nil
}

func (k *keeper) changeBook(c bus.KeyChange) (*rejected.Book, error) {
	if !c.Removed {
		r, err := messages.Decode[messages.Rejection](c.Value)
		return k.book.With(r), err
	}
	parts := strings.Split(c.Key, ".")
	if len(parts) != 3 {
		return nil, errors.New("its key is not list, entry and alert")
	}
	return k.book.Without(parts[0], parts[1], parts[2]), nil
}

// reportEvery is how often a report is written at least: well within its life.
const reportEvery = messages.InForceLife / 3

// reports writes what is in force, at once when it changes and else often enough to count as living.
func (k *keeper) reports(ctx context.Context) error {
	bucket, err := k.p.Bus.Bucket(ctx, messages.BucketExtractors)
	if err != nil {
		return err
	}
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	key := messages.Hash(k.force.Extractor)
	for {
		if err := k.report(ctx, bucket, key); err != nil && ctx.Err() == nil {
			k.p.Log.Warn("what is in force could not be reported; commands will name this extractor as late", "error", err)
		}
		select {
		case <-ctx.Done():
			return k.leave(bucket, key)
		case <-tick.C:
		case <-k.tell:
		}
	}
}

func (k *keeper) report(ctx context.Context, bucket *bus.Bucket, key string) error {
	k.mu.Lock()
	now := k.force
	k.mu.Unlock()
	now.Settled = min(now.Edits, k.air.settled())
	data, err := messages.Encode(now)
	if err != nil {
		return err
	}
	return bucket.Put(ctx, key, data)
}

// leave takes the report away, so that nobody waits for this extractor any more.
func (k *keeper) leave(bucket *bus.Bucket, key string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := bucket.Delete(ctx, key); err != nil {
		k.p.Log.Debug("the report ends by age", "error", err)
	}
	return nil
}
