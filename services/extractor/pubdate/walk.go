package pubdate

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// hint is what an element's tag, class and id say of the dates in it.
type hint uint16

const (
	hintDate     hint = 1 << iota // a class that speaks of dates
	hintByline                    // a class that speaks of authors and metadata
	hintStray                     // a part of the page that is not the article
	hintChange                    // speaks of the last change
	hintRelease                   // itemprop datePublished, or the pubdate attribute
	hintTime                      // a <time> element
	hintHeadline                  // h1 to h3
	hintH1
	hintHidden // script, style and the like
)

// element is an open element.
type element struct {
	name  string
	hints hint
}

// maxOpen bounds the open elements that are kept; what nests deeper is read as if it stood beside.
const maxOpen = 256

// maxDates bounds the dates that a page may offer, maxBlock the bytes of one block of text that are read.
const (
	maxDates = 400
	maxBlock = 2 << 10
)

// walker reads a page token by token; it builds no tree.
type walker struct {
	open   []element
	block  strings.Builder // the text since the last element that ends a line
	hints  hint            // of the elements around that text
	tries  int             // at reading dates in markup
	inline []stamp         // dates in attributes of elements in the block
	label  string          // the block before, when it is one, as "Date:"
	read   int             // bytes of visible text before the block

	sheet      sheet
	title      string
	titleLen   int // of the headline, when it is titled
	monthFirst bool
}

// sheet is what a page offers.
type sheet struct {
	markup    []stamp // of rank release and making, in page order
	changes   []stamp
	lines     []line // dates a reader sees
	canonical string // the address the page gives itself
	titleAt   int    // visible text before the end of the headline, −1 when there is none
	titled    bool   // that headline is the page's title
}

// line is a date a reader sees, and where.
type line struct {
	stamp
	at     int    // bytes of visible text before it
	length int    // of its block
	before string // what stands before it in its block, in lower case
	hints  hint
}

// walk reads a page. Its cost is linear in the length of page.
func walk(page, address string) sheet {
	w := walker{sheet: sheet{titleAt: -1}, monthFirst: american("", address)}
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(0)
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken: // the end: a string cannot fail to be read
			w.flush()
			return w.sheet
		case html.TextToken:
			w.text(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(z.Token(), kind == html.SelfClosingTagToken, address)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(string(name))
		}
	}
}

// american reports whether 5/6 is the sixth of May to the writer of a page in lang at address: in English, where the
// address belongs to no other country.
func american(lang, address string) bool {
	lang = strings.ToLower(strings.ReplaceAll(lang, "_", "-"))
	if lang != "en" && lang != "en-us" {
		return false
	}
	host := hostOf(address)
	top := host[strings.LastIndexByte(host, '.')+1:]
	return len(top) != 2 || strings.Contains(" us io tv me co ai fm ", " "+top+" ")
}

func hostOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	end := strings.IndexAny(rest, "/?#:")
	if end < 0 {
		end = len(rest)
	}
	return strings.ToLower(rest[:end])
}

func (w *walker) start(t html.Token, closed bool, address string) {
	switch t.DataAtom {
	case atom.Html:
		w.monthFirst = american(attr(t.Attr, "lang"), address)
		return
	case atom.Meta:
		w.meta(t)
		return
	case atom.Link:
		if strings.EqualFold(attr(t.Attr, "rel"), "canonical") {
			w.sheet.canonical = attr(t.Attr, "href")
		}
		return
	}
	if breaks(t.DataAtom, t.Data) {
		w.flush()
		w.unclosed(t.DataAtom)
	}
	e := element{t.Data, hintsOf(t)}
	if t.DataAtom == atom.Body || t.DataAtom == atom.Main {
		e.hints = 0
	}
	if t.DataAtom == atom.Script {
		e.hints = hintHidden
		if kind := strings.ToLower(attr(t.Attr, "type")); kind == "application/ld+json" || kind == "application/settings+json" {
			e.name = "ld+json"
		}
	}
	w.attribute(t, e.hints)
	if !closed && !void(t.DataAtom) && len(w.open) < maxOpen {
		w.open = append(w.open, e)
	}
}

// unclosed closes the paragraph, item or cell that the next of its kind ends.
func (w *walker) unclosed(a atom.Atom) {
	switch a {
	case atom.P, atom.Li, atom.Td, atom.Th, atom.Tr, atom.Dt, atom.Dd, atom.Option:
		if n := len(w.open) - 1; n >= 0 && w.open[n].name == a.String() {
			w.open = w.open[:n]
		}
	}
}

// meta reads a meta element, wherever it stands.
func (w *walker) meta(t html.Token) {
	if strings.EqualFold(attr(t.Attr, "property"), "og:title") && w.title == "" {
		w.title = attr(t.Attr, "content")
	}
	r, text := metaDate(t.Attr)
	w.state(r, "meta", text)
}

