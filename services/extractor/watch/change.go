package watch

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Sizes up to which the small levels are filled before they are merged into the next: a change recompiles one small
// level, now and then a middle one, and never the large one.
const (
	smallMost  = 64
	middleMost = 8192
)

// With gives an Index in which the entries are added, or replace those of the same list and id. It shares everything
// else with x, which stays as it is. Entries that cannot be watched are left out and reported; a replaced one is gone
// all the same.
func (x *Index) With(entries ...Entry) (*Index, []Problem) {
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i] = entries[i].WithIdentity()
	}
	next := x.clone()
	for _, e := range entries {
		next.remove(e.List, e.ID)
	}
	for list, n := range countDistinct(entries) {
		next.distinct[list] += n
	}
	top := len(next.levels) - 1
	var problems []Problem
	if top == 0 || len(next.small[top])+len(entries) > smallMost && len(next.levels) < levelSlots {
		problems = next.push(entries)
	} else {
		problems = next.merge(entries)
	}
	next.setBars()
	return next, problems
}

// Without gives an Index in which the entry is gone; x itself when it never was there.
func (x *Index) Without(list, entry string) *Index {
	next := x.clone()
	if !next.remove(list, entry) {
		return x
	}
	next.setBars()
	return next
}

func (x *Index) clone() *Index {
	return &Index{
		options: x.options, levels: slices.Clone(x.levels), gone: slices.Clone(x.gone), small: slices.Clone(x.small),
		distinct: maps.Clone(x.distinct), pool: x.pool, bars: x.bars, lowest: x.lowest,
	}
}

// remove marks an entry as gone in the levels that hold it.
func (x *Index) remove(list, id string) bool {
	found := false
	for i, l := range x.levels {
		e, ok := l.entries.find(list, id)
		if !ok || x.gone[i][e] {
			continue
		}
		found = true
		gone := maps.Clone(x.gone[i])
		if gone == nil {
			gone = map[uint32]bool{}
		}
		gone[e] = true
		x.gone[i] = gone
		x.distinct[list] = max(0, x.distinct[list]-int(l.entries.names[e]))
		if i > 0 {
			x.small[i] = slices.DeleteFunc(slices.Clone(x.small[i]), func(e Entry) bool { return e.List == list && e.ID == id })
		}
	}
	return found
}

// push puts entries on a new level.
func (x *Index) push(entries []Entry) []Problem {
	l, problems := buildLevel(entries)
	x.levels = append(x.levels, l)
	x.gone = append(x.gone, nil)
	x.small = append(x.small, entries)
	return problems
}

// merge compiles entries together with the small levels that they overflow.
func (x *Index) merge(entries []Entry) []Problem {
	top := len(x.levels) - 1
	all := slices.Concat(x.small[top], entries)
	for top > 1 && (len(all) > smallMost && top == levelSlots-1 || len(all) > middleMost) {
		top--
		all = slices.Concat(x.small[top], all)
	}
	x.levels, x.gone, x.small = x.levels[:top], x.gone[:top], x.small[:top]
	return x.push(all)
}

// find looks an entry up.
func (t *entryTable) find(list, id string) (uint32, bool) {
	found, ok := uint32(0), false
	t.byID.each(hashRaw(id)*hashFactor, func(e uint32) {
		if t.id.of(e) == id && t.lists[t.list[e]] == list {
			found, ok = e, true
		}
	})
	return found, ok
}

// Set holds the Index that is in force. Find never waits; changes are made one at a time, and take effect at once for
// every text whose search begins afterwards. The zero value watches nothing.
type Set struct {
	current atomic.Pointer[Index]
	change  sync.Mutex
}

// Index is the one in force.
func (s *Set) Index() *Index {
	if x := s.current.Load(); x != nil {
		return x
	}
	empty, _ := Compile(nil, Options{})
	if s.current.CompareAndSwap(nil, empty) {
		return empty
	}
	return s.current.Load()
}

// Replace puts another Index in force, as after a new bulk list.
func (s *Set) Replace(x *Index) {
	s.change.Lock()
	defer s.change.Unlock()
	s.current.Store(x)
}

// Add adds or replaces entries.
func (s *Set) Add(entries ...Entry) []Problem {
	s.change.Lock()
	defer s.change.Unlock()
	x, problems := s.Index().With(entries...)
	s.current.Store(x)
	return problems
}

// Remove takes an entry out; one that is not there changes nothing.
func (s *Set) Remove(list, entry string) {
	s.change.Lock()
	defer s.change.Unlock()
	s.current.Store(s.Index().Without(list, entry))
}

// Find searches the Index in force.
func (s *Set) Find(doc Doc) []Match { return s.Index().Find(doc) }
