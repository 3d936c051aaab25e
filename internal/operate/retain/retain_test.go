package retain_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/internal/operate/retain"
	"tocsin/services/indexer"
)

func TestBefore(t *testing.T) {
	at := time.Date(2026, 11, 30, 23, 0, 0, 0, time.FixedZone("", -2*3600)) // December in UTC
	for _, tt := range []struct {
		why    string
		months int
		want   string
	}{
		{"the present month and twelve before it stay", 12, "2025-12-01"},
		{"the fetcher still knows the articles of two months", 2, "2026-10-01"},
		{"one month is too short", 1, ""},
		{"so is none", 0, ""},
	} {
		before, err := retain.Before(at, tt.months)
		if got := before.Format(time.DateOnly); (err == nil) != (tt.want != "") || err == nil && got != tt.want {
			t.Errorf("%s: %s (%v), want %s", tt.why, got, err, tt.want)
		}
	}
}

// shelf is a small index: ids by month.
type shelf struct {
	months  map[string][]string
	failing string
}

func (s shelf) Months(_ context.Context, before time.Time) ([]indexer.Month, error) {
	var all []indexer.Month
	for name, ids := range s.months {
		start, err := time.Parse(indexer.MonthLayout, name)
		if err != nil {
			return nil, err
		}
		if m := (indexer.Month{Name: name, Start: start, Documents: len(ids)}); !m.End().After(before) {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b indexer.Month) int { return a.Start.Compare(b.Start) })
	return all, nil
}

func (s shelf) Holds(_ context.Context, m indexer.Month, ids []string) (n int, err error) {
	for _, id := range ids {
		if slices.Contains(s.months[m.Name], id) {
			n++
		}
	}
	return n, nil
}

func (s shelf) Drop(_ context.Context, m indexer.Month) error {
	if m.Name == s.failing {
		return errors.New("no answer")
	}
	delete(s.months, m.Name)
	return nil
}

func TestWhatIsNeededStays(t *testing.T) {
	s := shelf{months: map[string][]string{"2025.10": {"a"}, "2025.11": {"b", "c"}, "2025.12": {"d"}, "2026.01": {"e"}}}
	plan, err := retain.Plan(t.Context(), s, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), []string{"c", "e", "z"})
	if err != nil || len(plan) != 3 || plan[1].Needed != 1 {
		t.Fatalf("plan %+v (%v)", plan, err)
	}
	var told []string
	tell := func(v retain.Verdict) error {
		told = append(told, v.Name+map[bool]string{true: " dropped", false: " kept"}[v.Dropped])
		return nil
	}
	if err := retain.Drop(t.Context(), s, plan, tell); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(told, ", "); got != "2025.10 dropped, 2025.11 kept, 2025.12 dropped" || len(s.months) != 2 {
		t.Errorf("told %s; left %v", got, s.months)
	}
}

func TestDropStopsAtTheFirstFailure(t *testing.T) {
	s := shelf{months: map[string][]string{"2025.10": {"a"}, "2025.11": {"b"}, "2025.12": {"d"}}, failing: "2025.11"}
	plan, err := retain.Plan(t.Context(), s, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), nil)
	if err != nil {
		t.Fatal(err)
	}
	err = retain.Drop(t.Context(), s, plan, func(retain.Verdict) error { return nil })
	if err == nil || len(s.months) != 2 {
		t.Errorf("left %v (%v)", s.months, err)
	}
}