// state keeps a date that the markup states.
func (w *walker) state(r rank, source, text string) {
	if r == ofNothing || text == "" || !w.try() {
		return
	}
	s, ok := parseLoose(text, w.monthFirst)
	if !ok {
		return
	}
	s.source, s.rank, s.text = source, r, clip(text)
	if r == ofChange {
		w.sheet.changes = append(w.sheet.changes, s)
		return
	}
	w.sheet.markup = append(w.sheet.markup, s)
}

// try counts the attempts at reading a date in markup, which are dear; a page gets maxDates of them.
func (w *walker) try() bool {
	w.tries++
	return w.tries <= maxDates
}

// attribute reads the date in the attributes of a visible element.
func (w *walker) attribute(t html.Token, hints hint) {
	if hints&(hintTime|hintRelease) == 0 || len(w.inline) >= maxDates || !w.try() {
		return
	}
	text := first(attr(t.Attr, "datetime"), attr(t.Attr, "content"))
	if t.DataAtom == atom.Time && text == "" {
		text = attr(t.Attr, "title")
	}
	s, ok := parseLoose(text, w.monthFirst)
	if !ok {
		return
	}
	s.source, s.text = "time", clip(text)
	s.hints = hints | w.around()
	w.inline = append(w.inline, s)
}

// text takes a piece of text into the block.
func (w *walker) text(data string) {
	hints := w.around()
	if hints&hintHidden != 0 {
		w.hidden(data)
		return
	}
	if strings.TrimSpace(data) == "" {
		return
	}
	w.hints |= hints
	if w.block.Len() > 0 {
		w.block.WriteByte(' ')
	}
	w.block.WriteString(data[:min(len(data), max(0, maxBlock-w.block.Len()))])
	if len(data) > maxBlock {
		w.read += len(data) - maxBlock
	}
}

// around is what the open elements say of what stands in them.
func (w *walker) around() hint {
	hints := hint(0)
	for i, e := range w.open {
		if near := i >= len(w.open)-nearby; near {
			hints |= e.hints
		} else {
			hints |= e.hints & (hintStray | hintHidden | hintHeadline | hintH1)
		}
	}
	return hints
}

// nearby is from how many levels above a text the class of an element still speaks of it.
const nearby = 4

// hidden reads what no reader sees: JSON-LD and the title.
func (w *walker) hidden(data string) {
	switch top := w.open[len(w.open)-1]; top.name {
	case "ld+json":
		for r, text := range readJSON(data) {
			w.state(rank(r), "json_ld", text)
		}
	case "title":
		if w.title == "" {
			w.title = strings.TrimSpace(data)
		}
	}
}

func (w *walker) end(name string) {
	if breaks(atom.Lookup([]byte(name)), name) {
		w.flush()
	}
	for i, e := range slices.Backward(w.open) {
		if e.name == name || e.name == "ld+json" && name == "script" {
			w.open = w.open[:i]
			return
		}
	}
}

// flush reads the block of text that ends here.
func (w *walker) flush() {
	text := w.block.String()
	if text == "" && len(w.inline) == 0 {
		return
	}
	w.block.Reset()
	for _, s := range w.inline {
		w.offer(line{stamp: s, at: w.read, length: len(text), hints: s.hints})
	}
	for _, d := range findWritten(text, w.monthFirst) {
		if d.year == 0 {
			continue
		}
		before := strings.ToLower(w.label + text[max(0, d.start-60):d.start])
		w.offer(line{stamp: d.stamp("page", text), at: w.read + d.start, length: len(text), before: before, hints: w.hints})
	}
	if w.hints&hintHeadline != 0 {
		w.headline(text)
	}
	if w.label = ""; len(text) <= 40 && strings.HasSuffix(strings.TrimSpace(text), ":") {
		w.label = text
	}
	w.read += len(text)
	w.hints, w.inline = 0, w.inline[:0]
}

func (w *walker) offer(l line) {
	if len(w.sheet.lines) < maxDates {
		w.sheet.lines = append(w.sheet.lines, l)
	}
}

// headline takes the longest heading that is the page's title for the headline, else the first h1.
func (w *walker) headline(text string) {
	s := &w.sheet
	if sameTitle(text, w.title) {
		if !s.titled || len(text) > w.titleLen {
			s.titleAt, s.titled, w.titleLen = w.read+len(text), true, len(text)
		}
		return
	}
	if s.titleAt < 0 && w.hints&hintH1 != 0 {
		s.titleAt = w.read + len(text)
	}
}

// sameTitle reports whether a headline and a page's title begin alike or one holds the other.
func sameTitle(headline, title string) bool {
	h, t := strings.ToLower(strings.Join(strings.Fields(headline), " ")), strings.ToLower(strings.Join(strings.Fields(title), " "))
	if len(h) < 8 || len(t) < 8 {
		return false
	}
	return strings.Contains(t, h) || strings.Contains(h, t) || h[:min(len(h), 24)] == t[:min(len(t), 24)]
}
