package pubdate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/services/extractor/pubdate"
)

// sheet is a page with a title, a headline and what follows it.
func sheet(head, body string) string {
	return `<html lang="de"><head><title>Ein Titel der Seite - Die Zeitung</title>` + head + `</head><body>` +
		`<div class="today">Freitag, 20. November 2026</div>` + body + `</body></html>`
}

const headline = `<h1>Ein Titel der Seite</h1>`

// prose is text without any date, for distance.
var prose = "<p>" + strings.Repeat("Worte stehen hier und sagen nichts. ", 20) + "</p>"

func TestFindWhatAReaderSees(t *testing.T) {
	for _, c := range []struct{ why, page, want string }{
		{"a byline under the headline, not the day at the top", sheet("", headline+`<p class="byline">Von A. B. am 3. November 2026</p>`+prose),
			"2026-11-03T00:00:00Z day page zone=false local=11-03 00:00"},
		{"its clock", sheet("", headline+`<span class="date">Di., 03.11.2026 - 14:45 Uhr</span>`+prose),
			"2026-11-03T14:45:00Z minute page zone=false local=11-03 14:45"},
		{"its clock and zone", sheet("", headline+`<span class="date">3 November 2026, 2:45 pm EST</span>`+prose),
			"2026-11-03T19:45:00Z minute page zone=true local=11-03 14:45"},
		{"a plain time element", sheet("", headline+`<time datetime="2026-11-03T10:00:05+01:00">3. November</time>`+prose),
			"2026-11-03T09:00:05Z second time zone=true local=11-03 10:00"},
		{"itemprop on any element", sheet("", headline+prose+`<span itemprop="datePublished" content="2026-11-03">Dienstag</span>`),
			"2026-11-03T00:00:00Z day time zone=false local=11-03 00:00"},
		{"a label in the block before", sheet("", headline+prose+prose+`<h5>Datum:</h5>03.11.2026`),
			"2026-11-03T00:00:00Z day page zone=false local=11-03 00:00"},
		{"published and not changed", sheet("", headline+`<p>Aktualisiert am 9.11.2026</p><p>Veröffentlicht am 3.11.2026</p>`),
			"2026-11-03T00:00:00Z day page zone=false local=11-03 00:00"},
		{"the article's and not its comments'", sheet("", headline+`<p class="date">3. November 2026</p>`+prose+
			strings.Repeat(`<div class="comment"><time pubdate datetime="2026-11-05">5. November 2026</time></div>`, 9)),
			"2026-11-03T00:00:00Z day page zone=false local=11-03 00:00"},
		{"split over elements", sheet("", headline+`<p><span>3.</span> <span>November</span> <b>2026</b></p>`),
			"2026-11-03T00:00:00Z day page zone=false local=11-03 00:00"},
		{"in Ukrainian", sheet("", headline+`<p class="date">Вівторок, 3 листопада 2026, 14:45</p>`),
			"2026-11-03T14:45:00Z minute page zone=false local=11-03 14:45"},
		{"in Chinese", sheet("", headline+`<p class="date">2026年11月3日 14:45</p>`),
			"2026-11-03T14:45:00Z minute page zone=false local=11-03 14:45"},
		{"of the Buddhist era", sheet("", headline+`<p class="date">3 พฤศจิกายน 2569</p>`),
			"2026-11-03T00:00:00Z day page zone=false local=11-03 00:00"},
		{"a weekday that is not that day's is not believed", sheet("", headline+`<p class="date">Montag, 3. November 2026</p><p class="date">4. November 2026</p>`),
			"2026-11-04T00:00:00Z day page zone=false local=11-04 00:00"},
		{"a weekday turns day and month over", sheet("", headline+`<p class="date">Wednesday, 11/4/2026</p>`),
			"2026-11-04T00:00:00Z day page zone=false local=11-04 00:00"},
		{"day first in German", sheet("", headline+`<p class="date">3/11/2026</p>`),
			"2026-11-03T00:00:00Z day page zone=false local=11-03 00:00"},
		{"month first in American English", strings.Replace(sheet("", headline+`<p class="date">11/3/2026</p>`), `"de"`, `"en-US"`, 1),
			"2026-11-03T00:00:00Z day page zone=false local=11-03 00:00"},
		{"a day that no calendar has", sheet("", headline+`<p class="date">31. November 2026</p><p class="date">3. November 2026</p>`),
			"2026-11-03T00:00:00Z day page zone=false local=11-03 00:00"},
		{"meta in words", sheet(`<meta property="article:published_time" content="Di., 03.11.2026 - 14:45">`, headline),
			"2026-11-03T14:45:00Z minute meta zone=false local=11-03 14:45"},
		{"meta in seconds since 1970", sheet(`<meta name="pubdate" content="1793700305">`, headline),
			"2026-11-03T10:05:05Z second meta zone=true local=11-03 10:05"},
		{"of two that markup states, the one that is printed", sheet(`<meta property="article:published_time" content="2026-11-06T10:00:01Z">`+
			`<script type="application/ld+json">{"datePublished":"2026-11-03T10:00:01Z"}</script>`, headline+`<p class="date">6. November 2026</p>`),
			"2026-11-06T10:00:01Z second meta zone=true local=11-06 10:00"},
		{"when the document was made is a weaker word than the byline", sheet(`<meta itemprop="dateCreated" content="2004-01-01">`, headline+`<p class="date">6. November 2026</p>`),
			"2026-11-06T00:00:00Z day page zone=false local=11-06 00:00"},
	} {
		t.Run(c.why, func(t *testing.T) {
			f := pubdate.Find(pubdate.Article{Page: c.page, Address: "https://www.example.com/a"}, pubdate.Bounds{FetchedAt: fetched})
			if got := written(f); got != c.want {
				t.Errorf("got %s; want %s (candidates %+v)", got, c.want, f.Candidates)
			}
		})
	}
}

