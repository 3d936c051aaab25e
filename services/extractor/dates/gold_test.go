package dates

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// goldDoc is a line of a gold file; offsets count code points.
type goldDoc struct {
	ID   string `json:"id"`
	DCT  string `json:"dct"`
	Text string `json:"text"`
	Gold []struct {
		Start int    `json:"start"`
		End   int    `json:"end"`
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"gold"`
}

func (d goldDoc) ref() time.Time {
	t, _ := time.Parse(time.DateOnly, d.DCT) // no date: the zero time, as meant
	return t
}

func readGold(t testing.TB, name string) []goldDoc {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var docs []goldDoc
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var d goldDoc
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatalf("%s line %d: %v", name, len(docs)+1, err)
		}
		docs = append(docs, d)
	}
	return docs
}

// counts are matches by overlap in text order, which suits sets whose gold does not overlap.
type counts struct{ gold, found, strict, relaxed, value int }

func (c *counts) add(t *testing.T, d goldDoc) {
	t.Helper()
	type span struct {
		start, end int
		value      string
	}
	var found []span
	for _, m := range Find(d.Text, d.ref(), Options{}) {
		found = append(found, span{utf8.RuneCountInString(d.Text[:m.Start]), utf8.RuneCountInString(d.Text[:m.End]), m.Value})
	}
	c.gold += len(d.Gold)
	c.found += len(found)
	j := 0
	for _, g := range d.Gold {
		for j < len(found) && found[j].end <= g.Start {
			j++
		}
		if j == len(found) || found[j].start >= g.End {
			t.Logf("%s: missed %q", d.ID, string([]rune(d.Text)[g.Start:g.End]))
			continue
		}
		c.relaxed++
		if found[j].start == g.Start && found[j].end == g.End {
			c.strict++
		}
		if found[j].value == g.Value {
			c.value++
		} else {
			t.Logf("%s: %q is %s, want %s", d.ID, string([]rune(d.Text)[g.Start:g.End]), found[j].value, g.Value)
		}
		j++
	}
}

func (c counts) f1(right int) float64 { return 200 * float64(right) / float64(c.gold+c.found) }

// Floors of the invented set: what was reached when it was written, less a little for rules that serve real text
// better.
const (
	floorStrict  = 97
	floorRelaxed = 98
	floorValue   = 97
)

func TestInventedNews(t *testing.T) {
	docs := readGold(t, filepath.Join("testdata", "news.jsonl"))
	if len(docs) < 60 {
		t.Fatalf("%d pieces, want at least 60", len(docs))
	}
	var c counts
	for _, d := range docs {
		c.add(t, d)
	}
	strict, relaxed, value := c.f1(c.strict), c.f1(c.relaxed), c.f1(c.value)
	t.Logf("strict %.2f relaxed %.2f value %.2f over %d mentions", strict, relaxed, value, c.gold)
	if strict < floorStrict || relaxed < floorRelaxed || value < floorValue {
		t.Errorf("strict %.2f, relaxed %.2f, value %.2f; the floors are %d, %d, %d", strict, relaxed, value, floorStrict,
			floorRelaxed, floorValue)
	}
}

// falsePer10KB is how many dates may be found in ten kilobytes that have none.
const falsePer10KB = 0.1

func TestNegatives(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "negatives.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(text) < 50<<10 {
		t.Fatalf("%d bytes, want at least 50 KB", len(text))
	}
	found := Find(string(text), time.Date(2015, 5, 29, 0, 0, 0, 0, time.UTC), Options{})
	for _, m := range found {
		t.Logf("found %q (%s) in %q", text[m.Start:m.End], m.Value, text[max(0, m.Start-30):min(len(text), m.End+30)])
	}
	if rate := float64(len(found)) / (float64(len(text)) / 10e3); rate > falsePer10KB {
		t.Errorf("%.2f false finds per 10 KB, want at most %.1f", rate, falsePer10KB)
	}
}

// shared is the folder of the development data, or the test is skipped.
func shared(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("TOCSIN_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no development data at %s: set TOCSIN_SHARED", dir)
	}
	return dir
}

// TestSeeds holds the room to every date of the five real articles, ranges by their joined interval.
func TestSeeds(t *testing.T) {
	dir := filepath.Join(shared(t), "seeds")
	raw, err := os.ReadFile(filepath.Join(dir, "gold.json"))
	if err != nil {
		t.Skip(err)
	}
	var seeds []struct {
		File      string
		Reference string
		Dates     []struct {
			Text       string
			Start, End int
			Value      string
		}
	}
	if err := json.Unmarshal(raw, &seeds); err != nil {
		t.Fatal(err)
	}
	for _, s := range seeds {
		text, err := os.ReadFile(filepath.Join(dir, s.File))
		if err != nil {
			t.Fatal(err)
		}
		found := Find(string(text), goldDoc{DCT: s.Reference}.ref(), Options{})
		for _, d := range s.Dates {
			if !holds(found, d.Start, d.End, d.Value) {
				t.Errorf("%s: %q is not found as %s", s.File, d.Text, d.Value)
			}
		}
	}
}

// holds tells whether a mention within the span has the value, or, for a value like 2014/2016, whether two mentions
// share that range.
func holds(found []Mention, start, end int, value string) bool {
	from, to, isRange := strings.Cut(value, "/")
	for _, m := range found {
		if m.Start >= end || m.End <= start {
			continue
		}
		if !isRange && m.Value == value {
			return true
		}
		if isRange && m.Range != nil && m.Range.From.Format("2006") == from && m.Range.To.AddDate(0, 0, -1).Format("2006") == to {
			return true
		}
	}
	return false
}
