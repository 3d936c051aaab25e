package schedule

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// History is what is remembered of when a feed posts: how much per hour of the day, older posts counting less and less. It
// takes some 170 bytes as JSON. The zero value knows nothing.
type History struct {
	// Since is when the feed began to be watched, At when Hours was brought up to date; both zero when nothing is known.
	Since, At time.Time
	// Hours counts posts by the hour of the day, UTC, each with the weight exp(-age/memory).
	Hours [24]float32
}

// memory is how old a post is when it counts a third of a new one.
const memory = 10 * 24 * time.Hour

// After is the history once a poll at now brought items that were posted at the given times; a zero time and one that
// cannot be true count as now. The items of a feed's first poll show how it posted before, as far back as memory goes.
func (h History) After(now time.Time, posted []time.Time) History {
	now = now.UTC()
	first := h.At.IsZero()
	if first {
		h.Since = now
	} else if now.After(h.At) {
		fade := float32(weight(now.Sub(h.At)))
		for i := range h.Hours {
			h.Hours[i] *= fade
		}
	}
	earliest := h.At
	if first {
		earliest = now.Add(-memory)
	}
	for _, at := range posted {
		switch {
		case at.IsZero() || at.After(now):
			at = now
		case at.Before(earliest) && first:
			continue // back catalogue says nothing of today's pace
		case at.Before(earliest):
			at = now
		}
		h.Hours[at.UTC().Hour()] += float32(weight(now.Sub(at)))
		if at.Before(h.Since) {
			h.Since = at.UTC()
		}
	}
	h.At = now
	return h
}

func weight(age time.Duration) float64 { return math.Exp(-float64(age) / float64(memory)) }

// Rate is how many items a minute the feed posts: on average, and as expected in the hours around now.
func (h History) Rate(now time.Time) (mean, soon float64) {
	total := 0.0
	for _, n := range h.Hours {
		total += float64(n)
	}
	watched := memory.Minutes() * (1 - weight(max(now.Sub(h.Since), 0)))
	if h.Since.IsZero() {
		watched = 0
	}
	mean = (total + priorPosts) / (watched + priorMinutes)
	// Five hours, from the last to the third from now, smoothed as if six posts had been spread evenly.
	const hours = 5
	around := 0.0
	for d := range hours {
		around += float64(h.Hours[(now.UTC().Hour()+d+23)%24])
	}
	share := (around + smoothing*hours/24.) / ((total + smoothing) * hours / 24.)
	return mean, mean * min(max(share, quietest), busiest)
}

// Surprise is how surprising it is that nothing was posted between two moments, had the feed gone on as it was at the first
// of them: the negative natural logarithm of the chance of it. Posts are taken to come by chance, at a rate of the hour of
// the day that is itself known by the posts that were counted only (a gamma distribution, so that five posts say less of
// the rate than fifty). Where h is younger than the first moment, nothing was posted since. More than surpriseMost between
// the two count as that.
func (h History) Surprise(from, to time.Time) float64 {
	total := 0.0
	for i := range h.Hours {
		h.Hours[i] /= float32(weight(min(max(h.At.Sub(from), 0), surpriseMost))) // as it was at from
		total += float64(h.Hours[i])
	}
	mean, _ := h.Rate(from)
	if longest := from.Add(surpriseMost); to.After(longest) {
		to = longest
	}
	const step = time.Hour
	missed := 0.0
	for at := from.UTC(); at.Before(to); at = at.Add(step) {
		share := (float64(h.Hours[at.Hour()]) + smoothing/24.) / ((total + smoothing) / 24)
		missed += mean * share * min(step, to.Sub(at)).Minutes()
	}
	known := total + priorPosts
	return known * math.Log1p(missed/known)
}

// surpriseMost is the longest time that Surprise looks at.
const surpriseMost = 60 * 24 * time.Hour

const (
	// priorPosts in priorMinutes is what is assumed of a feed before anything is known of it.
	priorPosts   = 0.3
	priorMinutes = 24 * 60
	smoothing    = 6
	// quietest and busiest bound how far an hour is believed to differ from the mean.
	quietest = 0.15
	busiest  = 3
)

// MarshalJSON implements json.Marshaler: base64 of the packed numbers, "" for what knows nothing.
func (h History) MarshalJSON() ([]byte, error) {
	if h.At.IsZero() {
		return []byte(`""`), nil
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(h.Since.Unix())) //nolint:gosec // seconds of a date
	b = binary.BigEndian.AppendUint64(b, uint64(h.At.Unix()))       //nolint:gosec // seconds of a date
	for _, n := range h.Hours {
		b = binary.BigEndian.AppendUint32(b, math.Float32bits(n))
	}
	return json.Marshal(base64.StdEncoding.EncodeToString(b))
}

// UnmarshalJSON implements json.Unmarshaler.
func (h *History) UnmarshalJSON(data []byte) error {
	var b []byte
	if err := json.Unmarshal(data, &b); err != nil {
		return err
	}
	*h = History{}
	if len(b) == 0 {
		return nil
	}
	if len(b) != 16+4*len(h.Hours) {
		return fmt.Errorf("a feed's history takes %d bytes, want %d", len(b), 16+4*len(h.Hours))
	}
	h.Since = time.Unix(int64(binary.BigEndian.Uint64(b)), 0).UTC()  //nolint:gosec // seconds of a date
	h.At = time.Unix(int64(binary.BigEndian.Uint64(b[8:])), 0).UTC() //nolint:gosec // seconds of a date
	for i := range h.Hours {
		n := math.Float32frombits(binary.BigEndian.Uint32(b[16+4*i:]))
		if !(n >= 0 && n < 1e9) {
			return fmt.Errorf("a feed's history counts %v posts in an hour", n)
		}
		h.Hours[i] = n
	}
	return nil
}
