package deadletter

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tocsin/pkg/messages"
)

// Letter is one dead letter, without its body.
type Letter struct {
	// ID is the sequence in the dead letters: what commands call it by.
	ID uint64 `json:"id"`
	// At is when it was given up.
	At     time.Time `json:"at"`
	Stage  string    `json:"stage"`
	Reason string    `json:"reason"`
	Error  string    `json:"error"`
	// Feed, Article and Revision are those of the message; empty and 0 where it told none.
	Feed     string `json:"feed,omitempty"`
	Article  string `json:"article,omitempty"`
	Revision int    `json:"revision,omitempty"`
	// Subject, Stream and Sequence say where the message came from; empty and 0 for what never was one.
	Subject  string `json:"subject"`
	Stream   string `json:"stream"`
	Sequence uint64 `json:"sequence"`
	// Delivered is how often it was delivered, Replayed how often it was replayed before.
	Delivered int `json:"delivered"`
	Replayed  int `json:"replayed"`
	// History is what it was given up for before its replays, oldest first.
	History []string `json:"history,omitempty"`
	// Discarded is when it was put away for good, Note why; zero and empty for one that may be replayed.
	Discarded time.Time `json:"discarded,omitzero"`
	Note      string    `json:"note,omitempty"`
}

// historySign separates the entries of messages.HeaderHistory; historyLength bounds them.
const (
	historySign   = " | "
	historyLength = 5
	historyText   = 200
)

func letterOf(d messages.Delivery) Letter {
	h := d.Header
	l := Letter{
		ID: d.Sequence, At: d.Time.UTC(), Stage: h[messages.HeaderStage], Reason: h[messages.HeaderReason], Error: h[messages.HeaderError],
		Feed: h[messages.HeaderFeed], Article: h[messages.HeaderArticle], Subject: h[messages.HeaderSubject],
		Stream: h[messages.HeaderStream], Replayed: d.Replay, Note: h[messages.HeaderNote],
	}
	l.Revision, _ = strconv.Atoi(h[messages.HeaderRevision]) // 0 where there is none
	l.Delivered, _ = strconv.Atoi(h[messages.HeaderDelivered])
	l.Sequence, _ = strconv.ParseUint(h[messages.HeaderSequence], 10, 64)
	l.Discarded, _ = time.Parse(time.RFC3339, h[messages.HeaderDiscarded])
	if past := h[messages.HeaderHistory]; past != "" {
		l.History = strings.Split(past, historySign)
	}
	return l
}

// past is the history of a message that is replayed: the letter's own and the letter itself.
func (l Letter) past() string {
	why := strings.ReplaceAll(l.Error, historySign, " / ")
	if len(why) > historyText {
		why = strings.ToValidUTF8(why[:historyText], "")
	}
	all := append(l.History[:len(l.History):len(l.History)], l.At.Format(time.RFC3339)+" "+l.Stage+"."+l.Reason+": "+why)
	return strings.Join(all[max(0, len(all)-historyLength):], historySign)
}

// Query selects dead letters. Empty fields select all.
type Query struct {
	Stage, Reason, Feed string
	// Before and Since bound when they were given up.
	Before, Since time.Time
	// IDs selects these only.
	IDs []uint64
	// Discarded selects those put away as well.
	Discarded bool
}

func (q Query) subject() string {
	stage, reason := "*", "*"
	if q.Stage != "" {
		stage = q.Stage
	}
	if q.Reason != "" {
		reason = q.Reason
	}
	return messages.DLQSubject(stage, reason)
}

func (q Query) takes(l Letter) bool {
	switch {
	case len(q.IDs) > 0 && !slices.Contains(q.IDs, l.ID):
		return false
	case q.Feed != "" && l.Feed != q.Feed, !q.Discarded && !l.Discarded.IsZero():
		return false
	case !q.Before.IsZero() && !l.At.Before(q.Before), !q.Since.IsZero() && l.At.Before(q.Since):
		return false
	}
	return true
}
