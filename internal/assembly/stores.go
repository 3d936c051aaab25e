package assembly

import (
	"context"
	"errors"

	"tocsin/internal/bus"
)

// Listed gives a bucket the List that the cores ask for.
type Listed struct{ *bus.Bucket }

// List returns every key with its value.
func (l Listed) List(ctx context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := l.Bucket.List(ctx, func(key string, value []byte) error {
		all[key] = value
		return nil
	})
	return all, err
}

// Blobs gives an object store the Get and Names that the cores ask for.
type Blobs struct{ *bus.Objects }

// Get returns the object, nil where there is none.
func (b Blobs) Get(ctx context.Context, name string) ([]byte, error) {
	data, err := b.Objects.Get(ctx, name)
	if errors.Is(err, bus.ErrNoObject) {
		return nil, nil
	}
	return data, err
}

// Names returns the names of all objects.
func (b Blobs) Names(ctx context.Context) ([]string, error) {
	infos, err := b.List(ctx)
	names := make([]string, len(infos))
	for i, info := range infos {
		names[i] = info.Name
	}
	return names, err
}
