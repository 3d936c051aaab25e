package newsroom

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

// site is one publisher on its own port.
type site struct {
	Source
	base     string // http://host:port, no slash at the end
	room     *Newsroom
	listener net.Listener
	server   *http.Server // nil until served
	items    []Item       // not changed once served
}

// story is an Item as it stands now.
type story struct {
	Item
	Modified time.Time
	URL      string
}

// answer is what goes back for one request, before a fault has its way with it.
type answer struct {
	status   int
	kind     string
	body     []byte
	modified time.Time // zero: not conditional
	header   http.Header
}

func (n *Newsroom) serve(s *site) {
	s.server = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // faults cut connections on purpose
	}
	n.served.Go(func() { _ = s.server.Serve(s.listener) }) // ends with Close, always with an error
}

// close gives answers in progress a second and then cuts them off.
func (s *site) close() error {
	switch {
	case s.listener == nil: // behind the gate
		return nil
	case s.server == nil:
		return s.listener.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := s.server.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
		return s.server.Close()
	} else if err != nil {
		return err
	}
	return nil
}

// ServeHTTP answers for every address of the publisher.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	url := s.base + r.URL.Path
	f := s.room.faults.take(url)
	m := s.mischief(r.URL.Path)
	if m.fault != nil {
		f = *m.fault
	}
	s.room.judge.enter(s, r, m)
	if !f.wait(r, s.room.closing) || f.Reset {
		s.room.traffic.add(url, 0)
		panic(http.ErrAbortHandler)
	}
	a, known := s.find(r.URL.Path, m)
	a = f.spoil(m.condition(a, r))
	s.room.judge.leave(s, r, a, m)
	if known || f.Status != 0 || f.Redirect != "" {
		s.room.traffic.add(url, a.status)
	}
	f.send(w, a, r.Method == http.MethodHead)
}

// closedPath is the beginning of the addresses that robots.txt closes.
const closedPath = "/closed/"

// find makes the answer of one path and reports whether the world has such an address at all.
func (s *site) find(path string, m mischief) (answer, bool) {
	switch path {
	case s.Format.path(), movedPath:
		stories := s.stories()
		last := newest(stories)
		return m.spoil(s, answer{status: 200, kind: s.Format.kind(), body: m.edit(s.feed(m.arrange(s, stories))), modified: last}), true
	case "/":
		return page("front.html", s.front()), true
	case "/robots.txt":
		return answer{status: 200, kind: "text/plain; charset=utf-8", body: []byte("User-agent: *\nDisallow: " + closedPath + "\nAllow: /\n")}, true
	}
	for _, item := range s.items {
		if item.Path != path {
			continue
		}
		if now, modified, exists := item.at(s.room.o.Start, s.room.o.Now()); exists {
			return s.article(story{now, modified, s.base + path}), true
		}
		return missing, true
	}
	return missing, false
}

var missing = answer{status: 404, kind: "text/plain; charset=utf-8", body: []byte("There is no such page.\n")}

// stories are what the feed shows now, newest first, within the window.
func (s *site) stories() []story {
	o := s.room.o
	now := o.Now()
	var all []story
	for _, item := range s.items {
		if item.Leaves > 0 && !now.Before(o.Start.Add(item.Leaves)) {
			continue
		}
		if current, modified, exists := item.at(o.Start, now); exists {
			all = append(all, story{current, modified, s.base + item.Path})
		}
	}
	byTime(all)
	return all[:min(len(all), cmp.Or(s.Window, o.Window))]
}

func newest(stories []story) time.Time {
	var last time.Time
	for _, s := range stories {
		if s.Modified.After(last) {
			last = s.Modified
		}
	}
	return last
}

// condition gives an answer its validators and turns it into 304 when the asker holds it already (RFC 9110, section
// 13.2.2: If-None-Match decides where it is given).
func condition(a answer, r *http.Request) answer {
	if a.status != http.StatusOK {
		return a
	}
	etag := fmt.Sprintf(`"%08x"`, fingerprint(string(a.body)))
	a.header = http.Header{"Etag": {etag}}
	if !a.modified.IsZero() {
		a.header.Set("Last-Modified", a.modified.UTC().Format(http.TimeFormat))
	}
	if match := r.Header.Get("If-None-Match"); match != "" {
		if strings.Contains(match, etag) {
			a.status, a.body = http.StatusNotModified, nil
		}
		return a
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	if err == nil && !a.modified.IsZero() && !a.modified.Truncate(time.Second).After(since) {
		a.status, a.body = http.StatusNotModified, nil
	}
	return a
}

func fingerprint(s string) uint32 {
	h := fnv.New32a()
	_, _ = io.WriteString(h, s) // a hash never fails
	return h.Sum32()
}

// label is the section as shown on a page.
func (s story) label() string { return cmp.Or(s.Section, "News") }
