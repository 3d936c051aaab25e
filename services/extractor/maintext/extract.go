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

// Extract finds the main text of a page in UTF-8, without comments, menus and advertisements. address is the page's
// own, against which nothing but relative links is read; it may be empty. go-trafilatura reads pages up to 512 KiB and
// 3,000 paragraphs; larger pages, and those it finds less than Enough in, go to go-readability, whose time is linear.
// An error means that neither found anything.
//
// Takes milliseconds to a few hundred; hostile pages can take much longer.
func Extract(page, address string) (Text, error) {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return Text{}, fmt.Errorf("read the page: %w", err)
	}
	var text Text
	if len(page) <= maxTrafilatura && strings.Count(page, "<p")+strings.Count(page, "<P") <= maxParagraphs {
		text = byTrafilatura(doc)
	}
	if utf8.RuneCountInString(text.Body) >= Enough {
		return text, nil
	}
	if second := byReadability(doc, address); second.Body != "" {
		// Whatever its length: below Enough go-trafilatura gathers the page's text as it stands, menus and repeats included.
		text = second
	}
	if text.Body == "" {
		return Text{}, errors.New("the page holds no main text")
	}
	return text, nil
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
