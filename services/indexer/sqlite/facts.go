package sqlite

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/words"
)

// facts writes the rows that questions filter and count by, each table's in the order of its key.
func (b *batch) facts(places []place) error {
	var mentioned, watched []any
	var named []keyed
	for _, p := range places {
		var err error
		if named, err = b.named(named, p); err != nil {
			return fmt.Errorf("names of article %s: %w", p.ID, err)
		}
		mentioned = dates(mentioned, p)
		for _, w := range p.Watch {
			list, entry, _ := strings.Cut(w, ".")
			watched = append(watched, list, entry, p.rid)
		}
	}
	if err := b.insert(b.x.put.named, inOrder(named)); err != nil {
		return fmt.Errorf("names: %w", err)
	}
	if err := b.insert(b.x.put.mentioned, mentioned); err != nil {
		return fmt.Errorf("dates: %w", err)
	}
	if err := b.insert(b.x.put.watched, watched); err != nil {
		return fmt.Errorf("watched names: %w", err)
	}
	if err := b.sketches(places); err != nil {
		return fmt.Errorf("sketches: %w", err)
	}
	return nil
}

// keyed is a row that leads from a name or a hash to an article.
type keyed struct{ key, rid int64 }

// inOrder are the values of the rows in the order of the table's key, which spares it looking for each row's place from
// the top.
func inOrder(rows []keyed) []any {
	slices.SortFunc(rows, func(a, b keyed) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.rid, b.rid)) })
	values := make([]any, 0, 2*len(rows))
	for _, r := range rows {
		values = append(values, r.key, r.rid)
	}
	return values
}

func (b *batch) named(rows []keyed, p place) ([]keyed, error) {
	for _, k := range []struct {
		kind        string
		shown, keys []string
	}{
		{messages.KindPerson, p.Persons, p.PersonKeys},
		{messages.KindOrganization, p.Organizations, p.OrganizationKeys},
		{messages.KindPlace, p.Places, p.PlaceKeys},
	} {
		for i, shown := range k.shown {
			nid, err := b.name(spelling{k.kind, k.keys[i], words.Fold(shown)}, shown)
			if err != nil {
				return nil, err
			}
			rows = append(rows, keyed{nid, p.rid})
		}
	}
	return rows, nil
}

// name is the row of a name's spelling, made where there is none; the form that was written last is shown.
func (b *batch) name(s spelling, shown string) (int64, error) {
	if known, ok := b.x.names[s]; ok && known.shown == shown {
		return known.nid, nil
	}
	var nid int64
	err := b.row(b.x.put.putName, s.kind, s.key, s.folded, shown).Scan(&nid)
	if err != nil {
		return 0, err
	}
	b.x.names.keep(s, knownName{nid, shown})
	return nid, nil
}

// spelling is what is unique about a name.
type spelling struct{ kind, key, folded string }

type knownName struct {
	nid   int64
	shown string
}

// knownNames spare the index looking up the same names again and again. Rows of names are never deleted, so that what is
// known stays true.
type knownNames map[spelling]knownName

// namesKnown bounds the known names, at some 200 bytes each. When they are that many, all are forgotten.
const namesKnown = 100_000

func (n knownNames) keep(s spelling, k knownName) {
	if len(n) >= namesKnown {
		n.forget()
	}
	n[s] = k
}

func (n knownNames) forget() { clear(n) }

func dates(values []any, p place) []any {
	for wide, ranges := range [][]indexer.Range{p.Mentioned, p.MentionedWide} {
		for _, r := range ranges {
			values = append(values, int64(wide), since(r.From), until(r.To), p.rid)
		}
	}
	return values
}

// since is the start of an interval in milliseconds; an open start is before everything.
func since(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.UnixMilli()
}

// until is the end of an interval in milliseconds; an open end is after everything.
func until(t time.Time) int64 {
	if t.IsZero() {
		return math.MaxInt64
	}
	return t.UnixMilli()
}
