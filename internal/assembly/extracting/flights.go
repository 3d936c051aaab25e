package extracting

import "sync"

// flights knows with which lists the articles that are being read were begun. It has a lock of its own, so that no
// article waits for an edit being made.
type flights struct {
	mu      sync.Mutex
	inForce uint64         // revision of the edits that an article begun now is read with, or a later one
	busy    map[uint64]int // revision → articles begun with it
}

// begin notes an article; end has to be called with what it returns. Lists must be looked at only afterwards.
func (f *flights) begin() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy == nil {
		f.busy = map[uint64]int{}
	}
	f.busy[f.inForce]++
	return f.inForce
}

// end reports whether the article was the last of its revision.
func (f *flights) end(began uint64) (last bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy[began]--; f.busy[began] > 0 {
		return false
	}
	delete(f.busy, began)
	return began < f.inForce
}

// put says that edits up to a revision are in force.
func (f *flights) put(rev uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inForce = rev
}

// settled is the revision from which on every article was begun that is being read.
func (f *flights) settled() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	oldest := f.inForce
	for rev := range f.busy {
		oldest = min(oldest, rev)
	}
	return oldest
}
