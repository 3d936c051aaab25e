package feed

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shared opens a file of the development data, or skips.
func shared(t *testing.T, name string) *os.File {
	t.Helper()
	root := os.Getenv("TOCSIN_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(root, name))
	if err != nil {
		t.Skipf("development data is not here (set TOCSIN_SHARED to its folder): %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestDate(t *testing.T) {
	for _, c := range []struct {
		why, in, want string
		zone          bool
	}{
		{"RFC 822", "Mon, 02 Jan 2006 15:04:05 EST", "2006-01-02T15:04:05-05:00", true},
		{"RFC 3339 with a fraction", "2006-01-02T15:04:05.25+02:00", "2006-01-02T15:04:05.25+02:00", true},
		{"no zone is UTC, and said so", "2006-01-02 15:04", "2006-01-02T15:04:00Z", false},
		{"the day with dashes", "02-Jan-2006 15:04:05 GMT", "2006-01-02T15:04:05Z", true},
		{"French", "lun., 02 févr. 2006 15:04:05 +0100", "2006-02-02T15:04:05+01:00", true},
		{"juil. is July", "14 juil. 2020 08:00:00 +0200", "2020-07-14T08:00:00+02:00", true},
		{"Polish", "pon, 5 paź 2020 10:00:00 +0200", "2020-10-05T10:00:00+02:00", true},
		{"noon by the twelve-hour clock", "Jan 2 2006 12:30 PM UTC", "2006-01-02T12:30:00Z", true},
		{"midnight by the twelve-hour clock", "Jan 2 2006 12:30am UTC", "2006-01-02T00:30:00Z", true},
		{"Chinese", "2006年1月2日 15:04:05", "2006-01-02T15:04:05Z", false},
		{"a zone nobody knows is no zone", "Mon, 02 Jan 2006 15:04:05 XQZT", "2006-01-02T15:04:05Z", false},
		{"day or month first? no claim", "02/01/2006 15:04:05", "", false},
		{"a day that does not exist", "31 Feb 2006 15:04:05 GMT", "", false},
		{"an hour that does not exist", "2006-01-02T25:04:05Z", "", false},
		{"words", "yesterday", "", false},
		{"an ambiguous month", "2 jui 2006", "", false},
	} {
		at, zone, ok := Date(c.in)
		got := ""
		if ok {
			got = at.Format(time.RFC3339Nano)
		}
		if got != c.want || zone != c.zone {
			t.Errorf("%s: Date(%q) = %q, zone %v; want %q, %v", c.why, c.in, got, zone, c.want, c.zone)
		}
	}
}

// TestDateForms reads the collected forms; the instants are what a person reads in them.
func TestDateForms(t *testing.T) {
	in := bufio.NewScanner(shared(t, "data/feeds/date_forms.tsv"))
	right, all := 0, 0
	for in.Scan() {
		text, want, ok := strings.Cut(in.Text(), "\t")
		if !ok || strings.HasPrefix(text, "#") {
			continue
		}
		all++
		var form string
		if err := json.Unmarshal([]byte(text), &form); err != nil {
			t.Fatal(err)
		}
		got := "?"
		if at, _, ok := Date(form); ok {
			got = at.UTC().Truncate(time.Second).Format(time.RFC3339)
		}
		if got == want {
			right++
		} else {
			t.Logf("%q: got %s, want %s", form, got, want)
		}
	}
	t.Logf("%d of %d date forms right", right, all)
	if right < all {
		t.Errorf("%d of %d date forms are right", right, all)
	}
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"Mon, 02 Jan 2006 15:04:05 GMT+1", "2006-01-02T15:04:05.123Z", "20060102T150405Z", "1136214245", "-001-11-30T00:00:00+00:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, zone, ok := Date(s)
		if !ok && (zone || !at.IsZero()) {
			t.Errorf("Date(%q) claims %v, zone %v, beside ok = false", s, at, zone)
		}
		if _, err := at.MarshalJSON(); err != nil {
			t.Errorf("Date(%q) gives a time no message can carry: %v", s, err)
		}
	})
}
