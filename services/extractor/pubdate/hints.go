package pubdate

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What the names of classes and ids speak of, as parts of words.
var (
	dateWords = []string{
		"date", "publi", "posted", "timestamp", "datum", "fecha", "dateline", "calendar", "pubdate", "erschein", "parution", "time",
		"created", "datetime", "submitted", "tarih", "clock", "data_", "-data", "data-", "postdat",
	}
	bylineWords = []string{"byline", "meta", "author", "autor", "info", "article-head", "entry-head", "post-head", "subline", "submeta", "headline"}
	strayWords  = []string{
		"comment", "kommentar", "sidebar", "footer", "related", "teaser", "widget", "recommend", "popular", "latest", "archive",
		"carousel", "slider", "promo", "respond", "reply", "weather", "ticker", "newsletter", "copyright", "menu", "navbar", "navigation",
		"breaking", "most-read", "mostread", "trending", "upcoming", "event", "more-", "similar", "reactions", "joined", "signature", "blogroll", "today",
	}
	changeWords = []string{"update", "modif", "lastmod", "aktualis", "changed", "edited"}
	// noise are words that hold one of the others by accident.
	noise = strings.NewReplacer("candidate", "", "validate", "", "timeline", "", "sometime", "", "mandate", "", "database", "",
		"metadata", "meta", "consolidated", "", "nocomment", "", "no-comment", "", "event-", "event", "eventually", "")
)

// hintsOf reads the tag and the attributes of an element.
func hintsOf(t html.Token) hint {
	h := tagHints[t.DataAtom]
	for _, a := range firstOf(t.Attr, maxAttributes) {
		switch a.Key {
		case "pubdate":
			h |= hintRelease
		case "itemprop":
			switch strings.ToLower(a.Val) {
			case "datepublished":
				h |= hintRelease
			case "datemodified":
				h |= hintChange
			case "datecreated":
				h |= hintDate
			}
		case "class", "id", "data-testid", "data-qa":
			h |= classHints(a.Val)
		}
	}
	return h
}

var tagHints = map[atom.Atom]hint{
	atom.Time: hintTime, atom.H1: hintHeadline | hintH1, atom.H2: hintHeadline, atom.H3: hintHeadline, atom.Aside: hintStray, atom.Nav: hintStray, atom.Footer: hintStray, atom.Script: hintHidden,
	atom.Style: hintHidden, atom.Template: hintHidden, atom.Title: hintHidden, atom.Select: hintHidden, atom.Textarea: hintHidden,
	atom.Svg: hintHidden, atom.Iframe: hintHidden, atom.Noscript: hintHidden,
}

// maxAttributes is how many attributes of an element are looked at.
const maxAttributes = 24

// maxClass is how much of a class is looked at.
const maxClass = 300

func classHints(class string) hint {
	class = strings.ToLower(class[:min(len(class), maxClass)])
	var h hint
	if anyIn(class, changeWords) {
		h |= hintChange
		class = strings.ReplaceAll(class, "update", "")
	}
	class = noise.Replace(class)
	if anyIn(class, strayWords) {
		h |= hintStray
	}
	if anyIn(class, dateWords) {
		h |= hintDate
	} else if anyIn(class, bylineWords) {
		h |= hintByline
	}
	return h
}

func anyIn(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// flowing are elements within a line of text; any other ends it.
var flowing = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Img: true, atom.Small: true,
	atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Time: true, atom.U: true, atom.Wbr: true, atom.Label: true,
	atom.Mark: true, atom.Bdi: true, atom.Bdo: true, atom.Cite: true, atom.Meta: true, atom.Link: true, atom.Script: true,
	atom.Style: true, atom.Svg: true, atom.S: true, atom.Q: true, atom.Code: true, atom.Input: true, atom.Button: true,
}

func breaks(a atom.Atom, name string) bool {
	return !flowing[a] && name != "path"
}

// void are elements without content.
func void(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}
