package extractor

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// rang is what the bucket keeps of one article under its ArticleID: every name that rang and, until they were
// acknowledged, the alerts that are still to be told.
//
// It is written ahead: what is decided is stored first, together with the finished alerts, then the alerts are
// published, then they are struck off. So whoever is killed wherever, the next delivery of any revision of the article
// publishes exactly the same alerts, ids, revisions and all, even when the lists changed meanwhile:
//
//	killed before the first write     nothing was decided or told; the redelivery decides anew
//	between a write and its alerts    the redelivery finds them pending and tells them
//	between alerts and striking off   the redelivery tells them again under the same ids: the stream's window filters
//	                                  them, and beyond the window a subscriber who counts by alert id sees nothing new
//	after striking off                the redelivery finds that this revision has spoken and does nothing
//
// Two extractors with two revisions, or twice the same, meet at the compare-and-set: the loser reads again, and
// decides on what the winner left.
type rang struct {
	Version int `json:"version"`
	// Article is the newest revision of the article that has been decided on to the end.
	Article int `json:"article"`
	// Rings are in order of list and entry.
	Rings   []ring    `json:"rings"`
	Pending []pending `json:"pending,omitempty"`
}

// ring is one name that rang.
type ring struct {
	List  string `json:"list"`
	Entry string `json:"entry"`
	Name  string `json:"name"`
	// Revision is that of the alert; Since is the article revision that brought it about.
	Revision int    `json:"revision"`
	Since    int    `json:"since"`
	Tier     string `json:"tier"`
	// At is when revision 1 of the alert was made; zero in records that were written before it was kept.
	At time.Time `json:"at,omitzero"`
	// Evidence is a hash of why it rang, offsets aside.
	Evidence string `json:"evidence"`
	// Gone says that the name was withdrawn.
	Gone bool `json:"gone,omitempty"`
	// Story and Count are those of the alert; empty and 0 where the list rings per article.
	Story string `json:"story,omitempty"`
	Count int    `json:"count,omitempty"`
}

// pending is an alert that was decided on and may not have been told.
type pending struct {
	// Loud alerts go to the tier's subject, all others to the updates.
	Loud  bool           `json:"loud,omitempty"`
	Alert messages.Alert `json:"alert"`
}

const rangVersion = 1

// readRang reads a value of the bucket; nil is an article of which nothing rang.
func readRang(value []byte) (rang, error) {
	var r rang
	if value == nil {
		return r, nil
	}
	err := json.Unmarshal(value, &r)
	if err == nil && (r.Version < 1 || r.Version > rangVersion) {
		err = fmt.Errorf("version is %d; this build reads 1 to %d", r.Version, rangVersion)
	}
	if err != nil {
		return rang{}, retry.Never("rang", fmt.Errorf(
			"what rang for this article cannot be read; update this build, or delete the key to ring anew: %w", err))
	}
	return r, nil
}

// change is one thing to tell of an article.
type change struct {
	ring
	status   string // a messages.Status constant
	loud     bool
	evidence messages.Evidence
	group    string   // messages.GroupStory, or empty
	notes    []string // for the alert
}

// changes compares what an article holds with what rang, in order of list and entry.
//
// A revision older than one already decided on, and the same one again, only ring names that never rang: an editor's
// removal of a name does not make it less worth knowing. A change of revision is one of tier or evidence; that a name
// moved in the text is none.
func (r rang) changes(revision int, watched []messages.Watched) []change {
	type key struct{ list, entry string }
	rings := make(map[key]ring, len(r.Rings))
	for _, old := range r.Rings {
		rings[key{old.List, old.Entry}] = old
	}
	spoken := func(old ring) bool { return revision <= r.Article || revision <= old.Since }
	var list []change
	for _, w := range watched {
		old, rang := rings[key{w.List, w.Entry}]
		delete(rings, key{w.List, w.Entry})
		now := ring{List: w.List, Entry: w.Entry, Name: w.Name, Since: revision, Tier: w.Tier, Evidence: hash(w.Evidence)}
		switch {
		case !rang:
			now.Revision = 1
			list = append(list, change{ring: now, status: messages.StatusNew, loud: true, evidence: w.Evidence, group: w.Group})
		case spoken(old), !old.Gone && old.Tier == now.Tier && old.Evidence == now.Evidence:
		default:
			now.Revision, now.At, now.Story, now.Count = old.Revision+1, old.At, old.Story, old.Count
			louder := rank(now.Tier) > rank(old.Tier)
			list = append(list, change{ring: now, status: messages.StatusChanged, loud: louder, evidence: w.Evidence, group: w.Group})
		}
	}
	for _, old := range rings {
		if !old.Gone && !spoken(old) {
			old.Gone, old.Since, old.Revision = true, revision, old.Revision+1
			withdrawn := messages.Evidence{Tier: old.Tier, Mentions: []messages.Span{}}
			list = append(list, change{ring: old, status: messages.StatusWithdrawn, evidence: withdrawn})
		}
	}
	slices.SortFunc(list, func(a, b change) int { return order(a.ring, b.ring) })
	return list
}

func order(a, b ring) int { return cmp.Or(cmp.Compare(a.List, b.List), cmp.Compare(a.Entry, b.Entry)) }

// rank orders the tiers by strength.
func rank(tier string) int {
	return slices.Index([]string{messages.TierReview, messages.TierProbable, messages.TierConfirmed}, tier)
}

// hash stands for the evidence a reader is shown: tier, words, rules and the sentence, not where in the text they are.
func hash(e messages.Evidence) string {
	parts := []string{e.Tier, e.Quote.Text, e.Quote.Sentence, strconv.FormatFloat(e.Score, 'f', 3, 64)}
	for _, p := range e.Parts {
		parts = append(parts, p.Watched, p.Word, p.Rule)
	}
	for _, c := range slices.Concat(e.Penalties, e.Context) {
		parts = append(parts, c.Rule, c.Text)
	}
	return messages.Hash(parts...)
}

// next is the record once everything pending was told and as many changes as fit in room bytes are decided on. write is
// false when that leaves the record as it is.
func (r rang) next(revision int, changes []change, alert func(change) messages.Alert, room int) (n rang, write bool, err error) {
	n = rang{Version: rangVersion, Article: r.Article, Rings: slices.Clone(r.Rings)}
	used := 0
	for len(changes) > 0 {
		p := pending{Loud: changes[0].loud, Alert: alert(changes[0])}
		data, err := messages.Encode(p.Alert)
		if err != nil {
			return rang{}, false, retry.Never("contract", err)
		}
		if used += len(data); used > room && len(n.Pending) > 0 {
			break
		}
		n.Pending = append(n.Pending, p)
		told := changes[0].ring
		told.At = p.Alert.Times.Rang
		n.put(told)
		changes = changes[1:]
	}
	if len(changes) == 0 {
		n.Article = max(r.Article, revision)
	}
	first := r.Version == 0 && len(n.Pending) == 0
	return n, !first && (len(r.Pending) > 0 || len(n.Pending) > 0 || n.Article != r.Article), nil
}

// put places a ring at its rank.
func (r *rang) put(now ring) {
	i, known := slices.BinarySearchFunc(r.Rings, now, order)
	if known {
		r.Rings[i] = now
		return
	}
	r.Rings = slices.Insert(r.Rings, i, now)
}

var errBusy = errors.New("other extractors kept changing what rang for this article; it will be tried again")
