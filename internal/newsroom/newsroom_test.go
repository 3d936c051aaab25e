package newsroom

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"go.uber.org/goleak"
	"go.yaml.in/yaml/v3"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var day = time.Date(2026, 3, 11, 9, 0, 0, 0, time.UTC)

// clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func start(t *testing.T, o Options) (*Newsroom, *clock) {
	t.Helper()
	c := &clock{now: day}
	o.Start, o.Now = day, c.Now
	n, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, n) })
	return n, c
}

func serve(t *testing.T, items []Item, o Options) (*Newsroom, *clock) {
	t.Helper()
	c := &clock{now: day}
	o.Start, o.Now = day, c.Now
	n, err := Serve(items, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, n) })
	return n, c
}

func shut(t *testing.T, n *Newsroom) {
	t.Helper()
	if err := n.Close(); err != nil {
		t.Error(err)
	}
}

// response is an answer read to its end.
type response struct {
	status int
	header http.Header
	body   string
	err    error // of reading the body
}

// get asks once, without following redirects; headers alternate name and value.
func get(t *testing.T, url string, headers ...string) (response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		return response{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return response{resp.StatusCode, resp.Header, string(body), err}, nil
}

func must(t *testing.T, url string, headers ...string) response {
	t.Helper()
	r, err := get(t, url, headers...)
	if err != nil || r.err != nil {
		t.Fatalf("GET %s: %v %v", url, err, r.err)
	}
	return r
}

func read(t *testing.T, f Feed) *gofeed.Feed {
	t.Helper()
	parsed, err := gofeed.NewParser().ParseString(must(t, f.URL).body)
	if err != nil {
		t.Fatalf("%s: %v", f.URL, err)
	}
	return parsed
}

func TestFeedsOfTheSampleShowWhatTheLedgerSays(t *testing.T) {
	n, c := start(t, Options{Seed: 7, Step: time.Minute})
	for _, moment := range []time.Duration{0, 5*time.Minute + time.Second, time.Hour} {
		c.move(moment - c.Now().Sub(day))
		want := map[string]Entry{}
		for _, e := range n.Ledger() {
			if !e.Visible.After(c.Now()) {
				want[e.URL] = e
			}
		}
		seen := 0
		for _, f := range n.Feeds() {
			for _, item := range read(t, f).Items {
				e, ok := want[item.Link]
				if !ok || item.Title != e.Title || item.GUID != e.ID || !item.PublishedParsed.Equal(e.Published) {
					t.Errorf("after %v %s shows %q (%s, %v), the ledger %+v", moment, f.Source, item.Title, item.GUID, item.PublishedParsed, e)
				}
				seen++
			}
		}
		if seen != len(want) {
			t.Errorf("after %v the feeds show %d items, the ledger has %d", moment, seen, len(want))
		}
	}
	if !n.Over() {
		t.Error("an hour later something is still to come")
	}
}

func TestPagesHoldTheTextAndTheNoiseAroundIt(t *testing.T) {
	n, c := start(t, Options{})
	c.move(time.Hour)
	for _, e := range n.Ledger() {
		page := must(t, e.URL)
		text := strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&amp;", "&").Replace(page.body)
		for p := range strings.SplitSeq(e.Title+"\n\n"+e.Text, "\n\n") {
			if !strings.Contains(text, p) {
				t.Errorf("%s lacks %q", e.URL, p)
			}
		}
		for _, noise := range []string{"application/ld+json", `"datePublished":"` + e.Published.Format("2006-01"), "We use cookies", "All rights reserved", `lang="` + e.Language + `"`} {
			if !strings.Contains(page.body, noise) {
				t.Errorf("%s lacks %q", e.URL, noise)
			}
		}
	}
}

func TestSampleNamesEveryWatchedNameItClaims(t *testing.T) {
	n, _ := start(t, Options{})
	var list struct {
		List    string
		Entries []struct{ ID, Name, Kind string }
	}
	if err := yaml.Unmarshal(n.Watchlist(), &list); err != nil || list.List != "sample" {
		t.Fatalf("watchlist %q: %v", list.List, err)
	}
	stems := map[string][]string{
		"ashrafzamonov":   {"Ashrafzam", "Ашрафзамонов"},
		"halcyon-freight": {"Halcyon Freight"},
		"ontivares-quell": {"Ontivares"},
	}
	hits, spellings := map[string]int{}, map[string]bool{}
	for _, e := range n.Ledger() {
		for id, forms := range stems {
			stands := slices.ContainsFunc(forms, func(f string) bool { return strings.Contains(e.Title+"\n"+e.Text, f) })
			if stands != slices.Contains(e.Watch, id) {
				t.Errorf("%q: %s stands there: %v, the ledger claims %v", e.Title, id, stands, e.Watch)
			}
		}
		for _, id := range e.Watch {
			hits[id]++
			if !slices.ContainsFunc(list.Entries, func(x struct{ ID, Name, Kind string }) bool { return x.ID == id }) {
				t.Errorf("%q claims %s, which is on no list", e.Title, id)
			}
		}
		for _, word := range strings.FieldsFunc(e.Text, func(r rune) bool { return strings.ContainsRune(" ,.’'", r) }) {
			if strings.HasPrefix(word, "Ashrafzam") {
				spellings[word] = true
			}
		}
	}
	if hits["ashrafzamonov"] < 6 || len(spellings) < 3 || hits["halcyon-freight"] < 3 {
		t.Errorf("hits %v in the spellings %v; the sample shows too little", hits, spellings)
	}
}

func TestSampleBeginsMostlyThereAndGoesOn(t *testing.T) {
	const step = 3 * time.Second
	n, _ := start(t, Options{Step: step})
	var now, later []Entry
	for _, e := range n.Ledger() {
		if e.Visible.After(day) {
			later = append(later, e)
		} else {
			now = append(now, e)
		}
		if age := e.Visible.Sub(e.Published); age < 0 || age > 21*time.Hour {
			t.Errorf("%q carries a stamp %v before it appeared", e.Title, age)
		}
		if strings.ContainsAny(e.Text, "{}") {
			t.Errorf("%q holds a date that was not written out", e.Title)
		}
	}
	if len(now) < 25 || len(later) < 12 {
		t.Errorf("%d stories at once and %d later", len(now), len(later))
	}
	if first := later[0]; first.Visible != day.Add(step) || len(first.Watch) == 0 {
		t.Errorf("the first new story is %q after %v; a watched name should ring at once", first.Title, first.Visible.Sub(day))
	}
}

func TestSameSeedSameWorld(t *testing.T) {
	bodies := func(seed uint64) string {
		n, c := start(t, Options{Seed: seed})
		c.move(20 * time.Second)
		var all strings.Builder
		for _, f := range n.Feeds() {
			base := strings.TrimSuffix(f.URL, f.Format.path())
			all.WriteString(strings.ReplaceAll(must(t, f.URL).body, base, ""))
		}
		return all.String()
	}
	a, b, c := bodies(1), bodies(1), bodies(2)
	if a != b {
		t.Error("the same seed gave two worlds")
	}
	if a == c {
		t.Error("two seeds gave one world")
	}
}

func TestEditChangesPageFeedAndLedger(t *testing.T) {
	n, c := serve(t, []Item{{
		Title: "Bridge opens", Text: "The bridge opened. All went well.",
		Edits: []Edit{{Appears: time.Hour, Title: "Bridge opens late", Watch: []string{"x"}}, {Appears: 2 * time.Hour, Text: "It is shut again."}},
	}}, Options{Sources: []Source{{Slug: DefaultSource, Format: Atom}}})
	ledger := n.Ledger()
	if len(ledger) != 3 || ledger[1].Revision != 2 || ledger[2].Title != "Bridge opens late" || ledger[2].Text != "It is shut again." {
		t.Fatalf("ledger %+v", ledger)
	}
	for _, e := range ledger {
		c.move(e.Visible.Sub(c.Now()))
		item := read(t, n.Feeds()[0]).Items[0]
		if item.Title != e.Title || !strings.Contains(must(t, e.URL).body, e.Title) || !item.UpdatedParsed.Equal(e.Visible) {
			t.Errorf("revision %d: feed shows %q of %v", e.Revision, item.Title, item.UpdatedParsed)
		}
	}
	if got := read(t, n.Feeds()[0]).Items[0].Description; got != "It is shut again." {
		t.Errorf("summary is still %q", got)
	}
}

func TestStoryIsNowhereBeforeItAppears(t *testing.T) {
	n, c := serve(t, []Item{{Title: "Later", Text: "Not yet.", Appears: time.Hour}}, Options{})
	url := n.Ledger()[0].URL
	if r := must(t, url); r.status != 404 || len(read(t, n.Feeds()[0]).Items) != 0 {
		t.Errorf("an hour early the page answers %d", r.status)
	}
	c.move(time.Hour)
	if r := must(t, url); r.status != 200 || len(read(t, n.Feeds()[0]).Items) != 1 {
		t.Errorf("on time the page answers %d", r.status)
	}
}

func TestWindowDropsTheOldest(t *testing.T) {
	var items []Item
	for i, title := range []string{"First", "Second", "Third"} {
		items = append(items, Item{Title: title, Published: day.Add(time.Duration(i-10) * time.Hour)})
	}
	n, _ := serve(t, items, Options{Window: 2})
	got := read(t, n.Feeds()[0]).Items
	if len(got) != 2 || got[0].Title != "Third" || got[1].Title != "Second" {
		t.Errorf("the feed shows %v", got)
	}
}

func TestBadWorldsAreRefused(t *testing.T) {
	for _, row := range []struct {
		sentence string
		items    []Item
		o        Options
		want     string
	}{
		{"a story needs a title", []Item{{Text: "x"}}, Options{}, "has no title"},
		{"two stories cannot lie under one path", []Item{{Title: "A", Path: "/a"}, {Title: "B", Path: "/a"}}, Options{}, "two stories under /a"},
		{"an unknown format is refused", nil, Options{Sources: []Source{{Slug: "s", Format: "xml"}}}, `format "xml"`},
		{"an unknown zone is refused", nil, Options{Sources: []Source{{Slug: "s", Zone: "Mars/Base"}}}, "Mars/Base"},
		{"a negative step is refused", nil, Options{Step: -1}, "Options.Step"},
		{"a negative window is refused", nil, Options{Window: -1}, "Options.Window"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if _, err := Serve(row.items, row.o); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("Serve: %v; want %q", err, row.want)
			}
		})
	}
}

