package bio

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// markupTypes are the letters of inline markup.
var markupTypes = map[string]string{"P": Person, "O": Organization, "L": Place, "M": Other}

// A Cutter cuts text into tokens, as half-open byte ranges, and sentences, as the index after each one's last token.
type Cutter func(text string) (tokens [][2]int, ends []int)

// ReadMarkup reads text with inline markup: "[Ada Lovelace|P] lives in [London|L]". The letters are P for a person, O an
// organisation, L a place and M another name. A line is a paragraph and ends a sentence; a line that opens with == opens
// a document; one that opens with # is left out. A name whose borders lie inside a token is an error that names the line.
func ReadMarkup(r io.Reader, cut Cutter) ([]Document, error) {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<16), maxLine)
	var docs []Document
	var doc Document
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "=="):
			if len(doc) > 0 {
				docs = append(docs, doc)
			}
			doc = nil
		default:
			text, names, err := unmark(line)
			if err == nil {
				doc, err = label(doc, text, names, cut)
			}
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
	}
	if len(doc) > 0 {
		docs = append(docs, doc)
	}
	return docs, sc.Err()
}

// unmark takes the markup out of a line and returns the names by bytes.
func unmark(line string) (string, []Span, error) {
	var text strings.Builder
	var names []Span
	for {
		before, rest, more := strings.Cut(line, "[")
		text.WriteString(before)
		if !more {
			return text.String(), names, nil
		}
		inside, after, closed := strings.Cut(rest, "]")
		name, letter, split := strings.Cut(inside, "|")
		typ := markupTypes[letter]
		if !closed || !split || typ == "" || name == "" {
			return "", nil, fmt.Errorf("%q is no markup; write [name|P], with P, O, L or M", "["+inside)
		}
		names = append(names, Span{Start: text.Len(), End: text.Len() + len(name), Type: typ})
		text.WriteString(name)
		line = after
	}
}

// label cuts a line and appends its sentences with their tags.
func label(doc Document, text string, names []Span, cut Cutter) (Document, error) {
	tokens, ends := cut(text)
	first := 0
	for _, end := range ends {
		var s Sentence
		for _, t := range tokens[first:end] {
			tag := "O"
			for _, n := range names {
				switch {
				case t[1] <= n.Start || t[0] >= n.End:
				case t[0] < n.Start || t[1] > n.End:
					return nil, fmt.Errorf("%q begins or ends inside the word %q", text[n.Start:n.End], text[t[0]:t[1]])
				case t[0] == n.Start:
					tag = "B-" + n.Type
				default:
					tag = "I-" + n.Type
				}
			}
			s.Tokens = append(s.Tokens, text[t[0]:t[1]])
			s.Tags = append(s.Tags, tag)
		}
		doc = append(doc, s)
		first = end
	}
	return doc, nil
}
