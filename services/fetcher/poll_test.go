package fetcher_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
)

const news = "https://news.example/rss"

func TestFirstPoll(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	w.addFeed("news", news, func(f *fetcher.Feed) { f.Zone, f.Country, f.Source = "Asia/Dushanbe", "TJ", "daily" })
	w.serve(news, item("a"), item("b"))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")

	raws := w.raws()
	if len(raws) != 2 {
		t.Fatalf("%d articles were published, want 2", len(raws))
	}
	a := raws[0]
	if a.URL != "https://e.com/a" || a.GUID != "a" || a.Title != "a" || a.Revision != 1 || a.Source != "daily" || a.SourceZone != "Asia/Dushanbe" ||
		a.SourceCountry != "TJ" || !a.FirstSeen.Equal(w.clock.Now()) || string(a.Page) != "packed https://e.com/a" || a.PageType != "text/html" || a.Baseline {
		t.Errorf("article: %+v", a)
	}
	d := w.bus.Published("raw.")[0]
	if d.Subject != "raw.daily" || d.Header[messages.HeaderMsgID] != "fetcher:"+a.ID+":1" || d.Header[messages.HeaderArticle] != a.ID ||
		d.Header[messages.HeaderRevision] != "1" || d.Header[messages.HeaderFeed] != "news" {
		t.Errorf("on the wire: %s %v", d.Subject, d.Header)
	}
	r := w.lastReport()
	if r.Status != "ok" || r.Items != 2 || r.New != 2 || len(r.Seen) != 2 || r.Seen[0].Article != a.ID || r.Seen[0].Outcome != "published" || r.NextPoll.IsZero() {
		t.Errorf("report: %+v", r)
	}
	if at, ok := w.bus.Scheduled("news"); !ok || at.Sub(w.clock.Now()) != 30*time.Minute {
		t.Errorf("next poll at %v, %v", at, ok)
	}
}

func TestSecondPollBringsOnlyNews(t *testing.T) {
	w, f := polled(t, item("a"))
	w.poll(f, "news")
	if r := w.lastReport(); r.Status != "not_modified" || w.asked[1].ETag == "" {
		t.Errorf("unchanged: %+v after %+v", r, w.asked)
	}
	w.serve(news, item("b"), item("a"))
	w.poll(f, "news")
	if r := w.lastReport(); r.New != 1 || r.Known != 1 || len(w.raws()) != 2 {
		t.Errorf("one new: %+v", r)
	}
	if w.pages["https://e.com/a"] != 1 {
		t.Error("a known article's page was fetched again")
	}
}

// polled is a world in which the feed "news" was polled once.
func polled(t *testing.T, items ...string) (*world, *fetcher.Fetcher) {
	t.Helper()
	w := newWorld(t)
	f := w.start()
	w.addFeed("news", news, nil)
	w.serve(news, items...)
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")
	return w, f
}

func TestBaseline(t *testing.T) {
	dated := func(name string, at time.Time) string {
		return strings.Replace(item(name), start.Add(-time.Hour).Format(time.RFC1123Z), at.Format(time.RFC1123Z), 1)
	}
	undated := func(name string) string {
		return strings.Replace(item(name), "pubDate", "x", 2)
	}
	baseline := func(w *world) (out []string) {
		for _, r := range w.raws() {
			if r.Baseline {
				out = append(out, r.GUID)
			}
		}
		return out
	}
	w, f := polled(t, dated("old", start.Add(-25*time.Hour)), dated("young", start.Add(-23*time.Hour)), undated("undated"))
	if got := baseline(w); !slices.Equal(got, []string{"old", "undated"}) {
		t.Errorf("first poll: baseline %v", got)
	}
	w.serve(news, undated("late"), undated("undated"))
	w.poll(f, "news")
	if got := baseline(w); !slices.Equal(got, []string{"old", "undated"}) {
		t.Errorf("an undated item of a later poll is news: baseline %v", got)
	}

	ring := newWorld(t)
	ring.change = func(o *fetcher.Options) { o.BaselineRing = true }
	g := ring.start()
	ring.addFeed("news", news, nil)
	ring.serve(news, dated("old", start.Add(-25*time.Hour)))
	if err := g.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	ring.poll(g, "news")
	if got := baseline(ring); len(got) != 0 || len(ring.raws()) != 1 {
		t.Errorf("with BaselineRing: baseline %v", got)
	}
}

