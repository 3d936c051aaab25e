package httpfeed

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter reads seconds or a date (RFC 9110, 10.2.3); 0 when there is none or it is past.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.Atoi(v); err == nil {
		return time.Duration(min(max(seconds, 0), 1<<30)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(at.Sub(clockOf(h, now)), 0)
	}
	return 0
}

// maxAge is how long the answer says it stays fresh (RFC 9111, 5.2.2.1 and 5.3); 0 when it does not.
func maxAge(h http.Header, now time.Time) time.Duration {
	for directive := range strings.SplitSeq(h.Get("Cache-Control"), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(directive)), "=")
		switch name {
		case "no-store", "no-cache":
			return 0
		case "max-age":
			seconds, err := strconv.Atoi(strings.Trim(value, `"`))
			age, _ := strconv.Atoi(h.Get("Age"))
			if err != nil {
				return 0
			}
			return time.Duration(min(max(seconds-max(age, 0), 0), 1<<30)) * time.Second
		}
	}
	if at, err := http.ParseTime(h.Get("Expires")); err == nil {
		return max(at.Sub(clockOf(h, now)), 0)
	}
	return 0
}

// lastModified is the header as written; one more than a day in the future is bogus and would hide every change.
func lastModified(h http.Header, now time.Time) string {
	v := h.Get("Last-Modified")
	if at, err := http.ParseTime(v); err == nil && at.After(now.Add(24*time.Hour)) {
		return ""
	}
	return v
}

// clockOf is the server's own clock where it gives one, so that a wrong one does no harm.
func clockOf(h http.Header, now time.Time) time.Time {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		return at
	}
	return now
}
