package messages

import "time"

// Tiers of an alert, the last token of its subject.
const (
	TierConfirmed = "confirmed"
	TierProbable  = "probable"
	TierReview    = "review"
	// TierRetro is the subject token for look-backs and back catalogue; Alert.Tier keeps the strength of the match.
	TierRetro = "retro"
)

// Statuses of an alert.
const (
	StatusNew       = "new"
	StatusChanged   = "changed"
	StatusWithdrawn = "withdrawn"
)

// How a list groups its alerts.
const (
	GroupArticle = "article" // each article rings; the default
	GroupStory   = "story"   // near-copies of one text ring once, see NearCopies
)

// Alert says that a watched name stands in an article, and why it is believed to.
// A redelivery or a replay gives the same ID and Revision, so a subscriber may count by ID.
type Alert struct {
	Version int `json:"version"`
	// ID is AlertID(list, entry, article).
	ID string `json:"id"`
	// Revision rises when a later revision of the article changes what rang.
	Revision int `json:"revision"`
	// Status is one of the Status constants.
	Status string `json:"status"`
	List   string `json:"list"`
	Entry  string `json:"entry"`
	// Name is the entry's primary name.
	Name string `json:"name"`
	Evidence
	// Story groups near-copies: the id of the story's article that rang first. Empty when the list rings per article.
	Story string `json:"story,omitempty"`
	// Count is how many articles of the story rang so far, from 1.
	Count   int          `json:"count"`
	Article AlertArticle `json:"article"`
	Times   AlertTimes   `json:"times"`
	// Retro marks an alert about the past: back catalogue or a look-back.
	Retro bool `json:"retro,omitempty"`
	// Notes say, in plain sentences, what was left out so that the alert fits a message.
	Notes []string `json:"notes,omitempty"`
}

// AlertArticle is what a reader needs to find the article of an Alert.
type AlertArticle struct {
	ID        string    `json:"id"`
	Revision  int       `json:"revision"`
	URL       string    `json:"url,omitempty"`
	Title     string    `json:"title"`
	Source    string    `json:"source"`
	Feed      string    `json:"feed,omitempty"`
	Lang      string    `json:"lang,omitempty"`
	Published time.Time `json:"published,omitzero"`
	// Baseline marks an article that was in its feed when the feed was first read.
	Baseline bool `json:"baseline,omitempty"`
}

// AlertTimes are the clock readings that time-to-alert is computed from.
type AlertTimes struct {
	Published time.Time `json:"published,omitzero"`
	FirstSeen time.Time `json:"first_seen"`
	// Rang is when revision 1 of the alert was made, the same in every revision; zero when that is not known.
	Rang time.Time `json:"rang,omitzero"`
	// Alerted is when this revision was made.
	Alerted time.Time `json:"alerted"`
}

// Subject is where the alert rings. Only a first ring or a rise in tier is published there; every other change goes
// to UpdateSubject.
func (a Alert) Subject() string {
	tier := a.Tier
	if a.Retro {
		tier = TierRetro
	}
	return AlertSubject(a.List, a.Entry, tier)
}

// UpdateSubject is where later changes of the alert go.
func (a Alert) UpdateSubject() string { return AlertUpdateSubject(a.List, a.Entry) }