func TestTwoFeedsOneArticle(t *testing.T) {
	w, f := polled(t, item("a", "as the paper says"))
	w.addFeed("other", "https://other.example/rss", nil)
	w.serve("https://other.example/rss", strings.Replace(item("a", "as the agency says"), ">a</guid>", ">77</guid>", 1))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "other")
	if r := w.lastReport(); len(w.raws()) != 1 || r.New != 1 || r.Seen[0].Outcome != "duplicate" || r.Seen[0].Article != w.raws()[0].ID {
		t.Errorf("second feed: %+v", r)
	}
	w.serve("https://other.example/rss", strings.Replace(item("a", "as the agency says now"), ">a</guid>", ">77</guid>", 1))
	w.clock.Advance(time.Hour)
	w.poll(f, "other")
	if len(w.raws()) != 1 {
		t.Error("the feed that did not bring the article revised it")
	}
}

func TestRevisions(t *testing.T) {
	w, f := polled(t, item("a", "one"))
	first := w.raws()[0]
	w.serve(news, item("a", "  ONE  "))
	w.poll(f, "news")
	if len(w.raws()) != 1 {
		t.Fatal("white space and case made a revision")
	}
	w.serve(news, strings.Replace(item("a", "two"), "e.com/a<", "e.com/a-new-slug<", 1))
	w.poll(f, "news")
	raws := w.raws()
	if len(raws) != 2 || raws[1].Revision != 2 || raws[1].ID != first.ID || !raws[1].FirstSeen.Equal(first.FirstSeen) || raws[1].URL != "https://e.com/a-new-slug" {
		t.Fatalf("after an edit: %+v", raws)
	}
	for n := range 20 {
		w.serve(news, item("a", "three", strings.Repeat("x", n)))
		w.poll(f, "news")
	}
	if got := len(w.raws()); got != 10 {
		t.Errorf("%d revisions were published, want 10 at most", got)
	}
	if r := w.lastReport(); r.Dropped["revision_limit"] != 1 {
		t.Errorf("the last one: %+v", r)
	}
}

func TestAnEditTooSoonIsMetAgain(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	w.addFeed("news", news, func(f *fetcher.Feed) { f.EverySeconds = 240 })
	w.serve(news, item("a", "one"))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")
	w.serve(news, item("a", "two"))
	w.poll(f, "news")
	if r := w.lastReport(); r.Dropped["revised_recently"] != 1 || w.state("news").ETag != "" {
		t.Errorf("four minutes later: %+v", r)
	}
	w.poll(f, "news")
	w.poll(f, "news")
	if raws := w.raws(); len(raws) != 2 || raws[1].Revision != 2 || !strings.Contains(raws[1].Title, "two") {
		t.Errorf("twelve minutes later: %+v", raws)
	}
}

