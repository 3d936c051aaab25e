package extracting

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/operate/pages"
	"tocsin/pkg/messages"
)

// stored puts a page for each name into the store of a fresh server. Every page weighs some chunks.
func stored(t *testing.T, names ...string) (*bus.Bus, shelf) {
	t.Helper()
	b := onABus(t)
	store, err := b.Objects(t.Context(), messages.ObjectsPages)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := store.Put(t.Context(), name, make([]byte, 200<<10)); err != nil {
			t.Fatal(err)
		}
	}
	return b, shelf{store}
}

func naming(t *testing.T, b *bus.Bus, subject, article, revision string, more map[string]string) {
	t.Helper()
	header := map[string]string{messages.HeaderArticle: article, messages.HeaderRevision: revision}
	maps.Copy(header, more)
	if err := b.Publish(t.Context(), messages.Outgoing{Subject: subject, ID: subject + article + revision, Header: header}); err != nil {
		t.Fatal(err)
	}
}

func left(t *testing.T, s shelf) []string {
	t.Helper()
	all, err := s.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	return names
}

func TestASweepRemovesOnlyWhatNothingNames(t *testing.T) {
	t.Parallel()
	b, store := stored(t, "unnamed.1", "inraw.1", "inraw.2", "dead.3", "discarded.1", "not-the-fetchers")
	naming(t, b, messages.RawSubject("wire"), "inraw", "2", nil)
	naming(t, b, messages.DLQSubject(messages.StageExtractor, "invalid"), "dead", "3", nil)
	naming(t, b, messages.DLQSubject(messages.StageExtractor, "invalid"), "discarded", "1", map[string]string{messages.HeaderDiscarded: "2026-11-20T12:00:00Z"})
	age, err := headers{b}.MaxAge(t.Context())
	if err != nil || age == 0 {
		t.Fatal(age, err)
	}
	all := left(t, store)
	for _, c := range []struct {
		sentence string
		after    time.Duration
		want     []string
	}{
		{"young pages stay, named or not", 0, all},
		{"pages stay that a message in RAW might just name", age, all},
		{"old pages go unless a message or a dead letter names that very revision", age + pages.Margin + time.Minute, []string{"dead.3", "inraw.2", "not-the-fetchers"}},
		{"a second sweep finds nothing", age + pages.Margin + time.Hour, []string{"dead.3", "inraw.2", "not-the-fetchers"}},
	} {
		before := left(t, store)
		o, err := pages.Sweep(t.Context(), store, headers{b}, time.Now().Add(c.after))
		if err != nil {
			t.Fatal(c.sentence, err)
		}
		got := left(t, store)
		if !slices.Equal(got, c.want) || o.Kept != len(got) || o.Removed != len(before)-len(got) || o.Left != 0 {
			t.Errorf("%s: %v are left and the outcome is %+v, want %v", c.sentence, strings.Join(got, " "), o, c.want)
		}
	}
	if x, err := b.Extent(t.Context(), "OBJ_"+messages.ObjectsPages); err != nil || x.Bytes > 700<<10 {
		t.Errorf("three pages of 200 KiB are left, and they weigh %d bytes (%v)", x.Bytes, err)
	}
}

func TestSweepsDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	names := make([]string, 40)
	for i := range names {
		names[i] = "a" + string(rune('a'+i)) + ".1"
	}
	b, store := stored(t, slices.Concat(names, []string{"kept.1"})...)
	naming(t, b, messages.RawSubject("wire"), "kept", "1", nil)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if _, err := pages.Sweep(t.Context(), store, headers{b}, time.Now().AddDate(1, 0, 0)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := left(t, store); !slices.Equal(got, []string{"kept.1"}) {
		t.Errorf("%v are left", got)
	}
	if page, err := store.objects.Get(t.Context(), "kept.1"); err != nil || len(page) != 200<<10 {
		t.Errorf("%d bytes are left of the page that is named (%v)", len(page), err)
	}
}

// moving runs what happens between the two readings before it reads RAW.
type moving struct {
	headers
	meanwhile func()
}

func (m moving) Headers(ctx context.Context, stream string, since time.Time, each func(messages.Delivery) error) error {
	if stream == messages.StreamRaw {
		m.meanwhile()
	}
	return m.headers.Headers(ctx, stream, since, each)
}

func TestASweepSparesWhatMovesMeanwhile(t *testing.T) {
	t.Parallel()
	raw, dead := messages.RawSubject("wire"), messages.DLQSubject(messages.StageExtractor, "invalid")
	for _, c := range []struct {
		sentence, from, stream, to string
	}{
		{"a dead letter is replayed", dead, messages.StreamDLQ, raw},
		{"a message is given up and leaves RAW", raw, messages.StreamRaw, dead},
	} {
		b, store := stored(t, "moved.1", "unnamed.1")
		naming(t, b, c.from, "moved", "1", nil)
		meanwhile := func() {
			naming(t, b, c.to, "moved", "1", nil)
			if err := b.Remove(t.Context(), c.stream, 1); err != nil {
				t.Fatal(err)
			}
		}
		age, err := headers{b}.MaxAge(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// The server's clock is not the sweep's here, so the overlap has to reach back to the server's now.
		at := recent{moving{headers{b}, meanwhile}, age + pages.Margin + time.Minute}
		if _, err := pages.Sweep(t.Context(), store, at, time.Now().Add(at.ahead)); err != nil {
			t.Fatal(c.sentence, err)
		}
		if got := left(t, store); !slices.Equal(got, []string{"moved.1"}) {
			t.Errorf("%s: %v are left", c.sentence, got)
		}
	}
}

// recent lets a sweep that is ahead of the server's clock ask for what the server calls recent.
type recent struct {
	moving
	ahead time.Duration
}

func (r recent) Headers(ctx context.Context, stream string, since time.Time, each func(messages.Delivery) error) error {
	if !since.IsZero() {
		since = since.Add(-r.ahead)
	}
	return r.moving.Headers(ctx, stream, since, each)
}
