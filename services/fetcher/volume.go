package fetcher

import (
	"fmt"
	"sync"
	"time"

	"tocsin/pkg/messages"
)

const (
	// dropWeeks is how many weeks are compared with the last one, dropShare what is left of their mean when that is a drop,
	// and dropLeast the fewest items a week that say anything.
	dropWeeks = 3
	dropShare = 4
	dropLeast = 14
)

// volume is how many new items came in the last seven whole days, and in a usual week before; usual is 0 while it is not
// known.
type volume struct{ week, usual int }

// volume counts by the feed's own days, at now.
func (d Days) volume(now time.Time) (v volume) {
	days := d.add(now, 0).New
	v.week = sum(days[1:min(8, len(days))])
	if len(days) >= 1+7*(dropWeeks+1) {
		v.usual = sum(days[8:1+7*(dropWeeks+1)]) / dropWeeks
	}
	return v
}

func (v volume) dropped() bool  { return v.usual >= dropLeast && v.week*dropShare < v.usual }
func (v volume) regained() bool { return v.week*2 >= v.usual }

// spotDrop compares the feed, and all feeds of its source together, with the weeks before.
func (p *poll) spotDrop(now time.Time) {
	own := p.state.Days.volume(now)
	switch {
	case own.dropped():
		p.begin(messages.EventDrop, fmt.Sprintf("%d new items in the last week, where %d were usual; look whether the publisher changed or split the feed", own.week, own.usual))
	case own.regained():
		p.over(messages.EventDrop, "brings as much as it used to")
	}
	together, feeds, speaks := p.volumes.of(p.feed, own)
	switch {
	case !speaks:
		delete(p.state.Signs, messages.EventThin) // another feed of the source tells it
	case together.dropped():
		p.begin(messages.EventThin, fmt.Sprintf("the %d feeds of %s together brought %d new items in the last week, where %d were usual; look at the publisher's site", feeds, p.feed.Source, together.week, together.usual))
	case together.regained():
		p.over(messages.EventThin, "its source brings as much as it used to")
	}
}

// volumes is what the feeds of each source bring, as this fetcher met their states last.
type volumes struct {
	mu sync.Mutex
	// bySource has them by source and feed; sources is each feed's source.
	bySource map[string]map[string]volume
	sources  map[string]string
	// complete says that all feeds were met: before, a sum could lack those that make up for others.
	complete bool
}

// meet enters what a feed brings.
func (v *volumes) meet(feed Feed, has volume) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.bySource == nil {
		v.bySource, v.sources = map[string]map[string]volume{}, map[string]string{}
	}
	if old, there := v.sources[feed.ID]; there && old != feed.Source {
		delete(v.bySource[old], feed.ID)
	}
	v.sources[feed.ID] = feed.Source
	if v.bySource[feed.Source] == nil {
		v.bySource[feed.Source] = map[string]volume{}
	}
	v.bySource[feed.Source][feed.ID] = has
}

// passed ends a pass over all configured feeds and forgets the others.
func (v *volumes) passed(configured map[string][]byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.complete = true
	for id, source := range v.sources {
		if configured[id] == nil {
			delete(v.sources, id)
			delete(v.bySource[source], id)
		}
	}
}

// of sums up the source of a feed, which brings own now. speaks says that the sum is known and this feed is the one of
// several that tells of it: the first by id.
func (v *volumes) of(feed Feed, own volume) (together volume, feeds int, speaks bool) {
	v.meet(feed, own)
	v.mu.Lock()
	defer v.mu.Unlock()
	speaks = v.complete
	for id, has := range v.bySource[feed.Source] {
		together.week, together.usual = together.week+has.week, together.usual+has.usual
		speaks = speaks && feed.ID <= id
	}
	feeds = len(v.bySource[feed.Source])
	return together, feeds, speaks && feeds > 1
}

func sum(all []int) (n int) {
	for _, v := range all {
		n += v
	}
	return n
}
