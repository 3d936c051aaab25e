package schedule

import (
	"testing"
	"time"
)

var (
	noon = time.Date(2024, 5, 6, 12, 0, 0, 0, time.UTC)
	// hourly, atNoon and silent are feeds of ten days: a post an hour, a post a day between 12 and 13, none.
	hourly, atNoon, silent = watched(time.Hour), watched(24 * time.Hour), watched(0)
)

func watched(every time.Duration) History {
	begin := noon.Add(-10 * 24 * time.Hour)
	h := History{}.After(begin, nil)
	if every == 0 {
		return h.After(noon, nil)
	}
	for at := begin.Add(30 * time.Minute); at.Before(noon); at = at.Add(every) {
		h = h.After(at, []time.Time{at})
	}
	return h.After(noon, nil)
}

var limits = Limits{Floor: 5 * time.Minute, Ceiling: 12 * time.Hour}

func TestNext(t *testing.T) {
	const m, h = time.Minute, time.Hour
	mid := 0.5 // no jitter
	for _, c := range []struct {
		why            string
		p              Poll
		interval, wait time.Duration
	}{
		{"a new feed starts at half an hour", Poll{Items: 20, New: 20}, 30 * m, 30 * m},
		{"news shorten the interval", Poll{Previous: 40 * m, Since: 40 * m, Items: 20, New: 1}, 28 * m, 28 * m},
		{"silence lets it grow threefold", Poll{Previous: 40 * m, Items: 20}, 2 * h, 2 * h},
		{"up to what the feed's own pace asks for: one post an hour in the last ten days", Poll{Previous: 40 * m, Items: 20, Now: noon, History: hourly}, 42*m + 7*time.Second, 42*m + 7*time.Second},
		{"more often in its busy hours", Poll{Previous: 3 * h, Items: 20, Now: noon, History: atNoon}, 2*h - 11*time.Second, 2*h - 11*time.Second},
		{"less often in its quiet ones", Poll{Previous: 3 * h, Items: 20, Now: noon.Add(12 * h), History: atNoon}, 293*m - 28*time.Second, 293*m - 28*time.Second},
		{"not below the floor", Poll{Previous: 6 * m, Items: 20, New: 1, Since: 6 * m}, 5 * m, 5 * m},
		{"not above the ceiling", Poll{Previous: 11 * h, Now: noon, History: silent}, 12 * h, 12 * h},
		{"a document that scrolls fast is polled before a third is gone", Poll{Previous: 4 * h, Since: 2 * h, Items: 20, New: 18}, 40 * m, 40 * m},
		{"ttl is respected", Poll{Previous: 20 * m, TTL: 45 * m, New: 1, Items: 9}, 14 * m, 45 * m},
		{"a ttl of a year is not believed", Poll{Previous: 20 * m, TTL: 9000 * h, New: 1, Items: 9}, 14 * m, 60 * m},
		{"but not where it would cost items", Poll{Previous: 20 * m, Since: 20 * m, TTL: 60 * m, New: 8, Items: 10}, 7*m + 30*time.Second, 12*m + 30*time.Second},
		{"hours to skip move the poll to the next allowed one", Poll{Previous: 40 * m, Now: noon, SkipHours: 1<<13 | 1<<14 | 1<<12, New: 1, Items: 9}, 28 * m, 181*m + 30*time.Second},
		{"days too", Poll{Previous: 40 * m, Now: noon, SkipDays: 1 << noon.Weekday(), New: 1, Items: 9}, 28 * m, 12*h + 90*time.Second},
		{"asking for all hours to be skipped asks for nothing", Poll{Previous: 40 * m, Now: noon, SkipHours: 1<<24 - 1, New: 1, Items: 9}, 28 * m, 28 * m},
		{"max-age is respected", Poll{Previous: 20 * m, MaxAge: 3 * h, New: 1, Items: 9}, 14 * m, 3 * h},
		{"a fixed interval overrides rhythm, ttl and max-age", Poll{Every: 2 * m, Previous: 40 * m, TTL: h, MaxAge: h}, 2 * m, 2 * m},
		{"but not Retry-After", Poll{Every: 2 * m, Failures: 1, RetryAfter: h}, 2 * m, h + h/40},
		{"failures back off by their number", Poll{Previous: 30 * m, Failures: 3}, 30 * m, 90 * m},
		{"up to a day", Poll{Previous: 12 * h, Failures: 9}, 12 * h, 24 * h},
		{"and after thirty up to a week", Poll{Previous: 12 * h, Failures: 40}, 12 * h, 7 * 24 * h},
		{"also when the fixed interval is short", Poll{Every: m, Failures: 2000}, m, 2000 * m},
		{"a feed that is gone is looked at weekly", Poll{Previous: h, Failures: 1, Gone: true}, h, 7 * 24 * h},
		{"Retry-After of months is a mistake", Poll{Previous: h, Failures: 1, RetryAfter: 9000 * h}, h, 24*h + 24*h/40},
		{"the rhythm survives failures", Poll{Previous: 10 * m, Failures: 7, Items: 0}, 10 * m, 70 * m},
	} {
		c.p.Jitter = mid
		got := Next(c.p, limits)
		if got.Interval.Round(time.Second) != c.interval || got.Wait.Round(time.Second) != c.wait.Round(time.Second) {
			t.Errorf("%s: got %s waiting %s, want %s waiting %s", c.why, got.Interval, got.Wait, c.interval, c.wait)
		}
	}
}

func FuzzNext(f *testing.F) {
	f.Add(int64(time.Hour), int64(time.Hour), 20, 3, int64(0), int64(0), 0, 0.3)
	f.Add(int64(time.Minute), int64(0), 0, 0, int64(time.Hour), int64(time.Hour), 99, 0.999)
	f.Fuzz(func(t *testing.T, previous, since int64, items, news int, ttl, retry int64, failures int, jitter float64) {
		if previous < 0 || since < 0 || items < 0 || news < 0 || news > items || ttl < 0 || retry < 0 || failures < 0 || !(jitter >= 0 && jitter < 1) {
			t.Skip()
		}
		p := Poll{
			Previous: time.Duration(previous), Since: time.Duration(since), Items: items, New: news, TTL: time.Duration(ttl),
			RetryAfter: time.Duration(retry), Failures: failures, Jitter: jitter,
		}
		got := Next(p, limits)
		if got.Interval < limits.Floor/2 || got.Interval > limits.Ceiling {
			t.Errorf("interval %s is outside the limits", got.Interval)
		}
		if got.Wait < limits.Floor*9/20 || got.Wait > 8*24*time.Hour {
			t.Errorf("wait is %s", got.Wait)
		}
		if got.Wait < min(p.RetryAfter, maxServerWait) {
			t.Errorf("waits %s although the server asked for %s", got.Wait, p.RetryAfter)
		}
	})
}
