package ledger

import (
	"cmp"
	"slices"
	"time"
)

// Balance is the sum of an account. All counts are sightings.
type Balance struct {
	Seen int `json:"seen"`
	// Published are the article revisions among them: what was sent on to the extractor.
	Published int `json:"published"`
	// Known counts what polls met again; it is no part of Seen.
	Known int `json:"known"`
	// Duplicate are items that another feed, or another item of the same document, brought.
	Duplicate int `json:"duplicate"`
	// Filtered are items left out for good: damaged, beyond a limit, edited too often, breaking the contract.
	Filtered    int `json:"filtered"`
	Indexed     int `json:"indexed"`
	Quarantined int `json:"quarantined"`
	Pending     int `json:"pending"`
	// Difference is what came nowhere.
	Difference int `json:"difference"`
}

func (b *Balance) add(o Balance) {
	b.Seen += o.Seen
	b.Published += o.Published
	b.Known += o.Known
	b.Duplicate += o.Duplicate
	b.Filtered += o.Filtered
	b.Indexed += o.Indexed
	b.Quarantined += o.Quarantined
	b.Pending += o.Pending
	b.strike()
}

// strike computes the difference from its parts.
func (b *Balance) strike() {
	b.Difference = b.Seen - b.Duplicate - b.Filtered - b.Indexed - b.Quarantined - b.Pending
}

// Row is the balance of one feed in one hour.
type Row struct {
	Feed string `json:"feed"`
	// Hour is the start of the hour, UTC, in which the items were first seen.
	Hour time.Time `json:"hour"`
	// Closed says that the row was read from the closed balances, not counted anew.
	Closed bool `json:"closed,omitempty"`
	Balance
}

// Finding is one id behind a difference, or something odd that leaves the balance as it is.
type Finding struct {
	Feed string    `json:"feed"`
	Seen time.Time `json:"seen"`
	// Article and Revision name what was lost; Key is the item's key in its feed, where a report gave one.
	Article  string `json:"article,omitempty"`
	Revision int    `json:"revision,omitempty"`
	Key      string `json:"key,omitempty"`
	// Sentence says where the trace ends.
	Sentence string `json:"sentence"`
}

// Account is what a look found.
type Account struct {
	Balance
	// Unverified says why the index could not be asked; empty when it was. Then what the indexer has acknowledged counts
	// as indexed.
	Unverified string `json:"unverified,omitempty"`
	// Earlier is the sum of the differences of hours that were closed before those this account covers, in the last
	// thirty days; only Close looks for it.
	Earlier int `json:"earlier,omitempty"`
	// Rows are in order of feed, then hour.
	Rows []Row `json:"rows"`
	// Behind names every sighting behind the difference.
	Behind []Finding `json:"behind,omitempty"`
	// Odd names what is not as it should be though nothing is lost.
	Odd []Finding `json:"odd,omitempty"`
}

// place is where a sighting is entered.
type place struct {
	feed string
	hour int64 // hours since 1970
}

func placeOf(feed string, at time.Time) place { return place{feed, hourOf(at)} }

func hourOf(at time.Time) int64 { return at.Unix() / 3600 }

func timeOf(hour int64) time.Time { return time.Unix(hour*3600, 0).UTC() }

// sorted are the balances by place, as rows.
func sorted(sums map[place]*Balance) []Row {
	rows := make([]Row, 0, len(sums))
	for at, sum := range sums {
		sum.strike()
		rows = append(rows, Row{Feed: at.feed, Hour: timeOf(at.hour), Balance: *sum})
	}
	slices.SortFunc(rows, byFeedAndHour)
	return rows
}

func byFeedAndHour(a, b Row) int {
	return cmp.Or(cmp.Compare(a.Feed, b.Feed), a.Hour.Compare(b.Hour))
}
