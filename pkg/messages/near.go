package messages

import "time"

// NearMiss says that words of an article almost rang for a watched name: their evidence stays a few bits below the
// threshold, or something holds them back. It travels on NearSubject, never among the alerts, and is kept for days only.
type NearMiss struct {
	Version int `json:"version"`
	// ID is AlertID(list, entry, article), the id an alert would have had.
	ID    string `json:"id"`
	List  string `json:"list"`
	Entry string `json:"entry"`
	// Name is the entry's primary name.
	Name string `json:"name"`
	Evidence
	// Held says what holds back a match that reaches its threshold; empty when it is the threshold that is missed.
	Held    string       `json:"held,omitempty"`
	Article AlertArticle `json:"article"`
	At      time.Time    `json:"at"`
}

// Subject is where the near miss travels.
func (n NearMiss) Subject() string { return NearSubject(n.List, n.Entry) }

// Validate implements Message.
func (n NearMiss) Validate() error {
	return first(checkVersion(n.Version), checkToken("id", n.ID), checkToken("list", n.List), checkToken("entry", n.Entry),
		checkToken("article.id", n.Article.ID), checkTier(n.Tier))
}

// Rejection is an operator's "not him": what an entry no longer rings for. It is one value of the bucket rejected.
//
// It always covers the article it was made from, in every revision, and every article in which the same words stand in
// the same sentence: the copies. Where and Anywhere widen it.
type Rejection struct {
	Version int `json:"version"`
	// ID is that of the rejected alert.
	ID      string `json:"id"`
	List    string `json:"list"`
	Entry   string `json:"entry"`
	Article string `json:"article"`
	// Words are what the alert quoted, Sentence what they stood in, both as published.
	Words    string `json:"words"`
	Sentence string `json:"sentence,omitempty"`
	// Where: the same words are rejected in every article that holds one of these phrases.
	Where []string `json:"where,omitempty"`
	// Anywhere: the same words are rejected in every article.
	Anywhere bool      `json:"anywhere,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	At       time.Time `json:"at"`
}

// Validate implements Message.
func (r Rejection) Validate() error {
	if r.Words == "" {
		return first(checkVersion(r.Version), invalid("words", "is empty"))
	}
	return first(checkVersion(r.Version), checkToken("id", r.ID), checkToken("list", r.List), checkToken("entry", r.Entry),
		checkToken("article", r.Article))
}

// InForceLife is how long a report of an extractor counts after it was written; a living one writes another in time.
const InForceLife = 10 * time.Second

// InForce is what one living extractor says of its watchlists: one value of the bucket extractors.
type InForce struct {
	Version int `json:"version"`
	// Extractor names the process for people.
	Extractor string `json:"extractor"`
	// Edits, Bulk and Rejected are the revisions of the buckets watch and rejected and of the object store of the lists
	// up to which everything is in force.
	Edits    uint64 `json:"edits"`
	Bulk     uint64 `json:"bulk"`
	Rejected uint64 `json:"rejected"`
	// Settled is the revision of the bucket watch from which on every article was read: those that were being read with
	// older lists are done.
	Settled uint64 `json:"settled"`
	// Entries and Names count what is watched.
	Entries int `json:"entries"`
	Names   int `json:"names"`
}

// Validate implements Message.
func (f InForce) Validate() error {
	if f.Extractor == "" {
		return first(checkVersion(f.Version), invalid("extractor", "is empty"))
	}
	return checkVersion(f.Version)
}
