package feed

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

const (
	// summaryRunes is the longest summary; a longer description is content.
	summaryRunes = 2000
	// contentFrom is how long a description must be, as plain text, to stand in for content that a feed does not give.
	contentFrom = 600
	// titleRunes, nameRunes, authorsMost and linkBytes bound fields that are short in every real feed.
	titleRunes  = 1000
	nameRunes   = 200
	authorsMost = 50
	linkBytes   = 8 << 10
)

// fill adapts what the library read of the feed itself: fields it leaves in corners, absolute links, plain text.
func (d *Document) fill(r reading, base *url.URL) {
	f := r.feed
	d.Format = f.FeedType
	d.Title, _ = cutText(plain(f.Title), titleRunes)
	d.Home = resolve(f.Link, base)
	d.Language, _ = cutText(strings.TrimSpace(f.Language), 35) // BCP 47, 4.4.1
	switch own := f.OriginalFeed().(type) {
	case *rss.Feed:
		if d.ID = extensionOf(own.Extensions, "rdf", "about"); d.ID == "" {
			d.ID = extensionOf(own.Extensions, "atom", "id")
		}
		d.Published = firstDate(own.PubDate, extensionOf(own.Extensions, "dcterms", "issued"), f.Published)
		d.Updated = firstDate(own.LastBuildDate, extensionOf(own.Extensions, "dcterms", "modified"), f.Updated)
	case *atom.Feed:
		d.ID = strings.TrimSpace(own.ID)
		d.Published, d.Updated = firstDate(f.Published), firstDate(own.Updated)
	}
	d.Authors = names(f.Authors, f.DublinCoreExt)
}

// firstDate is the first stamp that can be read; zero when none can.
func firstDate(stamps ...string) time.Time {
	for _, s := range stamps {
		if at, _, ok := Date(s); ok {
			return at
		}
	}
	return time.Time{}
}

// adapt makes an item of an entry; raw are its bytes in the document, nil for JSON.
func (e entry) adapt(base *url.URL, raw []byte) Item {
	it := Item{GUID: e.guid(raw), Authors: names(e.Authors, e.DublinCoreExt)}
	var cut bool
	title := plain(e.title())
	if e.literalTitle(raw) {
		title = strings.Join(strings.Fields(e.title()), " ")
	}
	if it.Title, cut = cutText(title, titleRunes); cut {
		it.Notes = append(it.Notes, "the title was cut to 1,000 characters")
	}
	it.Link = e.link(base, &it.Notes)
	it.fillText(e)
	it.fillDate(e)
	return it
}

// guid is the publisher's id. The library escapes what Atom's holds as if it were an address, so it is read from the bytes.
func (e entry) guid(raw []byte) string {
	guid := strings.TrimSpace(e.GUID)
	if e.atom != nil && guid != "" {
		if own := childText(raw, "id"); own != "" {
			guid = own
		}
	}
	for _, name := range []string{"rdf about", "dc identifier", "dcterms identifier"} {
		prefix, local, _ := strings.Cut(name, " ")
		if guid == "" {
			guid = strings.TrimSpace(e.extension(prefix, local))
		}
	}
	if guid == "" && e.rss != nil {
		guid = attribute(readTag(raw, 0), raw, "rdf:about")
	}
	return guid
}

// literalTitle reports whether the title says that it is plain text, so that what looks like a tag in it is none.
func (e entry) literalTitle(raw []byte) bool {
	if e.atom == nil {
		return false
	}
	t, _, ok := child(raw, "title")
	return ok && strings.HasPrefix(attribute(t, raw, "type"), "text") && attribute(t, raw, "type") != "text/html"
}

// link is the item's own address: link, else the original before a redirector, else a guid that is a permanent link
// (RSS 2.0: it is unless isPermaLink says false).
func (e entry) link(base *url.URL, notes *[]string) string {
	candidates := []string{e.extension("feedburner", "origLink"), e.extension("pheedo", "origLink"), e.Link}
	candidates = append(candidates, e.Links...)
	for _, c := range candidates {
		if link := resolve(c, base); link != "" && len(link) <= linkBytes {
			return link
		}
	}
	if e.rss == nil || e.rss.GUID == nil || !strings.EqualFold(strings.TrimSpace(e.rss.GUID.IsPermalink), "false") {
		if link := resolve(e.GUID, nil); link != "" && len(link) <= linkBytes {
			*notes = append(*notes, "the item has no link; its id, which is an address, stands in")
			return link
		}
	}
	*notes = append(*notes, "the item has no link that can be used")
	return ""
}

