package feed

import (
	"bytes"
	"regexp"
)

// surroundings are a document without its items.
type surroundings struct {
	// head is everything before the first item, or all when there is none; rest what stands between and after items.
	head, rest []byte
	// cut says that the document ends before its root does.
	cut bool
}

func around(text []byte, pieces []piece, end int) surroundings {
	s := surroundings{head: text, cut: !ended(text)}
	if len(pieces) == 0 {
		return s
	}
	s.head = text[:pieces[0].start]
	at := pieces[0].end
	for _, p := range pieces[1:] {
		if gap := bytes.TrimSpace(text[at:p.start]); len(gap) > 0 {
			s.rest = append(s.rest, gap...)
		}
		at = p.end
	}
	s.rest = append(s.rest, text[max(at, end):]...)
	return s
}

// ended reports whether a document holds the end of its root, or a root that closes itself.
func ended(text []byte) bool {
	root := readTag(text, 0)
	closing := append([]byte("</"), root.name...)
	return root.self || bytes.LastIndex(text, append(closing, '>')) >= 0 || bytes.LastIndex(text, append(closing, ' ')) >= 0
}

// frame is the least that makes one item a document: the root tag, the channel's where there is one, and their ends.
func frame(text []byte) (head, tail []byte) {
	root := readTag(text, 0)
	head = text[:root.end]
	tail = join([]byte("</"), root.name, []byte(">"))
	if !root.is("rss") {
		return head, tail
	}
	channel := []byte("<channel>")
	for t := range tags(text[root.end:]) {
		if t.is("channel") && !t.closes && !t.self && !t.open {
			channel = text[root.end+t.start : root.end+t.end]
		}
		break
	}
	name := readTag(channel, 0).name
	return join(head, channel), join([]byte("</"), name, []byte(">"), tail)
}

// oneByOne reads each piece as a document of its own. What stays unreadable, the item the document was cut in included,
// is counted and kept as bytes.
func (r *reader) oneByOne(pieces []piece) {
	for _, p := range pieces {
		parsed, ok := r.readPiece(p)
		if !ok {
			r.doc.lose(r.text[p.start:p.end])
			continue
		}
		r.keep(parsed, []piece{p})
	}
}

const (
	// brokenMost and brokenBytes bound what is kept of items that could not be read.
	brokenMost  = 20
	brokenBytes = 64 << 10
)

func (d *Document) lose(item []byte) {
	d.Lost++
	if len(d.Broken) < brokenMost {
		d.Broken = append(d.Broken, bytes.Clone(item[:min(len(item), brokenBytes)]))
	}
}

// readHead reads what the feed says of itself: everything before the first item, else as much of it as is whole, else
// nothing.
func (r *reader) readHead(own surroundings) error {
	closing := r.tail
	head := own.head[:min(len(own.head), r.limits.Head)]
	if i := bytes.Index(head, []byte("</channel>")); i >= 0 { // RDF: the channel is over before the items
		head = head[:i+len("</channel>")]
		closing = closing[max(0, bytes.LastIndex(closing, []byte("</"))):]
	}
	if parsed, ok := r.read(head, closing); ok {
		r.doc.fill(parsed, r.base)
		return nil
	}
	if cut := bytes.LastIndexByte(head, '<'); cut > 0 {
		if parsed, ok := r.read(head[:cut], closing); ok {
			r.doc.fill(parsed, r.base)
			return nil
		}
	}
	parsed, err := read(join(r.head, r.tail))
	if err == nil {
		r.doc.fill(parsed, r.base)
	}
	return err
}

// strayBracket is a "<" that opens nothing.
var strayBracket = regexp.MustCompile(`<([^a-zA-Z/!?])`)

// readPiece reads one item, as it stands and then with its stray "<" escaped. An item that lacks only its end tag gets
// one; the last of a document that was cut off is left out, for half an article would be revised at the next poll.
func (r *reader) readPiece(p piece) (reading, bool) {
	if cutOff(r.text, p) || p.end-p.start > r.limits.Item {
		return reading{}, false
	}
	item, tail := r.text[p.start:p.end], r.tail
	if p.cut {
		tail = join([]byte("</"), p.name, []byte(">"), tail)
	}
	if one, ok := r.read(r.head, item, tail); ok && len(one.entries) > 0 {
		return one, true
	}
	repaired := strayBracket.ReplaceAll(item, []byte("&lt;$1"))
	if len(repaired) == len(item) {
		return reading{}, false
	}
	one, ok := r.read(r.head, repaired, tail)
	return one, ok && len(one.entries) > 0
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
