package flow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWatchlistHasAsManyNamesAsAsked counts the lines of a list and looks for the names that articles ring for.
func TestWatchlistHasAsManyNamesAsAsked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := writeWatchlist(t.Context(), path, 500); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n != 501 {
		t.Errorf("%d lines, want a header and 500 names", n)
	}
	for _, name := range watched {
		if !strings.Contains(string(text), ","+name+"\n") {
			t.Errorf("%s is missing", name)
		}
	}
}
