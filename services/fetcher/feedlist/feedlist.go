// Package feedlist reads and writes lists of feeds: the project's own YAML and OPML 2.0. It knows nothing of what is
// configured already; it turns bytes into entries and entries into bytes, and says for each line it could not use why.
package feedlist

import "time"

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

// Parse reads a list in either format, told apart by its first character. See ParseYAML and ParseOPML for what they refuse.
func Parse(data []byte) ([]Entry, []Problem, error) { return nil, nil, nil }

// YAML writes entries as ParseYAML reads them.
func YAML(entries []Entry) ([]byte, error) { return nil, nil }

// OPML writes entries as ParseOPML reads them; title is the list's own, for readers.
func OPML(title string, entries []Entry) ([]byte, error) { return nil, nil }
