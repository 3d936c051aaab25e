package bustest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tocsin/pkg/messages"
)

// World is what an implementation gives to Suite. The interfaces are those the cores declare.
type World struct {
	Publisher interface {
		Publish(ctx context.Context, m messages.Outgoing) error
		PublishAll(ctx context.Context, ms []messages.Outgoing) []error
		MaxPayload() int64
	}
	Batcher interface {
		PublishTogether(ctx context.Context, ms []messages.Outgoing) error
	}
	Store interface {
		Load(ctx context.Context, key string) (value []byte, rev uint64, err error)
		Store(ctx context.Context, key string, value []byte, rev uint64) (newRev uint64, ok bool, err error)
		Delete(ctx context.Context, key string) error
	}
	Lister interface {
		Keys(ctx context.Context) ([]string, error)
		List(ctx context.Context, each func(key string, value []byte) error) error
	}
	Objects interface {
		Put(ctx context.Context, name string, data []byte) error
		Get(ctx context.Context, name string) ([]byte, error)
		Delete(ctx context.Context, name string) error
	}
	Scheduler interface {
		Schedule(ctx context.Context, feed string, at time.Time) error
		Unschedule(ctx context.Context, feed string) error
	}
	// TooLarge and NoObject are the errors of a message past the limit and of an absent object.
	TooLarge, NoObject error
	// Published returns what is stored on RAW, in order.
	Published func() []messages.Delivery
	// Due takes the polls that are due by now.
	Due func() []messages.Delivery
	// Now is the time schedules go by; Pass lets that much of it pass.
	Now  func() time.Time
	Pass func(d time.Duration)
}

// Suite checks that an implementation keeps the promises the cores build on. open makes a new, empty one each time.
func Suite(t *testing.T, open func(t *testing.T) World) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, w World)
	}{
		{"a message is stored once per id", storedOnce},
		{"what is stored is what was sent", storedAsSent},
		{"a message nobody takes or that is too large is an error", notStored},
		{"all are published in order", allInOrder},
		{"what is published together is stored once each, in order", allTogether},
		{"an absent key loads as nothing", absent},
		{"a value is stored by compare and set", compareAndSet},
		{"a deleted key can be created again", deleted},
		{"one of many rivals wins a claim", rivals},
		{"keys and values are listed", listed},
		{"a broken key is an error", brokenKey},
		{"objects come back as they were put", objectsComeBack},
		{"a schedule fires at its time, once", firesOnce},
		{"a schedule replaces the one before", replaces},
		{"a schedule of the past fires at once", past},
		{"an unscheduled feed is not polled", unscheduled},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, open(t))
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func storedOnce(t *testing.T, w World) {
	m := messages.Outgoing{Subject: "raw.a", ID: "fetcher:a:1", Data: []byte("x")}
	must(t, w.Publisher.Publish(t.Context(), m))
	must(t, w.Publisher.Publish(t.Context(), m))
	m.ID = "fetcher:a:2"
	must(t, w.Publisher.Publish(t.Context(), m))
	m.ID = ""
	must(t, w.Publisher.Publish(t.Context(), m))
	must(t, w.Publisher.Publish(t.Context(), m))
	if n := len(w.Published()); n != 4 {
		t.Errorf("%d stored, want two ids and two without", n)
	}
}

func storedAsSent(t *testing.T, w World) {
	data := []byte("body")
	must(t, w.Publisher.Publish(t.Context(), messages.Outgoing{Subject: "raw.a", ID: "i", Data: data, Header: map[string]string{"Tocsin-Feed": "f"}, Replay: 2}))
	data[0] = 'X' // the caller's own
	d := w.Published()[0]
	if d.Subject != "raw.a" || string(d.Data) != "body" || d.Stream != "RAW" || d.Sequence != 1 || d.Delivered != 1 || d.Replay != 2 {
		t.Errorf("stored %+v", d)
	}
	if d.Header["Tocsin-Feed"] != "f" || d.Header[messages.HeaderMsgID] != "i" || d.Header[messages.HeaderReplay] != "2" {
		t.Errorf("headers %v", d.Header)
	}
}