func TestSampleFilesAreCheckedWhereTheyAreWrong(t *testing.T) {
	for _, row := range []struct{ sentence, text, want string }{
		{"an unknown head line is named", "# T\ncolour: red\n\nText.", `unknown line "colour: red`},
		{"a mark that is no number is named", "# T\nlate: soon\n\nText.", `late: "soon"`},
		{"a date that is none is shown", "# T\n\nOn {Monday} it rained.", "{Monday} is no date"},
		{"a brace that never closes is shown", "# T\n\nOn {0 Monday it rained.", "is no date"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if _, err := parse(row.text, day); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("parse: %v; want %q", err, row.want)
			}
		})
	}
}

// A page that robots.txt closes is there all the same, and who fetches it is blamed.
func TestClosedPagesAreWatched(t *testing.T) {
	n, _ := serve(t, []Item{{Title: "Open"}, {Title: "Shut", Path: closedPath + "shut"}}, Options{})
	for _, e := range n.Ledger() {
		must(t, e.URL)
	}
	if got := n.Impolite(); len(got) != 1 || !strings.Contains(got[0], "/closed/shut, which robots.txt closes") {
		t.Errorf("blamed for %q", got)
	}
}

// A hasty world asks for shorter pauses.
func TestHasteShortensPauses(t *testing.T) {
	for haste, want := range map[float64]string{0: "7200", 288: "25", 1e6: "1"} {
		n, _ := serve(t, []Item{{Source: "s", Title: "One"}}, Options{Haste: haste, Plan: []Planned{{Source: "s", Mischief: "503-retry", Until: time.Hour}}})
		if r := must(t, n.Feeds()[0].URL); r.status != 503 || r.header.Get("Retry-After") != want {
			t.Errorf("haste %v: %d, Retry-After %q; want %s", haste, r.status, r.header.Get("Retry-After"), want)
		}
	}
}
