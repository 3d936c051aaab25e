// Package bio reads and scores texts labelled token by token: one token, a tab and its tag on a line, a blank line
// between sentences and a line -DOCSTART- between documents. Tags are BIO: "O", or "B-" or "I-" and a type.
//
// Files in the manner of conlleval are read too: columns between token and tag, spaces for tabs, tags where B- marks
// only a name that touches the one before it (IOB1), and tags that mark the end of names as well (IOBES, BILOU).
package bio

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Sentence holds tokens and their tags, of equal length.
type Sentence struct{ Tokens, Tags []string }

// Add appends tokens that are one name of the given type, or none when typ is empty.
func (s *Sentence) Add(tokens []string, typ string) {
	for i, t := range tokens {
		tag := "O"
		if typ != "" {
			tag = "I-" + typ
			if i == 0 {
				tag = "B-" + typ
			}
		}
		s.Tokens = append(s.Tokens, t)
		s.Tags = append(s.Tags, tag)
	}
}

// Document is the sentences between two -DOCSTART- lines, in order.
type Document []Sentence

// Span is one labelled name: the tokens [Start, End) of a sentence.
type Span struct {
	Start, End int
	Type       string
}

// Types are the names used in tags.
const (
	Person       = "PER"
	Organization = "ORG"
	Place        = "LOC"
	Other        = "MISC"
)

// maxLine bounds a line of a labelled file, in bytes.
const maxLine = 1 << 20

// Read reads a labelled text, gzip-compressed or plain. A broken line is an error that names its number; tokens that
// were read before it are not returned.
func Read(r io.Reader) ([]Document, error) {
	r, err := plain(r)
	if err != nil {
		return nil, err
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<16), maxLine)
	var rd reader
	for line := 1; sc.Scan(); line++ {
		if err := rd.line(sc.Text()); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("labelled text: %w", err)
	}
	rd.endDocument()
	return rd.docs, nil
}

// plain unpacks r when it is gzip-compressed.
func plain(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	head, err := b.Peek(2)
	if err != nil || !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return b, nil // too short to be compressed; an error shows up again when reading
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, fmt.Errorf("compressed labelled text: %w", err)
	}
	return z, nil
}

type reader struct {
	docs []Document
	doc  Document
	sent Sentence
}

func (r *reader) line(l string) error {
	l = strings.TrimRight(strings.TrimPrefix(l, "\ufeff"), " \t\r")
	switch {
	case l == "":
		r.endSentence()
		return nil
	case strings.HasPrefix(l, docStart):
		r.endDocument()
		return nil
	}
	columns := " "
	if strings.Contains(l, "\t") {
		columns = "\t" // a token may hold spaces then
	}
	first, last := strings.Index(l, columns), strings.LastIndex(l, columns)
	if first <= 0 {
		return fmt.Errorf("%q has no tag; want token, tab, tag", l)
	}
	tag, ok := plainTag(l[last+1:])
	if !ok {
		return fmt.Errorf("tag %q of %q is none; want O, or B- or I- and a type, in the last column", l[last+1:], l[:first])
	}
	r.sent.Tokens = append(r.sent.Tokens, l[:first])
	r.sent.Tags = append(r.sent.Tags, tag)
	return nil
}

// docStart opens the line before a document; further columns of that line mean nothing.
const docStart = "-DOCSTART-"

// plainTag returns a tag in BIO: the only token of a name opens it, the last one continues it. False when it is none.
func plainTag(tag string) (string, bool) {
	if tag == "O" {
		return tag, true
	}
	if len(tag) < 3 || tag[1] != '-' {
		return "", false
	}
	switch tag[0] {
	case 'B', 'I':
		return tag, true
	case 'S', 'U':
		return "B" + tag[1:], true
	case 'E', 'L':
		return "I" + tag[1:], true
	}
	return "", false
}

func (r *reader) endSentence() {
	if len(r.sent.Tokens) > 0 {
		r.doc = append(r.doc, r.sent)
		r.sent = Sentence{}
	}
}

func (r *reader) endDocument() {
	r.endSentence()
	if len(r.doc) > 0 {
		r.docs = append(r.docs, r.doc)
		r.doc = nil
	}
}

// Spans returns the names of a sentence's tags in order. An I that continues nothing opens a name, as conlleval reads it.
func Spans(tags []string) []Span {
	var out []Span
	start, typ := -1, ""
	for i, tag := range append(tags[:len(tags):len(tags)], "O") {
		if start >= 0 && (tag == "O" || tag[0] == 'B' || tag[2:] != typ) {
			out = append(out, Span{start, i, typ})
			start = -1
		}
		if tag != "O" && start < 0 {
			start, typ = i, tag[2:]
		}
	}
	return out
}

// Check says what to do when documents have names but none of the given types, as when a file writes PERSON for PER.
func Check(docs []Document, types []string) error {
	var others []string
	for _, d := range docs {
		for _, s := range d {
			for _, n := range Spans(s.Tags) {
				if slices.Contains(types, n.Type) {
					return nil
				}
				if !slices.Contains(others, n.Type) {
					others = append(others, n.Type)
				}
			}
		}
	}
	if others == nil {
		return nil
	}
	return fmt.Errorf("names are of the types %s, none of them %s; rename the types in the file", strings.Join(others, ", "), strings.Join(types, ", "))
}

// Tokens counts the tokens of documents.
func Tokens(docs []Document) (n int) {
	for _, d := range docs {
		for _, s := range d {
			n += len(s.Tokens)
		}
	}
	return n
}