func TestFindChangesOnlyWhenThereIsNothingElse(t *testing.T) {
	b := pubdate.Bounds{FetchedAt: fetched}
	for _, c := range []struct{ why, page, want string }{
		{"meta", sheet(`<meta property="article:modified_time" content="2026-11-05T10:00:01Z">`, headline+prose), "2026-11-05T10:00:01Z second meta zone=true local=11-05 10:00"},
		{"JSON-LD", sheet(`<script type="application/ld+json">{"dateModified":"2026-11-05"}</script>`, headline+prose), "2026-11-05T00:00:00Z day json_ld zone=false local=11-05 00:00"},
		{"a line for readers", strings.Replace(sheet("", headline+prose+`<p>Zuletzt geändert: 05.11.2026</p>`), "Freitag, 20. November 2026", "", 1), "2026-11-05T00:00:00Z day page zone=false local=11-05 00:00"},
	} {
		f := pubdate.Find(pubdate.Article{Page: strings.Replace(c.page, "Freitag, 20. November 2026", "", 1)}, b)
		if got := written(f); got != c.want || f.Confidence > 0.2 || len(f.Notes) != 1 {
			t.Errorf("%s: got %s with confidence %v and notes %q; want %s, hardly believed, and a note", c.why, got, f.Confidence, f.Notes, c.want)
		}
		f = pubdate.Find(pubdate.Article{Page: c.page, Text: "LONDON, Nov. 3 (Agency) - It happened."}, b)
		if f.Source != "dateline" || f.Local.Day() != 3 {
			t.Errorf("%s: beside a dateline got %s; want the dateline", c.why, written(f))
		}
	}
}

