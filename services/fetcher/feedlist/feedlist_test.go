package feedlist

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseYAML(t *testing.T) {
	entries, problems, err := Parse([]byte(`# our feeds
feeds:
  - url: https://www.example.com/rss.xml
    id: example
    name: Example News
    source: example
    zone: Europe/London
    country: NO
    language: en
    every: 15m
    tags: [politics, "no"]
    pages: false
  - url: https://other.example/feed
  - https://third.example/feed
  - url: http://example.com/rss.xml/
`))
	if err != nil {
		t.Fatal(err)
	}
	no := false
	want := []Entry{
		{URL: "https://www.example.com/rss.xml", ID: "example", Name: "Example News", Source: "example", Zone: "Europe/London", Country: "NO", Language: "en", Every: 15 * time.Minute, Tags: []string{"politics", "no"}, Pages: &no, Line: 3},
		{URL: "https://other.example/feed", Line: 13},
		{URL: "https://third.example/feed", Line: 14},
	}
	if !reflect.DeepEqual(entries, want) {
		t.Errorf("got  %+v\nwant %+v", entries, want)
	}
	if len(problems) != 1 || problems[0].Line != 15 || !strings.Contains(problems[0].Sentence, "line 3") {
		t.Errorf("problems: %+v", problems)
	}
}

func TestYAMLMistakes(t *testing.T) {
	for _, c := range []struct{ why, list, says string }{
		{"an unknown key names its line and the likely one", "feeds:\n  - url: https://e.com/f\n    evry: 5m\n", `line 3: unknown key "evry"`},
		{"a key that is nearly right", "feeds:\n  - url: https://e.com/f\n    countries: DE\n", "did you mean country?"},
		{"an unknown key of the list", "feed:\n  - url: https://e.com/f\n", `line 1: unknown key "feed"`},
		{"a feed without address", "feeds:\n  - name: x\n", "line 2: url is missing"},
		{"an address that is not of the web", "feeds:\n  - url: file:///etc/passwd\n", "http://"},
		{"an interval without unit", "feeds:\n  - url: https://e.com/f\n    every: 15\n", "such as 15m"},
		{"an interval too short", "feeds:\n  - url: https://e.com/f\n    every: 100ms\n", "from 1s"},
		{"a list without dashes", "feeds:\n  url: https://e.com/f\n", "begin each feed with"},
		{"broken YAML", "feeds:\n  - url: \"https://e.com\n", "line"},
		{"nothing at all", "", "feeds: []"},
		{"two mistakes are both told", "feeds:\n  - name: x\n  - url: https://e.com/f\n    pages: maybe\n", "line 4: pages"},
		{"one key twice", "feeds:\n  - url: https://e.com/f\n    url: https://e.com/g\n", "twice"},
		{"a second document", "feeds: []\n---\nfeeds: []\n", "second document"},
	} {
		_, _, err := Parse([]byte(c.list))
		if !errors.Is(err, ErrList) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want it to say %q", c.why, err, c.says)
		}
	}
	if entries, _, err := Parse([]byte("feeds:\n")); err != nil || len(entries) != 0 {
		t.Errorf("a list without feeds: %v, %v", entries, err)
	}
}

const opml = `<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.1"><head><title>x</title></head><body>
<outline text="World">
  <outline text="Asia" title="Asia">
    <outline type="rss" text="One &amp; only" xmlUrl="https://one.example/rss" htmlUrl="https://one.example/" category="/News/Daily,Print"/>
  </outline>
  <outline text="Two" XMLURL="https://two.example/rss" language="de"/>
</outline>
<outline text="bad" type="rss" xmlUrl="feed:nowhere"/>
<outline text="none" type="rss"/>
<outline text="again" xmlUrl="http://www.one.example/rss/"/>
<outline text="caf` + "\xe9" + `" xmlUrl="https://three.example/rss"/>
</body></opml>`

func TestParseOPML(t *testing.T) {
	entries, problems, err := Parse([]byte(opml))
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{
		{URL: "https://one.example/rss", Name: "One & only", Tags: []string{"World", "Asia", "Daily", "Print"}, Line: 5},
		{URL: "https://two.example/rss", Name: "Two", Language: "de", Tags: []string{"World"}, Line: 7},
		{URL: "https://three.example/rss", Name: "café", Line: 12},
	}
	if !reflect.DeepEqual(entries, want) {
		t.Errorf("got  %+v\nwant %+v", entries, want)
	}
	lines := []int{}
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	if !reflect.DeepEqual(lines, []int{9, 10, 11}) {
		t.Errorf("problems: %+v", problems)
	}
}

func TestNotOPML(t *testing.T) {
	for why, list := range map[string]string{
		"a page":       "<html><body>x</body></html>",
		"broken off":   `<opml><body><outline text="a`,
		"nested badly": "<opml>" + strings.Repeat("<outline>", 60),
	} {
		if _, _, err := Parse([]byte(list)); !errors.Is(err, ErrList) {
			t.Errorf("%s: %v", why, err)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	yes := true
	entries := []Entry{
		{URL: "https://a.example/f?x=1&y=<2>", Name: `A "quoted" name`, ID: "a", Source: "a", Zone: "Asia/Dushanbe", Country: "TJ", Language: "tg", Every: 90 * time.Minute, Tags: []string{"Asia", "News"}, Pages: &yes},
		{URL: "https://b.example/f", Tags: []string{"Asia"}},
		{URL: "https://c.example/f"},
	}
	for name, write := range map[string]func() ([]byte, error){
		"YAML": func() ([]byte, error) { return YAML(entries) },
		"OPML": func() ([]byte, error) { return OPML("All", entries) },
	} {
		data, err := write()
		if err != nil {
			t.Fatal(err)
		}
		back, problems, err := Parse(data)
		for i := range back {
			back[i].Line = 0
		}
		if err != nil || len(problems) != 0 || !reflect.DeepEqual(back, entries) {
			t.Errorf("%s: got %+v, %v, %v from\n%s", name, back, problems, err, data)
		}
	}
}

// FuzzOPML holds that what was read can be written, and reads as the same again.
func FuzzOPML(f *testing.F) {
	f.Add([]byte(opml))
	f.Add([]byte(`<opml xmlns:tocsin="urn:tocsin:feedlist"><outline text="a"><outline xmlUrl="http://a/" tocsin:every="5m" tocsin:pages="x"/></outline></opml>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, _, err := ParseOPML(data)
		if err != nil {
			if !errors.Is(err, ErrList) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		out, err := OPML("x", entries)
		if err != nil {
			t.Fatal(err)
		}
		back, problems, err := ParseOPML(out)
		if err != nil || len(problems) != 0 || len(back) != len(entries) {
			t.Fatalf("%d entries became %d: %v, %v\n%s", len(entries), len(back), problems, err, out)
		}
		again, err := OPML("x", back)
		if err != nil || string(again) != string(out) {
			t.Fatalf("written twice it differs (%v):\n%s\n%s", err, out, again)
		}
	})
}
