package feed

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"
)

// parseXML reads a document that begins with its root tag.
func parseXML(text []byte, base *url.URL, limits Limits) (Document, error) {
	pieces := split(text)
	over := 0
	if len(pieces) > limits.Items {
		over = len(pieces) - limits.Items
		text = without(text, pieces[limits.Items:])
		pieces = pieces[:limits.Items]
	}
	if err := guard(text, limits); err != nil {
		return Document{}, err
	}
	parsed, err := read(text)
	doc := Document{Over: over}
	if err != nil || len(parsed.entries) < len(pieces) { // fewer: an item without its end swallowed the next
		saved, lost, serr := salvage(text, pieces)
		switch {
		case err != nil && serr != nil:
			return Document{}, serr
		case serr == nil && (err != nil || len(saved.entries) > len(parsed.entries)):
			parsed, doc.Lost, doc.Damaged = saved, lost, true
			doc.Notes = append(doc.Notes, salvageNote(len(parsed.entries), doc.Lost))
		}
	}
	if over > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("%d items beyond the first %d were not read", over, limits.Items))
	}
	doc.fill(parsed, base)
	return doc, nil
}

// without removes the given pieces, which follow each other, and keeps what stands after the last.
func without(text []byte, pieces []piece) []byte {
	from, to := pieces[0].start, pieces[len(pieces)-1].end
	return append(append(make([]byte, 0, len(text)-(to-from)), text[:from]...), text[to:]...)
}

// reading is what the library made of a document.
type reading struct {
	feed    *gofeed.Feed
	entries []entry
}

// entry is one item in the library's common shape and in that of its own format; of rss and atom at most one is set.
type entry struct {
	*gofeed.Item
	rss  *rss.Item
	atom *atom.Entry
}

// read is the library's parser without its search for pictures, which parses every description as HTML. A panic of it
// counts as an unreadable document; what it panicked with is a word for programmers and stays out of the error.
func read(text []byte) (r reading, err error) {
	defer func() {
		if recover() != nil {
			r, err = reading{}, errors.New("the parser cannot cope with it")
		}
	}()
	parser := gofeed.NewParser()
	parser.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	parser.KeepOriginalFeed = true
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return reading{}, err
	}
	r.feed = parsed
	for i, item := range parsed.Items {
		e := entry{Item: item}
		switch own := parsed.OriginalFeed().(type) {
		case *rss.Feed:
			e.rss = own.Items[i]
		case *atom.Feed:
			e.atom = own.Entries[i]
		}
		r.entries = append(r.entries, e)
	}
	return r, nil
}
