package fetcher_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/internal/bus/bustest"
	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// world is a fetcher with everything around it in memory, on a virtual clock.
type world struct {
	*testing.T
	clock *bustest.Clock
	bus   *bustest.Bus
	// answers are what the web says, by address; an address without one is a failure of DNS.
	mu      sync.Mutex
	answers map[string]fetcher.Response
	asked   []fetcher.Request
	pages   map[string]int // how often each page was fetched
	noPage  error
	starts  int
	// mortal is the life of the fetcher that is running.
	mortal *mortal
	change func(*fetcher.Options)
}

func newWorld(t *testing.T) *world {
	clock := bustest.NewClock(start)
	return &world{T: t, clock: clock, bus: bustest.New(clock), answers: map[string]fetcher.Response{}, pages: map[string]int{}}
}

// start brings up a fetcher; a second one takes over what the first left.
func (w *world) start() *fetcher.Fetcher {
	w.Helper()
	w.starts++
	w.mortal = &mortal{w: w, dieAt: -1}
	return w.startAs(w.mortal)
}

func (w *world) startAs(m *mortal) *fetcher.Fetcher {
	w.Helper()
	o := fetcher.Options{
		Publisher: m, Feeds: listed{w.bus.Store(messages.BucketFeeds)},
		Polls: store{m, "state", w.bus.Store(messages.BucketPolls)}, Articles: store{m, "article", w.bus.Store(messages.BucketArticles)},
		Pages: m, Scheduler: m, Client: m, Pager: m,
		Now: w.clock.Now, Rand: func() float64 { return 0.5 }, ID: fmt.Sprintf("fetcher%d", w.starts),
	}
	if w.change != nil {
		w.change(&o)
	}
	f, err := fetcher.New(o)
	if err != nil {
		w.Fatal(err)
	}
	return f
}

// addFeed configures a feed as a command would.
func (w *world) addFeed(id, url string, change func(*fetcher.Feed)) {
	w.Helper()
	f := fetcher.Feed{ID: id, URL: url, AddedAt: w.clock.Now()}.WithDefaults()
	if change != nil {
		change(&f)
	}
	value, err := json.Marshal(f)
	if err != nil {
		w.Fatal(err)
	}
	w.putRecord(id, messages.Record{Version: 1, Owner: messages.OwnerCommand, Changed: w.clock.Now(), Value: value})
}

func (w *world) removeFeed(id string) {
	w.Helper()
	w.putRecord(id, messages.Record{Version: 1, Owner: messages.OwnerCommand, Changed: w.clock.Now(), Removed: true})
}

func (w *world) putRecord(id string, r messages.Record) {
	w.Helper()
	data, err := messages.Encode(r)
	if err != nil {
		w.Fatal(err)
	}
	feeds := w.bus.Store(messages.BucketFeeds)
	_, rev, _ := feeds.Load(w.Context(), id)
	if _, ok, err := feeds.Store(w.Context(), id, data, rev); err != nil || !ok {
		w.Fatal(ok, err)
	}
}

// serve makes the web answer an address with an RSS feed of the items.
func (w *world) serve(url string, items ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers[url] = fetcher.Response{
		Status: 200, URL: url, ETag: fmt.Sprintf(`"%d"`, len(w.asked)), ContentType: "application/rss+xml",
		Body: []byte(`<rss version="2.0"><channel><title>T</title><link>https://e.com/</link>` + strings.Join(items, "") + `</channel></rss>`),
	}
}

// item is an item whose link is https://e.com/<name>, dated an hour before the start.
func item(name string, words ...string) string {
	return fmt.Sprintf(`<item><title>%s %s</title><link>https://e.com/%s</link><guid isPermaLink="false">%s</guid><pubDate>%s</pubDate></item>`,
		name, strings.Join(words, " "), name, name, start.Add(-time.Hour).Format(time.RFC1123Z))
}

// due makes the feed's next poll due and returns the message.
func (w *world) due(id string) messages.Delivery {
	w.Helper()
	if at, ok := w.bus.Scheduled(id); ok && at.After(w.clock.Now()) {
		w.clock.Advance(at.Sub(w.clock.Now()))
	}
	for _, d := range w.bus.Due() {
		if string(d.Data) == id {
			return d
		}
	}
	w.Fatalf("no poll of %s is scheduled", id)
	return messages.Delivery{}
}

// poll handles the feed's next due poll.
func (w *world) poll(f *fetcher.Fetcher, id string) {
	w.Helper()
	if err := f.Handle(w.Context(), w.due(id)); err != nil {
		w.Fatalf("poll of %s: %v", id, err)
	}
}

// raws are the published articles in order.
func (w *world) raws() []messages.RawArticle {
	w.Helper()
	return decodeAll[messages.RawArticle](w, "raw.")
}

func (w *world) reports() []messages.PollReport {
	w.Helper()
	var out []messages.PollReport
	for _, d := range w.bus.Published("feeds.") {
		if strings.HasSuffix(d.Subject, "."+messages.EventPolled) {
			r, err := messages.Decode[messages.PollReport](d.Data)
			if err != nil {
				w.Fatal(err)
			}
			checkSums(w, r)
			out = append(out, r)
		}
	}
	return out
}

