package maintext

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tocsin/pkg/messages"
)

// Text is the main text of a page.
type Text struct {
	Body string
	// Source is messages.TextFromPage or messages.TextFromReadability.
	Source string
}

// Enough is how many characters make a text that needs no second opinion.
const Enough = 250

// What go-trafilatura is asked to read: beyond this its time grows with the square of the paragraphs.
const (
	maxTrafilatura = 512 << 10
	maxParagraphs  = 3000
)

// Extract finds the main text of a page in UTF-8, without its headline, comments, menus, advertisements and pointers to
// other stories. address is the page's own, against which nothing but relative links is read; it may be empty.
// go-trafilatura reads pages up to 512 KiB and 3,000 paragraphs; larger pages, and those it finds less than Enough in, go
// to go-readability, whose time is linear. So do pages that it finds little in although they hold much more.
// An error means that neither found anything.
//
// Takes milliseconds to a few hundred; hostile pages can take much longer.
func Extract(page, address string) (Text, error) {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return Text{}, fmt.Errorf("read the page: %w", err)
	}
	titles := headlines(doc)
	var text Text
	if len(page) <= maxTrafilatura && strings.Count(page, "<p")+strings.Count(page, "<P") <= maxParagraphs {
		text = byTrafilatura(doc)
	}
	found := utf8.RuneCountInString(text.Body)
	if found < Enough || found < ample && prose(doc) > muchMore*found {
		second := byReadability(doc, address)
		// Below Enough whatever its length: go-trafilatura gathers the page's text as it stands then, menus and repeats included.
		if second.Body != "" && (found < Enough || utf8.RuneCountInString(second.Body) > muchMore*found) {
			text = second
		}
	}
	if text.Body == "" {
		return Text{}, errors.New("the page holds no main text")
	}
	text.Body = withoutFurniture(withoutHeadline(text.Body, titles))
	return text, nil
}

// A text of less than ample characters has a second opinion when the page holds muchMore times as many in its prose, which
// is heard when it found so many: a few paragraphs of a long story are a teaser or a box beside it.
const (
	ample    = 1500
	muchMore = 3
)

// prose counts the characters that stand in runs of text as sentences do, outside links and what surrounds a story.
func prose(n *html.Node) (count int) {
	const sentence = 40
	switch n.Type {
	case html.TextNode:
		if text := strings.TrimSpace(n.Data); len(text) >= sentence {
			return utf8.RuneCountInString(text)
		}
	case html.ElementNode:
		switch n.DataAtom {
		case atom.A, atom.Nav, atom.Footer, atom.Form, atom.Button, atom.Svg, atom.Template:
			return 0
		}
		if dropped[n.DataAtom] {
			return 0
		}
	}
	for c := range n.ChildNodes() {
		count += prose(c)
	}
	return count
}

func byTrafilatura(doc *html.Node) Text {
	res, err := trafilatura.ExtractDocument(doc, trafilatura.Options{
		ExcludeComments: true,
		HtmlDateMode:    trafilatura.Disabled,
	})
	if err != nil || res.ContentNode == nil {
		return Text{}
	}
	return Text{Body: render(res.ContentNode), Source: messages.TextFromPage}
}

func byReadability(doc *html.Node, address string) Text {
	base, err := url.Parse(address)
	if err != nil {
		base = &url.URL{}
	}
	p := readability.NewParser()
	a, err := p.ParseAndMutate(doc, base)
	if err != nil || a.Node == nil {
		return Text{}
	}
	return Text{Body: render(a.Node), Source: messages.TextFromReadability}
}

// render writes the text below a node.
func render(n *html.Node) string {
	var w writer
	walk(&w, n)
	return w.String()
}

func walk(w *writer, n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
	case html.ElementNode:
		a := atom.Lookup([]byte(n.Data)) // not n.DataAtom: the libraries make and rename elements without it
		if dropped[a] {
			return
		}
		open(w, a)
		defer closed(w, a)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(w, c)
	}
}