func TestLargePageTravelsApart(t *testing.T) {
	w := newWorld(t)
	big := bytes.Repeat([]byte{7}, 200<<10)
	w.change = func(o *fetcher.Options) {
		o.MaxPayload = 256 << 10
		o.Pager = pager{fetcher.Page{Body: big, ContentType: "text/html", Notes: []string{"page: cut"}}}
	}
	f := w.start()
	w.addFeed("news", news, nil)
	w.serve(news, item("a"), `<item><title>b</title><link>https://e.com/b</link><description>`+strings.Repeat("word ", 60<<10)+`</description></item>`)
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")
	raws := w.raws()
	if len(raws) != 2 {
		t.Fatalf("%d articles", len(raws))
	}
	for _, r := range raws {
		page, err := w.bus.Objects(messages.ObjectsPages).Get(t.Context(), r.PageRef)
		if err != nil || r.Page != nil || !bytes.Equal(page, big) || !slices.Contains(r.Notes, "page: cut") {
			t.Errorf("article %s: %d bytes of page at %q, %v", r.Title, len(page), r.PageRef, err)
		}
	}
	if b := raws[1]; len(b.FeedContent) == 0 || !strings.Contains(strings.Join(b.Notes, " "), "was cut from") {
		t.Errorf("content of 300 KB: %d bytes left, notes %q", len(b.FeedContent), b.Notes)
	}
	for _, d := range w.bus.Published("raw.") {
		if len(d.Data) > 192<<10 {
			t.Errorf("a message of %d bytes", len(d.Data))
		}
	}
}

// pager gives every address the same page.
type pager struct{ page fetcher.Page }

func (p pager) Page(context.Context, string) (fetcher.Page, error) { return p.page, nil }

func TestItemsThatAreHardToTellApart(t *testing.T) {
	w, f := polled(t,
		`<item><title>One</title><link>https://e.com/</link></item>`,
		`<item><title>Two</title><link>https://e.com/</link></item>`,
		`<item><title>Three</title></item>`,
		`<item><guid isPermaLink="false">4</guid></item>`,
	)
	if raws := w.raws(); len(raws) != 4 {
		t.Fatalf("%d of 4 items were published", len(raws))
	}
	w.clock.Advance(13 * time.Hour) // the whole document is asked for again
	w.poll(f, "news")
	if r := w.lastReport(); r.Known != 4 || len(w.raws()) != 4 {
		t.Errorf("the same again: %+v", r)
	}
}

func TestANewItemAtAnOldAddress(t *testing.T) {
	w, f := polled(t, item("a"))
	moved := strings.Replace(item("a", "edited"), "e.com/a<", "e.com/moved<", 1)
	reuses := strings.Replace(item("fresh"), "e.com/fresh<", "e.com/a<", 1)
	again := strings.Replace(reuses, "fresh", "fresh2", 3)
	w.serve(news, moved, reuses)
	w.poll(f, "news")
	raws := w.raws()
	if len(raws) != 3 || raws[1].ID != raws[0].ID || raws[1].Revision != 2 || raws[2].ID == raws[0].ID {
		t.Errorf("the address went to another item: %+v", raws)
	}
	w.serve(news, moved, reuses, again)
	w.poll(f, "news")
	if r := w.lastReport(); len(w.raws()) != len(raws)+1 || r.New != 1 || r.Known != 2 {
		t.Errorf("a third item there: %+v", r)
	}
}

func TestAnItemTwiceInOneDocument(t *testing.T) {
	w, f := polled(t, item("a"), strings.Replace(item("a"), ">a</guid>", ">other</guid>", 1), item("a"))
	if r := w.lastReport(); len(w.raws()) != 1 || r.New != 2 || r.Known != 1 || r.Seen[1].Outcome != "duplicate" {
		t.Errorf("got %+v", r)
	}
	w.clock.Advance(13 * time.Hour)
	w.poll(f, "news")
	if r := w.lastReport(); r.Known != 3 || len(w.raws()) != 1 {
		t.Errorf("the same again: %+v", r)
	}
}

func TestPageFailureDoesNotHoldTheArticle(t *testing.T) {
	w := newWorld(t)
	w.noPage = &fetcher.Failure{Kind: fetcher.FailStatus, Sentence: "e.com answered HTTP 404 Not Found"}
	f := w.start()
	w.addFeed("news", news, nil)
	w.serve(news, item("a"))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")
	if raws := w.raws(); len(raws) != 1 || raws[0].Page != nil || !slices.Contains(raws[0].Notes, "the page was not fetched: e.com answered HTTP 404 Not Found") {
		t.Errorf("got %+v", raws)
	}
}

func TestBusyHostOfPagesIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.noPage = &fetcher.Failure{Kind: fetcher.FailBusy, Sentence: "e.com has other fetches waiting", RetryAfter: 2 * time.Minute}
	f := w.start()
	w.addFeed("news", news, nil)
	w.serve(news, item("a"))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")
	if r := w.lastReport(); len(w.raws()) != 0 || r.Dropped["host_busy"] != 1 || r.NextPoll.Sub(w.clock.Now()) != 2*time.Minute {
		t.Errorf("at first: %+v", r)
	}
	w.noPage = nil
	w.poll(f, "news")
	if raws := w.raws(); len(raws) != 1 || raws[0].Page == nil || raws[0].Revision != 1 {
		t.Errorf("when it is the host's turn: %+v", raws)
	}
}

func TestPollBudget(t *testing.T) {
	w := newWorld(t)
	w.change = func(o *fetcher.Options) { o.Pager = slowPager{w, time.Minute} }
	f := w.start()
	w.addFeed("news", news, nil)
	w.serve(news, item("a"), item("b"), item("c"), item("d"), item("e"))
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")
	r := w.lastReport()
	if r.New != 3 || r.Dropped["poll_budget"] != 2 || r.NextPoll.Sub(w.clock.Now()) > time.Minute {
		t.Errorf("first poll: %+v", r)
	}
	w.poll(f, "news")
	if r := w.lastReport(); r.New != 2 || r.Known != 3 || len(w.raws()) != 5 {
		t.Errorf("second poll: %+v", r)
	}
}

func TestFailures(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	w.addFeed("news", news, nil)
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")
	if r := w.lastReport(); r.Status != "failed" || r.Sentence != "there is no such host" || !slices.Equal(w.events(), []string{"failing"}) {
		t.Errorf("never worked: %+v, events %v", r, w.events())
	}
	gaps := []time.Duration{}
	for range 9 { // a name that cannot be looked up counts a quarter
		w.poll(f, "news")
		gaps = append(gaps, w.lastReport().NextPoll.Sub(w.clock.Now()))
	}
	if !slices.IsSorted(gaps) || gaps[0] == gaps[8] || len(w.events()) != 1 {
		t.Errorf("pauses %v, events %v", gaps, w.events())
	}
	w.answers[news] = fetcher.Response{Status: 429, URL: news, RetryAfter: 5 * time.Hour}
	w.poll(f, "news")
	if r := w.lastReport(); r.HTTPStatus != 429 || r.NextPoll.Sub(w.clock.Now()) < 5*time.Hour || !slices.Equal(w.events(), []string{"failing", "blocked"}) {
		t.Errorf("blocked: %+v, events %v", r, w.events())
	}
	w.answers[news] = fetcher.Response{Status: 200, URL: news, Body: []byte(`<html><head><link rel="alternate" type="application/rss+xml" href="/real.xml">`)}
	w.poll(f, "news")
	if r := w.lastReport(); r.Sentence != "this is a web page, not a feed; did you mean https://news.example/real.xml?" {
		t.Errorf("a page: %+v", r)
	}
	w.serve(news, item("a"))
	w.poll(f, "news")
	if s := w.state("news"); s.Failures != 0 || s.Trouble != "" || w.events()[len(w.events())-1] != "recovered" || len(w.raws()) != 1 {
		t.Errorf("recovered: %+v, events %v", s, w.events())
	}
	w.serve(news)
	w.poll(f, "news")
	if r := w.lastReport(); r.Status != "ok" || r.Items != 0 {
		t.Errorf("empty: %+v", r)
	}
}

