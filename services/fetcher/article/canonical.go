package article

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// canonicalWithin is how far into a page its canonical address is looked for.
const canonicalWithin = 256 << 10

// Canonical returns the address a page calls its own (link rel=canonical, else og:url), resolved against base. It is ""
// when the page names none, names something that is no web address, or names its site's front page.
func Canonical(page []byte, base string) string {
	z := html.NewTokenizer(bytes.NewReader(page[:min(len(page), canonicalWithin)]))
	shared := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return shared
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch {
			case t.DataAtom == atom.Link && hasWord(attr(t, "rel"), "canonical"):
				if c := ownAddress(attr(t, "href"), base); c != "" {
					return c
				}
			case t.DataAtom == atom.Meta && attr(t, "property") == "og:url":
				shared = ownAddress(attr(t, "content"), base)
			case t.DataAtom == atom.Body && shared != "":
				return shared
			}
		}
	}
}

// ownAddress resolves a reference; a front page is not the address of an article.
func ownAddress(ref, base string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	u, err := b.Parse(strings.TrimSpace(ref))
	if err != nil || ref == "" || parseWeb(u.String()) == nil || strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
		return ""
	}
	u.Fragment = ""
	return u.String()
}

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}
