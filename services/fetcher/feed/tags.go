package feed

import (
	"bytes"
	"iter"
)

// tag is one piece of markup: text[start:end], "<" and ">" included.
type tag struct {
	start, end int
	// name is as written, prefix included.
	name []byte
	// closes marks </name>, self marks <name/>.
	closes, self bool
	attributes   int
	namespaces   int
	// open marks a tag without its end: another begins first, or the text ends.
	open bool
}

// local is the name without its prefix.
func (t tag) local() []byte {
	if i := bytes.LastIndexByte(t.name, ':'); i >= 0 {
		return t.name[i+1:]
	}
	return t.name
}

func (t tag) is(names ...string) bool {
	for _, n := range names {
		if bytes.EqualFold(t.local(), []byte(n)) {
			return true
		}
	}
	return false
}

// tags yields the element tags of text in order. Comments, CDATA, declarations and a "<" that opens nothing are passed
// over; when one of them never ends, so does the text.
func tags(text []byte) iter.Seq[tag] {
	return func(yield func(tag) bool) {
		for i := 0; i < len(text); {
			j := bytes.IndexByte(text[i:], '<')
			if j < 0 || i+j+1 >= len(text) {
				return
			}
			i += j
			if skip := passOver(text[i:]); skip > 0 {
				i += skip
				continue
			}
			t := readTag(text, i)
			if !yield(t) {
				return
			}
			i = t.end
		}
	}
}

// passOver returns the length of what begins at b[0] == '<' when it is no element tag, else 0.
func passOver(b []byte) int {
	until := func(end string) int {
		if k := bytes.Index(b, []byte(end)); k >= 0 {
			return k + len(end)
		}
		return len(b)
	}
	switch c := b[1]; {
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		return until("]]>")
	case bytes.HasPrefix(b, []byte("<!--")):
		return until("-->")
	case c == '?':
		return until("?>")
	case c == '!':
		return declaration(b)
	case c == '/' || c == '_' || c == ':' || c >= 0x80 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		return 0
	}
	return 1
}

// declaration is the length of a <!DOCTYPE …>, internal subset included.
func declaration(b []byte) int {
	depth := 0
	for i, c := range b {
		switch c {
		case '<', '[':
			depth++
		case ']':
			depth--
		case '>':
			if depth--; depth <= 0 {
				return i + 1
			}
		}
	}
	return len(b)
}

// readTag reads the tag that begins at text[start]. A ">" inside quotes does not end it; a "<" always does, for XML allows
// none in a tag, and a quote that was never closed would swallow the rest of the document.
func readTag(text []byte, start int) tag {
	t := tag{start: start, end: len(text), open: true}
	i := start + 1
	if i < len(text) && text[i] == '/' {
		t.closes = true
		i++
	}
	nameAt := i
	for i < len(text) && bytes.IndexByte([]byte(" \t\r\n/<>"), text[i]) < 0 {
		i++
	}
	t.name = text[nameAt:i]
	var quote byte
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c == '<':
			t.end = i
			return t
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '=':
			t.attributes++
		case c == '>':
			t.end, t.open = i+1, false
			t.self = text[i-1] == '/'
			t.namespaces = bytes.Count(text[start:i], []byte("xmlns"))
			return t
		}
	}
	return t
}
