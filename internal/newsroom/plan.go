package newsroom

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Planned spoils the feed of one publisher for a time. Of several at once the first counts.
type Planned struct {
	// Source is the publisher's slug, Mischief one of Mischiefs.
	Source, Mischief string
	// From and Until are counted from Options.Start.
	From, Until time.Duration
}

// Mischiefs are the names of everything a plan can do to a feed, in order.
func Mischiefs() []string { return slices.Sorted(maps.Keys(mischiefs())) }

// movedPath is where a feed that moved is found.
const movedPath = "/moved/feed"

// mischief is one way of spoiling a feed. Its parts work on the stories it shows, its bytes, its answer and the wire, in
// this order; nil leaves as it was.
type mischief struct {
	name    string
	stories func(s *site, all []story) []story
	body    func(b []byte) []byte
	answer  func(s *site, a answer) answer
	fault   *Fault
	lies    bool // answers 304 to every condition
}

func (m mischief) arrange(s *site, all []story) []story {
	if m.stories == nil {
		return all
	}
	return m.stories(s, slices.Clone(all))
}

func (m mischief) edit(b []byte) []byte {
	if m.body == nil {
		return b
	}
	return m.body(b)
}

func (m mischief) spoil(s *site, a answer) answer {
	if m.answer == nil {
		return a
	}
	return m.answer(s, a)
}

// condition gives an answer its validators, honestly or not.
func (m mischief) condition(a answer, r *http.Request) answer {
	if m.lies && (r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != "") {
		a.status, a.body, a.header = http.StatusNotModified, nil, nil
		return a
	}
	return condition(a, r)
}

// mischief is what the plan has for an address now.
func (s *site) mischief(path string) mischief {
	if path != s.Format.path() {
		return mischief{}
	}
	passed := s.room.o.Now().Sub(s.room.o.Start)
	for _, p := range s.room.o.Plan {
		if p.Source == s.Slug && passed >= p.From && passed < p.Until {
			m := mischiefs()[p.Mischief]
			m.name = p.Mischief
			return m.hasten(s.room.o.Haste)
		}
	}
	return mischief{}
}

// hasten shortens what the mischief makes a feed ask for.
func (m mischief) hasten(by float64) mischief {
	if m.fault == nil || by == 1 {
		return m
	}
	seconds, err := strconv.Atoi(m.fault.Header.Get("Retry-After"))
	if err != nil {
		return m
	}
	f := *m.fault
	f.Header = maps.Clone(f.Header)
	f.Header.Set("Retry-After", strconv.Itoa(max(1, int(float64(seconds)/by))))
	m.fault = &f
	return m
}

func status(code int, header ...string) mischief {
	f := Fault{Status: code, Header: http.Header{}}
	for i := 0; i+1 < len(header); i += 2 {
		f.Header.Set(header[i], header[i+1])
	}
	return mischief{fault: &f}
}

func wire(f Fault) mischief                         { return mischief{fault: &f} }
func bytesOf(f func([]byte) []byte) mischief        { return mischief{body: f} }
func shown(f func(*site, []story) []story) mischief { return mischief{stories: f} }

// each changes every story by itself.
func each(f func(i int, s story) story) mischief {
	return shown(func(_ *site, all []story) []story {
		for i := range all {
			all[i] = f(i, all[i])
		}
		return all
	})
}

func replace(old, by string, n int) mischief {
	return bytesOf(func(b []byte) []byte { return bytes.Replace(b, []byte(old), []byte(by), n) })
}

func instead(kind, body string) mischief {
	return mischief{answer: func(_ *site, a answer) answer { a.kind, a.body = kind, []byte(body); return a }}
}

func header(name, value string) mischief {
	return mischief{fault: &Fault{Header: http.Header{name: {value}}}}
}