func notStored(t *testing.T, w World) {
	if err := w.Publisher.Publish(t.Context(), messages.Outgoing{Subject: "elsewhere.a", ID: "1"}); err == nil {
		t.Error("published to no stream")
	}
	big := messages.Outgoing{Subject: "raw.a", ID: "2", Data: make([]byte, w.Publisher.MaxPayload())}
	if err := w.Publisher.Publish(t.Context(), big); !errors.Is(err, w.TooLarge) {
		t.Errorf("too large: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Publisher.Publish(ctx, messages.Outgoing{Subject: "raw.a", ID: "3"}); err == nil {
		t.Error("published though the context was done")
	}
}

func allInOrder(t *testing.T, w World) {
	var ms []messages.Outgoing
	for i := range 20 {
		ms = append(ms, messages.Outgoing{Subject: "raw.a", ID: fmt.Sprint(i), Data: fmt.Append(nil, i)})
	}
	for i, err := range w.Publisher.PublishAll(t.Context(), ms) {
		if err != nil {
			t.Errorf("message %d: %v", i, err)
		}
	}
	for i, d := range w.Published() {
		if string(d.Data) != fmt.Sprint(i) {
			t.Errorf("message %d is %s", i, d.Data)
		}
	}
}

func allTogether(t *testing.T, w World) {
	var ms []messages.Outgoing
	for i := range 5 {
		ms = append(ms, messages.Outgoing{Subject: "raw.a", ID: fmt.Sprint(i), Data: fmt.Append(nil, i)})
	}
	must(t, w.Batcher.PublishTogether(t.Context(), ms[:3]))
	must(t, w.Batcher.PublishTogether(t.Context(), ms[2:]))
	ds := w.Published()
	if len(ds) != 5 {
		t.Fatalf("%d stored, want 5 although one came twice", len(ds))
	}
	for i, d := range ds {
		if string(d.Data) != fmt.Sprint(i) {
			t.Errorf("message %d holds %s", i, d.Data)
		}
	}
}

func absent(t *testing.T, w World) {
	if v, rev, err := w.Store.Load(t.Context(), "nobody"); v != nil || rev != 0 || err != nil {
		t.Errorf("load gives %q, %d, %v", v, rev, err)
	}
	must(t, w.Store.Delete(t.Context(), "nobody"))
}

func compareAndSet(t *testing.T, w World) {
	ctx := t.Context()
	first, ok, err := w.Store.Store(ctx, "k", []byte("1"), 0)
	if err != nil || !ok || first == 0 {
		t.Fatalf("create gives %d, %v, %v", first, ok, err)
	}
	if _, ok, err := w.Store.Store(ctx, "k", []byte("x"), 0); ok || err != nil {
		t.Errorf("a second create gives %v, %v", ok, err)
	}
	second, ok, err := w.Store.Store(ctx, "k", []byte("2"), first)
	if err != nil || !ok || second <= first {
		t.Errorf("update gives %d, %v, %v", second, ok, err)
	}
	if _, ok, err := w.Store.Store(ctx, "k", []byte("x"), first); ok || err != nil {
		t.Errorf("an update of an old revision gives %v, %v", ok, err)
	}
	if v, rev, err := w.Store.Load(ctx, "k"); string(v) != "2" || rev != second || err != nil {
		t.Errorf("load gives %q, %d, %v", v, rev, err)
	}
	if _, ok, err := w.Store.Store(ctx, "other", []byte("x"), second); ok || err != nil {
		t.Errorf("an update of what does not exist gives %v, %v", ok, err)
	}
}

func deleted(t *testing.T, w World) {
	ctx := t.Context()
	rev, _, err := w.Store.Store(ctx, "k", []byte("1"), 0)
	must(t, err)
	must(t, w.Store.Delete(ctx, "k"))
	must(t, w.Store.Delete(ctx, "k"))
	if v, got, err := w.Store.Load(ctx, "k"); v != nil || got != 0 || err != nil {
		t.Errorf("load gives %q, %d, %v", v, got, err)
	}
	if _, ok, err := w.Store.Store(ctx, "k", []byte("x"), rev); ok || err != nil {
		t.Errorf("an update of the deleted gives %v, %v", ok, err)
	}
	if _, ok, err := w.Store.Store(ctx, "k", []byte("2"), 0); !ok || err != nil {
		t.Errorf("create gives %v, %v", ok, err)
	}
}

func rivals(t *testing.T, w World) {
	var wg sync.WaitGroup
	won := make(chan int, 8)
	for i := range 8 {
		wg.Go(func() {
			_, ok, err := w.Store.Store(t.Context(), "claim", fmt.Append(nil, i), 0)
			if err != nil {
				t.Error(err)
			}
			if ok {
				won <- i
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Fatalf("%d of 8 rivals won", len(won))
	}
	if v, _, _ := w.Store.Load(t.Context(), "claim"); string(v) != fmt.Sprint(<-won) {
		t.Errorf("the claim holds %s", v)
	}
}

func listed(t *testing.T, w World) {
	ctx := t.Context()
	for _, k := range []string{"b", "a.1", "c", "a.2"} {
		_, _, err := w.Store.Store(ctx, k, []byte("v"+k), 0)
		must(t, err)
	}
	must(t, w.Store.Delete(ctx, "c"))
	keys, err := w.Lister.Keys(ctx)
	if err != nil || !slices.Equal(keys, []string{"a.1", "a.2", "b"}) {
		t.Errorf("keys %v (%v)", keys, err)
	}
	var got []string
	must(t, w.Lister.List(ctx, func(key string, value []byte) error { got = append(got, key+"="+string(value)); return nil }))
	if !slices.Equal(got, []string{"b=vb", "a.1=va.1", "a.2=va.2"}) {
		t.Errorf("listed %v", got)
	}
	enough := errors.New("enough")
	if err := w.Lister.List(ctx, func(string, []byte) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("a list that was stopped ends with %v", err)
	}
}

func brokenKey(t *testing.T, w World) {
	for _, k := range []string{"", "a b", "a..b", ".a", "a.", "a*", "ä"} {
		if _, _, err := w.Store.Load(t.Context(), k); err == nil {
			t.Errorf("loaded %q", k)
		}
		if _, _, err := w.Store.Store(t.Context(), k, nil, 0); err == nil {
			t.Errorf("stored %q", k)
		}
	}
}

func objectsComeBack(t *testing.T, w World) {
	ctx := t.Context()
	if _, err := w.Objects.Get(ctx, "page"); !errors.Is(err, w.NoObject) {
		t.Errorf("an absent object: %v", err)
	}
	must(t, w.Objects.Delete(ctx, "page"))
	must(t, w.Objects.Put(ctx, "page", []byte("old")))
	must(t, w.Objects.Put(ctx, "page", []byte("new")))
	must(t, w.Objects.Put(ctx, "empty", nil))
	for name, want := range map[string]string{"page": "new", "empty": ""} {
		if got, err := w.Objects.Get(ctx, name); string(got) != want || err != nil {
			t.Errorf("%s is %q (%v)", name, got, err)
		}
	}
	must(t, w.Objects.Delete(ctx, "page"))
	if _, err := w.Objects.Get(ctx, "page"); !errors.Is(err, w.NoObject) {
		t.Errorf("a deleted object: %v", err)
	}
	if err := w.Objects.Put(ctx, "", nil); err == nil {
		t.Error("put an object without a name")
	}
}

// polls lets d pass and returns which feeds became due.
func polls(w World, d time.Duration) (feeds []string) {
	w.Pass(d)
	for _, m := range w.Due() {
		if m.Subject == messages.DueSubject(string(m.Data)) {
			feeds = append(feeds, string(m.Data))
		}
	}
	return feeds
}

func firesOnce(t *testing.T, w World) {
	at := w.Now().Add(2 * time.Second)
	must(t, w.Scheduler.Schedule(t.Context(), "f", at))
	got := polls(w, time.Second)
	if len(got) > 0 && w.Now().Before(at) {
		t.Errorf("fired early: %v", got)
	}
	got = append(got, polls(w, 3*time.Second)...)
	got = append(got, polls(w, 2*time.Second)...)
	if !slices.Equal(got, []string{"f"}) {
		t.Errorf("fired %v", got)
	}
}

func replaces(t *testing.T, w World) {
	must(t, w.Scheduler.Schedule(t.Context(), "f", w.Now().Add(time.Second)))
	must(t, w.Scheduler.Schedule(t.Context(), "f", w.Now().Add(time.Hour)))
	must(t, w.Scheduler.Schedule(t.Context(), "g", w.Now().Add(time.Second)))
	if got := polls(w, 3*time.Second); !slices.Equal(got, []string{"g"}) {
		t.Errorf("fired %v", got)
	}
}

func past(t *testing.T, w World) {
	must(t, w.Scheduler.Schedule(t.Context(), "f", w.Now().Add(-time.Hour)))
	if got := polls(w, 2*time.Second); !slices.Equal(got, []string{"f"}) {
		t.Errorf("fired %v", got)
	}
}

func unscheduled(t *testing.T, w World) {
	must(t, w.Scheduler.Unschedule(t.Context(), "never"))
	must(t, w.Scheduler.Schedule(t.Context(), "pending", w.Now().Add(time.Second)))
	must(t, w.Scheduler.Unschedule(t.Context(), "pending"))
	must(t, w.Scheduler.Schedule(t.Context(), "due", w.Now()))
	w.Pass(2 * time.Second)
	must(t, w.Scheduler.Unschedule(t.Context(), "due"))
	if got := polls(w, 2*time.Second); len(got) != 0 {
		t.Errorf("fired %v", got)
	}
}
