package pubdate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/services/extractor/pubdate"
)

var fetched = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("no time zones on this machine: %v", err)
	}
	return l
}

// written is how the tests write a date down.
func written(f pubdate.Found) string {
	if !f.Known() {
		return "none"
	}
	return fmt.Sprintf("%s %s %s zone=%v local=%s", f.From.Format(time.RFC3339), f.Precision, f.Source, f.ZoneKnown, f.Local.Format("01-02 15:04"))
}

func TestFeedStamp(t *testing.T) {
	for _, c := range []struct{ why, stamp, zone, want string }{
		{"an instant, in no known zone: the stamp's own day", "2026-11-20T01:30:05+05:00", "", "2026-11-19T20:30:05Z second feed zone=true local=11-20 01:30"},
		{"the publisher's zone decides the local day", "2026-11-19T20:30:05Z", "Asia/Dushanbe", "2026-11-19T20:30:05Z second feed zone=true local=11-20 01:30"},
		{"no seconds: a minute", "2026-11-20T01:30:00+05:00", "", "2026-11-19T20:30:00Z minute feed zone=true local=11-20 01:30"},
		{"midnight sharp: a day, and the one that is written", "2026-11-20T00:00:00Z", "America/New_York", "2026-11-20T00:00:00Z day feed zone=true local=11-20 00:00"},
		{"a clock that is fast by hours", "2026-11-21T11:59:59Z", "", "2026-11-21T11:59:59Z second feed zone=true local=11-21 11:59"},
		{"more than a day ahead", "2026-11-21T12:00:01Z", "", "none"},
		{"the zero of some clock", "1970-01-01T00:00:00Z", "", "none"},
		{"before there was a web", "1989-12-31T23:59:59Z", "", "none"},
	} {
		b := pubdate.Bounds{FetchedAt: fetched}
		if c.zone != "" {
			b.Zone = zone(t, c.zone)
		}
		f := pubdate.Find(pubdate.Article{Feed: at(t, c.stamp)}, b)
		if got := written(f); got != c.want {
			t.Errorf("%s: got %s; want %s", c.why, got, c.want)
		}
		if f.Known() == (len(f.Notes) > 0) || len(f.Candidates) != 1 {
			t.Errorf("%s: notes %q, candidates %v; want the stamp as a candidate, and a note when it is not believed", c.why, f.Notes, f.Candidates)
		}
	}
	if f := pubdate.Find(pubdate.Article{Feed: time.Time{}}, pubdate.Bounds{FetchedAt: fetched}); f.Known() || len(f.Candidates) > 0 {
		t.Errorf("no stamp gave %+v", f)
	}
}

func TestPage(t *testing.T) {
	ld := func(s string) string { return `<script type="application/ld+json">` + s + `</script>` }
	for _, c := range []struct{ why, page, want string }{
		{"JSON-LD before meta, wherever they stand", `<meta property="article:published_time" content="2026-11-01">` + ld(`{"datePublished":"2026-11-02T10:20:30+01:00"}`),
			"2026-11-02T09:20:30Z second json_ld zone=true local=11-02 10:20"},
		{"in a graph", ld(`{"@graph":[{"@type":"WebSite"},{"@type":"NewsArticle","datePublished":"2026-11-02"}]}`),
			"2026-11-02T00:00:00Z day json_ld zone=false local=11-02 00:00"},
		{"the outermost counts, not a comment's", ld(`{"comment":[{"datePublished":"2020-01-01"}],"mainEntity":{"datePublished":"2020-01-02"},"datePublished":"2026-11-02"}`),
			"2026-11-02T00:00:00Z day json_ld zone=false local=11-02 00:00"},
		{"broken JSON is searched for the field", ld(`{"headline":"a
b","datePublished" : "2026-11-02T09:00:01Z",}`) + `<meta name=pubdate content="Mon, 02 Nov 2026 08:00:01 GMT">`,
			"2026-11-02T09:00:01Z second json_ld zone=true local=11-02 09:00"},
		{"JSON without the field falls to meta", ld(`{"headline":"a"`) + `<meta name=pubdate content="Mon, 02 Nov 2026 08:00:01 GMT">`,
			"2026-11-02T08:00:01Z second meta zone=true local=11-02 08:00"},
		{"other works in the JSON are not this one", ld(`{"@type":"ItemList","itemListElement":[{"datePublished":"2026-10-02"}]}`) + `<meta name=date content="2026-11-02">`,
			"2026-11-02T00:00:00Z day meta zone=false local=11-02 00:00"},
		{"an impossible date falls to the next", ld(`{"datePublished":"2030-11-02"}`) + `<meta itemprop="datePublished" content="2026-11-03 09:15">`,
			"2026-11-03T09:15:00Z minute meta zone=false local=11-03 09:15"},
		{"an abbreviation of one zone", `<meta name="date" content="Mon, 02 Nov 2026 10:20:30 PST">`,
			"2026-11-02T18:20:30Z second meta zone=true local=11-02 10:20"},
		{"a weekday that is not that day's", `<meta name="date" content="Sun, 02 Nov 2026 10:20:30 GMT"><meta name="pubdate" content="2026-11-03">`,
			"2026-11-03T00:00:00Z day meta zone=false local=11-03 00:00"},
		{"a zone nobody knows is none", `<meta name="date" content="2026-11-02 10:20:30 XYZT">`,
			"2026-11-02T10:20:30Z second meta zone=false local=11-02 10:20"},
		{"a marked time element", `<time datetime="2019-01-01">then</time><time class="entry-date" datetime="2026-11-02T10:20+03:00">now</time>`,
			"2026-11-02T07:20:00Z minute time zone=true local=11-02 10:20"},
		{"the date of the last change is not this", `<meta property="article:modified_time" content="2026-11-02T10:20:30Z">` + ld(`{"datePublished":"2026-11-01"}`),
			"2026-11-01T00:00:00Z day json_ld zone=false local=11-01 00:00"},
		{"a date in the text, as the last resort", `<html><body><p class="date">Published 3 November 2026</p><p>Text.</p></body></html>`,
			"2026-11-03T00:00:00Z day page zone=false local=11-03 00:00"},
		{"nothing", `<html><body><p>Text.</p></body></html>`, "none"},
	} {
		t.Run(c.why, func(t *testing.T) {
			f := pubdate.Find(pubdate.Article{Page: c.page, Address: "https://example.test/a"}, pubdate.Bounds{FetchedAt: fetched})
			if got := written(f); got != c.want {
				t.Errorf("got %s; want %s (candidates %+v)", got, c.want, f.Candidates)
			}
			if f.Known() && (!f.To.After(f.From) || f.Confidence <= 0 || len(f.Candidates) == 0) {
				t.Errorf("found %+v", f)
			}
		})
	}
}

