package watchlist

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"tocsin/services/extractor/watch"
)

// eachElement decodes every element of one of the given names into a value of its own, as it comes, so that files of any
// size fit. A file that ends early is an error: half a list is no list.
func eachElement(data []byte, visit func(d *xml.Decoder, start xml.StartElement) (bool, error)) (found int, err error) {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimRight(data, "\x1a\x00\r\n ")))
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("the character set is %q; convert the file to UTF-8", label)
	}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return found, fmt.Errorf("not readable as XML; fetch it again: %w", err)
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		hit, err := visit(d, start)
		if err != nil {
			return found, fmt.Errorf("not readable as XML; fetch it again: %w", err)
		}
		if hit {
			found++
		}
	}
}

// wholeName joins the parts of a name that are not empty.
func wholeName(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = clean(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}

// addNames adds names of one kind, each cell of which may hold several between semicolons.
func addNames(e *watch.Entry, kind watch.NameKind, texts ...string) {
	for _, t := range texts {
		for _, s := range splitCell(t) {
			e.Names = append(e.Names, watch.Name{Text: s, Kind: kind})
		}
	}
}

// birthDate cuts a date down to year, month and day; what is no date gives nothing.
func birthDate(s string) string {
	s = clean(s)
	if len(s) > 10 {
		s = s[:10]
	}
	if birthForm.MatchString(s) {
		return s
	}
	if len(s) >= 4 && birthForm.MatchString(s[:4]) {
		return s[:4]
	}
	return ""
}

// tokenID writes an id of a source so that it can be part of a subject: everything but letters, digits, dash and
// underscore becomes a dash.
func tokenID(id string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, clean(id))
}
