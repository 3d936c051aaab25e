package maintext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FromFeed turns what a feed carries into text: HTML, or plain text with entities in it. Scripts and styles are
// dropped, blocks become paragraphs. In plain text the line ends of the source stay.
func FromFeed(s string) string {
	var w writer
	if !hasTags(s) {
		w.keepLines = true
		w.text(html.UnescapeString(strings.ReplaceAll(s, "\r\n", "\n")))
		return w.String()
	}
	z := html.NewTokenizer(strings.NewReader(unwrapCDATA.Replace(s)))
	for {
		switch z.Next() {
		case html.ErrorToken: // the end: a string cannot fail to be read
			return w.String()
		case html.TextToken:
			w.text(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			if t := z.Token(); dropped[t.DataAtom] {
				z.Next() // its raw text, or its end tag when it has none
			} else {
				open(&w, t.DataAtom)
			}
		case html.EndTagToken:
			closed(&w, z.Token().DataAtom)
		}
	}
}

// unwrapCDATA frees text that was wrapped once too often; HTML takes what is in there for a comment.
var unwrapCDATA = strings.NewReplacer("<![CDATA[", "", "]]>", "")

// OneLine turns a title as a feed or page has it into plain text on one line.
func OneLine(s string) string {
	if hasTags(s) {
		s = FromFeed(s)
	} else {
		s = html.UnescapeString(s)
	}
	var w writer
	w.text(s)
	return w.String()
}

// hasTags reports whether s holds something that a browser would take for a tag.
func hasTags(s string) bool {
	for {
		_, rest, ok := strings.Cut(s, "<")
		if !ok {
			return false
		}
		name := strings.TrimPrefix(rest, "/")
		if name != "" && (isLetter(name[0]) || name[0] == '!') &&
			strings.Contains(rest, ">") {
			return true
		}
		s = rest
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// dropped are the elements whose content nobody reads as text. All are raw text to the tokenizer.
var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Iframe: true, atom.Noembed: true, atom.Noframes: true,
	atom.Noscript: true, atom.Title: true, atom.Textarea: true,
}

// blocks stand apart from what is before and after them.
var blocks = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Body: true, atom.Center: true,
	atom.Dd: true, atom.Details: true, atom.Dialog: true, atom.Dir: true, atom.Div: true, atom.Dl: true, atom.Dt: true,
	atom.Fieldset: true, atom.Figcaption: true, atom.Figure: true, atom.Footer: true, atom.Form: true, atom.H1: true,
	atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Header: true, atom.Hgroup: true,
	atom.Hr: true, atom.Legend: true, atom.Li: true, atom.Main: true, atom.Menu: true, atom.Nav: true, atom.Ol: true,
	atom.Option: true, atom.P: true, atom.Pre: true, atom.Section: true, atom.Summary: true, atom.Table: true,
	atom.Tbody: true, atom.Tfoot: true, atom.Thead: true, atom.Tr: true, atom.Ul: true,
}

// open writes what the start of an element means for the text.
func open(w *writer, a atom.Atom) {
	switch {
	case a == atom.Br:
		w.newline()
	case a == atom.Td || a == atom.Th:
		w.need(cell)
	case blocks[a]:
		w.need(paragraph)
	}
	if a == atom.Pre {
		w.keepLines = true
	}
}

// closed writes what the end of an element means for the text.
func closed(w *writer, a atom.Atom) {
	if blocks[a] {
		w.need(paragraph)
	}
	if a == atom.Pre {
		w.keepLines = false
	}
}
