package kibana

// watchDesk shows what rang: for whom, how surely, why, and where to read it.
func (d desk) watchDesk() page {
	v, stands := d.alerts, isNot("status", "withdrawn")
	toArticles := lead{page: pageArticle, label: "The articles", alone: true}
	toEntities := lead{page: pageEntities, label: "Who and what stands beside it", sameTime: true, alone: true}
	time := over("rang", "rang_at", "auto")
	return page{
		id: pageDesk, title: "Tocsin: Watch desk",
		description: "What rang: by list, name and tier over time, with the words that rang and why.",
		from:        "now-7d", to: "now",
		choices: []choice{{v, "list", "List"}, {v, "name", "Name"}, {v, "tier", "Tier"}, {v, "source", "Source"}, {v, "status", "Status"}, {v, "retro", "About the past"}},
		rows: []row{
			navigation("By the time of the first ring, each alert as it stands now; what was withdrawn is only in the list and under *Status*. " +
				"*About the past* are back catalogues and look backs. In the list, *article* opens all that is known of it, *same story* its copies that rang too."),
			{height: 6, panels: []panel{
				drawing("alerts", "Alerts", 12, number(v, count("alerts"), stands)),
				drawing("confirmed", "Confirmed", 12, number(v, count("confirmed"), stands, is("tier", "confirmed"))),
				drawing("names", "Names that rang", 12, number(v, distinct("names", "watch"), stands)),
				drawing("stories", "Different stories", 12, number(v, distinct("stories", "story"), stands)),
			}},
			{height: 12, panels: []panel{
				drawing("by-list", "By list", 16, bars(v, top("list", "list", 10), time, count("alerts"), stands)),
				drawing("by-tier", "By tier", 16, bars(v, top("tier", "tier", 3), time, count("alerts"), stands)),
				drawing("by-name", "By name", 16, bars(v, top("name", "name", 10), time, count("alerts"), stands)),
			}},
			{height: 20, panels: []panel{listing(list{
				id: "tocsin-alerts-list", title: "Tocsin: alerts", description: "What rang, newest first: the words, the sentence, the reasons, and where to read it.", view: v,
				columns: []string{"name", "tier", "list", "quote", "sentence", "reasons", "title", "source", "url", "article", "story", "status"}, sort: "rang_at",
			})}},
			{height: 16, panels: []panel{
				drawing("entries", "Entries: where else they stand", 24, table(v, []column{top("entry", "watch", 50)},
					[]column{count("alerts"), distinct("stories", "story"), distinct("sources", "source"), latest("last rang", "rang_at")}, stands), toArticles, toEntities),
				drawing("list-tier", "Lists and tiers", 12, heat(v, top("list", "list", 15), top("tier", "tier", 3), count("alerts"), stands)),
				drawing("status", "Status", 12, table(v, []column{top("status", "status", 3)}, []column{count("alerts"), latest("last changed", "changed_at")})),
			}},
			{height: 14, panels: []panel{
				drawing("sources", "Where it rings", 24, table(v, []column{top("source", "source", 25)}, []column{count("alerts"), distinct("names", "watch"), latest("last rang", "rang_at")}, stands),
					toArticles, lead{page: pageSources, label: "The source", sameTime: true, alone: true}),
				drawing("rules", "By what rules", 24, table(v, []column{top("rule", "rules", 25)}, []column{count("alerts"), distinct("names", "watch"), median("median bits", "bits")}, stands)),
			}},
		},
	}
}
