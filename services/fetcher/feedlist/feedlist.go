// Package feedlist reads and writes lists of feeds: the project's own YAML and OPML 2.0. It knows nothing of what is
// configured already; it turns bytes into entries and entries into bytes, and says for each line it could not use why.
package feedlist

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Entry is one feed of a list, as written; only URL is certain to be there.
type Entry struct {
	URL      string
	ID       string
	Name     string
	Source   string
	Zone     string
	Country  string
	Language string
	// Every is the fixed interval, 0 when the list gives none.
	Every time.Duration
	Tags  []string
	// Pages says whether article pages are fetched; nil when the list does not say.
	Pages *bool
	// Line is where the entry stands in the file, from 1.
	Line int
}

// Problem is a line that could not be used, or only in part; the rest of the list stands.
type Problem struct {
	// Line counts from 1.
	Line int
	// Sentence says what is wrong and what would do.
	Sentence string
}

// ErrList is in the chain of every error that says a list cannot be used as a whole.
var ErrList = errors.New("feed list cannot be used")

// maxList is the most bytes a list may have: some 200,000 feeds of OPML with everything that can be said of them.
const maxList = 64 << 20

// Parse reads a list in either format, told apart by its first character: OPML begins with "<". See ParseYAML and
// ParseOPML for what they refuse. Entries stand in the list's order, each address once.
func Parse(data []byte) ([]Entry, []Problem, error) {
	if len(data) > maxList {
		return nil, nil, fmt.Errorf("%w: it has %d bytes (limit %d); split it", ErrList, len(data), maxList)
	}
	if start := bytes.TrimLeft(data, " \t\r\n\ufeff"); bytes.HasPrefix(start, []byte("<")) {
		return ParseOPML(data)
	}
	entries, err := ParseYAML(data)
	if err != nil {
		return nil, nil, err
	}
	entries, problems := once(entries)
	return entries, problems, nil
}

// once leaves out entries whose address an earlier one has already, and says so.
func once(entries []Entry) (kept []Entry, problems []Problem) {
	first := map[string]int{}
	for _, e := range entries {
		key := feedKey(e.URL)
		if line, there := first[key]; there {
			problems = append(problems, Problem{e.Line, fmt.Sprintf("%s stands in line %d already and is left out here", e.URL, line)})
			continue
		}
		first[key] = e.Line
		kept = append(kept, e)
	}
	return kept, problems
}

// feedKey is the same for addresses that mean one feed: scheme, "www.", default ports, a trailing slash and a fragment make
// no difference. Parameters do; they often choose the feed.
func feedKey(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	return host + strings.TrimRight(u.EscapedPath(), "/") + "?" + u.RawQuery
}

// checkURL returns what is wrong with an address, or "".
func checkURL(address string) string {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return "url is missing; every feed needs an address"
	case err != nil:
		return fmt.Sprintf("url %q is not an address", address)
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return fmt.Sprintf("url %q is not a web address; write http:// or https:// and a host", address)
	}
	return ""
}
