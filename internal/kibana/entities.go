package kibana

// entities shows who, what and where is written about: most, more than usual, over time, and together.
func (d desk) entities() page {
	v := d.articles
	toArticles := lead{page: pageArticle, label: "The articles", sameTime: true}
	toDates := lead{page: pageDates, label: "What is said to have happened when"}
	return page{
		id: pageEntities, title: "Tocsin: Entities",
		description: "People, organisations and places: the most written about, the rising, and who stands with whom.",
		from:        "now-30d", to: "now",
		choices: []choice{{v, "persons", "Person"}, {v, "organizations", "Organisation"}, {v, "places", "Place"}, {v, "lang", "Language"}, {v, "source", "Source"}},
		rows: []row{
			navigation("Names as the articles print them, by the time of publication. *Rising* lists what is more frequent in the chosen time than in " +
				"everything kept, the most unusual first, from three articles on. A click on a name filters, or leads on."),
			{height: 6, panels: []panel{
				drawing("articles", "Articles", 12, number(v, count("articles"))),
				drawing("people", "People", 12, number(v, distinct("people", "person_keys"))),
				drawing("organizations", "Organisations", 12, number(v, distinct("organisations", "organization_keys"))),
				drawing("places", "Places", 12, number(v, distinct("places", "place_keys"))),
			}},
			{height: 16, panels: []panel{
				drawing("people-top", "People", 16, mostWritten(v, "person", "persons"), toArticles, toDates),
				drawing("organizations-top", "Organisations", 16, mostWritten(v, "organisation", "organizations"), toArticles, toDates),
				drawing("places-top", "Places", 16, mostWritten(v, "place", "places"), toArticles, toDates),
			}},
			{height: 12, panels: []panel{
				drawing("people-rising", "Rising people", 16, moreThanUsual(v, "person", "persons"), toArticles),
				drawing("organizations-rising", "Rising organisations", 16, moreThanUsual(v, "organisation", "organizations"), toArticles),
				drawing("places-rising", "Rising places", 16, moreThanUsual(v, "place", "places"), toArticles),
			}},
			{height: 14, panels: []panel{
				drawing("people-time", "People over time", 24, bars(v, top("person", "persons", 8), over("published", "at", "auto"), count("articles"))),
				drawing("places-time", "Places over time", 24, bars(v, top("place", "places", 8), over("published", "at", "auto"), count("articles"))),
			}},
			{height: 18, panels: []panel{
				drawing("people-people", "People in the same article (on the diagonal: all their articles)", 24, together(v, "persons", "persons")),
				drawing("people-organizations", "People and organisations in the same article", 24, together(v, "persons", "organizations")),
			}},
			{height: 18, panels: []panel{
				drawing("people-places", "People and places in the same article", 24, together(v, "persons", "places")),
				drawing("organizations-places", "Organisations and places in the same article", 24, together(v, "organizations", "places")),
			}},
			{height: 18, panels: []panel{listing(d.articleList())}},
		},
	}
}

func mostWritten(v *view, label, field string) chart {
	return table(v, []column{top(label, field, 25)}, []column{count("articles"), distinct("sources", "source"), latest("latest", "at")})
}

func moreThanUsual(v *view, label, field string) chart {
	return table(v, []column{rising(label, field, 15)}, []column{count("articles"), distinct("sources", "source")})
}

func together(v *view, down, across string) chart {
	return heat(v, top(down, down, 12), top(across, across, 12), count("articles"))
}

// articleList is the articles themselves, newest first.
func (d desk) articleList() list {
	return list{
		id: "tocsin-articles-list", title: "Tocsin: articles", description: "The articles behind the charts, newest first.", view: d.articles,
		columns: []string{"title", "source", "lang", "persons", "organizations", "places", "watch_names", "url", "id"}, sort: "at",
	}
}
