package feed

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const base = "https://news.example/feeds/top.xml"

func rssOf(items ...string) string {
	return `<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">` +
		`<channel><title>Top</title><link>https://news.example/</link><ttl>15</ttl><language>en-gb</language>` + strings.Join(items, "\n") + `</channel></rss>`
}

func item(n int) string {
	return fmt.Sprintf(`<item><title>Item %d</title><link>/a/%d</link><guid isPermaLink="false">g%d</guid><pubDate>Mon, 02 Jan 2006 15:04:05 GMT</pubDate></item>`, n, n, n)
}

func mustParse(t *testing.T, body, contentType string) Document {
	t.Helper()
	doc, err := Parse([]byte(body), contentType, base, nil, Limits{})
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return doc
}

func TestFormats(t *testing.T) {
	for _, c := range []struct{ why, body, format string }{
		{"RSS 2.0", rssOf(item(1)), "rss"},
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom"><title>Top</title><entry><id>g1</id><title>Item 1</title><link href="/a/1"/><updated>2006-01-02T15:04:05Z</updated></entry></feed>`, "atom"},
		{"RSS 1.0", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Top</title></channel><item rdf:about="g1"><title>Item 1</title><link>/a/1</link><dc:date>2006-01-02T15:04:05Z</dc:date></item></rdf:RDF>`, "rss"},
		{"JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","title":"Top","items":[{"id":"g1","url":"/a/1","title":"Item 1","content_text":"x","date_published":"2006-01-02T15:04:05Z"}]}`, "json"},
	} {
		t.Run(c.why, func(t *testing.T) {
			doc := mustParse(t, c.body, "")
			if doc.Format != c.format || doc.Title != "Top" || len(doc.Items) != 1 {
				t.Fatalf("got %+v", doc)
			}
			it := doc.Items[0]
			if it.Title != "Item 1" || it.Link != "https://news.example/a/1" || !it.Published.Equal(time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC)) {
				t.Errorf("got %+v", it)
			}
		})
	}
}

func TestFields(t *testing.T) {
	doc := mustParse(t, rssOf(`<item><title>A &amp;amp; B &lt;b&gt;bold&lt;/b&gt;</title><guid>https://news.example/p/1</guid>`+
		`<dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator><description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;</description>`+
		`<content:encoded><![CDATA[<p>Full text</p>]]></content:encoded></item>`), "")
	it := doc.Items[0]
	want := Item{
		Hash: it.Hash, GUID: "https://news.example/p/1", Link: "https://news.example/p/1", Title: "A & B bold", Summary: "One two", Content: "<p>Full text</p>",
		Authors: []string{"Ann", "Bo"}, Notes: []string{"the item has no link; its id, which is an address, stands in"},
	}
	if !reflect.DeepEqual(it, want) {
		t.Errorf("got  %+v\nwant %+v", it, want)
	}
	if doc.Asks.TTL != 15*time.Minute || doc.Language != "en-gb" || doc.Home != "https://news.example/" {
		t.Errorf("got ttl %s, language %q, home %q", doc.Asks.TTL, doc.Language, doc.Home)
	}
}

func TestOddItems(t *testing.T) {
	for _, c := range []struct {
		why, item string
		check     func(Item) bool
	}{
		{"no date stays no date", `<item><title>x</title></item>`, func(i Item) bool { return i.Published.IsZero() && i.PublishedSource == "" }},
		{"a date that cannot be read stays none, and is quoted", `<item><title>x</title><pubDate>soonish</pubDate></item>`, func(i Item) bool {
			return i.Published.IsZero() && strings.Contains(strings.Join(i.Notes, " "), `"soonish"`)
		}},
		{"a guid that is no permanent link is no link", `<item><guid isPermaLink="false">https://news.example/1</guid></item>`, func(i Item) bool { return i.Link == "" }},
		{"a link that is no web address is left out", `<item><link>javascript:alert(1)</link></item>`, func(i Item) bool { return i.Link == "" }},
		{"a long description is the content", `<item><description>` + strings.Repeat("word ", 300) + `</description></item>`, func(i Item) bool { return len(i.Content) > 1000 }},
		{"an empty item is an item", `<item/>`, func(i Item) bool { return i.Title == "" && i.Link == "" }},
		{"the offset is kept", `<item><pubDate>Mon, 02 Jan 2006 15:04:05 +0300</pubDate></item>`, func(i Item) bool {
			_, offset := i.Published.Zone()
			return offset == 3*3600 && i.PublishedSource == "pubDate"
		}},
		{"script is not text", `<item><description>&lt;script&gt;alert(1)&lt;/script&gt;hello</description></item>`, func(i Item) bool { return i.Summary == "hello" }},
	} {
		t.Run(c.why, func(t *testing.T) {
			doc := mustParse(t, rssOf(c.item), "")
			if len(doc.Items) != 1 || !c.check(doc.Items[0]) {
				t.Errorf("got %+v", doc.Items)
			}
		})
	}
}

