package indextest

import (
	"fmt"
	"maps"
	"testing"

	"tocsin/services/indexer"
)

// testAccounts writes without a refresh: books see everything that was acknowledged.
func testAccounts(t *testing.T, x Index) {
	books, ok := x.Writer.(indexer.Accountant)
	if !ok {
		t.Fatalf("%T does not implement indexer.Accountant", x.Writer)
	}
	x.accounts(t, books, "an index without articles", nil, map[string]int{})
	x.accounts(t, books, "a question about articles that are not there", []string{"v1", "none"}, map[string]int{})
	x.Refresh = nil
	x.write(t, version(t, 3, 2))
	x.accounts(t, books, "a revision with its patch", []string{"none", "v1", "v1"}, map[string]int{"v1": 3})
	x.write(t, version(t, 7, 0))
	x.accounts(t, books, "a later revision", []string{"v1"}, map[string]int{"v1": 7})

	docs, asked, want := []indexer.Document{}, []string{}, map[string]int{}
	for i := range 2500 {
		id := fmt.Sprintf("many%d", i)
		asked = append(asked, id)
		if i%2 == 0 {
			docs, want[id] = append(docs, quick(t, id, day(2026, 1, 1+i%60))), 1
		}
	}
	x.write(t, docs...)
	x.accounts(t, books, "more articles than fit one question", asked, want)
}

func (x Index) accounts(t *testing.T, books indexer.Accountant, why string, ids []string, want map[string]int) {
	t.Helper()
	got, err := books.Revisions(t.Context(), ids)
	if err != nil {
		t.Fatalf("%s: %v", why, err)
	}
	if !maps.Equal(got, want) {
		t.Errorf("%s: %d revisions, want %d", why, len(got), len(want))
	}
}
