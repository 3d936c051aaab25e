package pages_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"tocsin/internal/operate/pages"
	"tocsin/pkg/messages"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// attic holds pages that nothing names, in memory; RAW and the dead letters are empty.
type attic struct {
	there  map[string]pages.Page
	maxAge time.Duration
	broken error
	read   int
}

func newAttic(n int) *attic {
	a := &attic{there: map[string]pages.Page{}, maxAge: time.Hour}
	for i := range n {
		name := fmt.Sprintf("a%d.1", i)
		a.there[name] = pages.Page{Name: name, Stored: noon.AddDate(0, 0, -9)}
	}
	return a
}

func (a *attic) List(context.Context) (all []pages.Page, err error) {
	for _, p := range a.there {
		all = append(all, p)
	}
	return all, nil
}

func (a *attic) Remove(_ context.Context, p pages.Page) (bool, error) {
	if a.broken == nil {
		delete(a.there, p.Name)
	}
	return a.broken == nil, a.broken
}

func (a *attic) MaxAge(context.Context) (time.Duration, error) { return a.maxAge, nil }

func (a *attic) Headers(context.Context, string, time.Time, func(messages.Delivery) error) error {
	a.read++
	return a.broken
}

func TestOneSweepIsBoundedAndTheNextGoesOn(t *testing.T) {
	a := newAttic(pages.Most + 5)
	for _, want := range []pages.Outcome{{Removed: pages.Most, Kept: 5, Left: 5}, {Removed: 5}, {}} {
		if o, err := pages.Sweep(t.Context(), a, a, noon); o != want || err != nil {
			t.Errorf("the outcome is %+v, want %+v (%v)", o, want, err)
		}
	}
	if a.read != 6 {
		t.Errorf("streams were read %d times; a sweep with nothing to remove reads none", a.read)
	}
}

func TestNothingGoesWhenInDoubt(t *testing.T) {
	for _, c := range []struct {
		sentence string
		doubt    func(*attic)
		fails    bool
	}{
		{"RAW keeps its messages for ever", func(a *attic) { a.maxAge = 0 }, false},
		{"the streams cannot be read", func(a *attic) { a.broken = errors.New("no answer") }, true},
		{"RAW's limit was extended beyond the pages' age", func(a *attic) { a.maxAge = 9 * 24 * time.Hour }, false},
	} {
		a := newAttic(3)
		c.doubt(a)
		o, err := pages.Sweep(t.Context(), a, a, noon)
		if o != (pages.Outcome{Kept: 3}) || (err != nil) != c.fails || len(a.there) != 3 {
			t.Errorf("%s: %d pages stay, the outcome is %+v (%v)", c.sentence, len(a.there), o, err)
		}
	}
}
