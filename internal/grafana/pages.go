package grafana

// Dashboards makes every page, in a fixed order. help has a sentence for each metric of every service, as their functions
// Metrics tell them; a panel that asks for another metric is an error.
func Dashboards(help map[string]string) ([]Dashboard, error) {
	var all []Dashboard
	for _, p := range []page{overview(), feeds(), extraction(), index(), processes()} {
		d, err := p.lay(help)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// overview is the page for a glance: green figures, the way of an article, what waits.
func overview() page {
	return page{"tocsin-overview", "Tocsin: is anything stuck", "Green figures mean that nothing is stuck. Each turns yellow before its alarm would ring, and red when it does.", []row{
		{"At a glance", []chart{
			{"Extractors behind", seconds, []query{most("tocsin_backlog_oldest_age_seconds", `consumer="extractor"`)}, 300, 900, ""},
			{"Index behind", seconds, []query{most("tocsin_backlog_oldest_age_seconds", `consumer="indexer"`)}, 300, 900, ""},
			{"Lost", count, []query{most("tocsin_ledger_difference", "")}, 1, 1, "More than 0: run `tocsin ledger`."},
			{"Dead letters", count, []query{most("tocsin_ledger_quarantined", "")}, 1, 10, "More than 0: run `tocsin dlq list`."},
			{"Feeds silent", count, []query{most("tocsin_fetcher_feeds_in_trouble", `sign="silent"`)}, 1, 5, "`tocsin feeds list` names them."},
			{"Refused writes in 5 minutes", count, []query{grown("tocsin_bus_write_errors_total", `reason=~"refused|unanswered"`, "5m")}, 1, 10, ""},
		}},
		{"From publication to alert and search: nine in ten are faster", []chart{
			{"Published to first seen", seconds, []query{quantile(.5, "tocsin_fetcher_published_to_seen_seconds"), quantile(.9, "tocsin_fetcher_published_to_seen_seconds")}, 0, 0, ""},
			{"First seen to alerted", seconds, []query{quantile(.5, "tocsin_extractor_seen_to_alerted_seconds"), quantile(.9, "tocsin_extractor_seen_to_alerted_seconds")}, 0, 0, ""},
			{"First seen to extracted, to searchable", seconds, []query{
				quantile(.9, "tocsin_extractor_seen_to_extracted_seconds").called("extracted"), quantile(.9, "tocsin_indexer_seen_to_searchable_seconds").called("searchable"),
			}, 0, 0, ""},
		}},
		{"Flow and queues", []chart{
			{"Articles", perSecond, []query{
				rate("tocsin_fetcher_items_total", `outcome="published"`).called("published"), rate("tocsin_extractor_articles_total", "").called("extracted"),
				rate("tocsin_indexer_documents_total", `outcome="stored"`).called("indexed"),
			}, 0, 0, "The three curves lie on each other when nothing piles up."},
			{"Waiting", count, []query{most("tocsin_backlog_messages", "", "consumer"), most("tocsin_backlog_in_progress", "", "consumer").called("{{consumer}} in progress")}, 0, 0, ""},
			{"Alerts", perSecond, []query{rate("tocsin_extractor_alerts_total", "", "tier", "status")}, 0, 0, ""},
		}},
	}}
}

// feeds is what fetchers do.
func feeds() page {
	return page{"tocsin-feeds", "Tocsin: feeds", "What the fetchers poll, what they find, and which feeds are in trouble.", []row{
		{"Feeds", []chart{
			{"Configured", count, []query{most("tocsin_fetcher_feeds", "")}, 0, 0, ""},
			{"In trouble", count, []query{most("tocsin_fetcher_feeds_in_trouble", "", "sign")}, 0, 0, ""},
			{"Events", perSecond, []query{rate("tocsin_fetcher_events_total", "", "event")}, 0, 0, ""},
		}},
		{"Polls", []chart{
			{"Polls", perSecond, []query{rate("tocsin_fetcher_polls_total", "", "status")}, 0, 0, ""},
			{"Time of a poll", seconds, []query{quantile(.5, "tocsin_fetcher_poll_seconds"), quantile(.9, "tocsin_fetcher_poll_seconds"), mean("tocsin_fetcher_poll_seconds")}, 0, 0, ""},
			{"Put off", perSecond, []query{
				rate("tocsin_fetcher_postponed_total", "").called("workers behind"), rate("tocsin_fetcher_host_waits_total", "").called("not the host's turn"),
				rate("tocsin_fetcher_overdue_total", "").called("overdue, again"),
			}, 0, 0, ""},
		}},
		{"What comes in", []chart{
			{"Items", perSecond, []query{rate("tocsin_fetcher_items_total", "", "outcome")}, 0, 0, ""},
			{"Pages", perSecond, []query{rate("tocsin_fetcher_pages_total", "", "outcome")}, 0, 0, ""},
			{"Bytes", bytesRate, []query{rate("tocsin_fetcher_received_bytes_total", "").called("feeds")}, 0, 0, ""},
		}},
	}}
}

// extraction is what extractors do, and what it costs.
func extraction() page {
	return page{"tocsin-extractor", "Tocsin: extractors", "What is read out of articles, how long each engine takes, and what rings.", []row{
		{"Time", []chart{
			{"Each engine, mean", seconds, []query{mean("tocsin_extractor_engine_seconds", "engine")}, 0, 0, ""},
			{"Each engine, 99 of 100", seconds, []query{quantile(.99, "tocsin_extractor_engine_seconds", "engine")}, 0, 0, ""},
			{"One article", seconds, []query{quantile(.5, "tocsin_extractor_article_seconds"), quantile(.99, "tocsin_extractor_article_seconds")}, 0, 0, ""},
		}},
		{"What is read", []chart{
			{"Articles by language", perSecond, []query{rate("tocsin_extractor_articles_total", "", "lang")}, 0, 0, ""},
			{"Where the text came from", perSecond, []query{rate("tocsin_extractor_texts_total", "", "source")}, 0, 0, ""},
			{"Found", perSecond, []query{rate("tocsin_extractor_entities_total", "", "kind"), rate("tocsin_extractor_dates_total", "").called("dates")}, 0, 0, ""},
			{"Given up", perSecond, []query{rate("tocsin_extractor_abandoned_total", "", "step"), rate("tocsin_extractor_refused_total", "", "reason").called("refused: {{reason}}")}, 0, 0, ""},
			{"Stored pages", count, []query{grown("tocsin_extractor_pages_removed_total", "", "1h").called("removed within an hour")}, 0, 0, ""},
		}},
		{"What rings", []chart{
			{"Alerts", perSecond, []query{rate("tocsin_extractor_alerts_total", "", "tier")}, 0, 0, ""},
			{"Not alerts", perSecond, []query{
				rate("tocsin_extractor_near_total", "").called("near misses"), rate("tocsin_extractor_rejected_total", "").called("rejected by an operator"),
				rate("tocsin_extractor_rang_conflicts_total", "").called("another extractor was first"),
			}, 0, 0, ""},
			{"Names in force", count, []query{most("tocsin_extractor_watched_names", "").called("names"), most("tocsin_extractor_watch_revision", "", "instance").called("revision at {{instance}}")}, 0, 0, "All extractors should be at one revision."},
		}},
	}}
}

// index is what indexers do, and the books they keep.
func index() page {
	return page{"tocsin-index", "Tocsin: index and books", "What the indexers write, and whether everything that was seen is accounted for.", []row{
		{"Writes", []chart{
			{"Documents", perSecond, []query{rate("tocsin_indexer_documents_total", "", "outcome")}, 0, 0, ""},
			{"Time of a write", seconds, []query{quantile(.5, "tocsin_indexer_write_seconds", "result"), quantile(.99, "tocsin_indexer_write_seconds", "result")}, 0, 0, ""},
			{"Documents in a write", count, []query{mean("tocsin_indexer_batch_documents")}, 0, 0, ""},
			{"Near-copies", perSecond, []query{rate("tocsin_indexer_looks_total", "", "look", "outcome"), rate("tocsin_indexer_regrouped_total", "").called("regrouped")}, 0, 0, ""},
			{"Alerts in Elasticsearch", perSecond, []query{rate("tocsin_indexer_alerts_total", "", "outcome")}, 0, 0, ""},
			{"Alert to its being in the index", seconds, []query{quantile(.9, "tocsin_indexer_alert_age_seconds")}, 0, 0, ""},
		}},
		{"Books", []chart{
			{"Accounts", count, []query{
				most("tocsin_ledger_difference", "").called("lost"), most("tocsin_ledger_quarantined", "").called("dead letters"), most("tocsin_ledger_pending", "").called("on their way"),
			}, 0, 0, ""},
			{"Time of a look", seconds, []query{mean("tocsin_ledger_look_seconds")}, 0, 0, ""},
		}},
	}}
}

// processes is what all have in common: NATS under them, memory and processor time.
func processes() page {
	return page{"tocsin-processes", "Tocsin: NATS and processes", "Messages between the stages, and what the processes cost.", []row{
		{"Messages", []chart{
			{"Settled", perSecond, []query{rate("tocsin_bus_settled_total", "", "consumer", "outcome")}, 0, 0, ""},
			{"Dead letters by reason", perSecond, []query{rate("tocsin_bus_dead_letters_total", "", "consumer", "reason")}, 0, 0, ""},
			{"Published", perSecond, []query{rate("tocsin_bus_published_total", "", "stream")}, 0, 0, ""},
			{"Time of a handler, 99 of 100", seconds, []query{quantile(.99, "tocsin_bus_handle_seconds", "consumer")}, 0, 0, ""},
			{"From stored to done, 9 of 10", seconds, []query{quantile(.9, "tocsin_bus_age_seconds", "consumer")}, 0, 0, ""},
			{"Time of a publish, 99 of 100", seconds, []query{quantile(.99, "tocsin_bus_publish_seconds", "stream")}, 0, 0, ""},
			{"Oldest unfinished, and what its stream keeps", seconds, []query{most("tocsin_backlog_oldest_age_seconds", "", "consumer"), most("tocsin_backlog_max_age_seconds", "", "consumer").called("{{consumer}} at most")}, 0, 0, ""},
		}},
		{"Trouble", []chart{
			{"Writes that failed", perSecond, []query{rate("tocsin_bus_write_errors_total", "", "reason"), rate("tocsin_bus_batches_total", "", "outcome").called("batches {{outcome}}")}, 0, 0, ""},
			{"Stopped fetching, panicked", perSecond, []query{rate("tocsin_bus_gate_shut_total", "", "consumer").called("{{consumer}} stopped"), rate("tocsin_bus_panics_total", "", "consumer").called("{{consumer}} panicked")}, 0, 0, ""},
			{"Lost connections, extended streams", count, []query{
				grown("tocsin_bus_reconnects_total", "", "1h").called("reconnects within an hour"), grown("tocsin_bus_max_age_extended_total", "", "1h").called("extended within an hour"),
			}, 0, 0, ""},
		}},
		{"Processes", []chart{
			{"Memory", bytesUnit, []query{each("process_resident_memory_bytes")}, 0, 0, ""},
			{"Processor time", count, []query{rate("process_cpu_seconds_total", "", "service", "instance")}, 0, 0, ""},
			{"Goroutines", count, []query{each("go_goroutines")}, 0, 0, ""},
		}},
		{"Forwarding", []chart{
			{"Posts", perSecond, []query{rate("tocsin_forward_posts_total", "", "outcome")}, 0, 0, "Of `tocsin forward`, where Prometheus reads its `--admin` address."},
			{"From ring to receiver", seconds, []query{quantile(.9, "tocsin_forward_lag_seconds")}, 0, 0, ""},
		}},
	}}
}
