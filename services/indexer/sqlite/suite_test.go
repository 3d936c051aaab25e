package sqlite_test

import (
	"path/filepath"
	"testing"

	"tocsin/services/indexer/indextest"
	"tocsin/services/indexer/sqlite"
)

// open opens an index of the test's own.
func open(t *testing.T, o sqlite.Options) *sqlite.Index {
	t.Helper()
	if o.Path == "" {
		o.Path = filepath.Join(t.TempDir(), "index.db")
	}
	x, err := sqlite.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return x
}

func TestSuite(t *testing.T) {
	indextest.Run(t, func(t *testing.T) indextest.Index {
		x := open(t, sqlite.Options{})
		return indextest.Index{Writer: x, Reader: x, Archive: x}
	})
}
