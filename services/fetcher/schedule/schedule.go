// Package schedule decides how long to wait before a feed is polled again. It is pure: a reading of the last poll in, a
// duration out.
//
// For a given number of requests the sum of all articles' delays is least when a feed that posts λ items a minute is
// polled every k/√λ minutes (Cho and Garcia-Molina, "Effective page refresh policies for web crawlers", 2003, for the
// case of delays). λ is taken from the feed's own history and from the hour of the day; k is the same for all feeds, and
// comes from how many requests a second the operator allows. Two things shorten the wait: a feed that brings news is
// looked at again soon, for posts come in bursts; and never more than a third of the document may scroll by between two
// polls. What feeds and servers ask for lengthens it.
package schedule

import (
	"math"
	"time"
)

// Limits bound the interval of a feed that has no fixed one.
type Limits struct {
	Floor   time.Duration
	Ceiling time.Duration
	// Pace is the k of all feeds, in the square root of minutes: a feed of one item a minute is polled every Pace minutes.
	// 0 means UsualPace; see Pace for how it follows from a number of requests.
	Pace float64
}

// UsualPace asks the average feed about ten times a day.
const UsualPace = 5.0

// Poll is what the last poll showed. Zero durations mean "not given".
type Poll struct {
	// Now is when the poll ended; History what is known of the feed's posts, this poll's included.
	Now     time.Time
	History History
	// Previous is the interval chosen last, before jitter; 0 for a new feed.
	Previous time.Duration
	// Since is how long ago the poll before this one was; 0 when there was none.
	Since time.Duration
	// Items counts what the document held, New what was new in it.
	Items, New int
	// TTL is what the document asks for, MaxAge and RetryAfter what the server does.
	TTL, MaxAge, RetryAfter time.Duration
	// SkipHours has bit h set for each hour of the day (GMT), SkipDays bit d for each time.Weekday, in which the feed asks
	// not to be polled.
	SkipHours uint32
	SkipDays  uint8
	// Every is the configured interval.
	Every time.Duration
	// Failures counts failed polls in a row, this one included; 0 after a success.
	Failures int
	// Gone says that the feed was reported gone for good.
	Gone bool
	// Jitter is a random number in [0, 1).
	Jitter float64
}

// Choice is the interval to wait.
type Choice struct {
	// Interval is the feed's rhythm, to be handed back as Previous next time. Failures do not change it.
	Interval time.Duration
	// Wait is Interval after back-off, the feed's and the server's wishes and jitter of up to 5 % either way; a wait that
	// a server asked for is only ever lengthened.
	Wait time.Duration
}

const (
	// start is the interval of a feed nothing is known of yet.
	start = 30 * time.Minute
	// maxSoftTTL is the longest ttl that is believed; many feeds carry a day or a year by mistake (research: ttl is a
	// soft floor up to an hour).
	maxSoftTTL = time.Hour
	// maxServerWait caps Retry-After and max-age; longer ones have been seen and are mistakes.
	maxServerWait = 24 * time.Hour
	// patience is the number of failures up to which a day is the longest wait; longCeiling holds beyond, and for a feed
	// that is gone. A feed is never given up.
	patience    = 30
	longCeiling = 7 * 24 * time.Hour
	jitterShare = 0.05
	// scroll is how much of the document may be new at a poll. The floor gives way to it, down to half.
	scroll = 0.3
	// rush and rest are what news and their absence make of the interval before.
	rush = 0.7
	rest = 3
)

// Next returns how long to wait.
func Next(p Poll, l Limits) Choice {
	interval := p.Every
	if interval == 0 {
		interval = rhythm(p, l)
	}
	wait := interval
	switch {
	case p.Gone:
		wait = longCeiling
	case p.Failures > 0:
		wait = backOff(interval, p.Failures)
	case p.Every == 0:
		wait = max(wait, p.softTTL(l), min(p.MaxAge, maxServerWait))
	}
	asked := min(p.RetryAfter, maxServerWait)
	if asked >= wait {
		wait = asked + share(asked, p.Jitter)
	} else {
		wait = max(wait+share(wait, 2*p.Jitter-1), asked)
	}
	if p.Every == 0 {
		wait = p.skip(wait)
	}
	return Choice{interval, wait}
}

// rhythm is the rule of the package comment.
func rhythm(p Poll, l Limits) time.Duration {
	switch {
	case p.Previous == 0:
		return clamp(start, l.Floor, l.Ceiling)
	case p.Failures > 0:
		return clamp(p.Previous, l.Floor/2, l.Ceiling)
	}
	_, soon := p.History.Rate(p.Now)
	next := minutes(l.pace() / math.Sqrt(soon))
	if p.New > 0 {
		next = min(next, times(p.Previous, rush))
	} else {
		next = min(next, times(p.Previous, rest))
	}
	next = clamp(next, l.Floor, l.Ceiling)
	if p.New > 0 && p.Since > 0 && p.Items > 0 {
		next = max(min(next, times(p.Since, scroll*float64(p.Items)/float64(p.New))), l.Floor/2)
	}
	return next
}

func (l Limits) pace() float64 {
	if l.Pace > 0 {
		return l.Pace
	}
	return UsualPace
}

// softTTL is the ttl as far as it is believed: up to an hour, and not when obeying it would lose items.
func (p Poll) softTTL(l Limits) time.Duration {
	ttl := min(p.TTL, maxSoftTTL)
	if p.New > 0 && p.Since > 0 && p.Items > 0 {
		return min(ttl, max(times(p.Since, float64(p.Items)/float64(p.New)/2), l.Floor))
	}
	return ttl
}

// skip moves the next poll out of the hours and days in which the feed does not want it; asking for all of them asks for
// nothing.
func (p Poll) skip(wait time.Duration) time.Duration {
	if p.SkipHours&allHours == allHours || p.SkipDays&allDays == allDays || p.SkipHours == 0 && p.SkipDays == 0 {
		return wait
	}
	at := p.Now.Add(wait).UTC()
	for p.SkipHours>>at.Hour()&1 == 1 || p.SkipDays>>at.Weekday()&1 == 1 {
		at = at.Truncate(time.Hour).Add(time.Hour + share(time.Hour, p.Jitter))
	}
	return at.Sub(p.Now)
}

const (
	allHours = 1<<24 - 1
	allDays  = 1<<7 - 1
)

// backOff grows linearly, as Media Cloud found best for feeds that return.
func backOff(interval time.Duration, failures int) time.Duration {
	ceiling := maxServerWait
	if failures > patience {
		ceiling = longCeiling
	}
	if failures > int(ceiling/max(interval, time.Minute)) {
		return ceiling
	}
	return min(interval*time.Duration(failures), ceiling)
}

func share(d time.Duration, part float64) time.Duration { return times(d, jitterShare*part) }

// times multiplies without running over.
func times(d time.Duration, by float64) time.Duration {
	return time.Duration(min(float64(d)*by, float64(math.MaxInt64/4)))
}

func minutes(n float64) time.Duration { return times(time.Minute, n) }

func clamp(d, low, high time.Duration) time.Duration { return min(max(d, low), high) }
