package dates

// What makes a text a narrative: at least so many full dates, so many of each ten of them older than the year before
// the reference, and at most one mention counted from the day of writing for so many of them.
const (
	narrativeDates  = 6
	narrativeOld    = 6
	narrativePerNow = 8
)

// chooseMode decides what a text's mentions are counted from. Without a reference nothing can be told, and what is
// not said stays open, as in news.
func (s *resolver) chooseMode(ms []Mention, asked Mode) Mode {
	if asked != Auto {
		return asked
	}
	if !s.known {
		return News
	}
	full, old, now := 0, 0, 0
	for i := range ms {
		p := &ms[i].partial
		switch {
		case p.kind == kindCalendar && p.years == yearFull && p.unit <= unitYear:
			full++
			if int(p.year) < s.ref.year-1 {
				old++
			}
		case p.kind == kindWeekday, p.kind == kindShift && p.anchor == anchorReference && p.unit <= unitWeek:
			now++
		}
	}
	if full >= narrativeDates && old*10 >= full*narrativeOld && now*narrativePerNow <= full {
		return Narrative
	}
	return News
}

// weighOrder looks for numeric dates that prove the order of day and month.
func (s *resolver) weighOrder(ms []Mention) {
	balance := 0
	for i := range ms {
		p := &ms[i].partial
		switch p.order {
		case orderDayFirst:
			balance++
		case orderMonthFirst:
			balance--
		}
	}
	s.provedDay, s.dayFirst = balance != 0, balance > 0
}

// begin gives a narrative the year of its first full date to count from before that date is reached.
func (s *resolver) begin(ms []Mention) {
	if s.mode != Narrative {
		return
	}
	for i := range ms {
		p := &ms[i].partial
		if p.kind == kindCalendar && p.years == yearFull && p.unit <= unitYear {
			s.prev = point{unit: unitYear, year: int(p.year)}
			return
		}
	}
}
