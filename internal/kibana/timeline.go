package kibana

// timeline shows what is said to have happened when, beside when it was said.
func (d desk) timeline() page {
	toArticles := lead{page: pageArticle, label: "The articles"}
	return page{
		id: pageDates, title: "Tocsin: Dates",
		description: "What is said to have happened when: the dates articles speak of, against the time they were published.",
		from:        "now-1y", to: "now+1y",
		choices: []choice{{d.dates, "persons", "Person"}, {d.dates, "organizations", "Organisation"}, {d.dates, "places", "Place"}, {d.dates, "source", "Source"}},
		rows: []row{
			navigation("The chosen time means the dates that articles **speak of**, the past and the announced alike; only the second curve of the " +
				"first chart goes by publication. An article that speaks of several dates counts for each. Decades, centuries and open spans are left out."),
			{height: 14, panels: []panel{
				drawing("spoken-published", "Articles that speak of a time, and articles published at that time", wide, lines(
					layer{view: d.dates, buckets: []column{over("date", "mentioned_from", "auto")}, figures: []column{count("speak of it")}},
					layer{view: d.articles, buckets: []column{over("date", "at", "auto")}, figures: []column{count("published")}},
				)),
			}},
			{height: 20, panels: []panel{
				drawing("month-by-month", "Said to happen in (down), published in (across)", 28,
					heat(d.dates, over("said to happen", "mentioned_from", "M"), over("published", "at", "M"), count("articles"))),
				drawing("days", "The days most spoken of", 20, table(d.dates, []column{over("day", "mentioned_from", "d")},
					[]column{count("articles"), distinct("sources", "source"), latest("last published", "at")}).sorted(0), toArticles),
			}},
			{height: 12, panels: []panel{
				drawing("ahead-people", "People in what is announced", 16, announced(d.dates, "person", "persons"), toArticles),
				drawing("ahead-organizations", "Organisations in what is announced", 16, announced(d.dates, "organisation", "organizations"), toArticles),
				drawing("ahead-places", "Places in what is announced", 16, announced(d.dates, "place", "places"), toArticles),
			}},
			{height: 18, panels: []panel{listing(list{
				id: "tocsin-announced", title: "Tocsin: announced", description: "Articles that speak of a time still to come.", view: d.dates,
				columns: []string{"mentioned_from", "title", "source", "persons", "places", "url", "id"}, sort: "at",
				where: []condition{from("mentioned_from", "now")},
			})}},
			{height: 12, panels: []panel{
				drawing("known-by", "How the time of publication is known", 24, table(d.dates,
					[]column{top("known by", "published_source", 15), top("as exact as", "published_precision", 5)}, []column{count("articles")})),
				drawing("by-source", "Sources that speak of these times", 24, table(d.dates, []column{top("source", "source", 25)},
					[]column{count("articles"), latest("last published", "at")}), toArticles),
			}},
		},
	}
}

func announced(v *view, label, field string) chart {
	return table(v, []column{top(label, field, 15)}, []column{count("articles"), distinct("sources", "source")}, from("mentioned_from", "now"))
}
