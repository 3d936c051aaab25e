package maintext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// gap is what separates the text written so far from what comes next; the widest one asked for wins.
type gap int

const (
	joined gap = iota
	spaced
	cell
	line
	paragraph
)

// writer gathers text runs and the gaps between them.
type writer struct {
	b   strings.Builder
	gap gap
	// keepLines makes newlines of the source count, as inside <pre> and in plain text.
	keepLines bool
}

// text adds a run. White space of any kind becomes one space; marks that no reader sees are dropped.
func (w *writer) text(s string) {
	for _, r := range s {
		switch {
		case r == '\n' && w.keepLines:
			w.newline()
		case unicode.IsSpace(r):
			w.need(spaced)
		case visible(r):
			w.flush()
			w.b.WriteRune(r)
		}
	}
}

// need asks for at least g before the next visible character.
func (w *writer) need(g gap) { w.gap = max(w.gap, g) }

// newline asks for a line end; two of them in a row make a paragraph.
func (w *writer) newline() {
	if w.gap >= line {
		w.need(paragraph)
		return
	}
	w.need(line)
}

func (w *writer) flush() {
	if w.gap == joined {
		return
	}
	if w.b.Len() > 0 {
		w.b.WriteString([...]string{spaced: " ", cell: " | ", line: "\n", paragraph: "\n\n"}[w.gap])
	}
	w.gap = joined
}

func (w *writer) String() string { return w.b.String() }

// visible is false for control characters, soft hyphens, zero-width breaks, byte order marks and direction marks:
// inside a word they would hide a name. Zero-width joiners stay, Persian and Hindi are spelled with them.
func visible(r rune) bool {
	switch {
	case r == '\u200C' || r == '\u200D':
		return true
	case r == '\u00AD' || r == '\u200B' || r == '\uFEFF' || r == utf8.RuneError:
		return r == utf8.RuneError
	case r >= '\u200E' && r <= '\u200F', r >= '\u202A' && r <= '\u202E', r >= '\u2060' && r <= '\u206F':
		return false
	}
	return !unicode.IsControl(r)
}
