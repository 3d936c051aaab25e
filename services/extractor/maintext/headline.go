package maintext

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// headlineReach is how many paragraphs from the top the page's own headline is looked for, and headlineLeast how many
// letters make one that says something.
const (
	headlineReach = 3
	headlineLeast = 8
)

// headlines are the names a page has for itself, folded: its title, also without the site's name behind it, and its first
// heading.
func headlines(doc *html.Node) map[string]bool {
	all := map[string]bool{}
	add := func(s string) {
		if f := lettersOf(s); len(f) >= headlineLeast {
			all[f] = true
		}
	}
	headed := false
	for n := range doc.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.DataAtom == atom.Title && n.FirstChild != nil:
			title := n.FirstChild.Data
			add(title)
			for _, sep := range []string{" | ", " - ", " – ", " — ", " :: ", " » "} {
				if i := strings.LastIndex(title, sep); i > 0 {
					add(title[:i])
				}
			}
		case n.DataAtom == atom.Meta && attr(n, "property") == "og:title":
			add(attr(n, "content"))
		case n.DataAtom == atom.H1 && !headed:
			headed = true
			add(render(n))
		}
	}
	return all
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// lettersOf are the letters and digits of a text in lower case.
func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// withoutHeadline drops the page's headline from the top of a text: it is no part of the text, and whoever shows both
// would show it twice. A text that is nothing else stays.
func withoutHeadline(text string, headlines map[string]bool) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, p := range paragraphs[:min(headlineReach, len(paragraphs))] {
		if len(paragraphs) > 1 && headlines[lettersOf(p)] {
			return strings.Join(append(paragraphs[:i:i], paragraphs[i+1:]...), "\n\n")
		}
	}
	return text
}
