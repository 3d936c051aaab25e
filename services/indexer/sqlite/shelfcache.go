package sqlite

import "sync"

// shelvesKept bounds the shelves kept in memory, at some 2 KB each. When they are that many, all are let go.
const shelvesKept = 8192

// shelfCache keeps shelves that were read: every language has runs of three words that stand in one text of ten, and their
// shelves are asked for by almost every article. A shelf never changes.
type shelfCache struct {
	mu   sync.Mutex
	kept map[int64][]byte
}

// get returns a shelf by its key, reading it where it is not kept.
func (c *shelfCache) get(key int64, read func() ([]byte, error)) ([]byte, error) {
	c.mu.Lock()
	entries, there := c.kept[key]
	c.mu.Unlock()
	if there {
		return entries, nil
	}
	entries, err := read()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || len(c.kept) >= shelvesKept {
		c.kept = map[int64][]byte{}
	}
	c.kept[key] = entries
	return entries, nil
}
