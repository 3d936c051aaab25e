package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// span is a length of time on the command line: 90m, 24h, 30d or 2w.
type span time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *span) UnmarshalText(text []byte) error {
	t := string(text)
	for unit, day := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		number, ok := strings.CutSuffix(t, unit)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || n < 0 || n > 36500 {
			return fmt.Errorf("%q is no length of time; write 90m, 24h, 30d or 2w", t)
		}
		*s = span(n * float64(day))
		return nil
	}
	d, err := time.ParseDuration(t)
	if err != nil || d < 0 {
		return fmt.Errorf("%q is no length of time; write 90m, 24h, 30d or 2w", t)
	}
	*s = span(d)
	return nil
}

// before is that long before now; the zero time when there is no span.
func (s span) before(now time.Time) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return now.Add(-time.Duration(s))
}
