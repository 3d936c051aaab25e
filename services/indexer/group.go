package indexer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"tocsin/pkg/messages"
)

// Times of grouping.
const (
	// kinWindow is how far back near-copies are looked for: syndicated copies appear within days.
	kinWindow = 7 * 24 * time.Hour
	// secondLook is how long after its write an article is looked at again. The index has refreshed by then, so copies
	// that were written at the same time, by whomever, see each other.
	secondLook = 15 * time.Second
	// looksWaiting bounds the articles that wait for their second look. Beyond it an article keeps the group of its first
	// look, and a counter says so.
	looksWaiting = 50_000
	// looksAtOnce is how many articles one second look takes.
	looksAtOnce = 256
)

// Grouping is what an index needs for its near-copies to be grouped: to find them, and to give an article back that is
// to be written again.
type Grouping interface {
	Kin
	Archive
}

// waiting is an article on its way to its second look.
type waiting struct {
	id, group string
	version   int64
	sketch    []uint64
	seen      time.Time
	due       time.Time
}

// groups gives near-copies one group. The zero value with no index groups nothing.
type groups struct {
	index Grouping
	mu    sync.Mutex
	queue []waiting // by due, as they are appended in the order of the clock
}

// join gives each document the group of its near-copies in the index and in the batch. A document whose kin cannot be
// asked for keeps its own, until a second look where there is one.
func (x *Indexer) join(ctx context.Context, docs []Document) {
	if x.groups.index == nil || len(docs) == 0 {
		return
	}
	kin, err := x.kin(ctx, docs)
	if err != nil {
		x.o.Log.WarnContext(ctx, "near-copies cannot be asked for; the batch is written without", "error", err)
		x.o.Meter.Add(metricLooks, float64(len(docs)), "look", "first", "outcome", "failed")
		return
	}
	x.o.Meter.Add(metricLooks, float64(len(docs)), "look", "first", "outcome", "ok")
	for i := range docs {
		d := &docs[i]
		if group := least(kin[i]); group != "" {
			d.Group = group
		}
		for _, earlier := range docs[:i] {
			if earlier.ID == d.ID || !messages.NearCopies(earlier.Sketch, d.Sketch) {
				continue
			}
			if d.Group == d.ID || earlier.Group < d.Group { // a group of its own gives way to any other
				d.Group = earlier.Group
			}
		}
	}
}

// kin asks the index for the near-copies of each document. Texts too short to be told apart are nobody's copies.
func (x *Indexer) kin(ctx context.Context, docs []Document) ([][]Relative, error) {
	all := make([][]Relative, len(docs))
	var sketches [][]uint64
	var from []int
	oldest := docs[0].FirstSeen
	for i, d := range docs {
		if len(d.Sketch) >= messages.SketchLeast {
			sketches, from = append(sketches, d.Sketch), append(from, i)
			if d.FirstSeen.Before(oldest) {
				oldest = d.FirstSeen
			}
		}
	}
	if len(sketches) == 0 {
		return all, nil
	}
	found, err := x.groups.index.Kin(ctx, sketches, oldest.Add(-kinWindow))
	if err == nil && len(found) != len(sketches) {
		err = fmt.Errorf("the index answered for %d of %d sketches", len(found), len(sketches))
	}
	if err != nil {
		return nil, err
	}
	for i, relatives := range found {
		all[from[i]] = relatives
	}
	return all, nil
}

// least is the group that relatives agree on: the first by name, so that any two that see each other choose the same.
func least(relatives []Relative) string {
	group := ""
	for _, r := range relatives {
		if group == "" || r.Group < group {
			group = r.Group
		}
	}
	return group
}

// await puts stored documents in line for their second look.
func (x *Indexer) await(docs []Document, outcomes []Outcome) {
	if x.groups.index == nil || !x.o.SecondLook {
		return
	}
	due := x.o.Now().Add(secondLook)
	x.groups.mu.Lock()
	defer x.groups.mu.Unlock()
	for i, d := range docs {
		if outcomes[i].Err != nil || outcomes[i].Known || len(d.Sketch) < messages.SketchLeast {
			continue
		}
		if len(x.groups.queue) >= looksWaiting {
			x.o.Meter.Add(metricLooks, 1, "look", "second", "outcome", "dropped")
			continue
		}
		x.groups.queue = append(x.groups.queue, waiting{d.ID, d.Group, d.Version(), d.Sketch, d.FirstSeen, due})
	}
}

// due takes what is due from the line.
func (g *groups) due(now time.Time) []waiting {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for n < len(g.queue) && n < looksAtOnce && !g.queue[n].due.After(now) {
		n++
	}
	some := slices.Clone(g.queue[:n])
	g.queue = slices.Delete(g.queue, 0, n)
	return some
}

// Run takes the second looks, until ctx ends. What was in line then stays in the group of its first look.
func (x *Indexer) Run(ctx context.Context) error {
	if x.groups.index == nil || !x.o.SecondLook {
		return nil
	}
	tick := time.NewTicker(secondLook / 10)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		for x.LookAgain(ctx) == looksAtOnce && ctx.Err() == nil {
		}
	}
}

// LookAgain takes the second looks that are due, some at a time, and returns how many it took. It writes an article again
// whose near-copies are of another group, as a further patch of the same revision, so that a redelivery of the first
// changes nothing.
func (x *Indexer) LookAgain(ctx context.Context) int {
	some := x.groups.due(x.o.Now())
	if len(some) == 0 {
		return 0
	}
	moved, err := x.lookAgain(ctx, some)
	outcome := "ok"
	if err != nil && ctx.Err() == nil {
		outcome = "failed"
		x.o.Log.WarnContext(ctx, "near-copies that came together stay in groups of their own", "articles", len(some), "error", err)
	}
	x.o.Meter.Add(metricLooks, float64(len(some)), "look", "second", "outcome", outcome)
	x.o.Meter.Add(metricMoved, float64(moved))
	return len(some)
}

func (x *Indexer) lookAgain(ctx context.Context, some []waiting) (moved int, err error) {
	docs := make([]Document, len(some))
	for i, w := range some {
		docs[i] = Document{ID: w.id, Sketch: w.sketch, FirstSeen: w.seen}
	}
	kin, err := x.kin(ctx, docs)
	if err != nil {
		return 0, err
	}
	var again []Document
	for i, w := range some {
		group := least(kin[i])
		if group == "" || group >= w.group {
			continue
		}
		d, ok, err := x.fetch(ctx, w)
		if err != nil {
			return 0, err
		}
		if d.Group = group; ok {
			again = append(again, d)
		}
	}
	if len(again) == 0 {
		return 0, nil
	}
	outcomes, err := x.o.Writer.Write(ctx, again)
	if err != nil {
		return 0, fmt.Errorf("write %d articles into their groups: %w", len(again), err)
	}
	for _, o := range outcomes {
		if err = errors.Join(err, o.Err); o.Err == nil && !o.Known {
			moved++
		}
	}
	return moved, err
}

// fetch gives the article back as it was written, one look further; ok is false when it has been written anew meanwhile
// and will have a look of its own.
func (x *Indexer) fetch(ctx context.Context, w waiting) (d Document, ok bool, err error) {
	a, err := x.groups.index.Article(ctx, w.id)
	if errors.Is(err, ErrNotFound) || err == nil && a.Revision != RevisionOf(w.version) {
		return d, false, nil
	}
	if err != nil {
		return d, false, fmt.Errorf("article %s: %w", w.id, err)
	}
	d = NewDocument(a, 0)
	d.Patch = PatchOf(w.version)
	d, ok = d.Again()
	return d, ok, nil
}
