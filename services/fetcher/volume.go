package fetcher

import (
	"fmt"
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

// spotDrop compares the last seven whole days with the weeks before them, day by day counted by the feed itself.
func (p *poll) spotDrop(now time.Time) {
	days := p.state.Days.add(now, 0).New
	if len(days) < 1+7*(dropWeeks+1) {
		return
	}
	week := sum(days[1:8])
	usual := sum(days[8:1+7*(dropWeeks+1)]) / dropWeeks
	switch {
	case usual >= dropLeast && week*dropShare < usual:
		p.begin(messages.EventDrop, fmt.Sprintf("%d new items in the last week, where %d were usual; look whether the publisher changed or split the feed", week, usual))
	case week*2 >= usual:
		p.over(messages.EventDrop, "brings as much as it used to")
	}
}

func sum(all []int) (n int) {
	for _, v := range all {
		n += v
	}
	return n
}
