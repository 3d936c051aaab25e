package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMatchTakesEqualSpansFirst(t *testing.T) {
	gold := []timex{{0, 4, "DATE", "2014"}, {3, 9, "DATE", "2015"}}
	predicted := []timex{{3, 9, "DATE", "2015"}, {0, 5, "DATE", "2013"}}
	pairs, exact := match(gold, predicted)
	if exact != 1 || pairs[0] != 1 || pairs[1] != 0 {
		t.Fatalf("pairs %v, %d exact", pairs, exact)
	}
	var c tally
	c.add(gold, predicted)
	if c.strict != 1 || c.relaxed != 2 || c.values != 1 || c.types != 2 {
		t.Fatalf("counted %+v", c)
	}
}

func TestIntervals(t *testing.T) {
	for _, row := range []struct{ why, a, b string }{
		{"a month is a month with unknown day", "2011-06", "2011-06-XX"},
		{"minutes default to none", "2011-06-05T17", "2011-06-05T17:00"},
		{"a zone does not matter", "2011-06-05T17:30", "2011-06-05T17:30Z"},
		{"a weekday of a week is a day", "2015-W22-5", "2015-05-29"},
		{"a year with unknown month", "2011", "2011-XX"},
		{"decades with and without X", "199", "199X"},
	} {
		a, okA := intervalOf(row.a)
		b, okB := intervalOf(row.b)
		if !okA || !okB || a != b {
			t.Errorf("%s: %s is %v, %s is %v", row.why, row.a, a, row.b, b)
		}
	}
	for _, v := range []string{"PAST_REF", "P3D", "XXXX-05", "2015-02-30", "2015-W60", "BC0480", "", "2015-13"} {
		if s, ok := intervalOf(v); ok {
			t.Errorf("%q denotes %v", v, s)
		}
	}
}

// TestCommands runs score, errors and predict over a small file.
func TestCommands(t *testing.T) {
	name := filepath.Join(t.TempDir(), "gold.jsonl")
	line := `{"id":"a","dct":"2015-05-29","text":"May 29, 2015\nÉlan fell on Monday and may rise in 2016.","gold":[` +
		`{"start":26,"end":32,"type":"DATE","value":"2015-05-25"},{"start":49,"end":53,"type":"DATE","value":"2017"}],"skip":[[0,12]]}`
	if err := os.WriteFile(name, []byte(line+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"score", "--json", name}, &out, &errs); code != 0 {
		t.Fatalf("score: %d %s", code, errs.String())
	}
	var s scores
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	if want := (scores{1, 2, 100, 100, 100, 50, 50}); s != want {
		t.Errorf("scored %+v, want %+v", s, want)
	}
	out.Reset()
	if code := run([]string{"errors", name}, &out, &errs); code != 0 || !strings.Contains(out.String(), "2017") ||
		strings.Count(out.String(), "\n") != 1 {
		t.Errorf("errors: %d %q", code, out.String())
	}
	out.Reset()
	if code := run([]string{"predict", name}, &out, &errs); code != 0 || !strings.Contains(out.String(), `"start":26`) {
		t.Errorf("predict: %d %q", code, out.String())
	}
	if code := run([]string{"score", "--mode", "verse", name}, &out, &errs); code != 2 {
		t.Errorf("an unknown mode exits %d", code)
	}
	if code := run([]string{"score", name + ".none"}, &out, &errs); code != 1 {
		t.Errorf("a missing file exits %d", code)
	}
}
