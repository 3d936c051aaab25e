package extractor_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"mime"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/net/html/charset"

	"tocsin/pkg/messages"
)

var update = flag.Bool("update", false, "write what the extractor gives into testdata/articles as what it should give")

// A golden article is a txtar file of raw.json, the RawArticle without its page; page.html, the page, in UTF-8 here and
// encoded as raw.json's page_type says; and want.json, the EnrichedArticle. Dates are left out of it: the dates room
// tests them, and here only that their spans hold.
func TestGoldenArticles(t *testing.T) {
	files, err := filepath.Glob("testdata/articles/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden articles found (%v)", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld()
			one(t, start(t, w, khalimov), delivery(t, goldenRaw(t, ar)))
			got := pretty(t, w.articles(t)[0])
			if *update {
				setSection(ar, "want.json", got)
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(section(ar, "want.json")), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", bytes.TrimSpace(ar.Comment), diff)
			}
		})
	}
}

func goldenRaw(t *testing.T, ar *txtar.Archive) messages.RawArticle {
	t.Helper()
	var raw messages.RawArticle
	if err := json.Unmarshal(section(ar, "raw.json"), &raw); err != nil {
		t.Fatal(err)
	}
	page := section(ar, "page.html")
	if page == nil {
		return raw
	}
	if _, params, err := mime.ParseMediaType(raw.PageType); err == nil && params["charset"] != "" {
		enc, _ := charset.Lookup(params["charset"])
		if page, err = enc.NewEncoder().Bytes(page); err != nil {
			t.Fatal(err)
		}
	}
	raw.Page = packed(page)
	return raw
}

func pretty(t *testing.T, a messages.EnrichedArticle) []byte {
	t.Helper()
	a.Dates = []messages.Date{}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(a); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func section(ar *txtar.Archive, name string) []byte {
	for _, f := range ar.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func setSection(ar *txtar.Archive, name string, data []byte) {
	for i, f := range ar.Files {
		if f.Name == name {
			ar.Files[i].Data = data
			return
		}
	}
	ar.Files = append(ar.Files, txtar.File{Name: name, Data: data})
}
