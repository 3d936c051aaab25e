package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func measured[T any](t *testing.T, args ...string) []T {
	t.Helper()
	var out bytes.Buffer
	if err := run(args, &out); err != nil {
		t.Fatal(err)
	}
	var rows []T
	for d := json.NewDecoder(&out); d.More(); {
		var r T
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestCorpus: a value that is met, one that is not, a file without one, and what is left out.
func TestCorpus(t *testing.T) {
	dir := t.TempDir()
	feed := func(comment, title string) string {
		return "<!--\n" + comment + "\n--><rss version=\"2.0\"><channel><title>" + title + "</title><item><pubDate>Thu, 01 Jan 2004 19:48:21 GMT</pubDate></item></channel></rss>"
	}
	write(t, filepath.Join(dir, "a.xml"), feed(`Expect: not bozo and feed['title'] == u'caf\xe9'`, "café"))
	write(t, filepath.Join(dir, "b.xml"), feed(`Expect: not bozo and feed['title'] == 'other'`, "café"))
	write(t, filepath.Join(dir, "c.xml"), feed(`Expect: not bozo and entries[0]['published'] == '2004-01-01T20:48:21+01:00'`, "x"))
	write(t, filepath.Join(dir, "d.xml"), "no feed at all")
	write(t, filepath.Join(dir, "base", "e.xml"), feed(`Expect: not bozo and feed['title'] == 'x'`, "y"))
	write(t, filepath.Join(dir, "cdf", "f.xml"), "no feed either")
	rows := measured[corpusRow](t, "corpus", "--json", dir)
	if len(rows) != 2 {
		t.Fatalf("got %+v", rows)
	}
	if r := rows[0]; r.Engine != "tocsin" || r.Files != 5 || r.OK != 4 || r.Items != 4 || r.Expected != 3 || r.ExpectedOK != 2 || r.Panics != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestDates(t *testing.T) {
	file := filepath.Join(t.TempDir(), "forms.tsv")
	write(t, file, "# comment\n\"Mon, 02 Jan 2006 15:04:05 EST\"\t2006-01-02T20:04:05Z\n\"2 hours ago\"\t?\n\"2006-01-02\"\t2007-01-02T00:00:00Z\n")
	rows := measured[dateRow](t, "dates", "--json", file)
	if r := rows[0]; r.Forms != 3 || r.Right != 2 || r.Wrong != 1 {
		t.Errorf("got %+v", r)
	}
}

// TestJudge holds the rule of the benchmark: runs of four words, each page as a share.
func TestJudge(t *testing.T) {
	p := page{text: "one two three four five"}
	for _, c := range []struct {
		why, got string
		want     counts
	}{
		{"the text", "One, two"[:0] + "one two, three four. five", counts{right: 1}},
		{"half of it", "one two three four", counts{right: .5, missed: .5}},
		{"nothing", "", counts{wrong: 1. / 3, missed: 2. / 3}},
	} {
		if got := p.judge(c.got); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.why, got, c.want)
		}
	}
	if f := (counts{right: .5, missed: .5}).f1(); f < .66 || f > .67 {
		t.Errorf("half found: F1 %v", f)
	}
}

// TestAttacksFit: nothing larger than what a fetch lets through, and the limit of the study is used.
func TestAttacksFit(t *testing.T) {
	for _, a := range attacks() {
		if n := len(a.make()); n == 0 || n > most+2<<20 {
			t.Errorf("%s has %d bytes", a.name, n)
		}
	}
}

func TestStamp(t *testing.T) {
	if stamp(time.Time{}) != "" || stamp(time.Unix(0, 0).UTC()) != "1970-01-01T00:00:00Z" {
		t.Error("a time is written wrongly")
	}
}