func TestAFeedThatWorkedIsAnnouncedAtTheThirdFailure(t *testing.T) {
	w, f := polled(t, item("a"))
	delete(w.answers, news)
	for n := range 3 {
		w.poll(f, "news")
		if got := len(w.events()); got != (n+1)/3 {
			t.Errorf("after failure %d: events %v", n+1, w.events())
		}
	}
}

func TestMovedAndGap(t *testing.T) {
	w, f := polled(t, item("a"))
	w.serve(news, item("b"))
	answer := w.answers[news]
	answer.Moved, answer.URL = "https://news.example/new", "https://news.example/new"
	w.answers[news] = answer
	w.poll(f, "news")
	w.clock.Advance(13 * time.Hour)
	w.poll(f, "news")
	if got := w.events(); !slices.Equal(got, []string{"moved", "gap"}) {
		t.Errorf("events %v", got)
	}
}

func TestCutDocumentIsAskedForAgain(t *testing.T) {
	w, f := polled(t, item("a"))
	whole := item("c") + item("b") + item("a")
	w.serve(news, whole[:len(item("c"))+20])
	w.poll(f, "news")
	if r := w.lastReport(); r.New != 1 || r.Dropped["unreadable"] != 1 || w.state("news").ETag != "" {
		t.Errorf("cut: %+v, validator %q", r, w.state("news").ETag)
	}
	w.serve(news, item("c"), item("b"), item("a"))
	w.poll(f, "news")
	if r := w.lastReport(); r.New != 1 || r.Known != 2 || len(w.raws()) != 3 {
		t.Errorf("whole: %+v", r)
	}
}

func TestOneClaimAtATime(t *testing.T) {
	w, f := polled(t, item("a"))
	w.serve(news, item("b"), item("a"))
	d := w.due("news")
	other := w.start()
	var second error
	w.bus.Store(messages.BucketArticles).Before(func(verb, _ string) {
		if verb == "load" && second == nil {
			second = other.Handle(t.Context(), d)
		}
	})
	if err := f.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if wait, ok := retry.Delay(second); !ok || wait <= 0 || wait > 6*time.Minute {
		t.Errorf("the second fetcher got %v", second)
	}
	w.bus.Store(messages.BucketArticles).Before(nil)
	w.clock.Advance(time.Minute)
	asked := len(w.asked)
	if err := other.Handle(t.Context(), d); err != nil || len(w.asked) != asked {
		t.Errorf("handled after the commit: %v, %d requests", err, len(w.asked)-asked)
	}
	if at, ok := w.bus.Scheduled("news"); !ok || !at.Equal(w.state("news").NextPoll.Truncate(time.Second)) && at.Sub(w.state("news").NextPoll) > time.Second {
		t.Errorf("scheduled at %v, state says %v", at, w.state("news").NextPoll)
	}
}

func TestRemovedFeed(t *testing.T) {
	w, f := polled(t, item("a"))
	d := w.due("news")
	w.removeFeed("news")
	asked := len(w.asked)
	if err := f.Handle(t.Context(), d); err != nil || len(w.asked) != asked {
		t.Errorf("a due poll of a removed feed: %v, %d requests", err, len(w.asked)-asked)
	}
	if _, ok := w.bus.Scheduled("news"); ok {
		t.Error("it is still scheduled")
	}
}

func TestWhatCannotBeAFeed(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	for why, d := range map[string]messages.Delivery{"no id": {Data: []byte("a b")}, "nothing": {}} {
		if _, ok := retry.Reason(f.Handle(t.Context(), d)); !ok {
			t.Errorf("%s: not dead-lettered", why)
		}
	}
	w.putRecord("bad", messages.Record{Version: 1, Owner: "file:x", Value: []byte(`{"id":"bad","url":"nowhere","source":"x"}`)})
	err := f.Handle(t.Context(), messages.Delivery{Data: []byte("bad")})
	if reason, _ := retry.Reason(err); reason != "invalid" || !errors.Is(err, fetcher.ErrFeed) {
		t.Errorf("a feed that is configured wrongly: %v", err)
	}
}
