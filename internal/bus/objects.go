package bus

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Objects is a store of named blobs of up to MaxObject bytes. Names may be any text but the empty one.
type Objects struct {
	b    *Bus
	os   jetstream.ObjectStore
	name string
}

// MaxObject is the largest object in bytes. An object is in memory as a whole.
const MaxObject = 256 << 20

// objectTime is how long one object may take to travel when the caller's context has no deadline.
const objectTime = 2 * time.Minute

// ErrNoObject says that there is no object of that name.
var ErrNoObject = errors.New("no such object")

// ObjectInfo describes one object.
type ObjectInfo struct {
	Name     string
	Size     int64
	Modified time.Time
	Revision uint64
	Removed  bool // in Watch only
	Loaded   bool // in Watch only: all that was there has been told
}

// Objects binds to the object store of that name (a messages.Objects constant). A missing one is an error that says to
// run `tocsin setup`; a server that does not answer is waited for some thirty seconds.
func (b *Bus) Objects(ctx context.Context, name string) (*Objects, error) {
	var os jetstream.ObjectStore
	err := b.bind(ctx, "object store "+name, func(ctx context.Context) (err error) {
		os, err = b.js.ObjectStore(ctx, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Objects{b, os, name}, nil
}

// Put stores data under name, replacing what was there. It returns once all of it is acknowledged; readers see either
// the old object or the new. More than MaxObject bytes fail with ErrTooLarge.
func (s *Objects) Put(ctx context.Context, name string, data []byte) error {
	if name == "" {
		return s.wrap("put", name, errors.New("an object needs a name"))
	}
	if len(data) > MaxObject {
		return s.wrap("put", name, fmt.Errorf("%w: %d bytes, and an object may have %d", ErrTooLarge, len(data), MaxObject))
	}
	ctx, cancel := objectContext(ctx)
	defer cancel()
	if _, err := s.os.PutBytes(ctx, name, data); err != nil {
		return s.wrap("put", name, err)
	}
	return nil
}

// Get returns the object, its checksum verified; an absent one is an error that errors.Is ErrNoObject.
func (s *Objects) Get(ctx context.Context, name string) ([]byte, error) {
	ctx, cancel := objectContext(ctx)
	defer cancel()
	info, err := s.os.GetInfo(ctx, name)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return nil, s.wrap("get", name, ErrNoObject)
	}
	if err == nil && info.Size > MaxObject {
		err = fmt.Errorf("%w: %d bytes, and an object may have %d", ErrTooLarge, info.Size, MaxObject)
	}
	if err != nil {
		return nil, s.wrap("get", name, err)
	}
	data, err := s.os.GetBytes(ctx, name)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		err = ErrNoObject
	}
	if err != nil {
		return nil, s.wrap("get", name, err)
	}
	return data, nil
}

// Delete removes the object; an absent one is no error.
func (s *Objects) Delete(ctx context.Context, name string) error {
	ctx, cancel := objectContext(ctx)
	defer cancel()
	if err := s.os.Delete(ctx, name); err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) {
		return s.wrap("delete", name, err)
	}
	return nil
}

// Forget removes the object as it was written with that revision, its bytes and every mark of it, so that Watch does not
// tell it: it is for stores that nobody watches. It says whether it was there; one written anew since stays.
func (s *Objects) Forget(ctx context.Context, name string, revision uint64) (bool, error) {
	ctx, cancel := objectContext(ctx)
	defer cancel()
	stream, err := s.b.js.Stream(ctx, "OBJ_"+s.name)
	if err != nil {
		return false, s.wrap("remove", name, err)
	}
	m, err := stream.GetMsg(ctx, revision)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	var info jetstream.ObjectInfo
	if err == nil {
		err = json.Unmarshal(m.Data, &info)
	}
	if err == nil && info.Name != name {
		err = fmt.Errorf("revision %d is of another object", revision)
	}
	if err == nil && info.NUID != "" { // first the bytes: what fails half-way is still listed, and can be tried again
		err = stream.Purge(ctx, jetstream.WithPurgeSubject("$O."+s.name+".C."+info.NUID))
	}
	if err == nil {
		err = stream.Purge(ctx, jetstream.WithPurgeSubject(m.Subject), jetstream.WithPurgeSequence(revision+1))
	}
	if err != nil {
		return false, s.wrap("remove", name, err)
	}
	return true, nil
}

// List returns all objects by name.
func (s *Objects) List(ctx context.Context) ([]ObjectInfo, error) {
	there := map[string]ObjectInfo{}
	err := s.Watch(ctx, func(o ObjectInfo) error {
		switch {
		case o.Loaded:
			return errEnough
		case o.Removed:
			delete(there, o.Name)
		default:
			there[o.Name] = o
		}
		return nil
	})
	if err == nil {
		err = ctx.Err()
	}
	var out []ObjectInfo
	for _, o := range there {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b ObjectInfo) int { return cmp.Compare(a.Name, b.Name) })
	return out, err
}

// Last is the revision of the newest write to any object: whoever reads the store afterwards sees at least that.
func (s *Objects) Last(ctx context.Context) (uint64, error) {
	return s.b.lastSequence(ctx, "OBJ_"+s.name)
}

// Watch calls each with every object there is, then with one whose Loaded is true, then with changes as they happen,
// until ctx is done (nil) or each returns an error. It survives a lost connection.
func (s *Objects) Watch(ctx context.Context, each func(ObjectInfo) error) error {
	what := reading{stream: "OBJ_" + s.name, subjects: []string{"$O." + s.name + ".M.>"}, policy: jetstream.DeliverLastPerSubjectPolicy}
	return s.b.read(ctx, what, func(m jetstream.Msg, meta *jetstream.MsgMetadata) error {
		var info jetstream.ObjectInfo
		if err := json.Unmarshal(m.Data(), &info); err != nil {
			s.b.log.Error("an object's description cannot be read; leaving it out", "objects", s.name, "sequence", meta.Sequence.Stream, "error", err.Error())
			return nil
		}
		return each(ObjectInfo{Name: info.Name, Size: int64(info.Size), Modified: meta.Timestamp, Revision: meta.Sequence.Stream, Removed: info.Deleted}) //nolint:gosec // at most MaxObject
	}, func() error { return each(ObjectInfo{Loaded: true}) })
}

func objectContext(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, objectTime)
}

func (s *Objects) wrap(verb, name string, err error) error {
	return fmt.Errorf("%s %q in object store %s: %w", verb, name, s.name, later(err))
}