// mischiefs are the faults of feeds as they are met in the wild, by name. They are made when they are first asked for:
// some are large, and every program with a sample in it links this package.
var mischiefs = sync.OnceValue(func() map[string]mischief {
	return map[string]mischief{
		"slow-start":    wire(Fault{Delay: 30 * time.Millisecond}),
		"hang":          wire(Fault{Hang: true}),
		"reset":         wire(Fault{Reset: true}),
		"500":           status(500),
		"502":           status(502),
		"503-retry":     status(503, "Retry-After", "7200"),
		"429-seconds":   status(429, "Retry-After", "5400"),
		"429-bare":      status(429),
		"403":           status(403),
		"401":           status(401),
		"404":           status(404),
		"410":           status(410),
		"moved":         {answer: func(s *site, _ answer) answer { return away(301, s.base+movedPath) }},
		"moved-briefly": {answer: func(s *site, _ answer) answer { return away(302, s.base+movedPath) }},
		"redirect-loop": {answer: func(s *site, _ answer) answer { return away(301, s.base+s.Format.path()) }},
		"to-private":    {answer: func(*site, answer) answer { return away(302, "http://10.0.0.1/feed") }},
		"to-nowhere":    {answer: func(*site, answer) answer { return away(302, "http://nowhere.invalid/feed") }},
		"to-no-tls": {answer: func(s *site, _ answer) answer {
			return away(302, strings.Replace(s.base, "http:", "https:", 1)+s.Format.path())
		}},
		"to-file":        {answer: func(*site, answer) answer { return away(302, "file:///etc/passwd") }},
		"cut-wire":       wire(Fault{Truncate: 900}),
		"cut-body":       bytesOf(func(b []byte) []byte { return b[:len(b)*2/3] }),
		"wrong-charset":  header("Content-Type", "application/rss+xml; charset=iso-8859-1"),
		"wrong-encoding": replace(`encoding="UTF-8"`, `encoding="us-ascii"`, 1),
		"wrong-type":     header("Content-Type", "text/plain"),
		"bom":            bytesOf(func(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) }),
		"bare-ampersand": replace("&amp;", "&", -1),
		"bare-less":      replace("</description>", " 3 < 4</description>", 1),
		"control-chars":  replace(" the ", " \x0bthe ", -1),
		"warning-first": bytesOf(func(b []byte) []byte {
			return append([]byte("<br />\n<b>Warning</b>: Undefined variable in feed.php\n\n"), b...)
		}),
		"html":            instead("text/html", "<!doctype html><html><head><title>Please wait</title></head><body><p>Checking your browser</p></body></html>"),
		"empty-body":      instead("application/rss+xml", ""),
		"huge":            bytesOf(func(b []byte) []byte { return append(b, bytes.Repeat([]byte("<!-- padding -->"), 1<<19)...) }),
		"gzip-bomb":       bomb("gzip", gzipped(bytes.Repeat([]byte(" "), bombSize))),
		"brotli-bomb":     bomb("br", brotliSpaces()),
		"zstd-bomb":       bomb("zstd", zstdSpaces()),
		"deep":            instead("application/rss+xml", "<rss><channel>"+strings.Repeat("<a:b xmlns:a='x'>", 50_000)),
		"xmlns":           instead("application/rss+xml", "<rss "+manyNames()+"><channel></channel></rss>"),
		"etag-lies":       {lies: true},
		"modified-future": header("Last-Modified", "Wed, 01 Jan 2098 00:00:00 GMT"),
		"clock-ahead":     header("Date", "Wed, 01 Jan 2098 00:00:00 GMT"),
		"clock-behind":    header("Date", "Sun, 01 Jan 2006 00:00:00 GMT"),
		"dates-missing":   bytesOf(func(b []byte) []byte { return cutAll(b, "<pubDate>", "</pubDate>") }),
		"dates-unreadable": bytesOf(func(b []byte) []byte {
			return bytes.ReplaceAll(cutAll(b, "<pubDate>", "</pubDate>"), []byte("<guid"), []byte("<pubDate>yesterday-ish</pubDate><guid"))
		}),
		"dates-future":  each(func(_ int, s story) story { s.Published = s.Published.AddDate(1, 0, 0); return s }),
		"guids-new":     each(func(i int, s story) story { s.ID += "?" + strconv.Itoa(i); return s }),
		"guid-repeated": each(func(_ int, s story) story { s.ID = "same"; return s }),
		"guids-missing": replace("guid", "gone", -1),
		"host-flips":    each(func(_ int, s story) story { s.URL = strings.Replace(s.URL, "http://", "https://www.", 1); return s }),
		"renamed": each(func(_ int, s story) story {
			s.ID, s.URL = s.ID+"-b", strings.Replace(s.URL, "/news/", "/news/b/", 1)
			return s
		}),
		"tracking":     each(func(i int, s story) story { s.URL += "?utm_source=rss&utm_id=" + strconv.Itoa(i); return s }),
		"reordered":    shown(func(_ *site, all []story) []story { slices.Reverse(all); return all }),
		"old-again":    shown(func(s *site, all []story) []story { return append(all, s.older(len(all), 20)...) }),
		"ten-thousand": bytesOf(manyItems),
	}
})

func away(code int, to string) answer {
	return answer{status: code, header: http.Header{"Location": {to}}}
}

func manyNames() string {
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, "xmlns:n%d='u%d' ", i, i)
	}
	return b.String()
}

// manyItems appends ten thousand items that have neither link nor date.
func manyItems(b []byte) []byte {
	var more bytes.Buffer
	for i := range 10_000 {
		fmt.Fprintf(&more, "<item><title>Filler %d</title><guid isPermaLink=\"false\">filler-%d</guid></item>", i, i)
	}
	return bytes.Replace(b, []byte("</channel>"), append(more.Bytes(), "</channel>"...), 1)
}

// cutAll removes everything from open to end, both included, wherever it stands.
func cutAll(b []byte, open, end string) []byte {
	var out []byte
	for {
		before, after, found := bytes.Cut(b, []byte(open))
		out = append(out, before...)
		if !found {
			return out
		}
		_, b, _ = bytes.Cut(after, []byte(end))
	}
}

// older are up to n stories that have left the window.
func (s *site) older(shown, n int) []story {
	now := s.room.o.Now()
	var all []story
	for _, item := range s.items {
		if current, modified, exists := item.at(s.room.o.Start, now); exists {
			all = append(all, story{current, modified, s.base + item.Path})
		}
	}
	byTime(all)
	return all[min(shown, len(all)):min(shown+n, len(all))]
}
