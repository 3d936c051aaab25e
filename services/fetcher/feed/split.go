package feed

// piece is one item of a document as bytes.
type piece struct {
	start, end int
	// name is the tag's, prefix included; it is empty when the piece is a self-closing tag.
	name string
	// cut marks an item without its end tag: the next one begins first, or the document ends.
	cut bool
}

// split finds the items of a document, <item> in RSS and RDF, <entry> in Atom, in order.
func split(text []byte) []piece {
	var out []piece
	open := false
	for t := range tags(text) {
		if t.open || !t.is("item", "entry") {
			continue
		}
		last := len(out) - 1
		switch {
		case t.closes:
			if open && string(t.name) == out[last].name {
				out[last].end, open = t.end, false
			}
		case t.self:
			if !open {
				out = append(out, piece{start: t.start, end: t.end})
			}
		default:
			if open {
				out[last].end, out[last].cut = t.start, true
			}
			out, open = append(out, piece{start: t.start, name: string(t.name)}), true
		}
	}
	if open {
		out[len(out)-1].end, out[len(out)-1].cut = len(text), true
	}
	return out
}
