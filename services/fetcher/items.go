package fetcher

import (
	"context"
	"slices"
	"strconv"

	"tocsin/pkg/messages"
	"tocsin/services/fetcher/article"
	"tocsin/services/fetcher/feed"
)

// Outcomes of an item, as PollReport has them, and the reasons for which one is dropped.
const (
	published = "published"
	duplicate = "duplicate"
	dropped   = "dropped"

	dropUnreadable = "unreadable"       // the document is damaged there
	dropBeyond     = "beyond_limit"     // the document holds more items than are read
	dropBudget     = "poll_budget"      // the poll took its time; the next one goes on
	dropTurn       = "host_busy"        // it is not yet the turn of the page's host; the next poll goes on
	dropBusy       = "being_published"  // another feed brought it this moment; the next poll looks again
	dropRecent     = "revised_recently" // edited again too soon; the next poll looks again
	dropLimit      = "revision_limit"   // edited too often
	dropInvalid    = "invalid"          // the message would break the contract
)

// comesAgain reports whether an item dropped for the reason must be met again by the next poll.
func comesAgain(reason string) bool {
	return reason == dropBudget || reason == dropTurn || reason == dropBusy || reason == dropRecent
}

// items works through a document in its order and returns what to remember of it: every item that needs no second look.
// The error says that a publish was not acknowledged or a bucket not reached; nothing may be remembered then.
func (p *poll) items(ctx context.Context, doc feed.Document) (Seen, error) {
	ids := article.Identify(p.feed.ID, doc.Home, forIdentity(doc.Items))
	p.whole = slices.ContainsFunc(ids, func(id article.Identity) bool { return id.Shared })
	known := p.state.Seen.byKey()
	here := met{keys: map[string]bool{}, articles: map[string]string{}, present: map[string]bool{}}
	p.report.Items = len(doc.Items) + len(doc.Known) + doc.Lost + doc.Over
	p.report.Known = len(doc.Known)
	p.drop(dropUnreadable, doc.Lost)
	p.drop(dropBeyond, doc.Over)
	seen := p.state.Seen.those(doc.Known)
	here.expect(seen, ids, known)
	for i, item := range doc.Items {
		mark := SeenItem{Key: number(ids[i].Key), Article: number(ids[i].ID), Content: number(ids[i].Content), Hash: item.Hash}
		before, old := known[mark.Key]
		if old {
			mark.Article = before.Article // fixed at first sighting, whatever the link is now
		}
		if old && before.Content == mark.Content || here.keys[ids[i].Key] {
			p.report.Known++
			seen = append(seen, mark)
			here.note(ids[i], mark)
			continue
		}
		if here.taken(hex(mark.Article), ids[i].Content) {
			// Another item of this document is that article and says something else: better two articles than one lost.
			mark.Article = number(messages.Hash("item", p.feed.ID, ids[i].Key))
		}
		var known names
		if !old {
			var found, by string
			var err error
			if known, found, by, err = p.earlier(ctx, item, ids[i], here); err != nil {
				return nil, err
			}
			if found != "" {
				mark.Article = number(found)
				item.Notes = append(item.Notes, "the item came under another id or address before, and is told by its "+by)
			}
		}
		s := messages.SeenItem{Key: ids[i].Key, Article: hex(mark.Article)}
		switch {
		case here.articles[s.Article] != "":
			s.Outcome, s.Reason = duplicate, "repeated in the feed"
		case p.o.Now().Sub(p.started) > p.o.PollBudget:
			s.Outcome, s.Reason = dropped, dropBudget
		default:
			if err := p.item(ctx, doc, item, ids[i], known, &s); err != nil {
				return nil, err
			}
		}
		here.note(ids[i], mark)
		p.note(s)
		if !comesAgain(s.Reason) {
			if !old {
				p.posted = append(p.posted, item.Published)
			}
			seen = append(seen, mark)
		}
	}
	return seen, nil
}

// met is what a document held so far: item keys, and articles with what they say. present are all articles that items met
// in earlier documents and still in this one are.
type met struct {
	keys     map[string]bool
	articles map[string]string
	present  map[string]bool
}

// expect notes the articles that the document holds by items met before, so that no new item is taken for one of them.
func (m met) expect(seen Seen, ids []article.Identity, known map[uint64]SeenItem) {
	for _, e := range seen {
		m.present[hex(e.Article)] = true
	}
	for _, id := range ids {
		if e, there := known[number(id.Key)]; there {
			m.present[hex(e.Article)] = true
		}
	}
}

func (m met) note(id article.Identity, mark SeenItem) {
	m.keys[id.Key], m.articles[hex(mark.Article)] = true, id.Content
}

// taken reports whether the article was met with other content.
func (m met) taken(article, content string) bool {
	have, there := m.articles[article]
	return there && have != content
}

// note enters an item into the report. An item without an outcome turned out to be known.
func (p *poll) note(s messages.SeenItem) {
	switch s.Outcome {
	case "":
		p.report.Known++
		return
	case dropped:
		p.drop(s.Reason, 1)
	default:
		p.report.New++
	}
	p.report.Seen = append(p.report.Seen, s)
}

func (p *poll) drop(reason string, n int) {
	if n == 0 {
		return
	}
	if p.report.Dropped == nil {
		p.report.Dropped = map[string]int{}
	}
	p.report.Dropped[reason] += n
}

// again counts the items the next poll must meet again.
func (p *poll) again() int {
	n := 0
	for reason, count := range p.report.Dropped {
		if comesAgain(reason) {
			n += count
		}
	}
	return n
}

func forIdentity(items []feed.Item) []article.Item {
	out := make([]article.Item, len(items))
	for i, it := range items {
		out[i] = article.Item{GUID: it.GUID, Link: it.Link, Title: it.Title, Summary: it.Summary, Content: it.Content}
	}
	return out
}

// number is the number behind a messages.Hash; hex writes it back.
func number(hash string) uint64 {
	n, _ := strconv.ParseUint(hash, 16, 64) // a Hash is always 16 hex digits
	return n
}

func hex(n uint64) string {
	const zeros = "0000000000000000"
	s := strconv.FormatUint(n, 16)
	return zeros[len(s):] + s
}
