package operate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"tocsin/pkg/messages"
)

// Bucket is a key-value bucket of messages.Record, with compare-and-set.
type Bucket interface {
	// Load returns the value and its revision; absent: nil, 0, nil.
	Load(ctx context.Context, key string) ([]byte, uint64, error)
	// Store writes only when the revision is still rev (0: absent); ok is false when somebody else was first.
	Store(ctx context.Context, key string, value []byte, rev uint64) (uint64, bool, error)
	// List returns every key with its value.
	List(ctx context.Context) (map[string][]byte, error)
}

// Change is what an import did, by key, each sorted.
type Change struct {
	Added   []string `json:"added,omitempty"`
	Updated []string `json:"updated,omitempty"`
	Removed []string `json:"removed,omitempty"`
	// Kept are keys that were left alone: removed by command before, or owned by somebody else.
	Kept []string `json:"kept,omitempty"`
}

// Empty reports whether nothing was changed.
func (c Change) Empty() bool { return len(c.Added)+len(c.Updated)+len(c.Removed) == 0 }

func (c *Change) sort() {
	for _, keys := range [][]string{c.Added, c.Updated, c.Removed, c.Kept} {
		slices.Sort(keys)
	}
}

// records edits a bucket by the rules of ownership.
type records struct {
	bucket Bucket
	now    func() time.Time
	// progress hears how far reconcile is; may be nil.
	progress func(done, total int)
}

// reconcile makes owner's records exactly wanted. What others own, and what a command removed, stays as it is.
func (r records) reconcile(ctx context.Context, owner string, wanted map[string]json.RawMessage) (Change, error) {
	var change Change
	all, err := r.bucket.List(ctx)
	if err != nil {
		return change, fmt.Errorf("list what is configured: %w", err)
	}
	if err := r.bringAll(ctx, owner, wanted, all, &change); err != nil {
		return change, err
	}
	for key := range wanted {
		delete(all, key)
	}
	for key, data := range all {
		if err := r.drop(ctx, owner, key, data, &change); err != nil {
			return change, err
		}
	}
	change.sort()
	return change, nil
}

// writers is how many records are written at once: each takes a round trip or two.
const writers = 32

// bringAll adds or updates all of owner's records, in no order.
func (r records) bringAll(ctx context.Context, owner string, wanted map[string]json.RawMessage, all map[string][]byte, change *Change) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	var mu sync.Mutex
	done := 0
	for key, value := range wanted {
		group.Go(func() error {
			var one Change
			if err := r.bring(ctx, owner, key, value, all[key], &one); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			change.add(one)
			if done++; r.progress != nil {
				r.progress(done, len(wanted))
			}
			return nil
		})
	}
	return group.Wait()
}

func (c *Change) add(more Change) {
	c.Added, c.Updated = append(c.Added, more.Added...), append(c.Updated, more.Updated...)
	c.Removed, c.Kept = append(c.Removed, more.Removed...), append(c.Kept, more.Kept...)
}

// bring adds or updates one of owner's records.
func (r records) bring(ctx context.Context, owner, key string, value json.RawMessage, old []byte, change *Change) error {
	if len(old) == 0 {
		change.Added = append(change.Added, key)
		return r.put(ctx, key, messages.Record{Owner: owner, Value: value})
	}
	have, err := messages.Decode[messages.Record](old)
	if err != nil {
		return fmt.Errorf("record %s: %w", key, err)
	}
	switch {
	case have.Owner != owner:
		change.Kept = append(change.Kept, key)
		return nil
	case have.Dropped():
		change.Added = append(change.Added, key)
	case bytes.Equal(have.Value, value):
		return nil
	default:
		change.Updated = append(change.Updated, key)
	}
	return r.put(ctx, key, messages.Record{Owner: owner, Value: value})
}

// drop takes away a record of owner that its file no longer brings.
func (r records) drop(ctx context.Context, owner, key string, data []byte, change *Change) error {
	have, err := messages.Decode[messages.Record](data)
	if err != nil {
		return fmt.Errorf("record %s: %w", key, err)
	}
	if have.Owner != owner || have.Removed {
		return nil
	}
	change.Removed = append(change.Removed, key)
	return r.put(ctx, key, messages.Record{Owner: owner, Removed: true})
}

// put writes a record whatever stood there before, trying again while others write the same key.
func (r records) put(ctx context.Context, key string, record messages.Record) error {
	_, err := r.write(ctx, key, record)
	return err
}

// write is put, and returns the revision of the bucket that it made.
func (r records) write(ctx context.Context, key string, record messages.Record) (rev uint64, err error) {
	record.Version = messages.Version
	record.Changed = r.now().UTC()
	data, err := messages.Encode(record)
	if err != nil {
		return 0, fmt.Errorf("record %s: %w", key, err)
	}
	for {
		_, old, err := r.bucket.Load(ctx, key)
		if err != nil {
			return 0, fmt.Errorf("record %s: %w", key, err)
		}
		rev, ok, err := r.bucket.Store(ctx, key, data, old)
		if err != nil {
			return 0, fmt.Errorf("record %s: %w", key, err)
		}
		if ok {
			return rev, nil
		}
	}
}
