package feed

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestCorpus reads the development half of the files that feedparser tests itself with: all but the dead format CDF must
// be read, whatever is wrong with them.
func TestCorpus(t *testing.T) {
	z, err := gzip.NewReader(shared(t, "data/feeds/feedparser_dev.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	all, refused := 0, 0
	for in := tar.NewReader(z); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(h.Name, ".xml") || strings.Contains(h.Name, "/cdf/") {
			continue
		}
		body, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		all++
		if _, err := Parse(body, headerIn(body), base, nil, Limits{}); err != nil {
			refused++
			t.Logf("%s: %v", h.Name, err)
		}
	}
	t.Logf("%d of %d files read", all-refused, all)
	if all == 0 || refused > all/500 {
		t.Errorf("%d of %d files were refused", refused, all)
	}
}

// headerIn is the Content-Type that a file's opening comment asks to be served with.
func headerIn(body []byte) string {
	for line := range strings.Lines(string(body[:min(len(body), 2000)])) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(strings.TrimSpace(name), "Header") {
			if field, value, ok := strings.Cut(value, ":"); ok && strings.EqualFold(strings.TrimSpace(field), "Content-type") {
				return strings.TrimSpace(value)
			}
		}
	}
	return ""
}
