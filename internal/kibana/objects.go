package kibana

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
)

// Options say which indices the objects are for.
type Options struct {
	// Articles is the read alias of the articles, such as "tocsin-articles".
	Articles string
	// ArticleMapping is the JSON mapping of its indices.
	ArticleMapping json.RawMessage
	// Alerts is the read alias of the alerts, such as "tocsin-alerts", and AlertMapping the JSON mapping of its indices.
	Alerts       string
	AlertMapping json.RawMessage
}

func (o Options) validate() error {
	switch {
	case o.Articles == "":
		return errors.New("kibana options: Articles is empty; name the read alias of the articles")
	case o.Alerts == "":
		return errors.New("kibana options: Alerts is empty; name the read alias of the alerts")
	}
	return nil
}

// Ids of the dashboards, part of addresses that people keep.
const (
	pageDesk     = "tocsin-watch-desk"
	pageEntities = "tocsin-entities"
	pageDates    = "tocsin-dates"
	pageSources  = "tocsin-sources"
	pageArticle  = "tocsin-article"
)

// Objects returns every data view, saved search and dashboard, what is needed first; the same options give the same
// objects. An error names the panel that asks for a field the mapping does not have in that kind.
func Objects(o Options) ([]Object, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	articles, err := parseFields(o.ArticleMapping)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Articles, err)
	}
	alerts, err := parseFields(o.AlertMapping)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Alerts, err)
	}
	d := newDesk(o, articles, alerts)
	var all []Object
	add := func(made Object, err error) error {
		all = append(all, made)
		return err
	}
	for _, v := range d.views() {
		if err := add(v.object()); err != nil {
			return nil, err
		}
	}
	pages := d.pages()
	for _, l := range lists(pages) {
		if err := add(l.object()); err != nil {
			return nil, err
		}
	}
	for _, p := range pages {
		if err := add(p.object()); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// lists are the saved searches of the pages, each once.
func lists(pages []page) (all []list) {
	seen := map[string]bool{}
	for _, p := range pages {
		for _, r := range p.rows {
			for _, frame := range r.panels {
				if frame.list != nil && !seen[frame.list.id] {
					seen[frame.list.id] = true
					all = append(all, *frame.list)
				}
			}
		}
	}
	return all
}

// desk is everything an analyst has: the data views, and the pages made from them.
type desk struct {
	// articles has its time by publication, arrivals by when a feed first brought the article, dates by what the text
	// speaks of. All three are the same index.
	articles, arrivals, dates *view
	// alerts are what rang, by when it rang first.
	alerts *view
}

func newDesk(o Options, articles, alerts fields) desk {
	shown := map[string]format{
		"url":   link("", "open"),
		"id":    link(toDashboard(pageArticle, "id"), "{{value}}"),
		"group": link(toDashboard(pageArticle, "group"), "near-copies"),
		"watch": link(toDashboard(pageDesk, "watch"), "{{value}}"),
	}
	byArrival := maps.Clone(shown) // where an article is looked at alone, its own page is no news
	byArrival["id"] = link(toDashboard(pageDesk, "article"), "alerts of {{value}}")
	over := func(id, name, time string, formats map[string]format) *view {
		return &view{id: id, name: name, index: o.Articles, time: time, fields: articles, formats: formats}
	}
	return desk{
		articles: over("tocsin-articles", "Tocsin: articles by publication", "at", shown),
		arrivals: over("tocsin-arrivals", "Tocsin: articles by arrival", "first_seen", byArrival),
		dates:    over("tocsin-mentioned", "Tocsin: articles by the dates they speak of", "mentioned_from", shown),
		alerts: &view{id: "tocsin-alerts", name: "Tocsin: alerts", index: o.Alerts, time: "rang_at", fields: alerts, formats: map[string]format{
			"url":              link("", "open"),
			"article":          link(toDashboard(pageArticle, "id"), "article"),
			"story":            link(toDashboard(pageDesk, "story"), "same story"),
			"seconds_to_alert": seconds(),
		}},
	}
}

func (d desk) views() []*view { return []*view{d.alerts, d.articles, d.arrivals, d.dates} }

func (d desk) pages() []page {
	return []page{d.watchDesk(), d.entities(), d.timeline(), d.sources(), d.article()}
}

// navigation is the first row of every page: where one is, and where else one can go.
func navigation(words string) row {
	links := "[Watch desk](#/view/" + pageDesk + ") · [Entities](#/view/" + pageEntities + ") · [Dates](#/view/" + pageDates +
		") · [Sources](#/view/" + pageSources + ") · [Article](#/view/" + pageArticle + ")"
	return row{height: 5, panels: []panel{text("about", wide, links+"\n\n"+words)}}
}
