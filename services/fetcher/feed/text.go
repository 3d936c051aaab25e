package feed

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plain is the text of a piece of HTML on one line: markup dropped, entities decoded, white space collapsed.
func plain(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return strings.Join(strings.Fields(s), " ")
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	silent := false
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case html.TextToken:
			if !silent {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if a == atom.Script || a == atom.Style {
				silent = kind == html.StartTagToken
			}
			if !inline(a) {
				b.WriteByte(' ')
			}
		}
	}
}

// inline elements do not part words.
func inline(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.B, atom.Em, atom.Font, atom.I, atom.Mark, atom.S, atom.Small, atom.Span, atom.Strong, atom.Sub, atom.Sup, atom.U, atom.Wbr:
		return true
	}
	return false
}

// cutText shortens s to at most n characters at a space where there is one near; cut says that something is missing.
func cutText(s string, n int) (short string, cut bool) {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s, false
	}
	at := 0
	for range n {
		_, w := utf8.DecodeRuneInString(s[at:])
		at += w
	}
	if space := strings.LastIndexByte(s[:at], ' '); space > at-80 {
		at = space
	}
	return s[:at], true
}
