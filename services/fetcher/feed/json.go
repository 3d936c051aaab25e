package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
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
func parseJSON(text []byte, base *url.URL, limits Limits) (Document, error) {
	var whole members
	if err := json.Unmarshal(text, &whole); err != nil {
		return Document{}, fmt.Errorf("%w: it begins like JSON Feed but cannot be read: %w", ErrNotFeed, err)
	}
	items, err := whole.items()
	if err != nil {
		return Document{}, err
	}
	head, _, notes := whole.only(headMembers)
	parsed, err := read(head)
	if err != nil {
		return Document{}, fmt.Errorf("%w: what it says of itself cannot be read: %w", ErrNotFeed, err)
	}
	doc := Document{Over: max(0, len(items)-limits.Items)}
	for _, left := range notes {
		doc.Notes = append(doc.Notes, "of the feed itself: "+left)
	}
	itemNotes := doc.readItems(&parsed, items[:len(items)-doc.Over])
	if !strings.Contains(parsed.feed.FeedVersion, "jsonfeed") && len(parsed.entries) == 0 {
		return Document{}, fmt.Errorf("%w: it is JSON, but no JSON Feed; it begins %q", ErrNotFeed, beginning(text))
	}
	if doc.Over > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("%d items beyond the first %d were not read", doc.Over, limits.Items))
	}
	doc.fill(parsed, base)
	for i, notes := range itemNotes {
		doc.Items[i].Notes = append(doc.Items[i].Notes, notes...)
	}
	return doc, nil
}

// readItems adds the items that can be read to r and counts the others. notes has what was left out of each one in r.
func (d *Document) readItems(r *reading, items []json.RawMessage) (notes [][]string) {
	for _, raw := range items {
		one, left, ok := readItem(raw)
		if !ok {
			d.Lost++
			continue
		}
		r.entries = append(r.entries, one)
		notes = append(notes, left)
	}
	if d.Lost > 0 {
		d.Damaged = true
		d.Notes = append(d.Notes, fmt.Sprintf("%d of %d items could not be read and were left out", d.Lost, len(items)))
	}
	return notes
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

// items are those of a feed; none and null are an empty list. The error wraps ErrNotFeed.
func (m members) items() ([]json.RawMessage, error) {
	raw, ok := m.named()["items"]
	if !ok {
		return nil, nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil, fmt.Errorf("%w: it begins like JSON Feed, but its items are no list; they begin %q", ErrNotFeed, beginning(raw))
	}
	return items, nil
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
