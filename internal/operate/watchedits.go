package operate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch"
)

// Edit is what a command made of one watch entry: one value of the bucket messages.BucketWatch.
type Edit struct {
	// List and ID name the entry.
	List, ID string
	// Removed says that the entry is no longer watched; Entry is empty then.
	Removed bool
	// Entry is as it is to be watched from now on.
	Entry watch.Entry
	owner string
	// added are the names among Entry's that were added to an entry of a file; the rest is the file's, as it was.
	added []watch.Name
}

// editValue is how an entry stands in a record.
type editValue struct {
	watch.Entry
	Added []watch.Name `json:"added,omitempty"`
}

// ReadEdit reads a value of the bucket. The error names the key only.
func ReadEdit(key string, data []byte) (Edit, error) {
	list, id, _ := strings.Cut(key, ".")
	record, err := messages.Decode[messages.Record](data)
	if err != nil {
		return Edit{}, fmt.Errorf("watch entry %s: %w", key, err)
	}
	e := Edit{List: list, ID: id, Removed: record.Removed, owner: record.Owner}
	if e.Removed {
		return e, nil
	}
	var value editValue
	if err := json.Unmarshal(record.Value, &value); err != nil {
		return Edit{}, fmt.Errorf("watch entry %s: %w", key, err)
	}
	e.Entry, e.added = value.Entry, value.Added
	return e, nil
}

// Add watches an entry by command, or replaces the one of the same list and id. rev is the revision of the bucket from
// which on it is watched.
func (w *Watchlists) Add(ctx context.Context, entry watch.Entry) (rev uint64, err error) {
	for field, token := range map[string]string{"list": entry.List, "id": entry.ID} {
		if !messages.IsToken(token) {
			return 0, fmt.Errorf("%s is %q; it is part of a subject: use ASCII letters, digits, dashes and underscores", field, token)
		}
	}
	return w.edit(ctx, editValue{Entry: entry})
}

// edit writes an entry that can be watched.
func (w *Watchlists) edit(ctx context.Context, v editValue) (uint64, error) {
	if _, problems := watch.Compile([]watch.Entry{v.Entry}, watch.Options{}); len(problems) > 0 {
		return 0, errors.New(problems[0].Sentence)
	}
	value, err := json.Marshal(v)
	if err != nil {
		return 0, fmt.Errorf("watch entry %s: %w", EntryKey(v.Entry), err)
	}
	return w.records.write(ctx, EntryKey(v.Entry), messages.Record{Owner: messages.OwnerCommand, Value: value})
}

// AddAlias adds a spelling to an entry, named by its key. Of an entry that a file brings everything else stays the
// file's: what the file changes later comes beside the spelling.
func (w *Watchlists) AddAlias(ctx context.Context, key, spelling string) (watch.Entry, uint64, error) {
	have, err := w.Find(ctx, key)
	if err != nil {
		return watch.Entry{}, 0, err
	}
	alias := watch.Name{Text: strings.Join(strings.Fields(spelling), " "), Kind: watch.Alias}
	names := join(have.Names, []watch.Name{alias})
	if len(names) == len(have.Names) {
		return have.Entry, 0, fmt.Errorf("entry %s lists that spelling already", key)
	}
	value := editValue{Entry: have.Entry}
	value.Names = names
	if have.Owner != messages.OwnerCommand {
		data, _, err := w.records.bucket.Load(ctx, key)
		if err != nil {
			return watch.Entry{}, 0, fmt.Errorf("watch entry %s: %w", key, err)
		}
		var before Edit
		if data != nil {
			if before, err = ReadEdit(key, data); err != nil {
				return watch.Entry{}, 0, err
			}
		}
		value.Added = join(before.added, []watch.Name{alias})
	}
	rev, err := w.edit(ctx, value)
	return value.Entry, rev, err
}

// join appends the names whose spelling is not there yet.
func join(names, more []watch.Name) []watch.Name {
	names = slices.Clone(names)
	for _, n := range more {
		if !slices.ContainsFunc(names, func(o watch.Name) bool { return strings.EqualFold(o.Text, n.Text) }) {
			names = append(names, n)
		}
	}
	return names
}

// Find returns the entry named "list.id", or by its id where only one list has it.
func (w *Watchlists) Find(ctx context.Context, name string) (OwnedEntry, error) {
	all, err := w.All(ctx)
	if err != nil {
		return OwnedEntry{}, err
	}
	var found []OwnedEntry
	for _, owned := range all {
		if EntryKey(owned.Entry) == name || owned.ID == name {
			found = append(found, owned)
		}
	}
	switch len(found) {
	case 0:
		return OwnedEntry{}, fmt.Errorf("%w: watch entry %q; `tocsin watch list` shows those there are", ErrUnknown, name)
	case 1:
		return found[0], nil
	}
	return OwnedEntry{}, fmt.Errorf("several lists watch %q; name one as LIST.ID", name)
}

// Remove stops watching an entry, named as in Find. rev is the revision of the bucket from which on it is gone.
func (w *Watchlists) Remove(ctx context.Context, name string) (entry watch.Entry, rev uint64, err error) {
	found, err := w.Find(ctx, name)
	if err != nil {
		return watch.Entry{}, 0, err
	}
	rev, err = w.records.write(ctx, EntryKey(found.Entry), messages.Record{Owner: messages.OwnerCommand, Removed: true})
	return found.Entry, rev, err
}
