// Package schedule decides how long to wait before a feed is polled again. It is pure: a reading of the last poll in, a
// duration out.
package schedule

import "time"

// Limits bound the interval of a feed that has no fixed one.
type Limits struct {
	Floor   time.Duration
	Ceiling time.Duration
}

// Poll is what the last poll showed. Zero durations mean "not given".
type Poll struct {
	// Previous is the interval chosen last, before jitter; 0 for a new feed.
	Previous time.Duration
	// Since is how long ago the poll before this one was; 0 when there was none.
	Since time.Duration
	// Items counts what the document held, New what was new in it.
	Items, New int
	// TTL is what the document asks for, MaxAge and RetryAfter what the server does.
	TTL, MaxAge, RetryAfter time.Duration
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
	// Wait is Interval after back-off, the server's wishes and jitter of up to 5 % either way; a wait that a server asked
	// for is only ever lengthened.
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
)

// Next returns how long to wait. The rhythm halves while a feed brings news and grows by half while it does not; it never
// lets more than a third of the document scroll by between two polls at the pace just seen.
func Next(p Poll, l Limits) Choice {
	interval := p.Every
	if interval == 0 {
		interval = clamp(rhythm(p), l.Floor, l.Ceiling)
	}
	wait := interval
	switch {
	case p.Gone:
		wait = longCeiling
	case p.Failures > 0:
		wait = backOff(interval, p.Failures)
	case p.Every == 0:
		wait = max(wait, min(p.TTL, maxSoftTTL), min(p.MaxAge, maxServerWait))
	}
	asked := min(p.RetryAfter, maxServerWait)
	if asked >= wait {
		return Choice{interval, asked + share(asked, p.Jitter)}
	}
	spread := share(wait, 2*p.Jitter-1)
	return Choice{interval, max(wait+spread, asked)}
}

func rhythm(p Poll) time.Duration {
	switch {
	case p.Previous == 0:
		return start
	case p.Failures > 0:
		return p.Previous
	case p.New == 0:
		return p.Previous + p.Previous/2
	}
	next := p.Previous / 2
	if p.Since > 0 && p.Items > 0 {
		next = min(next, time.Duration(float64(p.Since)*0.3*float64(p.Items)/float64(p.New)))
	}
	return next
}

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

func share(d time.Duration, part float64) time.Duration {
	return time.Duration(float64(d) * jitterShare * part)
}

func clamp(d, low, high time.Duration) time.Duration { return min(max(d, low), high) }
