package feed

import (
	"bytes"

	"github.com/cespare/xxhash/v2"
)

// piece is one item of a document as bytes.
type piece struct {
	start, end int
	// name is the tag's, prefix included; it is empty when the piece is a self-closing tag.
	name []byte
	// cut marks an item without its end tag: the next one begins first, or the document ends.
	cut bool
	// hash is that of the bytes, by which an item is known again.
	hash uint64
}

// piecesMost is how many items of a document are told apart; what is beyond is only counted.
const piecesMost = 20_000

// split finds the items of a document in order: elements of one of the local names. The first one found settles the whole
// name, prefix included, so that elements of another vocabulary inside an item are none. over counts the items beyond
// piecesMost, and end is where the last of them ends.
func split(text []byte, names ...string) (out []piece, over, end int) {
	var name []byte
	open := false
	for i := nextTag(text, 0); i >= 0; i = nextTag(text, i+1) {
		if !mayBe(text[i+1:], name, names) {
			continue
		}
		t := readTag(text, i)
		if t.open || !t.is(names...) || name != nil && !bytes.EqualFold(t.name, name) {
			continue
		}
		last := len(out) - 1
		switch {
		case t.closes:
			if open {
				out[last].end, open = t.end, false
			}
		case t.self && open:
		case len(out) == piecesMost:
			if over++; open {
				out[last].end, out[last].cut, open = t.start, true, false
			}
		case t.self:
			out, name = append(out, piece{start: t.start, end: t.end}), t.name
		default:
			if open {
				out[last].end, out[last].cut = t.start, true
			}
			out, name, open = append(out, piece{start: t.start, name: t.name}), t.name, true
		}
		if name != nil {
			end = t.end
		}
	}
	if open {
		out[len(out)-1].end, out[len(out)-1].cut = len(text), true
		end = len(text)
	}
	for i, p := range out {
		out[i].hash = xxhash.Sum64(text[p.start:p.end])
	}
	return out, over, end
}

// nextTag returns where the next "<" of an element tag stands from i on, -1 when there is none; see tags for what is
// passed over.
func nextTag(text []byte, i int) int {
	for i < len(text) {
		j := bytes.IndexByte(text[i:], '<')
		if j < 0 || i+j+1 >= len(text) {
			return -1
		}
		i += j
		skip := passOver(text[i:])
		if skip == 0 {
			return i
		}
		i += skip
	}
	return -1
}

// mayBe rules out most tags by their first letters, without reading them: rest stands behind the "<". Once the whole
// name is known, others need not be looked at.
func mayBe(rest, name []byte, names []string) bool {
	if rest[0] == '/' {
		rest = rest[1:]
	}
	if name != nil {
		return len(rest) >= len(name) && rest[0]|0x20 == name[0]|0x20 && bytes.EqualFold(rest[:len(name)], name)
	}
	for _, n := range names {
		if len(rest) >= len(n) && rest[0]|0x20 == n[0] {
			return true
		}
	}
	return bytes.IndexByte(rest[:min(len(rest), 64)], ':') > 0
}

// fresh are the pieces that seen does not know, at most limit of them; known are the hashes of the others, over counts
// what is beyond the limit. An item that the end of the document cuts is always fresh.
func fresh(text []byte, pieces []piece, seen func(uint64) bool, limit int) (left []piece, known []uint64, over int) {
	for _, p := range pieces {
		switch {
		case seen != nil && !cutOff(text, p) && seen(p.hash):
			known = append(known, p.hash)
		case len(left) == limit:
			over++
		default:
			left = append(left, p)
		}
	}
	return left, known, over
}

// cutOff reports whether the document ends within the item.
func cutOff(text []byte, p piece) bool { return p.cut && p.end == len(text) }
