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
	for _, e := range entries {
		place(&file.Body, e.Tags, e.outline())
	}
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
func place(level *[]opmlOutline, folders []string, o opmlOutline) {
	for _, name := range folders {
		level = &folder(level, name).Inner
	}
	*level = append(*level, o)
}

func folder(level *[]opmlOutline, name string) *opmlOutline {
	for i := range *level {
		if (*level)[i].URL == "" && (*level)[i].Text == name {
			return &(*level)[i]
		}
	}
	*level = append(*level, opmlOutline{Text: name})
	return &(*level)[len(*level)-1]
}
