package main

import (
	"time"

	"github.com/mmcdole/gofeed"

	"tocsin/services/fetcher/feed"
)

// ofDocument and ofGofeed give an engine's values the names of the expectations.
func ofDocument(doc feed.Document) reading {
	r := reading{items: len(doc.Items), values: map[string]string{
		"feed.title": doc.Title, "feed.link": doc.Home, "feed.id": doc.ID, "feed.published": stamp(doc.Published),
		"feed.updated": stamp(doc.Updated), "feed.author": first(doc.Authors),
	}}
	if len(doc.Items) > 0 {
		it := doc.Items[0]
		r.entry(it.Title, it.Link, it.GUID, stamp(it.Published), stamp(it.Updated), first(it.Authors))
	}
	return r
}

func ofGofeed(f *gofeed.Feed) reading {
	r := reading{items: len(f.Items), values: map[string]string{
		"feed.title": f.Title, "feed.link": f.Link, "feed.published": f.Published, "feed.updated": f.Updated,
		"feed.author": person(f.Authors),
	}}
	if len(f.Items) > 0 {
		it := f.Items[0]
		r.entry(it.Title, it.Link, it.GUID, it.Published, it.Updated, person(it.Authors))
	}
	return r
}

func (r reading) entry(title, link, id, published, updated, author string) {
	for name, value := range map[string]string{"title": title, "link": link, "id": id, "published": published, "updated": updated, "author": author} {
		r.values["entry."+name] = value
	}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func first(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

func person(people []*gofeed.Person) string {
	if len(people) == 0 || people[0] == nil {
		return ""
	}
	if people[0].Name == "" {
		return people[0].Email
	}
	return people[0].Name
}
