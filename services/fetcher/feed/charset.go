package feed

import (
	"bytes"
	"io"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"
)

// toUTF8 converts a document to UTF-8 without the characters XML forbids, without a byte order mark, leading white space
// and XML declaration.
//
// Trust, in order: byte order mark and the pattern of zero bytes; valid UTF-8 in JSON, which is never anything else (RFC
// 8259, 8.1), and elsewhere unless another charset is declared and no
// declaration says UTF-8; the HTTP charset; the XML declaration; UTF-8 with a few bad bytes; windows-1252.
func toUTF8(b []byte, contentType string) []byte {
	if e := sniffWide(b); e != nil {
		if out, err := convert(e, b); err == nil {
			return clean(out)
		}
	}
	if rest, ok := bytes.CutPrefix(b, []byte("\ufeff")); ok {
		return clean(rest)
	}
	declared := declaredCharsets(b, contentType)
	valid := utf8.Valid(b)
	if valid && bytes.HasPrefix(bytes.TrimLeft(b, " \t\r\n"), []byte("{")) {
		return clean(b)
	}
	for _, name := range declared {
		if name == "utf-8" && valid {
			return clean(b)
		}
	}
	for _, name := range declared {
		if out, ok := decode(b, name); ok {
			return clean(out)
		}
	}
	if valid || mostlyUTF8(b) {
		return clean(b)
	}
	out, err := convert(charmap.Windows1252, b)
	if err != nil {
		return clean(b)
	}
	return clean(out)
}

func sniffWide(b []byte) encoding.Encoding {
	starts := func(p ...byte) bool { return bytes.HasPrefix(b, p) }
	switch {
	case starts(0, 0, 0xfe, 0xff), starts(0, 0, 0, '<'):
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case starts(0xff, 0xfe, 0, 0), starts('<', 0, 0, 0):
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case starts(0xfe, 0xff), starts(0, '<', 0):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case starts(0xff, 0xfe), starts('<', 0):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	return nil
}

var xmlEncoding = regexp.MustCompile(`(?i)^<\?xml[^>]*?encoding\s*=\s*["']\s*([A-Za-z0-9._:\-]+)`)

// declaredCharsets are the names the HTTP header and the XML declaration give, in that order.
func declaredCharsets(b []byte, contentType string) []string {
	var names []string
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		names = append(names, charsetName(params["charset"]))
	}
	head := bytes.TrimLeft(b[:min(len(b), 1024)], " \t\r\n")
	if m := xmlEncoding.FindSubmatch(head); m != nil {
		names = append(names, charsetName(string(m[1])))
	}
	return names
}

// charsetName folds the spellings in use; gb2312 and gbk are subsets of what senders really use.
func charsetName(s string) string {
	s = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "_", "-")
	switch s {
	case "utf8":
		return "utf-8"
	case "gb2312", "gbk", "x-gbk", "csgb2312", "cp936":
		return "gb18030"
	}
	return s
}

func decode(b []byte, name string) ([]byte, bool) {
	if name == "utf-8" {
		return nil, false // asked before; these bytes are not
	}
	e, canonical := charset.Lookup(name)
	// A label of a wide charset on bytes that begin like ASCII is wrong.
	if e == nil || strings.HasPrefix(canonical, "utf-16") || canonical == "replacement" {
		return nil, false
	}
	out, err := convert(e, b)
	return out, err == nil
}

// convert decodes in two passes, the first of which only counts: growing a buffer for a large document would take three
// times the memory.
func convert(e encoding.Encoding, b []byte) ([]byte, error) {
	var size counter
	if err := pass(&size, e, b); err != nil {
		return nil, err
	}
	out := bytes.NewBuffer(make([]byte, 0, size))
	err := pass(out, e, b)
	return out.Bytes(), err
}

func pass(to io.Writer, e encoding.Encoding, b []byte) error {
	w := transform.NewWriter(to, e.NewDecoder())
	if _, err := w.Write(b); err != nil {
		return err
	}
	return w.Close()
}

// counter counts what is written to it.
type counter int

// Write implements io.Writer.
func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// mostlyUTF8 reports whether bad bytes are a small part of what would be multi-byte characters.
func mostlyUTF8(b []byte) bool {
	bad, multi := 0, 0
	for i := 0; i < len(b); {
		r, w := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && w == 1:
			bad++
		case w > 1:
			multi++
		}
		i += w
	}
	return multi > 4*bad
}

// clean drops what XML 1.0 forbids and everything up to the first character that means something.
func clean(b []byte) []byte {
	if anyForbidden(b) || !utf8.Valid(b) {
		b = bytes.Map(func(r rune) rune {
			if forbidden(r) {
				return -1
			}
			return r
		}, bytes.ToValidUTF8(b, nil))
	}
	b = bytes.TrimLeft(b, " \t\r\n\ufeff")
	if bytes.HasPrefix(b, []byte("<?xml")) {
		if end := bytes.Index(b, []byte("?>")); end >= 0 && end < 1024 {
			b = bytes.TrimLeft(b[end+2:], " \t\r\n\ufeff")
		}
	}
	return b
}

// anyForbidden reports whether valid UTF-8 holds a forbidden character; it looks at bytes, for most documents have none.
func anyForbidden(b []byte) bool {
	for _, c := range b {
		if isControl[c] {
			return true
		}
	}
	return bytes.Contains(b, []byte("\uFFFE")) || bytes.Contains(b, []byte("\uFFFF"))
}

var isControl = func() (set [256]bool) {
	for c := range rune(0x20) {
		set[c] = forbidden(c)
	}
	return set
}()

// forbidden: XML 1.0, 2.2 Characters.
func forbidden(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0xD800 && r <= 0xDFFF || r == 0xFFFE || r == 0xFFFF
}
