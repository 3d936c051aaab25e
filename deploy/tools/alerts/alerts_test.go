package alerts

import (
	"maps"
	"slices"
	"testing"
	"time"
)

// healthy is a house in which all is well: two fetchers, two extractors, two indexers, an hour and more of samples.
func healthy() map[string]string {
	return map[string]string{
		`tocsin_ledger_difference{instance="i1"}`:                                   "0x120",
		`tocsin_ledger_quarantined{instance="i1"}`:                                  "0x120",
		`tocsin_backlog_oldest_age_seconds{consumer="extractor",instance="e1"}`:     "3x120",
		`tocsin_backlog_max_age_seconds{consumer="extractor",instance="e1"}`:        "604800x120",
		`tocsin_backlog_oldest_age_seconds{consumer="indexer",instance="i1"}`:       "5x120",
		`tocsin_backlog_max_age_seconds{consumer="indexer",instance="i1"}`:          "604800x120",
		`tocsin_backlog_messages{consumer="indexer",instance="i1"}`:                 "20x120",
		`tocsin_bus_settled_total{consumer="indexer",outcome="ack",instance="i1"}`:  "0+100x120",
		`tocsin_bus_settled_total{consumer="indexer",outcome="dead",instance="i1"}`: "0x120",
		`tocsin_bus_panics_total{consumer="extractor",instance="e1"}`:               "0x120",
		`tocsin_bus_write_errors_total{reason="refused",instance="e1"}`:             "0x120",
		`tocsin_bus_write_errors_total{reason="stopped",instance="e1"}`:             "0+1x120",
		`tocsin_extractor_seen_to_alerted_seconds_bucket{le="60",instance="e1"}`:    "0+10x120",
		`tocsin_extractor_seen_to_alerted_seconds_bucket{le="900",instance="e1"}`:   "0+10x120",
		`tocsin_extractor_seen_to_alerted_seconds_bucket{le="+Inf",instance="e1"}`:  "0+10x120",
		`tocsin_extractor_watch_revision{instance="e1"}`:                            "7x60 8x60",
		`tocsin_extractor_watch_revision{instance="e2"}`:                            "7x61 8x59",
		`tocsin_fetcher_polls_total{status="ok",instance="f1"}`:                     "0+4x120",
		`tocsin_fetcher_polls_total{status="ok",instance="f2"}`:                     "0+4x120",
		`tocsin_fetcher_feeds_in_trouble{sign="silent",instance="f1"}`:              "0x120",
		`tocsin_fetcher_feeds_in_trouble{sign="stale",instance="f1"}`:               "4x120",
		`tocsin_fetcher_feeds_in_trouble{sign="blocked",instance="f1"}`:             "0x120",
	}
}

// never is a series that is not there.
const never = "_x120"

