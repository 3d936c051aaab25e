package newsroom

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// judge watches how a reader of feeds behaves, by the world's own clock.
type judge struct {
	mu     sync.Mutex
	hosts  map[string]*manners
	faults []string
}

// repeats are mischiefs that are met more than once by one request: a connection that was kept and is reset is tried once
// more on a new one, as HTTP clients do.
var repeats = map[string]bool{"redirect-loop": true, "reset": true}

// manners is what one host knows of its reader.
type manners struct {
	last  time.Time // start of the last feed request
	after time.Time // asked to be left alone until then
	why   string
	whole time.Time // the last whole answer with validators that nothing spoilt
	again int       // how often a whole one was asked for once more since then
}

// Rules of a polite reader (research: site owners and what other pollers were blocked for).
const (
	feedsApart = 2 * time.Second
	wholeApart = 11 * time.Hour
	goneRest   = 6 * 24 * time.Hour
	// A reader may ask again while it works through a long list of pages, which it fetches slowly.
	wholeAgain  = 8
	workThrough = 10 * time.Minute
)

// Impolite lists what a reader of the feeds did that site owners block for: two feeds of a host within two seconds, asking
// before the time it was told, whole documents again and again where it could ask for changes,
// pages that robots.txt closes.
func (n *Newsroom) Impolite() []string {
	n.judge.mu.Lock()
	defer n.judge.mu.Unlock()
	return append([]string(nil), n.judge.faults...)
}

func (j *judge) of(s *site) *manners {
	m := j.hosts[s.Slug]
	if m == nil {
		m = &manners{}
		j.hosts[s.Slug] = m
	}
	return m
}

func (j *judge) blame(s *site, now time.Time, format string, args ...any) {
	j.faults = append(j.faults, fmt.Sprintf("%s %s: ", now.UTC().Format(time.DateTime), s.Slug)+fmt.Sprintf(format, args...))
}

// enter judges a request: one for a feed by its time and condition, any by what robots.txt closes.
func (j *judge) enter(s *site, r *http.Request, m mischief) {
	if strings.HasPrefix(r.URL.Path, closedPath) {
		j.mu.Lock()
		j.blame(s, s.room.o.Now(), "fetched %s, which robots.txt closes", r.URL.Path)
		j.mu.Unlock()
	}
	if r.URL.Path != s.Format.path() {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	now, have := s.room.o.Now(), j.of(s)
	if gap := now.Sub(have.last); !have.last.IsZero() && gap < feedsApart && !repeats[m.name] {
		j.blame(s, now, "asked again after %v", gap)
	}
	have.last = now
	if now.Before(have.after) {
		j.blame(s, now, "asked %v before the time it was told (%s)", have.after.Sub(now).Round(time.Second), have.why)
	}
	conditional := r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != ""
	if !conditional && m.name == "" && !have.whole.IsZero() && now.Sub(have.whole) < wholeApart {
		if have.again++; have.again <= wholeAgain && now.Sub(have.whole) < workThrough {
			return
		}
		j.blame(s, now, "asked for the whole feed %v after it had it", now.Sub(have.whole).Round(time.Second))
	}
}

// leave remembers what the answer asked for.
func (j *judge) leave(s *site, r *http.Request, a answer, m mischief) {
	if r.URL.Path != s.Format.path() {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	now, have := s.room.o.Now(), j.of(s)
	have.after, have.why = time.Time{}, ""
	switch a.status {
	case http.StatusGone:
		have.after, have.why = now.Add(goneRest), "410"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		var seconds int
		_, _ = fmt.Sscan(a.header.Get("Retry-After"), &seconds) // none is 0
		have.after, have.why = now.Add(time.Duration(seconds)*time.Second), fmt.Sprint(a.status)
	}
	switch {
	case m.name != "":
		have.whole = time.Time{}
	case a.status == http.StatusOK && a.header.Get("Etag") != "":
		if now.Sub(have.whole) >= workThrough {
			have.again = 0
		}
		have.whole = now
	}
}
