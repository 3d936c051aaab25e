package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// headMembers and itemMembers are the members of a JSON Feed and of its items that are read. Only these reach the library,
// each in the form it needs, so that nothing else in a document can make it fail.
var (
	headMembers = []member{{"version", asText}, {"title", asText}, {"home_page_url", asText}, {"language", asText}}
	itemMembers = []member{
		{"id", asIs}, {"url", asText}, {"external_url", asText}, {"title", asText}, {"summary", asText}, {"content_html", asText},
		{"content_text", asText}, {"date_published", asText}, {"date_modified", asText}, {"author", asPerson}, {"authors", asPeople},
	}
)

// member is one that is read, and how.
type member struct {
	name string
	form form
}

// parseJSON reads a document that begins like JSON. Each item is read as a document of its own: a bad one costs only itself.
func parseJSON(text []byte, base *url.URL, seen func(uint64) bool, limits Limits) (Document, error) {
	var doc Document
	w := walker{limits: limits, seen: seen, head: members{}, doc: &doc}
	cut := w.walk(text)
	if w.noList != nil {
		return Document{}, fmt.Errorf("%w: it begins like JSON Feed, but its items are no list; they begin %q", ErrNotFeed, beginning(w.noList))
	}
	if cut != nil && w.items == nil {
		return Document{}, fmt.Errorf("%w: it begins like JSON Feed but cannot be read: %w", ErrNotFeed, cut)
	}
	if cut != nil {
		doc.Damaged = true
		doc.Notes = append(doc.Notes, fmt.Sprintf("the document is damaged or cut off; the first %d new items in it were read", len(w.items)))
	}
	head, _, notes := w.head.only(headMembers)
	parsed, err := read(head)
	if err != nil {
		return Document{}, fmt.Errorf("%w: what it says of itself cannot be read: %w", ErrNotFeed, err)
	}
	for _, left := range notes {
		doc.Notes = append(doc.Notes, "of the feed itself: "+left)
	}
	doc.fill(parsed, base)
	doc.readItems(w.items, base)
	if !strings.Contains(parsed.feed.FeedVersion, "jsonfeed") && len(doc.Items)+len(doc.Known) == 0 && cut == nil {
		return Document{}, fmt.Errorf("%w: it is JSON, but no JSON Feed; it begins %q", ErrNotFeed, beginning(text))
	}
	if doc.Over > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("%d items beyond the first %d new ones were not read", doc.Over, limits.Items))
	}
	return doc, nil
}

// walker goes through a document and keeps what is read of it, however much else there is; all it keeps are parts of the
// document.
type walker struct {
	limits Limits
	seen   func(uint64) bool
	head   members
	// items are the new ones; nil when the list had not begun. noList is what stands there instead.
	items  []json.RawMessage
	noList json.RawMessage
	doc    *Document
}

// walk returns where the document is damaged or cut off, nil when it is whole. Of two lists of items the last counts.
func (w *walker) walk(text []byte) error {
	s := scan{text: text}
	if err := s.expect('{'); err != nil {
		return err
	}
	for first := true; ; first = false {
		if more, err := s.more(first, '}'); err != nil || !more {
			if err == nil && s.peek() != 0 {
				err = errors.New("something follows after its end")
			}
			return err
		}
		raw, err := s.value()
		if err != nil {
			return err
		}
		var name string
		if err := json.Unmarshal(raw, &name); err != nil {
			return errors.New("a member has no name")
		}
		if err := s.expect(':'); err != nil {
			return err
		}
		if strings.EqualFold(name, "items") {
			err = w.list(&s)
		} else {
			err = w.member(&s, name)
		}
		if err != nil {
			return err
		}
	}
}

// member keeps a member of the feed itself when it is one that is read.
func (w *walker) member(s *scan, name string) error {
	raw, err := s.value()
	if err != nil {
		return err
	}
	lower := strings.ToLower(name)
	wanted := slices.ContainsFunc(headMembers, func(m member) bool { return m.name == lower })
	if wanted && len(raw) <= w.limits.Head && json.Valid(raw) {
		w.head[name] = raw
	}
	return nil
}

