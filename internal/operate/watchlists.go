package operate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch"
)

// Objects is a store of named blobs.
type Objects interface {
	Put(ctx context.Context, name string, data []byte) error
	// Get returns the blob; absent: nil, nil.
	Get(ctx context.Context, name string) ([]byte, error)
}

// Names lists the names in an object store, in any order.
type Names interface {
	Names(ctx context.Context) ([]string, error)
}

// Watchlists is the set of watched names: one bulk object per file, and single entries that commands added or removed.
type Watchlists struct {
	bulk interface {
		Objects
		Names
	}
	records records
}

// NewWatchlists works on the object store messages.ObjectsLists and the bucket messages.BucketWatch.
func NewWatchlists(bulk interface {
	Objects
	Names
}, bucket Bucket, now func() time.Time) *Watchlists {
	return &Watchlists{bulk: bulk, records: records{bucket: bucket, now: now}}
}

// OwnedEntry is a watch entry and who brought it.
type OwnedEntry struct {
	watch.Entry
	Owner string `json:"owner"`
}

// EntryKey names an entry in the bucket and in messages about it.
func EntryKey(e watch.Entry) string { return e.List + "." + e.ID }

// All returns the entries that are watched, in order of list and id: what the files bring, with the commands' edits
// over it.
func (w *Watchlists) All(ctx context.Context) ([]OwnedEntry, error) {
	entries := map[string]OwnedEntry{}
	names, err := w.bulk.Names(ctx)
	if err != nil {
		return nil, fmt.Errorf("list watchlists: %w", err)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := w.addBulk(ctx, name, entries); err != nil {
			return nil, err
		}
	}
	if err := w.applyEdits(ctx, entries); err != nil {
		return nil, err
	}
	sorted := make([]OwnedEntry, 0, len(entries))
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		sorted = append(sorted, entries[key])
	}
	return sorted, nil
}

func (w *Watchlists) addBulk(ctx context.Context, name string, into map[string]OwnedEntry) error {
	data, err := w.bulk.Get(ctx, name)
	if err != nil {
		return fmt.Errorf("watchlist %s: %w", name, err)
	}
	if data == nil { // removed between the listing and now
		return nil
	}
	list, err := unpackList(data)
	if err != nil {
		return fmt.Errorf("watchlist %s: %w", name, err)
	}
	for _, entry := range list.Entries {
		into[EntryKey(entry)] = OwnedEntry{Entry: entry, Owner: list.Owner}
	}
	return nil
}

// applyEdits puts the commands' edits over what the files bring.
func (w *Watchlists) applyEdits(ctx context.Context, entries map[string]OwnedEntry) error {
	edits, err := w.records.bucket.List(ctx)
	if err != nil {
		return fmt.Errorf("list watch entries: %w", err)
	}
	for key, data := range edits {
		edit, err := ReadEdit(key, data)
		if err != nil {
			return err
		}
		below, filed := entries[key]
		switch {
		case edit.Removed, len(edit.added) > 0 && !filed: // its file no longer brings what the names were added to
			delete(entries, key)
		case len(edit.added) > 0:
			below.Names = join(below.Names, edit.added)
			entries[key] = below
		default:
			entries[key] = OwnedEntry{Entry: edit.Entry, Owner: edit.owner}
		}
	}
	return nil
}

// Import makes the entries of one file what that file brings now, all or nothing. It reports whether anything changed;
// entries that a command removed stay removed.
func (w *Watchlists) Import(ctx context.Context, file string, entries []watch.Entry) (changed bool, err error) {
	owner := fileOwner(file)
	data, err := packList(bulkList{Owner: owner, Entries: entries})
	if err != nil {
		return false, fmt.Errorf("watchlist %s: %w", file, err)
	}
	name := messages.Hash(owner)
	have, err := w.bulk.Get(ctx, name)
	if err != nil {
		return false, fmt.Errorf("watchlist %s: %w", file, err)
	}
	if bytes.Equal(have, data) {
		return false, nil
	}
	if err := w.bulk.Put(ctx, name, data); err != nil {
		return false, fmt.Errorf("watchlist %s: %w", file, err)
	}
	return true, nil
}

func fileOwner(file string) string { return "file:" + file }

// Plan says what Import would change of what that file brought before, by entry key. Kept are entries of the file that a
// command removed or replaced: for them the command's word stands.
func (w *Watchlists) Plan(ctx context.Context, file string, entries []watch.Entry) (Change, error) {
	var change Change
	before := map[string]OwnedEntry{}
	if err := w.addBulk(ctx, messages.Hash(fileOwner(file)), before); err != nil {
		return change, err
	}
	edits, err := w.records.bucket.List(ctx)
	if err != nil {
		return change, fmt.Errorf("list watch entries: %w", err)
	}
	for _, e := range entries {
		key := EntryKey(e)
		old, known := before[key]
		delete(before, key)
		edited, err := commanded(key, edits[key])
		switch {
		case err != nil:
			return change, err
		case edited:
			change.Kept = append(change.Kept, key)
		case !known:
			change.Added = append(change.Added, key)
		case !sameEntry(old.Entry, e):
			change.Updated = append(change.Updated, key)
		}
	}
	change.Removed = slices.Collect(maps.Keys(before))
	change.sort()
	return change, nil
}

// commanded reports whether a command removed or replaced what a file brings under a key.
func commanded(key string, data []byte) (bool, error) {
	if data == nil {
		return false, nil
	}
	edit, err := ReadEdit(key, data)
	return err == nil && len(edit.added) == 0, err
}

// sameEntry compares as the lists store it.
func sameEntry(a, b watch.Entry) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// Owns reports whether a file's entries are stored.
func (w *Watchlists) Owns(ctx context.Context, file string) (bool, error) {
	data, err := w.bulk.Get(ctx, messages.Hash(fileOwner(file)))
	return data != nil, err
}

// Entries strips the owners, for watch.Compile.
func Entries(owned []OwnedEntry) []watch.Entry {
	entries := make([]watch.Entry, len(owned))
	for i, o := range owned {
		entries[i] = o.Entry
	}
	return entries
}
