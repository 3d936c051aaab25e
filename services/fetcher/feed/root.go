package feed

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// rootWithin is how far from the start the root may stand; warnings of a broken server program come before it.
const rootWithin = 64 << 10

// findRoot finds the element the feed begins with. The error is a *PageError or wraps ErrNotFeed.
func findRoot(text []byte, base *url.URL) (tag, error) {
	window := text[:min(len(text), rootWithin)]
	page := begins(window, "<!doctype html")
	for t := range tags(window) {
		switch {
		case t.closes:
		case t.is("rss", "rdf", "feed", "urlset", "sitemapindex"):
			return t, nil
		case t.is("html", "head", "body"):
			return tag{}, &PageError{advertised(text, base)}
		case t.is("div", "p", "script", "a", "span", "table", "title", "meta", "link"):
			page = true
		}
	}
	if page {
		return tag{}, &PageError{advertised(text, base)}
	}
	return tag{}, fmt.Errorf("%w: the answer is neither RSS nor Atom nor JSON Feed; it begins %q", ErrNotFeed, beginning(text))
}

func begins(text []byte, with string) bool {
	return len(text) >= len(with) && bytes.EqualFold(text[:len(with)], []byte(with))
}

func beginning(text []byte) string {
	return string(bytes.ToValidUTF8(bytes.Join(bytes.Fields(text[:min(len(text), 60)]), []byte(" ")), nil))
}

// advertised lists the feeds a page names in its link elements (RFC 4287 autodiscovery), at most five, each once.
func advertised(page []byte, base *url.URL) []string {
	var found []string
	z := html.NewTokenizer(bytes.NewReader(page[:min(len(page), 256<<10)]))
	for len(found) < 5 {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		t := z.Token()
		if t.DataAtom != atom.Link || kind == html.EndTagToken {
			continue
		}
		if link := feedLink(t, base); link != "" && !containsFold(found, link) {
			found = append(found, link)
		}
	}
	return found
}

func feedLink(t html.Token, base *url.URL) string {
	var rel, kind, href string
	for _, a := range t.Attr {
		switch a.Key {
		case "rel":
			rel = strings.ToLower(a.Val)
		case "type":
			kind = strings.ToLower(a.Val)
		case "href":
			href = a.Val
		}
	}
	if !strings.Contains(rel, "alternate") {
		return ""
	}
	for _, known := range []string{"rss+xml", "atom+xml", "feed+json", "rdf+xml"} {
		if strings.Contains(kind, known) {
			return resolve(href, base)
		}
	}
	return ""
}

func containsFold(list []string, s string) bool {
	for _, have := range list {
		if strings.EqualFold(have, s) {
			return true
		}
	}
	return false
}

// resolve makes an absolute http or https address of a reference; "" when that cannot be done.
func resolve(ref string, base *url.URL) string {
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil || strings.TrimSpace(ref) == "" {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// formatOf names the format by the root tag, as the library does.
func formatOf(text []byte) string {
	if root := readTag(text, 0); root.is("feed") {
		return "atom"
	}
	return "rss"
}

// knownAtom gives an Atom feed that stands in a namespace of its own making the one of Atom 1.0; the library takes all of
// its elements for extensions otherwise. text begins with the root tag.
func knownAtom(text []byte) []byte {
	root := readTag(text, 0)
	if !root.is("feed") {
		return text
	}
	name := "xmlns"
	if prefix, _, ok := bytes.Cut(root.name, []byte(":")); ok {
		name += ":" + string(prefix)
	}
	space := attribute(root, text, name)
	switch space {
	case "", "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#":
		return text
	}
	at := bytes.Index(text[:root.end], []byte(space))
	if at < 0 { // written with entities
		return text
	}
	return join(text[:at], []byte("http://www.w3.org/2005/Atom"), text[at+len(space):])
}
