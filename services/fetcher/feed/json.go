package feed

import (
	"bytes"
	"encoding/json"
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
	var whole members
	var items []json.RawMessage
	cut := false
	err := json.Unmarshal(text, &whole)
	if err != nil {
		if whole, items = untilBroken(text); items == nil {
			return Document{}, fmt.Errorf("%w: it begins like JSON Feed but cannot be read: %w", ErrNotFeed, err)
		}
		doc.Damaged, cut = true, true
		doc.Notes = append(doc.Notes, fmt.Sprintf("the document is damaged or cut off; the first %d items in it were read", len(items)))
	} else if items, err = whole.items(); err != nil {
		return Document{}, err
	}
	head, _, notes := whole.only(headMembers)
	parsed, err := read(head)
	if err != nil {
		return Document{}, fmt.Errorf("%w: what it says of itself cannot be read: %w", ErrNotFeed, err)
	}
	items, doc.Known, doc.Over = freshJSON(items, seen, limits.Items)
	for _, left := range notes {
		doc.Notes = append(doc.Notes, "of the feed itself: "+left)
	}
	hashes, itemNotes := doc.readItems(&parsed, items)
	if !strings.Contains(parsed.feed.FeedVersion, "jsonfeed") && len(parsed.entries) == 0 && len(doc.Known) == 0 && !cut {
		return Document{}, fmt.Errorf("%w: it is JSON, but no JSON Feed; it begins %q", ErrNotFeed, beginning(text))
	}
	if doc.Over > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("%d items beyond the first %d new ones were not read", doc.Over, limits.Items))
	}
	doc.fill(parsed, base)
	for i, e := range parsed.entries {
		it := e.adapt(base, nil)
		it.Hash = hashes[i]
		it.Notes = append(it.Notes, itemNotes[i]...)
		doc.Items = append(doc.Items, it)
	}
	return doc, nil
}

// untilBroken reads the members of a document up to where it is damaged or cut; items is nil when they had not begun.
func untilBroken(text []byte) (whole members, items []json.RawMessage) {
	whole = members{}
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil { // the opening brace
		return nil, nil
	}
	for {
		token, err := d.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return whole, items
		}
		if !strings.EqualFold(name, "items") {
			var raw json.RawMessage
			if d.Decode(&raw) != nil {
				return whole, items
			}
			whole[name] = raw
			continue
		}
		if open, err := d.Token(); err != nil || open != json.Delim('[') {
			return whole, items
		}
		items = []json.RawMessage{}
		for d.More() {
			var raw json.RawMessage
			if d.Decode(&raw) != nil {
				return whole, items
			}
			items = append(items, raw)
		}
		if _, err := d.Token(); err != nil { // the closing bracket
			return whole, items
		}
	}
}

// freshJSON is fresh for the items of a JSON Feed.
func freshJSON(items []json.RawMessage, seen func(uint64) bool, limit int) (left []json.RawMessage, known []uint64, over int) {
	for _, raw := range items {
		switch hash := xxhash.Sum64(raw); {
		case seen != nil && seen(hash):
			known = append(known, hash)
		case len(left) == limit:
			over++
		default:
			left = append(left, raw)
		}
	}
	return left, known, over
}

// readItems adds the items that can be read to r and counts the others. hashes and notes are of each one in r; the notes
// say what was left out of it.
func (d *Document) readItems(r *reading, items []json.RawMessage) (hashes []uint64, notes [][]string) {
	for _, raw := range items {
		one, left, ok := readItem(raw)
		if !ok {
			d.lose(raw)
			continue
		}
		r.entries, hashes = append(r.entries, one), append(hashes, xxhash.Sum64(raw))
		notes = append(notes, left)
	}
	if d.Lost > 0 {
		d.Damaged = true
		d.Notes = append(d.Notes, fmt.Sprintf("%d of %d items could not be read and were left out", d.Lost, len(items)))
	}
	return hashes, notes
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
