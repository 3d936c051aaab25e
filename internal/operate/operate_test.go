package operate_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"tocsin/internal/operate"
	"tocsin/services/extractor/watch"
	"tocsin/services/fetcher"
)

// memory is a bucket and an object store in a map.
type memory struct {
	mu     sync.Mutex
	values map[string][]byte
	revs   map[string]uint64
}

func newMemory() *memory { return &memory{values: map[string][]byte{}, revs: map[string]uint64{}} }

func (m *memory) Load(_ context.Context, key string) ([]byte, uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key], m.revs[key], nil
}

func (m *memory) Store(_ context.Context, key string, value []byte, rev uint64) (uint64, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.revs[key] != rev {
		return 0, false, nil
	}
	m.values[key], m.revs[key] = value, rev+1
	return rev + 1, true, nil
}

func (m *memory) List(context.Context) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.values), nil
}

func (m *memory) Put(_ context.Context, name string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[name] = data
	return nil
}

func (m *memory) Get(_ context.Context, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[name], nil
}

func (m *memory) Names(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Keys(m.values)), nil
}

var monday = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func feed(id string) fetcher.Feed {
	return fetcher.Feed{ID: id, URL: "https://" + id + ".example/rss", Source: id}
}

func ids(t *testing.T, feeds *operate.Feeds) []string {
	t.Helper()
	all, err := feeds.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range all {
		out = append(out, f.ID+"="+f.Owner)
	}
	return out
}

func TestFeedsBelongToWhoBroughtThem(t *testing.T) {
	now := monday
	feeds := operate.NewFeeds(newMemory(), func() time.Time { return now })
	ctx := t.Context()
	file := func(name string, list ...fetcher.Feed) operate.Change {
		t.Helper()
		change, err := feeds.Import(ctx, name, list)
		if err != nil {
			t.Fatal(err)
		}
		return change
	}
	expect := func(sentence string, want ...string) {
		t.Helper()
		if got := ids(t, feeds); !slices.Equal(got, want) {
			t.Errorf("%s: have %v, want %v", sentence, got, want)
		}
	}
	file("a.yaml", feed("one"), feed("two"))
	expect("a file brings its feeds", "one=file:a.yaml", "two=file:a.yaml")

	if err := feeds.Add(ctx, feed("three")); err != nil {
		t.Fatal(err)
	}
	change := file("b.yaml", feed("two"), feed("four"))
	if !slices.Equal(change.Kept, []string{"two"}) {
		t.Errorf("a second file took over %v; want two left alone", change)
	}
	expect("files and commands stand side by side", "four=file:b.yaml", "one=file:a.yaml", "three=command", "two=file:a.yaml")

	file("a.yaml", feed("two"))
	expect("a feed its file no longer lists is gone", "four=file:b.yaml", "three=command", "two=file:a.yaml")

	now = monday.Add(time.Hour)
	file("a.yaml", feed("one"), feed("two"))
	expect("its file may bring it back", "four=file:b.yaml", "one=file:a.yaml", "three=command", "two=file:a.yaml")

	if _, err := feeds.Remove(ctx, "https://two.example/rss"); err != nil {
		t.Fatal(err)
	}
	file("a.yaml", feed("one"), feed("two"))
	expect("what a command removed stays removed", "four=file:b.yaml", "one=file:a.yaml", "three=command")

	if err := feeds.Add(ctx, feed("two")); err != nil {
		t.Fatal(err)
	}
	expect("unless a command asks for it again", "four=file:b.yaml", "one=file:a.yaml", "three=command", "two=command")

	if _, err := feeds.Remove(ctx, "nine"); !errors.Is(err, operate.ErrUnknown) {
		t.Errorf("removing an unknown feed gave %v", err)
	}
}

