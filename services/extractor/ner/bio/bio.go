// Package bio reads and scores texts labelled token by token: one token, a tab and its tag on a line, a blank line
// between sentences and a line -DOCSTART- between documents. Tags are BIO: "O", or "B-" or "I-" and a type.
package bio

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
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
	if strings.TrimSpace(l) == "" {
		r.endSentence()
		return nil
	}
	i := strings.LastIndexAny(l, "\t ")
	if i <= 0 {
		return fmt.Errorf("%q has no tag; want token, tab, tag", l)
	}
	tok, tag := l[:i], l[i+1:]
	if k := strings.IndexAny(tok, "\t "); k > 0 {
		tok = tok[:k] // further columns between token and tag
	}
	if tok == "-DOCSTART-" {
		r.endDocument()
		return nil
	}
	if tag != "O" && (len(tag) < 3 || tag[1] != '-' || tag[0] != 'B' && tag[0] != 'I') {
		return fmt.Errorf("tag %q of %q is none; want O, or B- or I- and a type", tag, tok)
	}
	r.sent.Tokens = append(r.sent.Tokens, tok)
	r.sent.Tags = append(r.sent.Tags, tag)
	return nil
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

// Tokens counts the tokens of documents.
func Tokens(docs []Document) (n int) {
	for _, d := range docs {
		for _, s := range d {
			n += len(s.Tokens)
		}
	}
	return n
}
