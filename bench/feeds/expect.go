package main

import (
	"bytes"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"tocsin/services/extractor/maintext"
	"tocsin/services/fetcher/feed"
)

// expectation is one value that a document must give, as feedparser's tests write it; key is empty when there is none
// that can be compared.
type expectation struct {
	// key is "feed." or "entry." and the field's name.
	key, value string
}

// served is where feedparser's tests say that their files lie.
const served = "http://127.0.0.1:8097/"

func newFile(path string, body []byte) file {
	f := file{path: path, body: body, base: served + path}
	for line := range strings.Lines(opening(body)) {
		name, value, ok := strings.Cut(line, ":")
		if value = strings.TrimSpace(value); !ok {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "header":
			f.header(value)
		case "expect":
			if f.want.key == "" && !tests(path, "base", "amp", "sanitize") {
				f.want = readExpectation(value)
			}
		}
	}
	return f
}

// header applies a header that the file is to be served with.
func (f *file) header(line string) {
	name, value, _ := strings.Cut(line, ":")
	switch value = strings.TrimSpace(value); strings.ToLower(strings.TrimSpace(name)) {
	case "content-type":
		f.contentType = value
	case "content-location":
		base, _ := url.Parse(f.base)
		if u, err := base.Parse(value); err == nil && strings.HasPrefix(u.Scheme, "http") {
			f.base = u.String()
		}
	}
}

func tests(path string, folders ...string) bool {
	for _, f := range folders {
		if strings.Contains("/"+path, "/"+f+"/") {
			return true
		}
	}
	return false
}

// opening is the beginning of a document as text, whatever width its characters have.
func opening(body []byte) string {
	body = body[:min(len(body), 8000)]
	text := string(bytes.ReplaceAll(body, []byte{0}, nil))
	if bytes.HasPrefix(body, []byte{0xff, 0xfe}) && !bytes.HasPrefix(body, []byte{0xff, 0xfe, 0, 0}) {
		wide := make([]uint16, 0, len(body)/2)
		for i := 0; i+1 < len(body); i += 2 {
			wide = append(wide, uint16(body[i])|uint16(body[i+1])<<8)
		}
		text = string(utf16.Decode(wide))
	}
	return text
}

var comparison = regexp.MustCompile(`^(?:not bozo and |bozo and )?(feed|entries\[0\])(?:\[['"](\w+)['"]\]|\.(\w+)) == u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")$`)

// readExpectation reads a single comparison of a core field with a text.
func readExpectation(s string) expectation {
	m := comparison.FindStringSubmatch(s)
	if m == nil {
		return expectation{}
	}
	field := m[2] + m[3]
	switch field {
	case "title", "link", "id", "guid", "published", "updated", "author":
	default:
		return expectation{}
	}
	if field == "guid" {
		field = "id"
	}
	value, ok := literal(m[4])
	if !ok {
		return expectation{}
	}
	whose := "feed."
	if m[1] != "feed" {
		whose = "entry."
	}
	return expectation{whose + field, value}
}

// literal reads a Python string; ok is false for escapes that Go has no like of.
func literal(s string) (string, bool) {
	inner := s[1 : len(s)-1]
	if s[0] == '\'' {
		inner = strings.ReplaceAll(strings.ReplaceAll(inner, `\'`, `'`), `"`, `\"`)
	}
	value, err := strconv.Unquote(`"` + strings.ReplaceAll(inner, `\x`, `\u00`) + `"`)
	return value, err == nil
}

// met compares as a reader of the field does: white space collapsed, the markup of titles read, times as instants.
func (e expectation) met(got string) bool {
	if oneLine(got) == oneLine(e.value) {
		return true
	}
	if strings.HasSuffix(e.key, "title") {
		return maintext.OneLine(got) == maintext.OneLine(e.value) || oneLine(got) == maintext.OneLine(e.value)
	}
	if !strings.HasSuffix(e.key, "published") && !strings.HasSuffix(e.key, "updated") {
		return false
	}
	a, _, okA := feed.Date(e.value)
	b, _, okB := feed.Date(got)
	return okA && okB && a.Equal(b)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