func TestFeedKeepsTheMomentItWasAdded(t *testing.T) {
	now := monday
	feeds := operate.NewFeeds(newMemory(), func() time.Time { return now })
	for range 2 {
		if _, err := feeds.Import(t.Context(), "a.yaml", []fetcher.Feed{feed("one")}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
	}
	all, err := feeds.All(t.Context())
	if err != nil || len(all) != 1 || !all[0].AddedAt.Equal(monday) {
		t.Errorf("have %v, %v; want one feed added on Monday, or its back catalogue would shift with every import", all, err)
	}
}

func TestAnAddressIsReadOnce(t *testing.T) {
	now := monday
	feeds := operate.NewFeeds(newMemory(), func() time.Time { return now })
	if err := feeds.Add(t.Context(), feed("one")); err != nil {
		t.Fatal(err)
	}
	twin := feed("one")
	twin.ID = "twin"
	if err := feeds.Add(t.Context(), twin); err == nil {
		t.Error("one address was taken under two ids; it would be polled twice")
	}
	now = now.Add(time.Hour)
	if err := feeds.Add(t.Context(), feed("one")); err != nil {
		t.Fatal(err)
	}
	all, err := feeds.All(t.Context())
	if err != nil || len(all) != 1 || !all[0].AddedAt.Equal(monday) {
		t.Errorf("after adding it again there is %v, %v; want the feed with its first moment", all, err)
	}
}

func entry(list, id, name string) watch.Entry {
	return watch.Entry{List: list, ID: id, Kind: watch.Person, Names: []watch.Name{{Text: name, Kind: watch.Primary}}}
}

func TestWatchlistsMergeFilesAndEdits(t *testing.T) {
	ctx := t.Context()
	lists := operate.NewWatchlists(newMemory(), newMemory(), func() time.Time { return monday })
	importFile := func(file string, entries ...watch.Entry) bool {
		t.Helper()
		changed, err := lists.Import(ctx, file, entries)
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	expect := func(sentence string, want ...string) {
		t.Helper()
		all, err := lists.All(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range all {
			got = append(got, operate.EntryKey(e.Entry)+"="+e.Names[0].Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: have %q, want %q", sentence, got, want)
		}
	}
	two := []watch.Entry{entry("sanctions", "1", "Asgar Nemati"), entry("sanctions", "2", "Lida Pereverza")}
	importFile("list.yaml", two...)
	expect("a file brings its entries", "sanctions.1=Asgar Nemati", "sanctions.2=Lida Pereverza")
	if importFile("list.yaml", two...) {
		t.Error("the same file again is said to have changed something")
	}
	if _, err := lists.Add(ctx, entry("sanctions", "2", "Lyda Pereverza")); err != nil {
		t.Fatal(err)
	}
	expect("a command's entry goes before a file's of the same id", "sanctions.1=Asgar Nemati", "sanctions.2=Lyda Pereverza")

	if _, _, err := lists.Remove(ctx, "1"); err != nil {
		t.Fatal(err)
	}
	importFile("list.yaml", append(two, entry("press", "1", "Oto Brandsma"))...)
	expect("what a command removed stays removed when the file changes", "press.1=Oto Brandsma", "sanctions.2=Lyda Pereverza")

	if _, err := lists.Add(ctx, entry("sanctions", "1", "Oto Brandsma")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := lists.Remove(ctx, "1"); err == nil || errors.Is(err, operate.ErrUnknown) {
		t.Errorf("an id of two lists was removed by id alone: %v", err)
	}
	for sentence, e := range map[string]watch.Entry{
		"an entry without a usable name":        entry("sanctions", "3", " "),
		"a list that is not one subject token":  entry("a.b", "3", "Oto Brandsma"),
		"an id that would break alert subjects": entry("sanctions", "x y", "Oto Brandsma"),
	} {
		if _, err := lists.Add(ctx, e); err == nil {
			t.Errorf("%s was accepted", sentence)
		}
	}
	for file, want := range map[string]bool{"list.yaml": true, "other.yaml": false} {
		if owns, err := lists.Owns(ctx, file); err != nil || owns != want {
			t.Errorf("%s is said to own entries: %v, %v; want %v", file, owns, err, want)
		}
	}
}
