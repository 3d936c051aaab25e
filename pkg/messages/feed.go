package messages

import "time"

// PollReport is what one poll of one feed saw. Reports of the same feed with the same PollState describe the same
// work and count once.
type PollReport struct {
	Version int    `json:"version"`
	Feed    string `json:"feed"`
	Source  string `json:"source"`
	// PollState is the revision of the feed's state the poll started from.
	PollState uint64    `json:"poll_state"`
	At        time.Time `json:"at"`
	// Status is "ok", "not_modified" or "failed".
	Status string `json:"status"`
	// Sentence says in plain words how the poll went, for a reader.
	Sentence   string `json:"sentence"`
	HTTPStatus int    `json:"http_status,omitempty"`
	// Items counts what the document held; New and Known and the sum of Dropped add up to it.
	Items   int            `json:"items"`
	New     int            `json:"new"`
	Known   int            `json:"known"`
	Dropped map[string]int `json:"dropped,omitempty"`
	// Seen lists every item that is not known, by article id where one exists, else by item key.
	Seen []SeenItem `json:"seen,omitempty"`
	// Bytes is what travelled; Duration is the whole poll in seconds, pages included.
	Bytes    int64     `json:"bytes"`
	Duration float64   `json:"duration"`
	NextPoll time.Time `json:"next_poll"`
}

// SeenItem is one item a poll met that was not known before.
type SeenItem struct {
	Key      string `json:"key"`
	Article  string `json:"article,omitempty"`
	Revision int    `json:"revision,omitempty"`
	// Outcome is "published", "duplicate" (another feed brought it) or "dropped".
	Outcome string `json:"outcome"`
	Reason  string `json:"reason,omitempty"`
}

// Events of a feed: the last token of its subject. All but EventPolled are FeedEvents, each told once when it begins.
const (
	EventPolled    = "polled"    // a PollReport
	EventFailing   = "failing"   // it cannot be fetched
	EventBroken    = "broken"    // what comes is no feed, or holds items that cannot be read
	EventBlocked   = "blocked"   // the site does not want this reader
	EventGone      = "gone"      // the site says that it will not come back
	EventMoved     = "moved"     // it answers for good at another address
	EventSilent    = "silent"    // nothing new for five times its usual pause, and longer than chance explains
	EventEmpty     = "empty"     // it is there and holds no items
	EventStale     = "stale"     // its newest item is months old
	EventGap       = "gap"       // items may have come and gone between two polls
	EventLying     = "lying"     // its server says that nothing changed when something did
	EventDrop      = "drop"      // it brings far less than it used to
	EventThin      = "thin"      // all feeds of its source together bring far less than they used to
	EventRecovered = "recovered" // what was told is over
)

// FeedEvent says that something about a feed changed that an operator wants to know.
type FeedEvent struct {
	Version int       `json:"version"`
	Feed    string    `json:"feed"`
	Source  string    `json:"source"`
	Event   string    `json:"event"`
	At      time.Time `json:"at"`
	// Sentence says in plain words what happened and what to do.
	Sentence string `json:"sentence"`
	Failures int    `json:"failures,omitempty"`
}
