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

// batch and batchBytes are how many items the library is given at once, and of how many bytes: what it makes of them is
// adapted and let go before the next.
const (
	batch      = 50
	batchBytes = 512 << 10
)

// parseXML reads a document that begins with its root tag.
func parseXML(text []byte, base *url.URL, seen func(uint64) bool, limits Limits) (Document, error) {
	text = knownAtom(text)
	pieces, beyond, end := split(text, "item", "entry")
	own := around(text, pieces, end)
	doc := Document{Asks: readAsks(own.head), Damaged: own.cut}
	left, known, over := fresh(text, pieces, seen, limits.Items)
	over += beyond
	doc.Known, doc.Over = known, over
	if len(left) == 0 && len(known) > 0 {
		doc.Format = formatOf(text)
		doc.noteDamage()
		return doc, nil
	}
	if err := guardParts(text, own, left, limits); err != nil {
		return Document{}, err
	}
	r := reader{text: text, base: base, doc: &doc, limits: limits, budget: parseBudget}
	if err := r.readAll(own, left); err != nil {
		return Document{}, err
	}
	doc.noteDamage()
	if over > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("%d items beyond the first %d new ones were not read", over, limits.Items))
	}
	return doc, nil
}

// noteDamage says what the document's damage cost.
func (d *Document) noteDamage() {
	if !d.Damaged {
		return
	}
	if d.Lost == 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("the document is damaged or cut off; all %d items in it were read", len(d.Items)+len(d.Known)))
		return
	}
	d.Notes = append(d.Notes, fmt.Sprintf("the document is damaged or cut off; %d items were read and %d could not be", len(d.Items)+len(d.Known), d.Lost))
}

// guardParts looks only at what the library will be given.
func guardParts(text []byte, own surroundings, left []piece, limits Limits) error {
	parts := [][]byte{own.head}
	for _, p := range left {
		parts = append(parts, text[p.start:p.end])
	}
	return guard(limits, append(parts, own.rest)...)
}

// reader reads the items of one document in batches, and one by one where a batch cannot be read.
type reader struct {
	text       []byte
	base       *url.URL
	doc        *Document
	limits     Limits
	head, tail []byte // frame
	budget     int
}

// parseBudget is how many bytes the library may be given for one document, repeated attempts included. No document of 8 MiB
// comes near it unless it is made to.
const parseBudget = 24 << 20

// readAll fills the document: what it says of itself, and the items in left. The error wraps ErrNotFeed.
func (r *reader) readAll(own surroundings, left []piece) error {
	r.head, r.tail = frame(r.text)
	first := r.next(left)
	r.first(own, first)
	if r.doc.Format == "" {
		r.doc.Damaged = true
		if err := r.readHead(own); err != nil {
			return fmt.Errorf("%w: it is damaged beyond repair: %w", ErrNotFeed, err)
		}
		r.oneByOne(first)
	}
	for left = left[len(first):]; len(left) > 0; left = left[len(first):] {
		first = r.next(left)
		if r.tooLarge(first) {
			r.doc.Damaged = true
			r.oneByOne(first)
			continue
		}
		if parsed, ok := r.read(r.head, r.bytes(first), r.tail); ok && len(parsed.entries) >= len(first) {
			r.keep(parsed, first)
			continue
		}
		r.doc.Damaged = true
		r.oneByOne(first)
	}
	return nil
}

// next is the next batch of the pieces; one that is too large is a batch of its own.
func (r *reader) next(left []piece) []piece {
	size := 0
	for i, p := range left {
		large := p.end-p.start > r.limits.Item
		if size += p.end - p.start; i == batch || i > 0 && (large || size > batchBytes) {
			return left[:i]
		}
		if large {
			return left[:1]
		}
	}
	return left
}

// tooLarge reports whether the library may not see these pieces together.
func (r *reader) tooLarge(pieces []piece) bool {
	return len(pieces) == 1 && pieces[0].end-pieces[0].start > r.limits.Item
}

// first reads the first batch in the document's own surroundings. Fewer entries than items: one without its end swallowed
// the next, and the batch must be read one by one; the document then has its head, and no items yet.
func (r *reader) first(own surroundings, pieces []piece) {
	if len(own.head)+len(own.rest) > r.limits.Head || r.tooLarge(pieces) {
		return
	}
	parsed, ok := r.read(own.head, r.bytes(pieces), own.rest)
	if !ok || own.cut && len(pieces) > 0 && cutOff(r.text, pieces[len(pieces)-1]) {
		return
	}
	if len(parsed.entries) < len(pieces) {
		return
	}
	r.doc.fill(parsed, r.base)
	r.keep(parsed, pieces)
}

func (r *reader) bytes(pieces []piece) []byte {
	if len(pieces) == 1 {
		return r.text[pieces[0].start:pieces[0].end]
	}
	var b []byte
	for _, p := range pieces {
		b = append(b, r.text[p.start:p.end]...)
	}
	return b
}

// read gives the library a document of these parts, as long as the budget lasts.
func (r *reader) read(parts ...[]byte) (reading, bool) {
	doc := bytes.Join(parts, nil)
	if r.budget -= len(doc); r.budget < 0 {
		return reading{}, false
	}
	parsed, err := read(doc)
	return parsed, err == nil
}

// keep adapts the entries that were made of the pieces.
func (r *reader) keep(parsed reading, pieces []piece) {
	for i, e := range parsed.entries {
		p := pieces[min(i, len(pieces)-1)]
		it := e.adapt(r.base, r.text[p.start:p.end])
		it.Hash = p.hash
		r.doc.Items = append(r.doc.Items, it)
	}
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