func TestFindInText(t *testing.T) {
	for _, c := range []struct{ why, text, address, want string }{
		{"a first line that is a date", "Friday, May 29, 2015\n\nTop Commander Has Joined\n\nRelatives say he disappeared.", "", "2015-05-29 0.85"},
		{"an agency's dateline, in the latest year it can be", "(Reuters) - May 29 was when it began, officials said.", "", "2026-05-29 0.5"},
		{"place, date, agency", "LONDON, May 29 (Reuters) - Officials said so.", "", "2026-05-29 0.5"},
		{"the year of the address", "LONDON, May 29 (Reuters) - Officials said so.", "https://example.test/2015/05/story", "2015-05-29 0.5"},
		{"a byline with a weekday, in the latest year that has it", "By Ann Author, Wednesday, February 15\n\nIt happened.", "", "2023-02-15 0.7"},
		{"but not before a year the text names", "By Ann Author, Tuesday, February 15\n\nIt happened after 2023, and not before.", "", "none 0"},
		{"a weekday that contradicts the year", "Monday, May 29, 2015\n\nIt happened.", "", "none 0"},
		{"a date in prose is not the article's", "The war ended on May 29, 2015 and nobody was told of it until years had passed.", "", "none 0"},
		{"a day named with its weekday, when there is nothing else", "Trees\n\nThe minister announced on Wednesday,\nFebruary 15, that his country's army is ready since 2021.", "", "2023-02-15 0.3"},
		{"a headline without a date", "Black Monday\n\nIt happened.", "", "none 0"},
		{"the day of the address", "It happened.", "https://example.test/news/2015/05/29/story.html", "2015-05-29 0.85"},
		{"day first in the address", "It happened.", "https://example.test/news/29-05-2015", "2015-05-29 0.85"},
		{"eight digits in the address", "It happened.", "https://example.test/20150529/story", "2015-05-29 0.85"},
		{"month names in the address", "It happened.", "https://example.test/2015/may/29/story", "2015-05-29 0.85"},
		{"only the month in the address", "It happened.", "https://example.test/2015/05/story", "2015-05 0.4"},
		{"a number in the address that is no date", "It happened.", "https://example.test/2015-13-45/story-20159999", "none 0"},
	} {
		f := pubdate.Find(pubdate.Article{Text: c.text, Address: c.address}, pubdate.Bounds{FetchedAt: fetched})
		got := "none 0"
		if f.Known() {
			got = fmt.Sprintf("%s %v", f.Local.Format(time.DateOnly), f.Confidence)
		}
		if f.Precision == "month" && f.Local.IsZero() {
			got = fmt.Sprintf("%s %v", f.From.Format("2006-01"), f.Confidence)
		}
		if got != c.want {
			t.Errorf("%s: got %s by %s; want %s", c.why, got, f.Source, c.want)
		}
	}
}

func TestLocalDay(t *testing.T) {
	stated := func(stamp string) string { return `<meta property="article:published_time" content="` + stamp + `">` }
	for _, c := range []struct{ why, stamp, body, address, zone, want string }{
		{"an instant in UTC and the day in the address", "2026-11-04T01:49:09Z", "", "https://example.test/2026/11/03/a", "", "11-03 23:49"},
		{"and the day that is printed", "2026-11-03T22:30:00Z", headline + `<p class="date">Mittwoch, 4. November 2026</p>`, "", "", "11-04 00:30"},
		{"the publisher's zone before both", "2026-11-04T01:49:09Z", "", "https://example.test/2026/11/03/a", "Asia/Dushanbe", "11-04 06:49"},
		{"the stamp's own offset before both", "2026-11-04T01:49:09+01:00", "", "https://example.test/2026/11/03/a", "", "11-04 01:49"},
		{"a day further off than zones are apart is another day", "2026-11-04T12:49:09Z", "", "https://example.test/2026/11/01/a", "", "11-04 12:49"},
		{"and so is one that only the middle of the ocean has", "2026-11-04T10:49:09Z", "", "https://example.test/2026/11/03/a", "", "11-04 10:49"},
	} {
		b := pubdate.Bounds{FetchedAt: fetched}
		if c.zone != "" {
			b.Zone = zone(t, c.zone)
		}
		f := pubdate.Find(pubdate.Article{Page: sheet(stated(c.stamp), c.body), Address: c.address}, b)
		if got := f.Local.Format("01-02 15:04"); got != c.want || !f.From.Equal(at(t, c.stamp)) {
			t.Errorf("%s: local %s from %v; want %s and the instant as it was stated", c.why, got, f.From, c.want)
		}
	}
	feed := pubdate.Find(pubdate.Article{Feed: at(t, "2026-11-04T01:49:09Z"), Address: "https://example.test/2026/11/03/a"}, pubdate.Bounds{FetchedAt: fetched})
	if feed.Source != "feed" || feed.Local.Day() != 3 || len(feed.Candidates) != 2 {
		t.Errorf("a feed's instant: got %s, candidates %v; want the address to settle the day and both kept", written(feed), feed.Candidates)
	}
}

