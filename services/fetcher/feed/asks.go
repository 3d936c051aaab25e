package feed

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// Asks is what a feed asks of its readers. The zero value asks nothing.
type Asks struct {
	// TTL is how long it asks not to be polled (ttl, or sy:updatePeriod by sy:updateFrequency); 0 when it does not say.
	TTL time.Duration `json:"ttl,omitempty"`
	// SkipHours has bit h set when it asks not to be polled in hour h of the day, GMT; SkipDays bit d for time.Weekday(d).
	SkipHours uint32 `json:"skip_hours,omitempty"`
	SkipDays  uint8  `json:"skip_days,omitempty"`
}

// readAsks looks through what stands before the items, with the tags alone: the library is not needed for it.
func readAsks(head []byte) Asks {
	var a Asks
	period, often := time.Duration(0), 1
	in := ""
	for t := range tags(head) {
		name := strings.ToLower(string(t.local()))
		switch {
		case name == "skiphours" || name == "skipdays":
			in = name
			if t.closes {
				in = ""
			}
		case t.closes || t.open || t.self:
		case name == "ttl":
			if n, err := strconv.Atoi(textAfter(head, t)); err == nil && n > 0 {
				a.TTL = time.Duration(min(n, 1<<20)) * time.Minute
			}
		case name == "updateperiod":
			period = periods[strings.ToLower(textAfter(head, t))]
		case name == "updatefrequency":
			if n, err := strconv.Atoi(textAfter(head, t)); err == nil && n > 0 {
				often = n
			}
		case name == "hour" && in == "skiphours":
			if h, err := strconv.Atoi(textAfter(head, t)); err == nil && h >= 0 && h <= 24 {
				a.SkipHours |= 1 << (h % 24)
			}
		case name == "day" && in == "skipdays":
			a.SkipDays |= weekday(textAfter(head, t))
		}
	}
	if a.TTL == 0 {
		a.TTL = period / time.Duration(often)
	}
	return a
}

// periods are those of the RSS module "syndication".
var periods = map[string]time.Duration{
	"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour, "monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
}

func weekday(name string) uint8 {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(name, d.String()) {
			return 1 << d
		}
	}
	return 0
}

// textAfter is the short text between a tag and the next.
func textAfter(text []byte, t tag) string {
	rest := text[t.end:min(len(text), t.end+64)]
	if i := bytes.IndexByte(rest, '<'); i >= 0 {
		rest = rest[:i]
	}
	return string(bytes.TrimSpace(rest))
}