func TestPageKeepsWhatTheFeedSaid(t *testing.T) {
	b := pubdate.Bounds{FetchedAt: fetched}
	f := pubdate.Find(pubdate.Article{Feed: at(t, "2031-01-01T00:00:00Z"), Page: `<meta name="date" content="2026-11-02">`}, b)
	if len(f.Candidates) != 2 || f.Candidates[0].Source != "feed" || f.Candidates[1].Source != "meta" || len(f.Notes) != 1 {
		t.Errorf("candidates %+v, notes %q; want the feed's first and its note kept", f.Candidates, f.Notes)
	}
}

func TestAPageFullOfDatesGivesFewCandidates(t *testing.T) {
	page := strings.Repeat(`<meta name="date" content="2026-11-02">`, 1000)
	f := pubdate.Find(pubdate.Article{Page: page, Address: ""}, pubdate.Bounds{FetchedAt: fetched})
	if len(f.Candidates) > 8 {
		t.Errorf("%d candidates", len(f.Candidates))
	}
}

// Any page gives an interval that holds, believable and the same every time, or none.
func FuzzPage(f *testing.F) {
	f.Add(`<script type="application/ld+json">{"datePublished":"2026-11-02T10:20:30+01:00"}</script>`)
	f.Add(`<meta name=date content="Nov. 3, 2026"><time pubdate datetime="2026-11">`)
	f.Add(`<p>03/11/2026 10:15 am UTC+3`)
	f.Fuzz(func(t *testing.T, page string) {
		b := pubdate.Bounds{FetchedAt: fetched}
		found := pubdate.Find(pubdate.Article{Page: page, Address: ""}, b)
		if found.Known() && (!found.To.After(found.From) || found.From.Year() < 1989 || found.From.After(fetched.AddDate(0, 0, 2))) {
			t.Errorf("found %s", written(found))
		}
		if again := pubdate.Find(pubdate.Article{Page: page, Address: ""}, b); written(again) != written(found) {
			t.Errorf("first %s, then %s", written(found), written(again))
		}
	})
}

func ExampleFind_feed() {
	stamp := time.Date(2026, 11, 20, 1, 30, 0, 0, time.FixedZone("", 5*3600))
	f := pubdate.Find(pubdate.Article{Feed: stamp}, pubdate.Bounds{FetchedAt: stamp.Add(time.Hour)})
	fmt.Println(f.From, f.Precision, "local day", f.Local.Format(time.DateOnly))
	// Output: 2026-11-19 20:30:00 +0000 UTC minute local day 2026-11-20
}

func ExampleFind_page() {
	page := `<meta property="article:published_time" content="2026-11-19">`
	f := pubdate.Find(pubdate.Article{Page: page, Address: ""}, pubdate.Bounds{FetchedAt: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)})
	fmt.Println(f.From.Format(time.DateOnly), f.Precision, f.Source, f.ZoneKnown)
	// Output: 2026-11-19 day meta false
}
