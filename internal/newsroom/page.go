package newsroom

import (
	"bytes"
	"embed"
	"html/template"
	"time"
)

//go:embed page/*.html
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "page/*.html"))

// articlePage is what the page template shows: the article and, around it, what every news page has around it.
type articlePage struct {
	Site       string
	Home, Feed string
	FeedKind   string
	Lang       string
	URL        string
	Title      string
	Summary    string
	Section    string
	Author     string
	Published  time.Time
	Modified   time.Time
	Edited     bool
	Paragraphs []string
	MostRead   []link
	Data       newsArticle
}

type link struct{ URL, Title string }

// newsArticle is the page's JSON-LD (schema.org/NewsArticle).
type newsArticle struct {
	Context   string  `json:"@context"`
	Type      string  `json:"@type"`
	Headline  string  `json:"headline"`
	Published string  `json:"datePublished"`
	Modified  string  `json:"dateModified"`
	Page      string  `json:"mainEntityOfPage"`
	Author    *person `json:"author,omitempty"`
	Publisher person  `json:"publisher"`
}

type person struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

// article is the page of one story.
func (s *site) article(st story) answer {
	if st.Page != "" {
		return answer{status: 200, kind: "text/html; charset=utf-8", body: []byte(st.Page), modified: st.Modified}
	}
	data := newsArticle{
		Context: "https://schema.org", Type: "NewsArticle", Headline: st.Title, Page: st.URL,
		Published: st.Published.In(s.place).Format(time.RFC3339),
		Modified:  st.Modified.In(s.place).Format(time.RFC3339),
		Publisher: person{"NewsMediaOrganization", s.Name},
	}
	if st.Author != "" {
		data.Author = &person{"Person", st.Author}
	}
	a := page("article.html", articlePage{
		Site: s.Name, Home: s.base + "/", Feed: s.base + s.Format.path(), FeedKind: s.Format.kind(),
		Lang: st.Language, URL: st.URL, Title: st.Title, Summary: st.Summary, Section: st.label(), Author: st.Author,
		Published: st.Published.In(s.place), Modified: st.Modified.In(s.place), Edited: st.Modified.After(st.Published),
		Paragraphs: st.paragraphs(), MostRead: s.mostRead(st), Data: data,
	})
	a.modified = st.Modified
	return a
}

// mostRead are up to four other stories that name nobody on a watchlist, so that what stands beside an article never
// changes what a reader should find in it.
func (s *site) mostRead(current story) []link {
	var links []link
	for _, item := range s.items {
		if len(item.Watch) == 0 && item.Appears <= 0 && item.Path != current.Path && len(links) < 4 {
			links = append(links, link{s.base + item.Path, item.Title})
		}
	}
	return links
}

type frontPage struct {
	Site, Feed, FeedKind, Lang string
	Stories                    []link
}

func (s *site) front() frontPage {
	f := frontPage{Site: s.Name, Feed: s.base + s.Format.path(), FeedKind: s.Format.kind(), Lang: s.Language}
	for _, st := range s.stories() {
		f.Stories = append(f.Stories, link{st.URL, st.Title})
	}
	return f
}

func page(name string, data any) answer {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		return answer{status: 500, kind: "text/plain; charset=utf-8", body: []byte(err.Error())}
	}
	return answer{status: 200, kind: "text/html; charset=utf-8", body: b.Bytes()}
}
