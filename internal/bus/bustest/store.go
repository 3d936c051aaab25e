package bustest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Store is the in-memory stand-in of bus.Bucket.
type Store struct {
	mu     sync.Mutex
	rev    uint64
	values map[string]entry
	before func(verb, key string)
}

type entry struct {
	value []byte
	rev   uint64
}

// NewStore returns an empty bucket.
func NewStore() *Store { return &Store{values: map[string]entry{}} }

// Store returns the bucket of that name, empty at first.
func (b *Bus) Store(name string) *Store {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stores[name] == nil {
		b.stores[name] = NewStore()
	}
	return b.stores[name]
}

// Before makes every Load ("load"), Store ("store") and Delete ("delete") call f first, unlocked, so that a test can be
// someone else who is quicker. nil ends that.
func (s *Store) Before(f func(verb, key string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = f
}

func (s *Store) enter(ctx context.Context, verb, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !validKey(key) {
		return fmt.Errorf("%s %q: not a key", verb, key)
	}
	s.mu.Lock()
	f := s.before
	s.mu.Unlock()
	if f != nil {
		f(verb, key)
	}
	return nil
}

// Load returns the value and its revision; nil, 0, nil when there is none.
func (s *Store) Load(ctx context.Context, key string) (value []byte, rev uint64, err error) {
	if err := s.enter(ctx, "load", key); err != nil {
		return nil, 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.values[key]
	return slices.Clone(e.value), e.rev, nil
}

// Store writes value if key is still at revision rev (0: if it does not exist). ok is false when someone else was first.
func (s *Store) Store(ctx context.Context, key string, value []byte, rev uint64) (newRev uint64, ok bool, err error) {
	if err := s.enter(ctx, "store", key); err != nil {
		return 0, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.values[key].rev != rev {
		return 0, false, nil
	}
	s.rev++
	s.values[key] = entry{slices.Clone(value), s.rev}
	return s.rev, true, nil
}

// Delete removes key; an absent key is no error.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := s.enter(ctx, "delete", key); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.values[key]; there {
		s.rev++
		delete(s.values, key)
	}
	return nil
}

// Keys returns all keys, sorted.
func (s *Store) Keys(ctx context.Context) ([]string, error) {
	var keys []string
	err := s.List(ctx, func(key string, _ []byte) error { keys = append(keys, key); return nil })
	slices.Sort(keys)
	return keys, err
}

// List calls each with every key and value of now, in the order they were written. An error of each ends it.
func (s *Store) List(ctx context.Context, each func(key string, value []byte) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	type pair struct {
		key string
		entry
	}
	s.mu.Lock()
	var pairs []pair
	for k, e := range s.values {
		pairs = append(pairs, pair{k, e})
	}
	s.mu.Unlock()
	slices.SortFunc(pairs, func(a, b pair) int { return int(a.rev) - int(b.rev) }) //nolint:gosec // few writes
	for _, p := range pairs {
		if err := each(p.key, slices.Clone(p.value)); err != nil {
			return err
		}
	}
	return nil
}

// validKey holds what bus.Bucket documents.
func validKey(key string) bool {
	if key == "" || len(key) > 512 || strings.HasPrefix(key, ".") || strings.HasSuffix(key, ".") || strings.Contains(key, "..") {
		return false
	}
	return strings.IndexFunc(key, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_=/.", r))
	}) < 0
}

// Objects is the in-memory stand-in of bus.Objects.
type Objects struct {
	mu   sync.Mutex
	data map[string][]byte
}

// ErrNoObject is what Get of an absent object gets, as bus.ErrNoObject is.
var ErrNoObject = errors.New("no such object")

// NewObjects returns an empty object store.
func NewObjects() *Objects { return &Objects{data: map[string][]byte{}} }

// Objects returns the object store of that name, empty at first.
func (b *Bus) Objects(name string) *Objects {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.objects[name] == nil {
		b.objects[name] = NewObjects()
	}
	return b.objects[name]
}

// Put stores data under name, replacing what was there.
func (o *Objects) Put(ctx context.Context, name string, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if name == "" {
		return errors.New("put: an object needs a name")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.data[name] = slices.Clone(data)
	return nil
}

// Get returns the object; an absent one is ErrNoObject.
func (o *Objects) Get(ctx context.Context, name string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	data, ok := o.data[name]
	if !ok {
		return nil, fmt.Errorf("get %q: %w", name, ErrNoObject)
	}
	return slices.Clone(data), nil
}

// Delete removes the object; an absent one is no error.
func (o *Objects) Delete(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.data, name)
	return nil
}

// Names returns the names of all objects, sorted.
func (o *Objects) Names() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var names []string
	for n := range o.data {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
