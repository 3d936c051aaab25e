package fetcher

import (
	"time"

	"tocsin/services/fetcher/feed"
	"tocsin/services/fetcher/schedule"
)

// PollState is what is remembered of a feed between polls: the value of messages.BucketPolls.
type PollState struct {
	Version int `json:"version"`
	// ETag and LastModified are the validators of the last document of which everything was published.
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	// Full is when a whole document came last; validators are not sent when that was long ago, for some servers lie.
	Full time.Time `json:"full,omitzero"`
	// Unchanged is when the server last said that nothing changed; zero since the last whole document.
	Unchanged time.Time `json:"unchanged,omitzero"`
	// Interval is the rhythm chosen last, in seconds; see schedule.Choice.
	Interval int `json:"interval,omitempty"`
	// NextPoll is when the feed is due.
	NextPoll time.Time `json:"next_poll"`
	// Committed is when the last poll closed, zero before the first; Due the sequence of the message that caused it.
	Committed time.Time `json:"committed,omitzero"`
	Due       uint64    `json:"due,omitempty"`
	// Succeeded is when the last usable answer came, zero before the first.
	Succeeded time.Time `json:"succeeded,omitzero"`
	// Failures counts polls in a row that brought no usable answer; Reason says why, in a sentence.
	Failures int    `json:"failures,omitempty"`
	Reason   string `json:"reason,omitempty"`
	// Trouble is why the feed cannot be read, as it was announced last: EventFailing, EventBroken, EventBlocked or EventGone;
	// empty when all is well.
	Trouble string `json:"trouble,omitempty"`
	// Signs are the other events that were announced and are not over (EventSilent, EventEmpty, EventStale, EventBroken,
	// EventLying, EventDrop, EventThin), with what was said of each.
	Signs map[string]Sign `json:"signs,omitempty"`
	// Rhythm is how often the feed brings something.
	Rhythm Rhythm `json:"rhythm,omitzero"`
	// Days counts what it brought, day by day, the present one first.
	Days Days `json:"days,omitzero"`
	// Move is the permanent redirect that is being watched; nil when there is none.
	Move *Move `json:"move,omitempty"`
	// Removed marks the state of a feed that is configured no more.
	Removed bool `json:"removed,omitempty"`
	// Claim is the poll in progress, or the one that was given up last; nil when the last one closed.
	Claim *Claim `json:"claim,omitempty"`
	// History is when the feed posted, for the schedule.
	History schedule.History `json:"history,omitzero"`
	// Asks is what the last document asked of its readers; an answer without a document leaves it in force.
	Asks feed.Asks `json:"asks,omitzero"`
	// Items counts what the last document held.
	Items int `json:"items,omitempty"`
	// Whole says that items of the last document share ids or links, which only the whole document shows: none is passed
	// over by its hash then.
	Whole bool `json:"whole,omitempty"`
	// Broken remembers which unreadable items lie with the dead letters.
	Broken Broken `json:"broken,omitzero"`
	// Seen remembers items, those of the last document first.
	Seen Seen `json:"seen,omitempty"`
}

// Claim is a poll in progress.
type Claim struct {
	// Owner is the claiming fetcher's Options.ID.
	Owner string `json:"owner"`
	// Until is when the claim may be taken over.
	Until time.Time `json:"until"`
	// Base is the revision of the state the poll started from; it outlives a take-over, so that every report of
	// the same work names the same one.
	Base uint64 `json:"base"`
}

// stateVersion is the format of PollState and Sighting.
const stateVersion = 1
