package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Map is a sitemap that an index names.
type Map struct {
	// URL is absolute.
	URL string
	// Modified is when it changed last; zero when the index does not say.
	Modified time.Time
}

// wireURL is a <url> of a sitemap with the elements of the news extension, and a <sitemap> of an index.
type wireURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
	News    struct {
		Title     string `xml:"title"`
		Published string `xml:"publication_date"`
		Paper     struct {
			Name     string `xml:"name"`
			Language string `xml:"language"`
		} `xml:"publication"`
	} `xml:"news"`
}

// parseSitemap reads a news sitemap or a sitemap index, which begins with its root tag. A sitemap without news names pages
// but says nothing of them, and is refused.
func parseSitemap(text []byte, base *url.URL, seen func(uint64) bool, limits Limits) (Document, error) {
	if readTag(text, 0).is("sitemapindex") {
		return parseIndex(text, base, limits)
	}
	pieces, beyond, end := split(text, "url")
	own := around(text, pieces, end)
	doc := Document{Format: "sitemap", Damaged: own.cut}
	var left []piece
	left, doc.Known, doc.Over = fresh(text, pieces, seen, limits.Items)
	doc.Over += beyond
	if err := guardParts(text, own, left, limits); err != nil {
		return Document{}, err
	}
	for _, p := range left {
		wire, ok := readURL(text, p, limits)
		if !ok {
			doc.lose(text[p.start:p.end])
			continue
		}
		if wire.News.Title == "" && wire.News.Published == "" {
			continue
		}
		it := wire.adapt(base)
		it.Hash = p.hash
		doc.Items = append(doc.Items, it)
		doc.Title, doc.Language = oneLine(wire.News.Paper.Name), strings.TrimSpace(wire.News.Paper.Language)
	}
	doc.Damaged = doc.Damaged || doc.Lost > 0
	doc.noteDamage()
	if len(doc.Items)+len(doc.Known)+doc.Lost == 0 && len(pieces) > 0 {
		return Document{}, fmt.Errorf("%w: this sitemap names pages but no news; look for a news sitemap or a feed of the site", ErrNotFeed)
	}
	if n := len(left) - len(doc.Items) - doc.Lost; n > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("%d pages of the sitemap carry no news and were left out", n))
	}
	if doc.Over > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("%d items beyond the first %d new ones were not read", doc.Over, limits.Items))
	}
	return doc, nil
}

func readURL(text []byte, p piece, limits Limits) (wire wireURL, ok bool) {
	if cutOff(text, p) || p.end-p.start > limits.Item {
		return wire, false
	}
	item := text[p.start:p.end]
	if p.cut {
		item = join(item, []byte("</"), p.name, []byte(">"))
	}
	decoder := xml.NewDecoder(bytes.NewReader(item))
	decoder.Strict, decoder.Entity = false, xml.HTMLEntity
	err := decoder.Decode(&wire)
	wire.Loc, wire.News.Title = strings.TrimSpace(wire.Loc), strings.TrimSpace(wire.News.Title)
	return wire, err == nil
}

func (w wireURL) adapt(base *url.URL) Item {
	var it Item
	it.Title = oneLine(w.News.Title)
	if link := resolve(w.Loc, base); len(link) <= linkBytes {
		it.Link = link
	}
	if it.Link == "" {
		it.Notes = append(it.Notes, "the item has no link that can be used")
	}
	it.Updated, _, _ = Date(w.LastMod)
	if at, zone, ok := Date(w.News.Published); ok {
		it.Published, it.PublishedSource = at, "news:publication_date"
		if !zone {
			it.Notes = append(it.Notes, "the publication time carries no zone and was read as UTC")
		}
	}
	return it
}

func oneLine(s string) string {
	s, _ = cutText(plain(s), titleRunes)
	return s
}

// mapsMost bounds what is read of an index.
const mapsMost = 1000

// parseIndex lists the sitemaps of an index: those changed last first, and among those that do not say the ones with news
// in their address.
func parseIndex(text []byte, base *url.URL, limits Limits) (Document, error) {
	pieces, beyond, _ := split(text, "sitemap")
	left := pieces[:min(len(pieces), mapsMost)]
	doc := Document{Format: "sitemapindex", Over: beyond + len(pieces) - len(left)}
	if err := guardParts(text, surroundings{}, left, limits); err != nil {
		return Document{}, err
	}
	for _, p := range left {
		wire, ok := readURL(text, p, limits)
		address := resolve(wire.Loc, base)
		if !ok || address == "" || len(address) > linkBytes {
			doc.lose(text[p.start:p.end])
			continue
		}
		modified, _, _ := Date(wire.LastMod)
		doc.Maps = append(doc.Maps, Map{address, modified})
	}
	slices.SortStableFunc(doc.Maps, func(a, b Map) int {
		if c := b.Modified.Compare(a.Modified); c != 0 {
			return c
		}
		return newsFirst(b.URL) - newsFirst(a.URL)
	})
	if len(doc.Maps) == 0 {
		return Document{}, fmt.Errorf("%w: this sitemap index names no sitemap", ErrNotFeed)
	}
	return doc, nil
}

func newsFirst(address string) int {
	u, err := url.Parse(address)
	if err == nil && strings.Contains(strings.ToLower(u.Path), "news") {
		return 1
	}
	return 0
}
