package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// Bucket is a key-value store with compare-and-set. Keys are 1 to 512 bytes of ASCII letters, digits and - _ = / and
// dots, no dot at either end and no two in a row. Values are at most a message large (see Bus.MaxPayload).
type Bucket struct {
	b    *Bus
	kv   jetstream.KeyValue
	name string
}

// maxKey is a limit of ours; the server's is its longest protocol line.
const maxKey = 512

// Bucket binds to the bucket of that name (a messages.Bucket constant). A missing one is an error that says to run
// `tocsin setup`; a server that does not answer is waited for some thirty seconds.
func (b *Bus) Bucket(ctx context.Context, name string) (*Bucket, error) {
	k := &Bucket{b: b, name: name}
	err := b.bind(ctx, "bucket "+name, func(ctx context.Context) (err error) {
		k.kv, err = b.js.KeyValue(ctx, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return k, nil
}

// Load returns the value and its revision; nil, 0, nil when there is none. It asks the leader of the bucket, so it sees
// every write that was acknowledged before.
func (k *Bucket) Load(ctx context.Context, key string) (value []byte, rev uint64, err error) {
	if err := checkKey(key); err != nil {
		return nil, 0, k.wrap("load", key, err)
	}
	e, err := k.kv.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, k.wrap("load", key, later(err))
	}
	return e.Value(), e.Revision(), nil
}

// Store writes value if key is still at revision rev (0: if it does not exist) and returns the new revision. ok is false
// when someone else was first. An error leaves open whether the value was written: load to learn it.
func (k *Bucket) Store(ctx context.Context, key string, value []byte, rev uint64) (newRev uint64, ok bool, err error) {
	if err := checkKey(key); err != nil {
		return 0, false, k.wrap("store", key, err)
	}
	if rev == 0 {
		newRev, err = k.kv.Create(ctx, key, value)
	} else {
		newRev, err = k.kv.Update(ctx, key, value, rev)
	}
	if errors.Is(err, jetstream.ErrKeyExists) || errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return 0, false, nil
	}
	if err = k.b.wrote(err); err != nil {
		return 0, false, k.wrap("store", key, err)
	}
	return newRev, true, nil
}

// Put writes value whatever is there.
func (k *Bucket) Put(ctx context.Context, key string, value []byte) error {
	if err := checkKey(key); err != nil {
		return k.wrap("put", key, err)
	}
	if _, err := k.kv.Put(ctx, key, value); err != nil {
		return k.wrap("put", key, err)
	}
	return nil
}

// Last is the revision of the newest write to any key: whoever reads the bucket afterwards sees at least that.
func (k *Bucket) Last(ctx context.Context) (uint64, error) {
	return k.b.lastSequence(ctx, "KV_"+k.name)
}

// Delete removes key; an absent key is no error.
func (k *Bucket) Delete(ctx context.Context, key string) error {
	_, rev, err := k.Load(ctx, key)
	if err != nil || rev == 0 {
		return err
	}
	if err := k.kv.Delete(ctx, key); err != nil {
		return k.wrap("delete", key, err)
	}
	return nil
}

// Keys returns all keys, sorted.
func (k *Bucket) Keys(ctx context.Context) ([]string, error) {
	found := map[string]bool{}
	err := k.read(ctx, true, func(c KeyChange) error {
		if c.Loaded {
			return errEnough
		}
		found[c.Key] = !c.Removed
		return nil
	})
	if err == nil {
		err = ctx.Err()
	}
	var keys []string
	for key, there := range found {
		if there {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, err
}

// List calls each with every key and value of now, in the order they were written; a key written meanwhile may come
// twice. An error of each ends it and is returned.
func (k *Bucket) List(ctx context.Context, each func(key string, value []byte) error) error {
	err := k.read(ctx, false, func(c KeyChange) error {
		switch {
		case c.Loaded:
			return errEnough
		case c.Removed:
			return nil
		}
		return each(c.Key, c.Value)
	})
	if err != nil {
		return err
	}
	return ctx.Err()
}

// KeyChange is a change of a bucket as Watch reports it.
type KeyChange struct {
	// Loaded is true once, in a change without a key, after everything that was there when the watch began.
	Loaded bool
	Key    string
	// Value is nil when Removed.
	Value    []byte
	Revision uint64
	Removed  bool
}

// Watch calls each with every value there is (removals among them, as far as the bucket remembers), then with one change
// whose Loaded is true, then with changes as they happen. It survives a lost connection and returns when ctx is done
// (nil) or with the first error of each. Of several quick changes to one key only the last may be told; a value that the
// bucket drops by age is not told.
func (k *Bucket) Watch(ctx context.Context, each func(KeyChange) error) error {
	return k.read(ctx, false, each)
}

func (k *Bucket) read(ctx context.Context, keysOnly bool, each func(KeyChange) error) error {
	prefix := "$KV." + k.name + "."
	what := reading{stream: "KV_" + k.name, subjects: []string{prefix + ">"}, policy: jetstream.DeliverLastPerSubjectPolicy, headers: keysOnly}
	return k.b.read(ctx, what, func(m jetstream.Msg, meta *jetstream.MsgMetadata) error {
		c := KeyChange{Key: strings.TrimPrefix(m.Subject(), prefix), Revision: meta.Sequence.Stream}
		// A marker of the client library, or of the server when it removed the value by age.
		if c.Removed = m.Headers().Get("KV-Operation") != "" || m.Headers().Get(jetstream.MarkerReasonHeader) != ""; !c.Removed {
			c.Value = m.Data()
		}
		return each(c)
	}, func() error { return each(KeyChange{Loaded: true}) })
}

func (k *Bucket) wrap(verb, key string, err error) error {
	return fmt.Errorf("%s %s in bucket %s: %w", verb, key, k.name, err)
}

// checkKey gives a clearer answer than the library, which only says that a key is invalid.
func checkKey(key string) error {
	if key == "" || len(key) > maxKey {
		return fmt.Errorf("a key has 1 to %d bytes, not %d", maxKey, len(key))
	}
	for i := range len(key) {
		c := key[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_=/.", c) >= 0 {
			continue
		}
		return fmt.Errorf("byte %q may not stand in a key; hash what is not a token", c)
	}
	if strings.HasPrefix(key, ".") || strings.HasSuffix(key, ".") || strings.Contains(key, "..") {
		return errors.New("a key has no dot at its ends and no two in a row")
	}
	return nil
}