func (e entry) title() string {
	for _, t := range []string{e.Title, e.extension("media", "title"), e.extension("dcterms", "title")} {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

// fillText sorts description and content: a long description of an item without content is its content.
func (it *Item) fillText(e entry) {
	description := e.Description
	if strings.TrimSpace(description) == "" {
		description = e.extension("media", "description")
	}
	it.Content = strings.TrimSpace(e.Content)
	text := plain(description)
	if it.Content == "" && len(text) > contentFrom {
		it.Content = strings.TrimSpace(description)
	}
	summary, cut := cutText(text, summaryRunes)
	it.Summary = strings.Clone(summary) // a part of the text would keep the whole
	if cut && it.Content != strings.TrimSpace(description) {
		it.Notes = append(it.Notes, "the summary was cut to 2,000 characters")
	}
}

// names are all authors, once each; the library keeps only the first of several dc:creator.
func names(people []*gofeed.Person, dc *ext.DublinCoreExtension) []string {
	var names []string
	add := func(name string) {
		name, _ = cutText(plain(name), nameRunes)
		if name != "" && len(names) < authorsMost && !containsFold(names, name) {
			names = append(names, name)
		}
	}
	for _, a := range people {
		if a != nil && a.Name != "" {
			add(a.Name)
		} else if a != nil {
			add(a.Email)
		}
	}
	if dc != nil {
		for _, c := range dc.Creator {
			add(c)
		}
	}
	return names
}

// fillDate takes the first stamp that can be read, in order of how well it means publication.
func (it *Item) fillDate(e entry) {
	type stamp struct{ source, text string }
	var stamps []stamp
	switch {
	case e.rss != nil:
		stamps = []stamp{{"pubDate", e.rss.PubDate}, {"dcterms:issued", e.extension("dcterms", "issued")}}
		if dc := e.rss.DublinCoreExt; dc != nil {
			for _, d := range dc.Date {
				stamps = append(stamps, stamp{"dc:date", d})
			}
		}
		stamps = append(stamps, stamp{"atom:published", e.Published}, stamp{"dcterms:modified", e.extension("dcterms", "modified")}, stamp{"atom:updated", e.Updated})
	case e.atom != nil:
		stamps = []stamp{{"published", e.atom.Published}, {"dcterms:issued", e.extension("dcterms", "issued")}, {"updated", e.atom.Updated}}
	default:
		stamps = []stamp{{"date_published", e.Published}, {"date_modified", e.Updated}}
	}
	it.Updated, _, _ = Date(e.changed())
	unread := ""
	for _, s := range stamps {
		if strings.TrimSpace(s.text) == "" {
			continue
		}
		at, zone, ok := Date(s.text)
		if !ok {
			unread = s.text
			continue
		}
		it.Published, it.PublishedSource = at, s.source
		if !zone {
			it.Notes = append(it.Notes, "the publication time carries no zone and was read as UTC")
		}
		return
	}
	if unread != "" {
		short, _ := cutText(plain(unread), 60)
		it.Notes = append(it.Notes, "the publication time cannot be read: "+strconv.Quote(short))
	}
}

// changed is what the item says of its last change, as written.
func (e entry) changed() string {
	if e.atom != nil {
		return e.atom.Updated
	}
	for _, s := range []string{e.Updated, e.extension("dcterms", "modified"), e.extension("atom", "updated")} {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// extension is the text of the first element of that prefix and name, looked for inside media:group too.
func (e entry) extension(prefix, name string) string { return extensionOf(e.Extensions, prefix, name) }

func extensionOf(all ext.Extensions, prefix, name string) string {
	own := all[prefix]
	if found := own[name]; len(found) > 0 {
		return found[0].Value
	}
	for _, group := range own["group"] {
		if found := group.Children[name]; len(found) > 0 {
			return found[0].Value
		}
	}
	return ""
}
