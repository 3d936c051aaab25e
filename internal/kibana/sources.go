package kibana

// sources shows where the articles come from, as far as the index knows.
func (d desk) sources() page {
	v := d.arrivals
	toArticles := lead{page: pageArticle, label: "The articles"}
	toDesk := lead{page: pageDesk, label: "What rang there", sameTime: true, alone: true}
	toEntities := lead{page: pageEntities, label: "Who and what they write about", sameTime: true}
	return page{
		id: pageSources, title: "Tocsin: Sources",
		description: "Volume, silence and freshness of every source and feed.",
		from:        "now-30d", to: "now",
		choices: []choice{{v, "source", "Source"}, {v, "feed", "Feed"}, {v, "lang", "Language"}},
		rows: []row{
			{height: 8, panels: navigation("By arrival: when a feed first brought the article. A source that is not listed brought nothing in the chosen time.\n\n" +
				"**Not here, because no article tells it:** feeds that were polled and had nothing, errors of feeds, dead letters and queues. Grafana has " +
				"them (`docker compose --profile metrics up`), and the command line: `tocsin feeds list`, `tocsin dlq list`, `tocsin ledger`, `tocsin status`.").panels},
			{height: 6, panels: []panel{
				drawing("articles", "Articles", 12, number(v, count("articles"))),
				drawing("stories", "Different stories (near-copies count once)", 12, number(v, distinct("stories", "group"))),
				drawing("sources", "Sources", 12, number(v, distinct("sources", "source"))),
				drawing("feeds", "Feeds", 12, number(v, distinct("feeds", "feed"))),
			}},
			{height: 14, panels: []panel{
				drawing("volume", "Articles by source", 24, bars(v, top("source", "source", 12), over("arrived", "first_seen", "auto"), count("articles"))),
				drawing("volume-feed", "Articles by feed", 24, bars(v, top("feed", "feed", 12), over("arrived", "first_seen", "auto"), count("articles"))),
			}},
			{height: 18, panels: []panel{
				drawing("silent", "Silence: sources by their last article, the longest silent first", 24, table(v,
					[]column{lowest("source", "source", 50, 0)}, []column{latest("last article", "first_seen"), count("articles")}), toArticles, toEntities),
				drawing("silent-feeds", "Silence: feeds by their last article, the longest silent first", 24, table(v,
					[]column{lowest("feed", "feed", 50, 0)}, []column{latest("last article", "first_seen"), count("articles")}), toArticles),
			}},
			{height: 16, panels: []panel{
				drawing("table", "What each source brings", 24, table(v, []column{top("source", "source", 50)},
					[]column{count("articles"), distinct("stories", "group"), distinct("feeds", "feed"), distinct("languages", "lang")}), toArticles, toEntities, toDesk),
				drawing("languages", "Languages", 12, table(v, []column{top("language", "lang", 25)}, []column{count("articles"), distinct("sources", "source")}), toEntities),
				drawing("text-from", "Where the text was read", 12, table(v, []column{top("text from", "text_source", 10)}, []column{count("articles")})),
			}},
			{height: 16, panels: []panel{
				drawing("to-alert", "Time to alert: from the first sight of an article to the ring", 24, table(d.alerts, []column{top("source", "source", 50)}, []column{
					count("alerts"), median("half within", "seconds_to_alert"), percentile("95 of 100 within", "seconds_to_alert", 95),
				}, is("retro", "false")), toDesk),
				drawing("to-alert-time", "Time to alert: 95 of 100 within, by source", 24,
					curves(d.alerts, top("source", "source", 5), over("rang", "rang_at", "auto"), percentile("seconds", "seconds_to_alert", 95), is("retro", "false"))),
			}},
		},
	}
}
