package fetcher_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"tocsin/services/fetcher"
	"tocsin/services/fetcher/feedlist"
)

func TestFeedDefaultsAndChecks(t *testing.T) {
	f := fetcher.Feed{URL: "https://feeds.bbci.co.uk/news/rss.xml"}.WithDefaults()
	if f.Source != "bbci-co-uk" || len(f.ID) != 16 || f.Validate() != nil {
		t.Errorf("defaults: %+v, %v", f, f.Validate())
	}
	for _, c := range []struct {
		why    string
		change func(*fetcher.Feed)
		says   string
	}{
		{"a dot in the id", func(f *fetcher.Feed) { f.ID = "a.b" }, "id"},
		{"a space in the source", func(f *fetcher.Feed) { f.Source = "a b" }, "source"},
		{"a negative interval", func(f *fetcher.Feed) { f.EverySeconds = -30 }, "every"},
		{"a zone nobody knows", func(f *fetcher.Feed) { f.Zone = "Mars/Olympus" }, "Europe/London"},
		{"a country by name", func(f *fetcher.Feed) { f.Country = "France" }, "two letters"},
		{"no address", func(f *fetcher.Feed) { f.URL = "" }, "url"},
		{"a file", func(f *fetcher.Feed) { f.URL = "file:///etc/passwd" }, "http://"},
	} {
		g := f
		c.change(&g)
		if err := g.Validate(); !errors.Is(err, fetcher.ErrFeed) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

func TestFromList(t *testing.T) {
	f, err := fetcher.FromList(feedlist.Entry{URL: "https://e.com/f", Every: 15 * time.Minute, Tags: []string{"x"}, Line: 3})
	if err != nil || f.Every() != 15*time.Minute || f.Source != "e-com" {
		t.Errorf("got %+v, %v", f, err)
	}
	for _, c := range []struct {
		why   string
		line  int
		names string
	}{
		{"a bad zone in a file names the line", 3, "line 3: "},
		{"an entry that came from no file has no line to name", 0, ""},
	} {
		_, err := fetcher.FromList(feedlist.Entry{URL: "https://e.com/f", Zone: "x", Line: c.line})
		if !errors.Is(err, fetcher.ErrFeed) || !strings.HasPrefix(err.Error(), c.names+fetcher.ErrFeed.Error()) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

func TestOptionsNameWhatIsMissing(t *testing.T) {
	if _, err := fetcher.New(fetcher.Options{}); err == nil || !strings.Contains(err.Error(), "Publisher") {
		t.Errorf("got %v", err)
	}
}

func TestSeenTravels(t *testing.T) {
	for _, s := range []fetcher.Seen{nil, {{Key: 1, Article: 1 << 63, Content: 42}, {}}} {
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back fetcher.Seen
		if err := json.Unmarshal(data, &back); err != nil || len(back) != len(s) || len(s) > 0 && !reflect.DeepEqual(back, s) {
			t.Errorf("%s gives %v, %v; want %v", data, back, err, s)
		}
	}
	if err := json.Unmarshal([]byte(`"AAAA"`), new(fetcher.Seen)); err == nil {
		t.Error("three bytes passed for seen items")
	}
}
