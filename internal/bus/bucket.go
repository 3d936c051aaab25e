package bus

import (
	"context"
	"errors"
)

// Bucket is a key-value store. Keys are 1 to 512 bytes of ASCII letters, digits and - _ = / . (no dot at either end,
// no two in a row).
type Bucket struct{}

// Bucket binds to the bucket of that name (a messages.Bucket constant).
func (b *Bus) Bucket(ctx context.Context, name string) (*Bucket, error) {
	return nil, errors.ErrUnsupported
}

// Load returns the latest value and its revision; nil, 0, nil when there is none.
func (k *Bucket) Load(ctx context.Context, key string) (value []byte, rev uint64, err error) {
	return nil, 0, errors.ErrUnsupported
}

// Store writes value if key is still at revision rev (0: if it does not exist). ok is false when someone else was first.
func (k *Bucket) Store(ctx context.Context, key string, value []byte, rev uint64) (newRev uint64, ok bool, err error) {
	return 0, false, errors.ErrUnsupported
}

// Delete removes key; an absent key is no error.
func (k *Bucket) Delete(ctx context.Context, key string) error { return errors.ErrUnsupported }

// Keys returns all keys, sorted.
func (k *Bucket) Keys(ctx context.Context) ([]string, error) { return nil, errors.ErrUnsupported }

// List calls each with every key and value as of now, in the order they were written. An error of each ends it.
func (k *Bucket) List(ctx context.Context, each func(key string, value []byte) error) error {
	return errors.ErrUnsupported
}

// Change of a bucket as Watch reports it.
type KeyChange struct {
	// Loaded is true once, in a change without a key, after everything that was there when the watch began.
	Loaded bool
	Key    string
	// Value is nil when Removed.
	Value    []byte
	Revision uint64
	Removed  bool
}

// Watch calls each with every value there is, then with one change whose Loaded is true, then with changes as they
// happen. It returns when ctx is done (nil) or with the first error of each.
func (k *Bucket) Watch(ctx context.Context, each func(KeyChange) error) error {
	return errors.ErrUnsupported
}
