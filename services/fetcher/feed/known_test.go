package feed

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// remembered is a seen that knows the items of a document.
func remembered(doc Document) func(uint64) bool {
	known := map[uint64]bool{}
	for _, it := range doc.Items {
		known[it.Hash] = true
	}
	return func(h uint64) bool { return known[h] }
}

// TestKnownItems polls a feed again after an item was added, one edited and one removed: only the first two are read, and
// they come out as they do from a whole reading.
func TestKnownItems(t *testing.T) {
	entry := func(n int) string {
		return fmt.Sprintf(`<entry><id>g%d</id><title>Item %d</title><link href="/a/%d"/><updated>2006-01-02T15:04:05Z</updated></entry>`, n, n, n)
	}
	atom := func(entries ...string) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom"><title>Top</title>` + strings.Join(entries, "") + `</feed>`
	}
	news := func(n int) string {
		return fmt.Sprintf(`<url><loc>https://news.example/a/%d</loc><news:news><news:title>Item %d</news:title><news:publication_date>2006-01-02</news:publication_date></news:news></url>`, n, n)
	}
	sitemap := func(urls ...string) string {
		return `<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">` + strings.Join(urls, "") + `</urlset>`
	}
	for _, c := range []struct {
		why  string
		of   func(...string) string
		item func(int) string
	}{
		{"RSS", rssOf, item}, {"Atom", atom, entry}, {"JSON Feed", jsonOf, jsonItem}, {"a news sitemap", sitemap, news},
	} {
		t.Run(c.why, func(t *testing.T) {
			before := mustParse(t, c.of(c.item(1), c.item(2), c.item(3)), "")
			edited := strings.Replace(c.item(2), "Item 2", "Item two", 1)
			now := c.of(c.item(4), c.item(1), edited)
			got, err := Parse([]byte(now), "", base, remembered(before), Limits{})
			whole := mustParse(t, now, "")
			if err != nil || len(got.Known) != 1 || got.Known[0] != before.Items[0].Hash {
				t.Fatalf("got %v and known %v, want the first item of before known", err, got.Known)
			}
			if want := []Item{whole.Items[0], whole.Items[2]}; !reflect.DeepEqual(got.Items, want) {
				t.Errorf("got  %+v\nwant %+v", got.Items, want)
			}
			again, err := Parse([]byte(now), "", base, func(uint64) bool { return true }, Limits{})
			if err != nil || len(again.Items) != 0 || len(again.Known) != 3 || again.Damaged {
				t.Errorf("a document that is known: got %+v, %v", again, err)
			}
		})
	}
}

// TestKnownButCut cuts a document between items: what it lacks must not be taken for unchanged.
func TestKnownButCut(t *testing.T) {
	whole := rssOf(item(1), item(2), item(3))
	cut := whole[:strings.Index(whole, item(3))]
	doc, err := Parse([]byte(cut), "", base, func(uint64) bool { return true }, Limits{})
	if err != nil || !doc.Damaged || len(doc.Known) != 2 {
		t.Errorf("got %+v, %v; want a damaged document of two known items", doc, err)
	}
}

// TestLimitGoesOn reads a feed of more items than the limit in several polls.
func TestLimitGoesOn(t *testing.T) {
	var items []string
	for n := range 25 {
		items = append(items, item(n))
	}
	known := map[uint64]bool{}
	for poll, want := range []int{10, 10, 5, 0} {
		doc, err := Parse([]byte(rssOf(items...)), "", base, func(h uint64) bool { return known[h] }, Limits{Items: 10})
		if err != nil || len(doc.Items) != want || doc.Over+len(doc.Known)+len(doc.Items) != 25 {
			t.Fatalf("poll %d: %d items, %d known, %d over, %v; want %d items", poll, len(doc.Items), len(doc.Known), doc.Over, err, want)
		}
		for _, it := range doc.Items {
			known[it.Hash] = true
		}
	}
}

