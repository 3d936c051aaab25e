package indexer

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"tocsin/pkg/messages"
)

// Position is where a page ended: the last hit's place in the order of the query.
type Position struct {
	// At orders by SortNewest, in milliseconds since 1970.
	At int64 `json:"a,omitempty"`
	// Score orders by SortRelevance.
	Score float64 `json:"s,omitempty"`
	// ID breaks ties, ascending.
	ID string `json:"i"`
	// Query names the query the position belongs to.
	Query string `json:"q"`
}

// Next is the cursor that continues q after hit.
func (q Query) Next(hit Hit) string {
	p := Position{ID: hit.ID, Query: q.name()}
	if q.Ranked() {
		p.Score = hit.Score
	} else {
		p.At = hit.At.UnixMilli()
	}
	data, err := json.Marshal(p)
	if err != nil { // a score that is no number; there is no order to continue in
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// Resume reads the query's Cursor. ok is false when there is none; a cursor that is damaged or was made by another
// query is an error in ErrQuery.
func (q Query) Resume() (p Position, ok bool, err error) {
	if q.Cursor == "" {
		return p, false, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		return p, false, badQuery("cursor", "is damaged; start again without it")
	}
	if p.Query != q.name() {
		return p, false, badQuery("cursor", "belongs to another query; start again without it")
	}
	return p, true, nil
}

// name identifies what the query asks and in which order; the size of a page may change on the way.
func (q Query) name() string {
	q.Limit, q.Cursor = 0, ""
	for _, t := range []*time.Time{&q.PublishedFrom, &q.PublishedTo, &q.MentionedFrom, &q.MentionedTo} {
		*t = t.UTC()
	}
	data, err := json.Marshal(q)
	if err != nil { // a year beyond 9999; such a query still has its own name
		return messages.Hash(err.Error())
	}
	return messages.Hash(string(data))
}