func TestEmptyFeedIsFine(t *testing.T) {
	if doc := mustParse(t, rssOf(), ""); len(doc.Items) != 0 || doc.Title != "Top" {
		t.Errorf("got %+v", doc)
	}
}

func TestCharsets(t *testing.T) {
	text := strings.Replace(rssOf(`<item><title>Žluťoučký kůň – „ano“</title></item>`), `encoding="utf-8"`, `encoding="windows-1250"`, 1)
	cp1250, err := charmap.Windows1250.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ why, body, contentType, want string }{
		{"the XML declaration", cp1250, "application/xml", "Žluťoučký kůň – „ano“"},
		{"the HTTP header wins over a wrong declaration", strings.Replace(cp1250, "windows-1250", "iso-8859-1", 1), "text/xml; charset=windows-1250", "Žluťoučký kůň – „ano“"},
		{"a byte order mark wins over everything", wide, "text/xml; charset=iso-8859-1", "Žluťoučký kůň – „ano“"},
		{"UTF-8 that says so in one place is UTF-8", rssOf(`<item><title>kůň</title></item>`), "text/xml; charset=iso-8859-1", "kůň"},
		{"undeclared bytes are windows-1252", "<rss><channel><item><title>caf\xe9 \x96</title></item></channel></rss>", "", "café –"},
		{"a few bad bytes do not spoil UTF-8", "<rss><channel><item><title>k\u016f\u0148 \u017elu\u0165ou\u010dk\u00fd\xff</title></item></channel></rss>", "", "kůň žluťoučký"},
		{"control characters are dropped", "<rss><channel><item><title>a\x00b\x0bc</title></item></channel></rss>", "", "abc"},
	} {
		if got := mustParse(t, c.body, c.contentType).Items[0].Title; got != c.want {
			t.Errorf("%s: got %q, want %q", c.why, got, c.want)
		}
	}
}

func TestDamage(t *testing.T) {
	for _, c := range []struct {
		why, body   string
		items, lost int
	}{
		{"a warning of the server before the root", "<br />\n<b>Warning</b>: foo in <b>x.php</b><br />" + rssOf(item(1)), 1, 0},
		{"a comment of 10 KB before the root", "<!--" + strings.Repeat("x<rss>", 2000) + "-->" + rssOf(item(1)), 1, 0},
		{"one stray < costs no item", rssOf(item(1), `<item><title>2 < 3</title><link>/x</link></item>`, item(3)), 3, 0},
		{"a bare & costs nothing", rssOf(`<item><title>Q&A & more</title></item>`), 1, 0},
		{"one broken item costs only itself", rssOf(item(1), `<item><title x="<y>oops</item>`, item(3)), 2, 1},
		{"cut within the third item", rssOf(item(1), item(2), item(3))[:strings.Index(rssOf(item(1), item(2), item(3)), "Item 3")+3], 2, 1},
		{"a missing end tag of an item", rssOf(item(1), strings.TrimSuffix(item(2), "</item>"), item(3)), 3, 0},
		{"undeclared prefixes", rssOf(`<item><title>x</title><foo:bar>y</foo:bar></item>`), 1, 0},
	} {
		t.Run(c.why, func(t *testing.T) {
			doc := mustParse(t, c.body, "")
			if len(doc.Items) != c.items || doc.Lost != c.lost {
				t.Errorf("got %d items and %d lost, want %d and %d; notes %q", len(doc.Items), doc.Lost, c.items, c.lost, doc.Notes)
			}
		})
	}
}

// TestCutAnywhere cuts a feed at every byte: all complete items stay, and none is made up.
func TestCutAnywhere(t *testing.T) {
	whole := rssOf(item(1), item(2), item(3), item(4))
	for at := strings.Index(whole, "<item>"); at < len(whole); at++ {
		doc, err := Parse([]byte(whole[:at]), "", base, nil, Limits{})
		if err != nil {
			t.Fatalf("cut at %d: %v", at, err)
		}
		if want := strings.Count(whole[:at], "</item>"); len(doc.Items) != want {
			t.Fatalf("cut at %d: %d items, want %d", at, len(doc.Items), want)
		}
	}
}

