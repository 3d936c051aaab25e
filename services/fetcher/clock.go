package fetcher

import "time"

const (
	// skew is how far the clocks of two fetchers may be apart; a time further in the future was written by a wrong one.
	skew = time.Minute
	// longestWait is more than any feed without a fixed interval is made to wait: a week of back-off, and a week whose days
	// it does not want.
	longestWait = 16 * 24 * time.Hour
)

// ahead reports whether the time can only come from a clock that ran ahead of this one.
func ahead(at, now time.Time) bool { return at.After(now.Add(skew)) }

// within reports whether at is less than d ago. A time from a clock that ran ahead is not: waiting for it could take years.
func within(d time.Duration, at, now time.Time) bool { return now.Sub(at) < d && !ahead(at, now) }

// misdated reports whether a clock that ran ahead wrote the state. What it says of when to poll is worth nothing then.
func (f *Fetcher) misdated(feed Feed, s PollState, now time.Time) bool {
	wait := max(longestWait, 2*feed.Every())
	if s.Committed.IsZero() && s.Claim == nil {
		wait = f.o.Ceiling // begun and never polled
	}
	return ahead(s.Committed, now) || ahead(s.NextPoll, now.Add(wait)) || s.Claim != nil && ahead(s.Claim.Until, now.Add(f.o.ClaimFor))
}

// redated is the state without what a clock that ran ahead made of it. What was seen, and the base of the claim, stay: no
// article comes twice. The whole document is asked for, and the days are counted anew, for the jump left empty ones.
func (s PollState) redated(now time.Time) PollState {
	now = now.UTC()
	for _, at := range []*time.Time{&s.Committed, &s.Full, &s.Unchanged} {
		if ahead(*at, now) {
			*at = time.Time{}
		}
	}
	for _, at := range []*time.Time{&s.Succeeded, &s.NextPoll, &s.Rhythm.Since, &s.Rhythm.Last, &s.History.Since, &s.History.At} {
		*at = earlier(*at, now)
	}
	if s.Claim != nil && ahead(s.Claim.Until, now) {
		s.Claim.Until = now
	}
	if ahead(s.Days.First, now) {
		s.Days = Days{}
	}
	for name, sign := range s.Signs {
		sign.Since = earlier(sign.Since, now)
		s.Signs[name] = sign
	}
	if s.Move != nil {
		s.Move.Since = earlier(s.Move.Since, now)
	}
	return s
}

func earlier(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}
