package dates

import "time"

// Find returns the temporal expressions of text in order of Start, non-overlapping. ref is the publication time in
// the zone of the article (its wall-clock fields are what counts); the zero time means that it is not known, and
// then partial and relative mentions keep a value without an interval. Find never fails: what cannot be read is
// simply not a mention. Safe for concurrent use.
func Find(text string, ref time.Time, o Options) []Mention { return nil }
