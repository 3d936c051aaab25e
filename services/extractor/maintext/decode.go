package maintext

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// ErrNotHTML is in the chain of Decode's error for a page that is something else: a PDF, an image, an archive.
var ErrNotHTML = errors.New("the page is not HTML")

// Decode turns the bytes of a page into UTF-8. contentType is the Content-Type header, or empty. note is a plain
// sentence when the encoding had to be guessed against what the page says of itself, else empty.
//
// A byte order mark wins, then valid UTF-8, then the header, then what the page declares, then windows-1252, as the
// WHATWG encoding standard falls back.
func Decode(body []byte, contentType string) (page, note string, err error) {
	if kind, ok := acceptable(contentType); !ok {
		return "", "", fmt.Errorf("%w but %s", ErrNotHTML, kind)
	}
	enc, name, sure := charset.DetermineEncoding(body, contentType)
	wide := strings.HasPrefix(name, "utf-16")
	if !wide && binary(body) {
		return "", "", fmt.Errorf("%w: it begins with binary data", ErrNotHTML)
	}
	if !wide && !strings.HasPrefix(name, "iso-2022") && isUTF8(body) {
		if name != "utf-8" && sure {
			note = "The page says that it is " + name + " but is UTF-8."
		}
		return strings.ToValidUTF8(string(trimBOM(body)), "\uFFFD"), note, nil
	}
	return convert(body, enc), note, nil
}

// acceptable reports whether a content type may be HTML, and names it.
func acceptable(contentType string) (string, bool) {
	if strings.TrimSpace(contentType) == "" {
		return "", true
	}
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil && kind == "" {
		kind, _, _ = strings.Cut(contentType, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	switch kind {
	case "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", "":
		return kind, true
	}
	return kind, false
}

func convert(body []byte, enc encoding.Encoding) string {
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		out = body
	}
	return strings.ToValidUTF8(string(trimBOM(out)), "\uFFFD")
}

func trimBOM(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF")) }

// isUTF8 also holds for UTF-8 with a few broken bytes, as pages cut in the middle of a character or pasted together
// from two sources have: ten whole characters beyond ASCII for every broken byte.
func isUTF8(b []byte) bool {
	whole, broken := 0, 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && size <= 1:
			broken++
		case size > 1:
			whole++
		}
		b = b[size:]
	}
	return broken == 0 || whole >= 10*broken
}

// binary reports whether a page begins as no text does: with a known magic number or a zero byte.
func binary(body []byte) bool {
	head := body[:min(len(body), 1024)]
	for _, magic := range []string{"%PDF-", "\x89PNG", "\xFF\xD8\xFF", "GIF8", "PK\x03\x04", "\x1F\x8B"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return bytes.IndexByte(head, 0) >= 0
}
