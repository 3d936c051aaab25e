package fetcher_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/services/fetcher"
)

const site = "https://news.example/"

// serveXML makes the web answer with a document as it is.
func (w *world) serveXML(url, body string) {
	w.answers[url] = fetcher.Response{Status: 200, URL: url, ETag: `"same"`, ContentType: "application/xml", Body: []byte(body), Wire: int64(len(body))}
}

// serveIndex names sitemaps, of which the n-th of names changed n hours before the start.
func (w *world) serveIndex(names ...string) {
	var b strings.Builder
	for n, name := range names {
		fmt.Fprintf(&b, "<sitemap><loc>%s%s</loc><lastmod>%s</lastmod></sitemap>", site, name, start.Add(-time.Duration(n)*time.Hour).Format(time.RFC3339))
	}
	w.serveXML(news, `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`+b.String()+`</sitemapindex>`)
}

// serveMap is a news sitemap of articles.
func (w *world) serveMap(name string, articles ...string) {
	var b strings.Builder
	for _, a := range articles {
		fmt.Fprintf(&b, `<url><loc>%s%s.html</loc><news:news><news:publication><news:name>P</news:name><news:language>en</news:language></news:publication>`+
			`<news:publication_date>%s</news:publication_date><news:title>About %s</news:title></news:news></url>`, site, a, start.Add(-time.Hour).Format(time.RFC3339), a)
	}
	w.serveXML(site+name, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">`+b.String()+`</urlset>`)
}

func TestSitemapIndexBringsTheNewestSitemaps(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	w.addFeed("news", news, nil)
	w.serveIndex("1.xml", "2.xml", "3.xml", "4.xml", "5.xml", "6.xml")
	for n := range 6 {
		w.serveMap(fmt.Sprintf("%d.xml", n+1), fmt.Sprintf("a%d", n+1), "everywhere")
	}
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")
	var urls []string
	for _, a := range w.raws() {
		urls = append(urls, strings.TrimPrefix(a.URL, site))
	}
	if want := []string{"a1.html", "everywhere.html", "a2.html", "a3.html", "a4.html"}; !slices.Equal(urls, want) {
		t.Errorf("articles %v, want %v", urls, want)
	}
	if r := w.lastReport(); !strings.Contains(r.Sentence, "2 others were not") || r.Items != 8 || r.Bytes < 1000 {
		t.Errorf("report: %+v", r)
	}
	// The index stays as it is while one of its sitemaps grows.
	w.serveMap("2.xml", "a2", "everywhere", "fresh")
	w.poll(f, "news")
	if r := w.lastReport(); r.Status != "ok" || r.New != 1 || len(w.raws()) != 6 || w.raws()[5].Title != "About fresh" {
		t.Errorf("second poll: %+v", r)
	}
}

func TestSitemapsOfAnIndexThatCannotBeRead(t *testing.T) {
	w := newWorld(t)
	f := w.start()
	w.addFeed("news", news, nil)
	w.serveIndex("away.xml", "index.xml", "good.xml")
	w.serveXML(site+"index.xml", string(w.answers[news].Body))
	w.serveMap("good.xml", "a")
	if err := f.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.poll(f, "news")
	if r := w.lastReport(); r.Status != "ok" || r.New != 1 || !strings.Contains(r.Sentence, "away.xml was not read") || !strings.Contains(r.Sentence, "index itself") {
		t.Errorf("some: %+v", r)
	}
	delete(w.answers, site+"good.xml")
	w.poll(f, "news")
	if r := w.lastReport(); r.Status != "failed" || !strings.Contains(r.Sentence, "away.xml was not read") {
		t.Errorf("none: %+v", r)
	}
	w.serveMap("good.xml", "a", "b")
	w.poll(f, "news")
	if r := w.lastReport(); r.New != 1 || r.Known != 1 || len(w.raws()) != 2 {
		t.Errorf("back again: %+v", r)
	}
}
