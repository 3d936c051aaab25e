package feed

import (
	"bytes"
	"html"
	"strings"
)

// child finds the first element of that name directly inside an item, under the item's own prefix; inner is what stands
// between its tags. For what the library does not hand on.
func child(item []byte, name string) (t tag, inner []byte, ok bool) {
	depth := 0
	found := false
	var want []byte
	for next := range tags(item) {
		switch {
		case depth == 0:
			want = append(next.name[:len(next.name)-len(next.local()):len(next.name)-len(next.local())], name...)
			depth = 1
		case next.open || next.self:
		case next.closes:
			if depth--; depth == 1 && found {
				return t, item[t.end:next.start], true
			}
		default:
			if depth == 1 && !found && bytes.EqualFold(next.name, want) {
				t, found = next, true
			}
			depth++
		}
	}
	return tag{}, nil, false
}

// childText is the text of a child without markup in it: character data with its entities, or CDATA.
func childText(item []byte, name string) string {
	_, inner, ok := child(item, name)
	if !ok {
		return ""
	}
	text := string(bytes.TrimSpace(inner))
	if data, is := strings.CutPrefix(text, "<![CDATA["); is {
		return strings.TrimSpace(strings.TrimSuffix(data, "]]>"))
	}
	if strings.Contains(text, "<") {
		return ""
	}
	return html.UnescapeString(text)
}

// attribute is the value of a tag's attribute, "" when it has none; text is what the tag was read from.
func attribute(t tag, text []byte, name string) string {
	rest := text[min(len(text), t.start+1+len(t.name)):min(len(text), t.end)]
	for {
		i := bytes.IndexByte(rest, '=')
		if i < 0 {
			return ""
		}
		key := bytes.TrimSpace(rest[:i])
		rest = bytes.TrimLeft(rest[i+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return ""
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return ""
		}
		if bytes.EqualFold(key, []byte(name)) {
			return strings.TrimSpace(html.UnescapeString(string(rest[1 : 1+end])))
		}
		rest = rest[end+2:]
	}
}
