package kibana

// article shows one article, or the few that were chosen on another page, with all that was found in them.
func (d desk) article() page {
	v := d.articles
	toEntities := lead{page: pageEntities, label: "Among all entities"}
	return page{
		id: pageArticle, title: "Tocsin: Article",
		description: "One article or a chosen few: text, names, dates, watched names, and the copies of it.",
		from:        "now-20y", to: "now+1d",
		choices: []choice{{v, "source", "Source"}, {v, "persons", "Person"}, {v, "watch_names", "Watched name"}},
		rows: []row{
			navigation("Opened from a link on an article's `id`, it shows that article; from a click on a name or source elsewhere, all that match. " +
				"In a row, *alerts of …* opens what rang in it, an entry of a list (`list.entry`) what rang for that, *near-copies* all articles with about the same text; *open* is the page itself."),
			{height: 12, panels: []panel{listing(list{
				id: "tocsin-article-facts", title: "Tocsin: article, facts", description: "Where an article stood, when, and which copies it has.", view: d.arrivals,
				columns: []string{"title", "source", "authors", "published", "first_seen", "lang", "revision", "watch", "group", "url", "id"}, sort: "at",
			})}},
			{height: 14, panels: []panel{
				drawing("people", "People", 12, found(v, "person", "persons"), toEntities),
				drawing("organizations", "Organisations", 12, found(v, "organisation", "organizations"), toEntities),
				drawing("places", "Places", 12, found(v, "place", "places"), toEntities),
				drawing("days", "Days spoken of", 12, table(v, []column{over("day", "mentioned_from", "d")}, []column{count("articles")})),
			}},
			{height: 12, panels: []panel{
				drawing("watched", "Watched names in it", 12, table(v, []column{top("name", "watch_names", 25)}, []column{count("articles"), latest("latest", "at")}, has("watch"))),
				drawing("entries", "Their entries, and what rang for them", 12, table(v, []column{top("entry", "watch", 25)}, []column{count("articles")}, has("watch"))),
				drawing("copies", "Copies: where the same text stood", 24, table(v, []column{top("story", "group", 10), top("source", "source", 25)},
					[]column{count("articles"), latest("latest", "at")})),
			}},
			{height: 24, panels: []panel{listing(list{
				id: "tocsin-article-text", title: "Tocsin: article, text", description: "What was read.", view: v,
				columns: []string{"text"}, sort: "at",
			})}},
		},
	}
}

func found(v *view, label, field string) chart {
	return table(v, []column{top(label, field, 50)}, []column{count("articles")})
}
