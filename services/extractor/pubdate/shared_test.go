package pubdate_test

import (
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tocsin/services/extractor/pubdate"
)

// shared is the folder of the development sets, which are no part of the repository.
func shared() string { return cmp.Or(os.Getenv("TOCSIN_SHARED"), "../../../../shared") }

// Sixty news texts whose second line is a dateline; all were right when this was written.
func TestDatelinesOfNews(t *testing.T) {
	f, err := os.Open(filepath.Join(shared(), "data", "dates", "meantime_dev.jsonl.gz"))
	if err != nil {
		t.Skipf("the texts are not here (set TOCSIN_SHARED to the folder of the development sets): %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	texts, right := 0, 0
	for lines := json.NewDecoder(z); ; texts++ {
		var doc struct{ ID, DCT, Text string }
		if err := lines.Decode(&doc); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		found := pubdate.Find(pubdate.Article{Text: doc.Text}, pubdate.Bounds{FetchedAt: fetched})
		if found.Local.Format(time.DateOnly) == doc.DCT {
			right++
		} else {
			t.Logf("%s: got %s; want %s", doc.ID, written(found), doc.DCT)
		}
	}
	if texts == 0 || right < texts*95/100 {
		t.Errorf("%d of %d right; want 95 %%", right, texts)
	}
}
