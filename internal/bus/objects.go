package bus

import (
	"context"
	"errors"
	"time"
)

// Objects is a store of named blobs of up to MaxObject bytes.
type Objects struct{}

// MaxObject is the largest object in bytes.
const MaxObject = 256 << 20

// ObjectInfo describes one object.
type ObjectInfo struct {
	Name     string
	Size     int64
	Modified time.Time
	Removed  bool // in Watch only
	Loaded   bool // in Watch only: all that was there has been told
}

// Objects binds to the object store of that name (a messages.Objects constant).
func (b *Bus) Objects(ctx context.Context, name string) (*Objects, error) {
	return nil, errors.ErrUnsupported
}

// Put stores data under name, replacing what was there.
func (s *Objects) Put(ctx context.Context, name string, data []byte) error {
	return errors.ErrUnsupported
}

// Get returns the object; an absent one is an error that errors.Is ErrNoObject.
func (s *Objects) Get(ctx context.Context, name string) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

// ErrNoObject says that there is no object of that name.
var ErrNoObject = errors.New("no such object")

// Delete removes the object; an absent one is no error.
func (s *Objects) Delete(ctx context.Context, name string) error { return errors.ErrUnsupported }

// List returns all objects by name.
func (s *Objects) List(ctx context.Context) ([]ObjectInfo, error) { return nil, errors.ErrUnsupported }

// Watch calls each with every object there is, then with one whose Loaded is true, then with changes as they happen,
// until ctx is done (nil) or each returns an error.
func (s *Objects) Watch(ctx context.Context, each func(ObjectInfo) error) error {
	return errors.ErrUnsupported
}