func TestBroken(t *testing.T) {
	bad := `<item><title x="<y>oops</item>`
	doc := mustParse(t, rssOf(item(1), bad, item(3)), "")
	if doc.Lost != 1 || len(doc.Broken) != 1 || string(doc.Broken[0]) != bad || !strings.Contains(strings.Join(doc.Notes, " "), "2 items were read and 1 could not be") {
		t.Errorf("got %d lost, %q; notes %q", doc.Lost, doc.Broken, doc.Notes)
	}
}

// TestTooLarge: what passes the limits costs only itself.
func TestTooLarge(t *testing.T) {
	limits := Limits{Item: 1000, Head: 3000}
	parse := func(body string) Document {
		doc, err := Parse([]byte(body), "", base, nil, limits)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	doc := parse(rssOf(item(1), strings.Replace(item(2), "Item 2", strings.Repeat("x", 2000), 1), item(3)))
	if len(doc.Items) != 2 || doc.Lost != 1 || len(doc.Broken) != 1 {
		t.Errorf("a large item: %d items, %d lost", len(doc.Items), doc.Lost)
	}
	head := `<rss version="2.0"><channel><title>Top</title>` + strings.Repeat("<image><url>u</url></image>", 1000)
	if doc := parse(head + item(1) + "</channel></rss>"); len(doc.Items) != 1 || doc.Title != "Top" {
		t.Errorf("a large head: %d items, title %q", len(doc.Items), doc.Title)
	}
	doc = parse(rssOf(strings.Repeat("<item/>", piecesMost+5)))
	if len(doc.Items) != 2000 || doc.Over != piecesMost+5-2000 || doc.Damaged {
		t.Errorf("many items: %d read, %d over, damaged %v", len(doc.Items), doc.Over, doc.Damaged)
	}
	long := jsonItem(2)
	doc = parse(jsonOf(jsonItem(1), long[:len(long)-1]+`,"content_text":"`+strings.Repeat("x", 2000)+`"}`, jsonItem(3)))
	if len(doc.Items) != 2 || doc.Lost != 1 {
		t.Errorf("a large item of JSON: %d items, %d lost", len(doc.Items), doc.Lost)
	}
}

func TestManyBatches(t *testing.T) {
	var items []string
	for n := range 3*batch + 7 {
		items = append(items, item(n))
	}
	items[batch+3] = `<item><title>2 < 3</title><link>/x</link></item>`
	doc := mustParse(t, rssOf(items...), "")
	if len(doc.Items) != 3*batch+7 || doc.Lost != 0 || doc.Items[2*batch].Title != fmt.Sprintf("Item %d", 2*batch) || doc.Items[batch+3].Title != "2 < 3" {
		t.Errorf("got %d items, %d lost", len(doc.Items), doc.Lost)
	}
}

func TestAsks(t *testing.T) {
	for _, c := range []struct {
		why, head string
		want      Asks
	}{
		{"ttl", `<ttl>45</ttl>`, Asks{TTL: 45 * time.Minute}},
		{"the syndication module", `<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>`, Asks{TTL: 6 * time.Hour}},
		{"ttl wins over it", `<sy:updatePeriod>daily</sy:updatePeriod><ttl> 5 </ttl>`, Asks{TTL: 5 * time.Minute}},
		{"hours, with 24 for midnight", `<skipHours><hour>1</hour><hour>23</hour><hour>24</hour></skipHours>`, Asks{SkipHours: 1<<1 | 1<<23 | 1}},
		{"days", `<skipDays><day>Saturday</day><day>sunday</day></skipDays>`, Asks{SkipDays: 1<<6 | 1}},
		{"nonsense", `<ttl>soon</ttl><skipHours><hour>99</hour></skipHours><skipDays><day>Holiday</day></skipDays><hour>3</hour>`, Asks{}},
	} {
		body := `<rss version="2.0"><channel><title>x</title>` + c.head + item(1) + `</channel></rss>`
		if got := mustParse(t, body, "").Asks; got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.why, got, c.want)
		}
	}
}

