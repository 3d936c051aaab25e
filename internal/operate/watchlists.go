package operate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
	return &Watchlists{bulk: bulk, records: records{bucket, now}}
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

func (w *Watchlists) applyEdits(ctx context.Context, entries map[string]OwnedEntry) error {
	edits, err := w.records.bucket.List(ctx)
	if err != nil {
		return fmt.Errorf("list watch entries: %w", err)
	}
	for key, data := range edits {
		record, err := messages.Decode[messages.Record](data)
		if err != nil {
			return fmt.Errorf("watch entry %s: %w", key, err)
		}
		if record.Removed {
			delete(entries, key)
			continue
		}
		owned := OwnedEntry{Owner: record.Owner}
		if err := json.Unmarshal(record.Value, &owned.Entry); err != nil {
			return fmt.Errorf("watch entry %s: %w", key, err)
		}
		entries[key] = owned
	}
	return nil
}

// Import makes the entries of one file what that file brings now, all or nothing. It reports whether anything changed;
// entries that a command removed stay removed.
func (w *Watchlists) Import(ctx context.Context, file string, entries []watch.Entry) (changed bool, err error) {
	owner := "file:" + file
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

// Owns reports whether a file's entries are stored.
func (w *Watchlists) Owns(ctx context.Context, file string) (bool, error) {
	data, err := w.bulk.Get(ctx, messages.Hash("file:"+file))
	return data != nil, err
}

// Add watches an entry by command, or replaces the one of the same list and id.
func (w *Watchlists) Add(ctx context.Context, entry watch.Entry) error {
	for field, token := range map[string]string{"list": entry.List, "id": entry.ID} {
		if !messages.IsToken(token) {
			return fmt.Errorf("%s is %q; it is part of a subject: use ASCII letters, digits, dashes and underscores", field, token)
		}
	}
	if _, problems := watch.Compile([]watch.Entry{entry}, watch.Options{}); len(problems) > 0 {
		return errors.New(problems[0].Sentence)
	}
	value, err := json.Marshal(entry)
	if err != nil {
		return fmt.Errorf("watch entry %s: %w", EntryKey(entry), err)
	}
	return w.records.put(ctx, EntryKey(entry), messages.Record{Owner: messages.OwnerCommand, Value: value})
}

// Remove stops watching an entry, named "list.id" or by id where only one list has it.
func (w *Watchlists) Remove(ctx context.Context, name string) (watch.Entry, error) {
	all, err := w.All(ctx)
	if err != nil {
		return watch.Entry{}, err
	}
	var found []watch.Entry
	for _, owned := range all {
		if EntryKey(owned.Entry) == name || owned.ID == name {
			found = append(found, owned.Entry)
		}
	}
	switch len(found) {
	case 0:
		return watch.Entry{}, fmt.Errorf("%w: watch entry %q; `tocsin watch list` shows those there are", ErrUnknown, name)
	case 1:
	default:
		return watch.Entry{}, fmt.Errorf("several lists watch %q; name one as LIST.ID", name)
	}
	record := messages.Record{Owner: messages.OwnerCommand, Removed: true}
	return found[0], w.records.put(ctx, EntryKey(found[0]), record)
}

// Entries strips the owners, for watch.Compile.
func Entries(owned []OwnedEntry) []watch.Entry {
	entries := make([]watch.Entry, len(owned))
	for i, o := range owned {
		entries[i] = o.Entry
	}
	return entries
}
