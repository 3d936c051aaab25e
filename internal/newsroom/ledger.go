package newsroom

import (
	"slices"
	"sync"
	"time"
)

// Entry says what one version of one story was: what a perfect reader of this world would have found.
type Entry struct {
	Source, ID, URL string
	// Revision counts versions from 1; every edit adds an Entry.
	Revision int
	// Visible is when this version could first be read; Published is the stamp it carries.
	Visible, Published time.Time
	Title, Text        string
	Language           string
	// Watch are the ids of the watchlist entries that stand in the story.
	Watch []string
}

// Ledger lists every version of every story of the world, past and to come, in the order in which they become visible.
func (n *Newsroom) Ledger() []Entry {
	var all []Entry
	for _, s := range n.sites {
		for _, item := range s.items {
			all = append(all, s.versions(item)...)
		}
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return a.Visible.Compare(b.Visible) })
	return all
}

func (s *site) versions(item Item) []Entry {
	start := s.room.o.Start
	moments := []time.Time{start.Add(max(0, item.Appears))}
	for _, e := range item.Edits {
		moments = append(moments, start.Add(e.Appears))
	}
	var all []Entry
	for i, moment := range moments {
		now, _, _ := item.at(start, moment)
		all = append(all, Entry{
			Source: s.Slug, ID: item.ID, URL: s.base + item.Path, Revision: i + 1,
			Visible: moment, Published: item.Published,
			Title: now.Title, Text: now.Text, Language: now.Language, Watch: slices.Clone(now.Watch),
		})
	}
	return all
}

// traffic counts answers by address and status. It holds the world's own addresses only, so it cannot grow.
type traffic struct {
	mu    sync.Mutex
	count map[string]map[int]int
}

func (t *traffic) add(url string, status int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count == nil {
		t.count = map[string]map[int]int{}
	}
	if t.count[url] == nil {
		t.count[url] = map[int]int{}
	}
	t.count[url][status]++
}

// Answered tells how often an address of the world answered with a status; 0 stands for an answer that a fault cut off
// before its header.
func (n *Newsroom) Answered(url string, status int) int {
	n.traffic.mu.Lock()
	defer n.traffic.mu.Unlock()
	return n.traffic.count[url][status]
}
