package schedule

import (
	"encoding/json"
	"math"
	"testing"
	"time"
)

func TestRate(t *testing.T) {
	begin := noon.Add(-3 * 24 * time.Hour)
	for _, c := range []struct {
		why     string
		h       History
		perHour float64
	}{
		{"nothing known: a third of a post a day", History{}, 0.3 / 24},
		{"a post an hour", hourly, 0.86},
		{"a post a day", atNoon, 0.86 / 24},
		{"none for ten days", silent, 0.3 / (24 * (10*(1-1/math.E) + 1))},
		{"the first document shows how the feed posted before", History{}.After(noon, []time.Time{begin, begin.Add(time.Hour), begin.Add(2 * time.Hour)}), 0.0294},
		{"back catalogue of years ago does not", History{}.After(noon, []time.Time{begin.AddDate(-5, 0, 0)}), 0.3 / 24},
		{"a post from the future is one of now", History{}.After(noon, []time.Time{noon.AddDate(9, 0, 0)}), 1.3 / 24},
	} {
		mean, soon := c.h.Rate(noon)
		if got := mean * 60; math.Abs(got-c.perHour) > c.perHour/8 {
			t.Errorf("%s: %.4f posts an hour, want %.4f", c.why, got, c.perHour)
		}
		if soon < mean*quietest || soon > mean*busiest {
			t.Errorf("%s: %v soon, %v on average", c.why, soon, mean)
		}
	}
}

func TestSurprise(t *testing.T) {
	for _, c := range []struct {
		why      string
		h        History
		from, to time.Duration // from noon
		want     float64
	}{
		{"six hours of a feed of one an hour", hourly, 0, 6 * time.Hour, 5.1},
		{"half an hour of it", hourly, 0, 30 * time.Minute, 0.43},
		{"the night of a feed that posts at noon is none", atNoon, 8 * time.Hour, 20 * time.Hour, 0.21},
		{"a day without what comes at noon", atNoon, 0, 24 * time.Hour, 0.79},
		{"ten such days: known by few posts, they are no proof", atNoon, 0, 240 * time.Hour, 4.8},
		{"what was learnt fades no more while nothing comes", atNoon.After(noon.Add(240*time.Hour), nil), 0, 240 * time.Hour, 4.8},
		{"nothing passed", hourly, 0, 0, 0},
		{"backwards is nothing", hourly, time.Hour, 0, 0},
		{"nothing known", History{}, 0, 24 * time.Hour, 0.2},
	} {
		if got := c.h.Surprise(noon.Add(c.from), noon.Add(c.to)); math.Abs(got-c.want) > c.want/7 {
			t.Errorf("%s: %.3f, want %.3f", c.why, got, c.want)
		}
	}
}

func TestHistoryTravels(t *testing.T) {
	for _, h := range []History{{}, hourly, silent} {
		data, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		var again History
		if err := json.Unmarshal(data, &again); err != nil || again != h {
			t.Errorf("%s became %+v, %v; want %+v", data, again, err, h)
		}
		if len(data) > 170 {
			t.Errorf("it takes %d bytes", len(data))
		}
	}
	for _, bad := range []string{`"AAAA"`, `7`, `"////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////"`} {
		if json.Unmarshal([]byte(bad), new(History)) == nil {
			t.Errorf("%s was taken for a history", bad)
		}
	}
}

func TestPace(t *testing.T) {
	rates := []float64{1. / 60, 1. / 600, 1. / 6000, 0.3 / 14400}
	l := Limits{Floor: 5 * time.Minute, Ceiling: 12 * time.Hour}
	before := math.Inf(1)
	for _, perDay := range []float64{10, 40, 100, 400} {
		k := Pace(rates, perDay/1440, l)
		if got := asked(rates, k, l) * 1440; math.Abs(got-perDay) > perDay/100 {
			t.Errorf("%v requests a day: pace %v asks %v times", perDay, k, got)
		}
		if k >= before {
			t.Errorf("more requests made the pace slower: %v after %v", k, before)
		}
		before = k
	}
	if k := Pace(rates, 1e9, l); k > 2*leastPace {
		t.Errorf("all the requests one could wish for: pace %v", k)
	}
	if k := Pace(nil, 1, l); k != UsualPace {
		t.Errorf("no feeds: pace %v", k)
	}
}

func FuzzAfter(f *testing.F) {
	f.Add(int64(1700000000), int64(1699999999), int64(1700003600), int64(0))
	f.Add(int64(-1), int64(1<<40), int64(5), int64(-9))
	f.Fuzz(func(t *testing.T, now, posted, then, later int64) {
		const far = 1 << 40
		if max(now, posted, then, later) > far || min(now, posted, then, later) < -far {
			t.Skip()
		}
		h := History{}.After(time.Unix(now, 0), []time.Time{time.Unix(posted, 0), {}})
		h = h.After(time.Unix(then, 0), []time.Time{time.Unix(later, 0)})
		mean, soon := h.Rate(time.Unix(then, 0))
		if !(mean > 0) || !(soon > 0) || math.IsInf(mean, 0) || math.IsInf(soon, 0) {
			t.Errorf("rate %v, soon %v of %+v", mean, soon, h)
		}
	})
}