// list takes the items one by one.
func (w *walker) list(s *scan) error {
	switch s.peek() {
	case '[':
		s.at++
	case 'n':
		_, err := s.value() // null: none
		return err
	case 0:
		return errEnd
	default:
		w.noList = s.text[s.at:]
		if whole, err := s.value(); err == nil {
			w.noList = whole
		}
		return errors.New("no list")
	}
	w.items, w.doc.Known, w.doc.Over = []json.RawMessage{}, nil, 0
	for first := true; ; first = false {
		if more, err := s.more(first, ']'); err != nil || !more {
			return err
		}
		raw, err := s.value()
		if err != nil {
			return err
		}
		switch hash := xxhash.Sum64(raw); {
		case w.seen != nil && w.seen(hash):
			w.doc.Known = append(w.doc.Known, hash)
		case len(w.items) == w.limits.Items:
			w.doc.Over++
		case len(raw) > w.limits.Item:
			w.items = append(w.items, raw[:min(len(raw)/2, brokenBytes)]) // no item any more: it will count as lost
		default:
			w.items = append(w.items, raw)
		}
	}
}

// readItems adds the items that can be read and counts the others.
func (d *Document) readItems(items []json.RawMessage, base *url.URL) {
	for _, raw := range items {
		one, left, ok := readItem(raw)
		if !ok {
			d.lose(raw)
			continue
		}
		it := one.adapt(base, nil)
		it.Hash = xxhash.Sum64(raw)
		it.Notes = append(it.Notes, left...)
		d.Items = append(d.Items, it)
	}
	if d.Lost > 0 {
		d.Damaged = true
		d.Notes = append(d.Notes, fmt.Sprintf("%d of %d items could not be read and were left out", d.Lost, len(items)))
	}
}

// readItem reads one item; left says what of it was left out. An item of which nothing is left cannot be read.
func readItem(raw json.RawMessage) (one entry, left []string, ok bool) {
	var own members
	if err := json.Unmarshal(raw, &own); err != nil || own == nil {
		return entry{}, nil, false
	}
	item, kept, left := own.only(itemMembers)
	if kept == 0 && len(left) > 0 {
		return entry{}, nil, false
	}
	parsed, err := read(join([]byte(`{"items":[`), item, []byte(`]}`)))
	if err != nil || len(parsed.entries) != 1 {
		return entry{}, nil, false
	}
	return parsed.entries[0], left, true
}

// members are those of a JSON object, as written.
type members map[string]json.RawMessage

// named gives each member under its name in lower case; of several that differ in case only, the lower one stands.
func (m members) named() members {
	lower := make(members, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) { // capitals sort first
		lower[strings.ToLower(name)] = m[name]
	}
	return lower
}

// only writes an object of the wanted members alone, each in its form, and counts those it kept. left has a sentence for
// every one that had to be left out.
func (m members) only(wanted []member) (object []byte, kept int, left []string) {
	own := m.named()
	object = []byte{'{'}
	for _, w := range wanted {
		raw, ok := own[w.name]
		if !ok || string(raw) == "null" {
			continue
		}
		fitting, ok := w.form(raw)
		if !ok {
			left = append(left, fmt.Sprintf("%s has the wrong type and was left out", w.name))
			continue
		}
		if kept > 0 {
			object = append(object, ',')
		}
		object = fmt.Appendf(object, "%q:%s", w.name, fitting)
		kept++
	}
	return append(object, '}'), kept, left
}

// form makes of a member what the library can read; ok is false when nothing can be made of it. raw is never empty.
type form func(raw json.RawMessage) (fitting json.RawMessage, ok bool)

// asIs is for the id: a number or whatever else stands there is an id too (JSON Feed 1.1, "Items").
func asIs(raw json.RawMessage) (json.RawMessage, bool) { return raw, true }

// asText takes a string, and a number as its digits.
func asText(raw json.RawMessage) (json.RawMessage, bool) {
	switch c := raw[0]; {
	case c == '"':
		return raw, true
	case c == '-' || c >= '0' && c <= '9':
		return join([]byte{'"'}, raw, []byte{'"'}), true
	}
	return nil, false
}

// asPerson takes an object with a name, and a name alone.
func asPerson(raw json.RawMessage) (json.RawMessage, bool) {
	if raw[0] == '{' {
		var own members
		if err := json.Unmarshal(raw, &own); err != nil {
			return nil, false
		}
		person, _, left := own.only([]member{{"name", asText}})
		return person, len(left) == 0
	}
	name, ok := asText(raw)
	return join([]byte(`{"name":`), name, []byte(`}`)), ok
}

// asPeople takes a list of persons without those that are none, and a person alone.
func asPeople(raw json.RawMessage) (json.RawMessage, bool) {
	var all []json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		all = []json.RawMessage{raw}
	}
	var people [][]byte
	for _, one := range all {
		if person, ok := asPerson(one); ok {
			people = append(people, person)
		}
	}
	if len(people) == 0 && len(all) > 0 {
		return nil, false
	}
	return join([]byte{'['}, bytes.Join(people, []byte{','}), []byte{']'}), true
}