func (w *world) lastReport() messages.PollReport {
	w.Helper()
	all := w.reports()
	if len(all) == 0 {
		w.Fatal("no report was published")
	}
	return all[len(all)-1]
}

// events are the names of the feed events in order.
func (w *world) events() []string {
	w.Helper()
	var out []string
	for _, d := range w.bus.Published("feeds.") {
		if name := d.Subject[strings.LastIndexByte(d.Subject, '.')+1:]; name != messages.EventPolled {
			e, err := messages.Decode[messages.FeedEvent](d.Data)
			if err != nil || e.Sentence == "" {
				w.Fatalf("event %s: %+v, %v", name, e, err)
			}
			out = append(out, name)
		}
	}
	return out
}

func (w *world) state(id string) fetcher.PollState {
	w.Helper()
	data, _, err := w.bus.Store(messages.BucketPolls).Load(w.Context(), id)
	if err != nil {
		w.Fatal(err)
	}
	var s fetcher.PollState
	if len(data) > 0 {
		if err := json.Unmarshal(data, &s); err != nil {
			w.Fatal(err)
		}
	}
	return s
}

func decodeAll[M messages.Message](w *world, prefix string) []M {
	w.Helper()
	var out []M
	for _, d := range w.bus.Published(prefix) {
		m, err := messages.Decode[M](d.Data)
		if err != nil {
			w.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

// checkSums holds a report to its promise: new, known and dropped add up to the items.
func checkSums(w *world, r messages.PollReport) {
	w.Helper()
	sum := r.New + r.Known
	for _, n := range r.Dropped {
		sum += n
	}
	if sum != r.Items {
		w.Errorf("report does not add up: %+v", r)
	}
}

// listed is a bucket as fetcher.FeedStore wants it.
type listed struct{ *bustest.Store }

func (l listed) List(ctx context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := l.Store.List(ctx, func(key string, value []byte) error {
		all[key] = value
		return nil
	})
	return all, err
}

var errDead = errors.New("the process is dead")

// mortal is the way out of one fetcher. It can die at any step: just before it, or just after it took effect and before
// the fetcher hears of it. The dead do nothing more.
type mortal struct {
	w     *world
	mu    sync.Mutex
	steps []string
	dieAt int
	after bool
	dead  bool
}

// step does one effect, unless the fetcher dies of it.
func (m *mortal) step(name string, effect func() error) error {
	m.mu.Lock()
	n := len(m.steps)
	m.steps = append(m.steps, name)
	if m.dead = m.dead || n == m.dieAt && !m.after; m.dead {
		m.mu.Unlock()
		return errDead
	}
	m.mu.Unlock()
	err := effect()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead = n == m.dieAt; m.dead {
		return errDead
	}
	return err
}

func (m *mortal) Publish(ctx context.Context, msg messages.Outgoing) error {
	return m.step("publish "+msg.Subject, func() error { return m.w.bus.Publish(ctx, msg) })
}

func (m *mortal) PublishTogether(ctx context.Context, ms []messages.Outgoing) error {
	return m.step(fmt.Sprintf("publish %d together", len(ms)), func() error { return m.w.bus.PublishTogether(ctx, ms) })
}

func (m *mortal) Schedule(ctx context.Context, feed string, at time.Time) error {
	return m.step("schedule", func() error { return m.w.bus.Schedule(ctx, feed, at) })
}

func (m *mortal) Unschedule(ctx context.Context, feed string) error {
	return m.step("unschedule", func() error { return m.w.bus.Unschedule(ctx, feed) })
}

func (m *mortal) Put(ctx context.Context, name string, data []byte) error {
	return m.step("object", func() error { return m.w.bus.Objects(messages.ObjectsPages).Put(ctx, name, data) })
}

func (m *mortal) Fetch(_ context.Context, r fetcher.Request) (answer fetcher.Response, err error) {
	err = m.step("fetch", func() error {
		m.w.mu.Lock()
		defer m.w.mu.Unlock()
		m.w.asked = append(m.w.asked, r)
		var there bool
		answer, there = m.w.answers[r.URL]
		if !there {
			return &fetcher.Failure{Kind: fetcher.FailDNS, Sentence: "there is no such host"}
		}
		if r.ETag != "" && r.ETag == answer.ETag {
			answer.Status, answer.Body = 304, nil
		}
		return nil
	})
	return answer, err
}

func (m *mortal) Page(_ context.Context, url string) (p fetcher.Page, err error) {
	err = m.step("page", func() error {
		m.w.mu.Lock()
		defer m.w.mu.Unlock()
		m.w.pages[url]++
		return m.w.noPage
	})
	return fetcher.Page{URL: url, Body: []byte("packed " + url), ContentType: "text/html"}, err
}

// store is a bucket that is written to by a mortal.
type store struct {
	m    *mortal
	name string
	s    *bustest.Store
}

func (s store) Load(ctx context.Context, key string) ([]byte, uint64, error) {
	return s.s.Load(ctx, key)
}

func (s store) Store(ctx context.Context, key string, value []byte, rev uint64) (newRev uint64, ok bool, err error) {
	err = s.m.step(s.name, func() error {
		newRev, ok, err = s.s.Store(ctx, key, value, rev)
		return err
	})
	return newRev, ok && err == nil, err
}
