package feed

import (
	"bytes"
	"fmt"
	"regexp"
)

// salvage reads a document the parser refuses, item by item. lost counts the items that stay unreadable, the one the
// document was cut in included. The error wraps ErrNotFeed when not even the feed's own head can be read.
func salvage(text []byte, pieces []piece) (r reading, lost int, err error) {
	head, tail := frame(text)
	r, err = readHead(text, pieces, head, tail)
	if err != nil {
		return reading{}, 0, fmt.Errorf("%w: it is damaged beyond repair: %w", ErrNotFeed, err)
	}
	r.entries = nil
	for _, p := range pieces {
		one, ok := readPiece(text, p, head, tail)
		if !ok {
			lost++
			continue
		}
		r.entries = append(r.entries, one.entries...)
	}
	return r, lost, nil
}

func salvageNote(read, lost int) string {
	if lost == 0 {
		return fmt.Sprintf("the document is damaged; all %d items were read one by one", read)
	}
	return fmt.Sprintf("the document is damaged or cut off; %d items were read one by one and %d could not be read", read, lost)
}

// frame is the least that makes one item a document: the root tag, the channel's where there is one, and their ends.
func frame(text []byte) (head, tail []byte) {
	for t := range tags(text) {
		head = text[:t.end]
		tail = []byte("</" + string(t.name) + ">")
		if t.is("rss") {
			head = append(bytes.Clone(head), "<channel>"...)
			tail = append([]byte("</channel>"), tail...)
		}
		return head, tail
	}
	return nil, nil
}

// readHead reads what the feed says of itself: everything before the first item, else as much of it as is whole, else
// nothing.
func readHead(text []byte, pieces []piece, head, tail []byte) (reading, error) {
	own := text
	if len(pieces) > 0 {
		own = text[:pieces[0].start]
	}
	closing := tail
	if i := bytes.Index(own, []byte("</channel>")); i >= 0 { // RDF: the channel is over before the items
		own = own[:i+len("</channel>")]
		closing = tail[max(0, bytes.LastIndex(tail, []byte("</"))):]
	}
	if parsed, err := read(join(own, closing)); err == nil {
		return parsed, nil
	}
	if cut := bytes.LastIndexByte(own, '<'); cut > 0 {
		if parsed, err := read(join(own[:cut], closing)); err == nil {
			return parsed, nil
		}
	}
	return read(join(head, tail))
}

// strayBracket is a "<" that opens nothing.
var strayBracket = regexp.MustCompile(`<([^a-zA-Z/!?])`)

// readPiece reads one item, as it stands and then with its stray "<" escaped. An item that lacks only its end tag gets
// one; the last of a document that was cut off is left out, for half an article would be revised at the next poll.
func readPiece(text []byte, p piece, head, tail []byte) (reading, bool) {
	if p.cut && p.end == len(text) {
		return reading{}, false
	}
	item := text[p.start:p.end]
	if p.cut {
		tail = join([]byte("</"+p.name+">"), tail)
	}
	if one, err := read(join(head, item, tail)); err == nil && len(one.entries) > 0 {
		return one, true
	}
	one, err := read(join(head, strayBracket.ReplaceAll(item, []byte("&lt;$1")), tail))
	return one, err == nil && len(one.entries) > 0
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
