package feedlist

import (
	"encoding/xml"
	"fmt"
	"strconv"
)

type opmlFile struct {
	XMLName xml.Name      `xml:"opml"`
	Version string        `xml:"version,attr"`
	Space   string        `xml:"xmlns:tocsin,attr"`
	Title   string        `xml:"head>title"`
	Body    []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text     string        `xml:"text,attr"`
	Title    string        `xml:"title,attr,omitempty"`
	Type     string        `xml:"type,attr,omitempty"`
	URL      string        `xml:"xmlUrl,attr,omitempty"`
	Language string        `xml:"language,attr,omitempty"`
	ID       string        `xml:"tocsin:id,attr,omitempty"`
	Source   string        `xml:"tocsin:source,attr,omitempty"`
	Zone     string        `xml:"tocsin:zone,attr,omitempty"`
	Country  string        `xml:"tocsin:country,attr,omitempty"`
	Every    string        `xml:"tocsin:every,attr,omitempty"`
	Pages    string        `xml:"tocsin:pages,attr,omitempty"`
	Inner    []opmlOutline `xml:"outline"`
}

// OPML writes entries as ParseOPML reads them; title is the list's own, for readers. Tags become folders around the feed,
// outermost first; what OPML has no name for stands in attributes of our own namespace, which other readers pass over.
// Feeds keep their order within a folder, and folders the order of their first feed.
func OPML(title string, entries []Entry) ([]byte, error) {
	file := opmlFile{Version: "2.0", Space: space, Title: title}
	var t tree
	for _, e := range entries {
		t.place(e.Tags, e.outline())
	}
	file.Body = t.body.all()
	data, err := xml.MarshalIndent(file, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write OPML: %w", err)
	}
	return append([]byte(xml.Header), append(data, '\n')...), nil
}

func (e Entry) outline() opmlOutline {
	o := opmlOutline{
		Text: e.Name, Title: e.Name, Type: "rss", URL: e.URL, Language: e.Language,
		ID: e.ID, Source: e.Source, Zone: e.Zone, Country: e.Country,
	}
	if o.Text == "" {
		o.Text = e.URL
	}
	if e.Every > 0 {
		o.Every = e.Every.String()
	}
	if e.Pages != nil {
		o.Pages = strconv.FormatBool(*e.Pages)
	}
	return o
}

// place puts an outline under its folders, making those that are missing.
func (t *tree) place(tags []string, o opmlOutline) {
	level := &t.body
	for _, name := range tags {
		level = level.folder(name)
	}
	level.outlines = append(level.outlines, &node{opmlOutline: o})
}

// tree is the body while it grows.
type tree struct{ body level }

// level are the outlines of one folder, whose own folders are found by name.
type level struct {
	outlines []*node
	folders  map[string]*node
}

// node is a feed, or a folder with its level.
type node struct {
	opmlOutline
	level level
}

func (l *level) folder(name string) *level {
	if l.folders == nil {
		l.folders = map[string]*node{}
	}
	n := l.folders[name]
	if n == nil {
		n = &node{opmlOutline: opmlOutline{Text: name}}
		l.folders[name] = n
		l.outlines = append(l.outlines, n)
	}
	return &n.level
}

func (l *level) all() []opmlOutline {
	var out []opmlOutline
	for _, n := range l.outlines {
		n.Inner = n.level.all()
		out = append(out, n.opmlOutline)
	}
	return out
}