// rows are the healthy house with some series changed.
var rows = []struct {
	sentence string
	alert    string
	change   map[string]string
	at       time.Duration
	want     []string // the summaries that fire; none: it keeps quiet
}{
	{"a loss is told after a quarter of an hour", "TocsinArticlesLost", map[string]string{`tocsin_ledger_difference{instance="i1"}`: "0x9 2x110"}, 26 * minute,
		[]string{"2 articles or items were seen and came nowhere"}},
	{"a difference between two looks at the books is none", "TocsinArticlesLost", map[string]string{`tocsin_ledger_difference{instance="i1"}`: "0x9 2x4 0x100"}, 26 * minute, nil},
	{"dead letters nobody has decided about", "TocsinDeadLetters", map[string]string{`tocsin_ledger_quarantined{instance="i1"}`: "3x120"}, 20 * minute,
		[]string{"3 articles could not go on"}},
	{"no indexer keeps the books", "TocsinLedgerNotKept", map[string]string{`tocsin_ledger_difference{instance="i1"}`: never}, 30 * minute,
		[]string{"No indexer balances the books"}},
	{"a rolling update of the indexers is no gap in the books", "TocsinLedgerNotKept", map[string]string{`tocsin_ledger_difference{instance="i1"}`: "0x9 _x20 0x90"}, 29 * minute, nil},

	{"a backlog of twenty minutes, as two processes tell it, rings once", "TocsinBacklogOld", map[string]string{
		`tocsin_backlog_oldest_age_seconds{consumer="extractor",instance="e1"}`: "0+60x120", `tocsin_backlog_oldest_age_seconds{consumer="extractor",instance="f1"}`: "0+60x120",
	}, 26 * minute, []string{"extractor has not read what came 26m 0s ago"}},
	{"with no extractor at all the fetchers tell its backlog", "TocsinBacklogOld", map[string]string{
		`tocsin_backlog_oldest_age_seconds{consumer="extractor",instance="e1"}`: never, `tocsin_backlog_oldest_age_seconds{consumer="extractor",instance="f1"}`: "0+60x120",
	}, 26 * minute, []string{"extractor has not read what came 26m 0s ago"}},
	{"a peak that is worked off is none", "TocsinBacklogOld", map[string]string{`tocsin_backlog_oldest_age_seconds{consumer="extractor",instance="e1"}`: "1200x8 3x100"}, 26 * minute, nil},
	{"more than half of what the stream keeps", "TocsinBacklogNearsMaxAge", map[string]string{
		`tocsin_backlog_oldest_age_seconds{consumer="indexer",instance="i1"}`: "400000x120"}, 10 * minute,
		[]string{"indexer is 4d 15h 6m 40s behind, more than half of what its stream keeps"}},
	{"a stream without a max age has no half of it", "TocsinBacklogNearsMaxAge", map[string]string{
		`tocsin_backlog_oldest_age_seconds{consumer="indexer",instance="i1"}`: "400000x120", `tocsin_backlog_max_age_seconds{consumer="indexer",instance="i1"}`: "0x120"}, 10 * minute, nil},
	{"one alert in ten rings late", "TocsinAlertsLate", map[string]string{`tocsin_extractor_seen_to_alerted_seconds_bucket{le="60",instance="e1"}`: "0+9x120"}, 30 * minute,
		[]string{"One alert in twenty rings later than 8m 0s after its article was seen"}},
	{"one in a hundred may", "TocsinAlertsLate", map[string]string{`tocsin_extractor_seen_to_alerted_seconds_bucket{le="60",instance="e1"}`: "0+9.9x120"}, 30 * minute, nil},
	{"where nothing rings nothing is late", "TocsinAlertsLate", map[string]string{
		`tocsin_extractor_seen_to_alerted_seconds_bucket{le="60",instance="e1"}`: "0x120", `tocsin_extractor_seen_to_alerted_seconds_bucket{le="900",instance="e1"}`: "0x120",
		`tocsin_extractor_seen_to_alerted_seconds_bucket{le="+Inf",instance="e1"}`: "0x120"}, 30 * minute, nil},

	{"the very first dead letter rings, since its counter was there with 0", "TocsinDeadLettersGrow", map[string]string{
		`tocsin_bus_settled_total{consumer="indexer",outcome="dead",instance="i1"}`: "0x20 1x99"}, 25 * minute, []string{"indexer set 1 messages aside within 15 minutes"}},
	{"and is quiet when no more come", "TocsinDeadLettersGrow", map[string]string{
		`tocsin_bus_settled_total{consumer="indexer",outcome="dead",instance="i1"}`: "0x20 1x99"}, 40 * minute, nil},
	{"a handler panics", "TocsinPanics", map[string]string{`tocsin_bus_panics_total{consumer="extractor",instance="e1"}`: "0x20 4x99"}, 25 * minute,
		[]string{"extractor panicked over a message"}},

	{"feeds fall silent, which every fetcher tells", "TocsinFeedsSilent", map[string]string{
		`tocsin_fetcher_feeds_in_trouble{sign="silent",instance="f1"}`: "2x120", `tocsin_fetcher_feeds_in_trouble{sign="silent",instance="f2"}`: "2x120"}, 31 * minute,
		[]string{"2 feeds have brought nothing for five times their usual pause"}},
	{"a feed that speaks again within the half hour", "TocsinFeedsSilent", map[string]string{`tocsin_fetcher_feeds_in_trouble{sign="silent",instance="f1"}`: "1x20 0x99"}, 31 * minute, nil},
	{"feeds of two kinds of failure are added up", "TocsinFeedsFailing", map[string]string{
		`tocsin_fetcher_feeds_in_trouble{sign="blocked",instance="f1"}`: "2x120", `tocsin_fetcher_feeds_in_trouble{sign="gone",instance="f2"}`: "1x120"}, 61 * minute,
		[]string{"3 feeds cannot be read"}},
	{"an hour's outage of a site is none of ours", "TocsinFeedsFailing", map[string]string{`tocsin_fetcher_feeds_in_trouble{sign="failing",instance="f1"}`: "1x50 0x60"}, 61 * minute, nil},
	{"fetchers that poll nothing", "TocsinFetchersIdle", map[string]string{
		`tocsin_fetcher_polls_total{status="ok",instance="f1"}`: "4x120", `tocsin_fetcher_polls_total{status="ok",instance="f2"}`: "4x120"}, 45 * minute,
		[]string{"No feed was polled for 30 minutes"}},
	{"no fetcher at all", "TocsinFetchersIdle", map[string]string{
		`tocsin_fetcher_polls_total{status="ok",instance="f1"}`: never, `tocsin_fetcher_polls_total{status="ok",instance="f2"}`: never}, 11 * minute,
		[]string{"No feed was polled for 30 minutes"}},
	{"one of two that is idle has not got its turn", "TocsinFetchersIdle", map[string]string{`tocsin_fetcher_polls_total{status="ok",instance="f1"}`: "4x120"}, 45 * minute, nil},

	{"an index that takes nothing", "TocsinIndexRejects", map[string]string{`tocsin_bus_settled_total{consumer="indexer",outcome="ack",instance="i1"}`: "0x120"}, 20 * minute,
		[]string{"20 articles wait and the index takes none"}},
	{"no indexer at all while articles wait", "TocsinIndexRejects", map[string]string{
		`tocsin_bus_settled_total{consumer="indexer",outcome="ack",instance="i1"}`: never, `tocsin_backlog_messages{consumer="indexer",instance="i1"}`: never,
		`tocsin_backlog_messages{consumer="indexer",instance="f1"}`: "7x120"}, 20 * minute, []string{"7 articles wait and the index takes none"}},
	{"an index that was never asked", "TocsinIndexRejects", map[string]string{
		`tocsin_bus_settled_total{consumer="indexer",outcome="ack",instance="i1"}`: "0x120", `tocsin_backlog_messages{consumer="indexer",instance="i1"}`: "0x120"}, 20 * minute, nil},
	{"a full disk under NATS", "TocsinStoreRefuses", map[string]string{`tocsin_bus_write_errors_total{reason="refused",instance="e1"}`: "0x20 0+12x99"}, 30 * minute,
		[]string{"NATS does not take what is written: 60 writes failed within 5 minutes"}},
	{"a restart of NATS is over in time", "TocsinStoreRefuses", map[string]string{`tocsin_bus_write_errors_total{reason="unanswered",instance="e1"}`: "0x20 9x99"}, 30 * minute, nil},
	{"an extractor that missed an edit", "TocsinListsDiffer", map[string]string{`tocsin_extractor_watch_revision{instance="e2"}`: "7x120"}, 70 * minute,
		[]string{"Extractors read with different watchlists"}},
}

func TestRulesFireWhenTheyShould(t *testing.T) {
	all := rules(t)
	fires := map[string]bool{}
	for _, row := range rows {
		t.Run(row.alert+": "+row.sentence, func(t *testing.T) {
			rule, there := all[row.alert]
			if !there {
				t.Fatalf("there is no rule %s", row.alert)
			}
			described := healthy()
			maps.Copy(described, row.change)
			if got := firing(t, rule, seriesOf(t, described), row.at); !slices.Equal(got, row.want) {
				t.Errorf("after %v fires %q; want %q", row.at, got, row.want)
			}
		})
		fires[row.alert] = fires[row.alert] || len(row.want) > 0
	}
	for name, rule := range all {
		if !fires[name] {
			t.Errorf("no row shows when %s fires", name)
		}
		for _, at := range []time.Duration{15 * minute, 62 * minute, 110 * minute} {
			if got := firing(t, rule, seriesOf(t, healthy()), at); len(got) > 0 {
				t.Errorf("%s fires in a healthy house after %v: %q", name, at, got)
			}
		}
	}
}