func TestNotAFeed(t *testing.T) {
	page := `<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"><link rel="alternate" type="application/atom+xml" href="https://news.example/atom"></head><body><p>hi`
	_, err := Parse([]byte(page), "text/html", base, nil, Limits{})
	p, ok := errors.AsType[*PageError](err)
	if !ok || !reflect.DeepEqual(p.Feeds, []string{"https://news.example/rss.xml", "https://news.example/atom"}) || !errors.Is(err, ErrNotFeed) {
		t.Errorf("a page that names two feeds: got %v", err)
	}
	for _, c := range []struct{ why, body, says string }{
		{"nothing", " \n", "empty"},
		{"a page without feeds", "<html><body>x", "names none"},
		{"a sitemap without news", `<urlset xmlns="x"><url><loc>https://news.example/</loc></url></urlset>`, "names pages but no news"},
		{"an empty sitemap index", `<sitemapindex></sitemapindex>`, "names no sitemap"},
		{"other JSON", `{"error": "no"}`, ""},
		{"prose", "Service unavailable", "Service unavailable"},
	} {
		_, err := Parse([]byte(c.body), "", base, nil, Limits{})
		if !errors.Is(err, ErrNotFeed) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want ErrNotFeed saying %q", c.why, err, c.says)
		}
	}
}

func TestHostile(t *testing.T) {
	var xmlns strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&xmlns, ` xmlns:n%d="u"`, i)
	}
	for _, c := range []struct{ why, body string }{
		{"a million elements deep", "<rss><channel>" + strings.Repeat("<x:a>", 1_000_000)},
		{"2,000 namespaces on one tag", "<rss" + xmlns.String() + "><channel>" + strings.Repeat("<a/>", 2000) + "</channel></rss>"},
		{"namespaces piled up level by level", "<rss><channel>" + strings.Repeat(`<a xmlns:a="1" xmlns:b="1" xmlns:c="1" xmlns:d="1">`, 190)},
		{"a tag of 100 KB", `<rss a="` + strings.Repeat("x", 100<<10) + `"><channel/></rss>`},
	} {
		if _, err := Parse([]byte(c.body), "", base, nil, Limits{}); !errors.Is(err, ErrHostile) {
			t.Errorf("%s: got %v, want ErrHostile", c.why, err)
		}
	}
	laughs := `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>` + rssOf(`<item><title>&b;</title></item>`)
	if doc := mustParse(t, laughs, ""); len(doc.Items) != 1 {
		t.Errorf("entities of its own: got %+v", doc)
	}
}

func TestItemLimit(t *testing.T) {
	items := make([]string, 30)
	for i := range items {
		items[i] = item(i)
	}
	doc, err := Parse([]byte(rssOf(items...)), "", base, nil, Limits{Items: 10})
	if err != nil || len(doc.Items) != 10 || doc.Over != 20 || doc.Items[9].Title != "Item 9" {
		t.Errorf("got %d items, %d over, %v", len(doc.Items), doc.Over, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(rssOf(item(1), item(2))), "text/xml; charset=utf-8")
	f.Add([]byte(rssOf(item(1), item(2))[:300]), "")
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://[::1"><entry><link href="a:b"/><content type="xhtml"><div>x</entry></feed>`), "text/xml")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"url":"//x"}]}`), "application/json")
	f.Add([]byte(jsonOf(jsonItem(1), `null`, `{"Title":7,"tags":[1],"authors":[null,"x",{"name":2}],"summary":{}}`)), "application/feed+json")
	f.Add([]byte("\xff\xfe<\x00r\x00s\x00s\x00>\x00"), "text/xml; charset=utf-16")
	f.Add([]byte(`<rss><channel><item><title>2 < 3</title><item></channel>`), "text/xml; charset=gb2312")
	f.Add([]byte(`<html><link rel=alternate type=application/rss+xml href=/x>`), "text/html")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		doc, err := Parse(body, contentType, base, nil, Limits{})
		again, err2 := Parse(body, contentType, base, nil, Limits{})
		if (err == nil) != (err2 == nil) || !reflect.DeepEqual(doc, again) {
			t.Fatalf("two readings differ: %+v, %v and %+v, %v", doc, err, again, err2)
		}
		if err != nil && !errors.Is(err, ErrNotFeed) && !errors.Is(err, ErrHostile) {
			t.Fatalf("an error of no kind: %v", err)
		}
		for _, it := range doc.Items {
			if u, err := url.Parse(it.Link); it.Link != "" && (err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https") {
				t.Fatalf("link %q is not absolute", it.Link)
			}
			if !utf8.ValidString(it.Title + it.Summary + it.Content + it.GUID) {
				t.Fatalf("text is not UTF-8: %+v", it)
			}
			if _, err := json.Marshal(it); err != nil {
				t.Fatalf("item cannot travel: %v", err)
			}
		}
	})
}