func TestSitemaps(t *testing.T) {
	doc := mustParse(t, `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://news.example/a?x=1&amp;y=2</loc><lastmod>2024-05-06T08:00:00Z</lastmod><n:news><n:publication><n:name>The Paper</n:name><n:language>en</n:language></n:publication>
<n:publication_date>2024-05-06T07:08:09+02:00</n:publication_date><n:title><![CDATA[A & B]]></n:title></n:news></url>
<url><loc>https://news.example/about</loc></url></urlset>`, "")
	want := Item{
		Link: "https://news.example/a?x=1&y=2", Title: "A & B", PublishedSource: "news:publication_date",
		Published: time.Date(2024, 5, 6, 7, 8, 9, 0, time.FixedZone("", 7200)), Updated: time.Date(2024, 5, 6, 8, 0, 0, 0, time.UTC),
	}
	if doc.Format != "sitemap" || doc.Title != "The Paper" || doc.Language != "en" || len(doc.Items) != 1 || !strings.Contains(strings.Join(doc.Notes, " "), "1 pages of the sitemap carry no news") {
		t.Fatalf("got %+v", doc)
	}
	if want.Hash = doc.Items[0].Hash; !reflect.DeepEqual(doc.Items[0], want) {
		t.Errorf("got  %+v\nwant %+v", doc.Items[0], want)
	}

	doc = mustParse(t, `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>
<sitemap><loc>/pages.xml</loc></sitemap><sitemap><loc>/news.xml</loc></sitemap><sitemap><loc>/new.xml</loc><lastmod>2024-01-01</lastmod></sitemap></sitemapindex>`, "")
	var order []string
	for _, m := range doc.Maps {
		order = append(order, strings.TrimPrefix(m.URL, "https://news.example"))
	}
	if got := strings.Join(order, " "); got != "/new.xml /old.xml /news.xml /pages.xml" || doc.Format != "sitemapindex" {
		t.Errorf("got %s: %s", doc.Format, got)
	}
}

func TestAtomAsWritten(t *testing.T) {
	doc := mustParse(t, `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id> tag:a b,2005:%7e/ü&amp;c </id><title type="text">History of the &lt;blink&gt; tag</title></entry>`+
		`<entry><id>2</id><title>&lt;b&gt;Bold&lt;/b&gt; claim</title></entry></feed>`, "")
	if it := doc.Items[0]; it.GUID != "tag:a b,2005:%7e/ü&c" || it.Title != "History of the <blink> tag" {
		t.Errorf("an id is a name and plain text is no markup: got %+v", it)
	}
	if it := doc.Items[1]; it.Title != "Bold claim" {
		t.Errorf("a title that does not say what it is: got %q", it.Title)
	}
}

// Twenty items of 600 bytes, as an average feed.
func averageFeed() (string, []string) {
	var items []string
	for n := range 20 {
		items = append(items, fmt.Sprintf(`<item><title>A headline of usual length about matter %d</title><link>https://news.example/2024/05/06/story-%d.html</link><guid isPermaLink="false">https://news.example/?p=%d</guid><pubDate>Mon, 06 May 2024 15:04:%02d GMT</pubDate><dc:creator>Jane Doe</dc:creator><category>World</category><category>Politics</category><description>&lt;p&gt;%s&lt;/p&gt;</description></item>`,
			n, n, n, n, strings.Repeat("Some words of a summary. ", 10)))
	}
	return rssOf(items...), items
}

func BenchmarkUnchanged(b *testing.B) {
	body, _ := averageFeed()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := Parse([]byte(body), "application/rss+xml", base, func(uint64) bool { return true }, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOneNew(b *testing.B) {
	body, _ := averageFeed()
	doc, err := Parse([]byte(body), "", base, nil, Limits{})
	if err != nil {
		b.Fatal(err)
	}
	fresh := doc.Items[0].Hash
	for b.Loop() {
		if _, err := Parse([]byte(body), "application/rss+xml", base, func(h uint64) bool { return h != fresh }, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAllNew(b *testing.B) {
	body, _ := averageFeed()
	for b.Loop() {
		if _, err := Parse([]byte(body), "application/rss+xml", base, nil, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
