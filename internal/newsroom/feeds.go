package newsroom

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"strings"
	"time"
)

func (f Format) kind() string {
	switch f {
	case Atom:
		return "application/atom+xml; charset=utf-8"
	case JSONFeed:
		return "application/feed+json"
	}
	return "application/rss+xml; charset=utf-8"
}

// feed writes the publisher's feed in its format.
func (s *site) feed(stories []story) []byte {
	switch s.Format {
	case Atom:
		return marshalXML(s.atom(stories))
	case JSONFeed:
		out, _ := json.MarshalIndent(s.jsonFeed(stories), "", " ") // strings and times only: cannot fail
		return out
	}
	return marshalXML(s.rss(stories))
}

func marshalXML(v any) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	_ = enc.Encode(v) // strings only, into memory: cannot fail
	return b.Bytes()
}

// htmlText is the story's text as paragraphs of HTML, what a feed carries as full content.
func (s story) htmlText() string {
	var b strings.Builder
	for _, p := range s.paragraphs() {
		b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	return b.String()
}

type rssDoc struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Content string     `xml:"xmlns:content,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link"`
	GUID        rssGUID `xml:"guid"`
	PubDate     string  `xml:"pubDate"`
	Creator     string  `xml:"dc:creator,omitempty"`
	Category    string  `xml:"category,omitempty"`
	Description string  `xml:"description"`
	Content     string  `xml:"content:encoded,omitempty"`
}

type rssGUID struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	Value       string `xml:",chardata"`
}

func (s *site) rss(stories []story) rssDoc {
	doc := rssDoc{
		Version: "2.0",
		Content: "http://purl.org/rss/1.0/modules/content/",
		DC:      "http://purl.org/dc/elements/1.1/",
		Channel: rssChannel{Title: s.Name, Link: s.base + "/", Description: "News from " + s.Name, Language: s.Language},
	}
	for _, story := range stories {
		item := rssItem{
			Title: story.Title, Link: story.URL, GUID: rssGUID{Value: story.ID},
			PubDate: story.Published.In(s.place).Format(time.RFC1123Z),
			Creator: story.Author, Category: story.Section, Description: story.Summary,
		}
		if s.Format == RSSFull {
			item.Content = story.htmlText()
		}
		doc.Channel.Items = append(doc.Channel.Items, item)
	}
	return doc
}

type atomDoc struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title     string   `xml:"title"`
	ID        string   `xml:"id"`
	Link      atomLink `xml:"link"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Author    string   `xml:"author>name,omitempty"`
	Summary   string   `xml:"summary"`
}

func (s *site) atom(stories []story) atomDoc {
	doc := atomDoc{
		Lang: s.Language, Title: s.Name, ID: "tag:" + s.Slug + ".example,2020:feed",
		Updated: newest(stories).In(s.place).Format(time.RFC3339),
		Links:   []atomLink{{Rel: "alternate", Href: s.base + "/"}, {Rel: "self", Href: s.base + s.Format.path()}},
	}
	for _, story := range stories {
		doc.Entries = append(doc.Entries, atomEntry{
			Title: story.Title, ID: story.ID, Link: atomLink{Rel: "alternate", Href: story.URL},
			Published: story.Published.In(s.place).Format(time.RFC3339),
			Updated:   story.Modified.In(s.place).Format(time.RFC3339),
			Author:    story.Author, Summary: story.Summary,
		})
	}
	return doc
}

type jsonDoc struct {
	Version  string     `json:"version"`
	Title    string     `json:"title"`
	HomePage string     `json:"home_page_url"`
	FeedURL  string     `json:"feed_url"`
	Language string     `json:"language"`
	Items    []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	Summary   string       `json:"summary"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified"`
	Authors   []jsonAuthor `json:"authors,omitempty"`
	Tags      []string     `json:"tags,omitempty"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

func (s *site) jsonFeed(stories []story) jsonDoc {
	doc := jsonDoc{
		Version: "https://jsonfeed.org/version/1.1", Title: s.Name, Language: s.Language,
		HomePage: s.base + "/", FeedURL: s.base + s.Format.path(), Items: []jsonItem{},
	}
	for _, story := range stories {
		item := jsonItem{
			ID: story.ID, URL: story.URL, Title: story.Title, Summary: story.Summary,
			Published: story.Published.In(s.place).Format(time.RFC3339),
			Modified:  story.Modified.In(s.place).Format(time.RFC3339),
		}
		if story.Author != "" {
			item.Authors = []jsonAuthor{{story.Author}}
		}
		if story.Section != "" {
			item.Tags = []string{story.Section}
		}
		doc.Items = append(doc.Items, item)
	}
	return doc
}