func TestNothingGivesNothing(t *testing.T) {
	if f := pubdate.Find(pubdate.Article{}, pubdate.Bounds{FetchedAt: fetched}); f.Known() || f.Candidates != nil || f.Notes != nil {
		t.Errorf("got %+v", f)
	}
}

// Hostile pages of half a megabyte: a quadratic step anywhere takes minutes.
func TestHostilePagesTakeBoundedTime(t *testing.T) {
	const size, limit = 512 << 10, 20 * time.Second
	for _, p := range []string{
		"<b>1", "<a>1<div>", "<b>1<p>", "</x>", "<div class=date>1", "<time datetime=2020-01-01>", "<meta name=date content=xxxxxxxxxx>", "<a class=date class=date ",
		"1 ", "1/", "1.", "12/05/2020 ", "May ", "2020-", "12:12:", "<p>5 May 2020</p>", "<", "<!--", "&amp;", "[", "<h1>1", "a", "1 de ", "/2020/01",
		`<script type="application/ld+json">{"datePublished":[`, "20200101 ", "<table><tr>1",
	} {
		began := time.Now()
		many := strings.Repeat(p, size/len(p))
		f := pubdate.Find(pubdate.Article{Page: "<html><body>" + many, Text: many, Address: "https://example.test/" + many}, pubdate.Bounds{FetchedAt: fetched})
		took := time.Since(began)
		t.Logf("%.30q %v", p, took)
		if took > limit || len(f.Candidates) > 8 {
			t.Errorf("%q over and over: %v, %d candidates", p, took, len(f.Candidates))
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("By Ann Author, Wednesday, February 15", "https://example.test/2015/05/29/", `<h1>t</h1><p class=date>3/11/2026 10:15 am UTC+3`, int64(0))
	f.Add("(Reuters) - May 29", "https://example.test/20150529", `<time pubdate datetime="2026-11">`, int64(1790000000))
	f.Add("2026年11月3日", "%", "", int64(-1))
	f.Fuzz(func(t *testing.T, text, address, page string, feed int64) {
		a := pubdate.Article{Text: text, Address: address, Page: page}
		if feed != 0 {
			a.Feed = time.Unix(feed%(1<<36), 0)
		}
		b := pubdate.Bounds{FetchedAt: fetched}
		found := pubdate.Find(a, b)
		if !found.Known() {
			return
		}
		switch {
		case !found.To.After(found.From), found.From.Year() < 1989, found.From.After(fetched.AddDate(0, 0, 2)):
			t.Errorf("the interval %v to %v", found.From, found.To)
		case found.Local.IsZero() == (found.Precision == "second" || found.Precision == "minute" || found.Precision == "day"), !found.Local.IsZero() && found.Local.Sub(found.From).Abs() > 15*time.Hour:
			t.Errorf("local %v of %v", found.Local, found.From)
		case found.Confidence <= 0, found.Confidence > 1, len(found.Candidates) == 0, len(found.Candidates) > 8:
			t.Errorf("confidence %v, candidates %v", found.Confidence, found.Candidates)
		}
		if again := pubdate.Find(a, b); written(again) != written(found) {
			t.Errorf("first %s, then %s", written(found), written(again))
		}
	})
}
