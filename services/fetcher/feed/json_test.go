package feed

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func jsonOf(items ...string) string {
	return `{"version":"https://jsonfeed.org/version/1.1","title":"Top","items":[` + strings.Join(items, ",") + `]}`
}

func jsonItem(n int) string {
	return fmt.Sprintf(`{"id":"g%d","url":"/a/%d","title":"Item %d","date_published":"2006-01-02T15:04:05Z"}`, n, n, n)
}

func TestJSONDamage(t *testing.T) {
	for _, c := range []struct {
		why, body   string
		items, lost int
	}{
		{"null among the items costs only itself", jsonOf(jsonItem(1), `null`, jsonItem(3)), 2, 1},
		{"a string, a number and a list are no items", jsonOf(`"x"`, `7`, `[]`, jsonItem(1)), 1, 3},
		{"an item that is not well formed costs only itself", jsonOf(`{"id":"x",}`, `{"id":"y" "title":"z"}`, jsonItem(1)), 1, 2},
		{"null first, where the library looks for the feed's date", jsonOf(`null`, jsonItem(1)), 1, 1},
		{"an item of which nothing can be read is lost", jsonOf(`{"title":[1],"url":{}}`, jsonItem(1)), 1, 1},
		{"a feed of bad items only is still a feed", jsonOf(`null`, `null`), 0, 2},
		{"an empty item is an item", jsonOf(`{}`), 1, 0},
		{"no items at all", `{"version":"https://jsonfeed.org/version/1.1"}`, 0, 0},
		{"items that are null", `{"version":"https://jsonfeed.org/version/1.1","items":null}`, 0, 0},
		{"a member of the feed with the wrong type costs no item", `{"version":"https://jsonfeed.org/version/1.1","title":["x"],"author":3,"items":[` + jsonItem(1) + `]}`, 1, 0},
		{"names in capitals", strings.Replace(jsonOf(jsonItem(1)), "items", "Items", 1), 1, 0},
	} {
		t.Run(c.why, func(t *testing.T) {
			doc := mustParse(t, c.body, "")
			if len(doc.Items) != c.items || doc.Lost != c.lost || doc.Damaged != (c.lost > 0) {
				t.Errorf("got %d items, %d lost and damaged %t, want %d and %d; notes %q", len(doc.Items), doc.Lost, doc.Damaged, c.items, c.lost, doc.Notes)
			}
			note := fmt.Sprintf("%d of %d items could not be read and were left out", c.lost, c.items+c.lost)
			if slices.Contains(doc.Notes, note) != (c.lost > 0) {
				t.Errorf("notes %q, want %q only when one is lost", doc.Notes, note)
			}
		})
	}
}

func TestJSONWrongTypes(t *testing.T) {
	const whole = `"id":"g1","url":"/a/1","title":"Item 1"`
	want := Item{GUID: "g1", Link: "https://news.example/a/1", Title: "Item 1"}
	for _, c := range []struct {
		why, item string
		change    func(*Item)
	}{
		{"a number among the tags", `{` + whole + `,"tags":["a",7]}`, func(*Item) {}},
		{"attachments that are none", `{` + whole + `,"attachments":"x","image":{},"language":4}`, func(*Item) {}},
		{"a title that is a number is its digits", `{"id":"g1","url":"/a/1","title":1984}`, func(i *Item) { i.Title = "1984" }},
		{"an id that is a number is its digits", `{"id":12,"url":"/a/1","title":"Item 1"}`, func(i *Item) { i.GUID = "12" }},
		{"a summary that is an object is left out", `{` + whole + `,"summary":{"a":1}}`, func(i *Item) { i.Notes = []string{"summary has the wrong type and was left out"} }},
		{"members that are null are absent", `{` + whole + `,"summary":null,"author":null,"authors":null}`, func(*Item) {}},
		{"null among the authors", `{` + whole + `,"authors":[null,{"name":"Ann"},5,{"name":["x"]},"Bo"]}`, func(i *Item) { i.Authors = []string{"Ann", "5", "Bo"} }},
		{"an author that is a name", `{` + whole + `,"author":"Ann"}`, func(i *Item) { i.Authors = []string{"Ann"} }},
		{"authors that are one person", `{` + whole + `,"authors":{"name":"Ann"}}`, func(i *Item) { i.Authors = []string{"Ann"} }},
		{"authors that are none leave the author", `{` + whole + `,"author":{"name":"Ann"},"authors":true}`, func(i *Item) {
			i.Authors, i.Notes = []string{"Ann"}, []string{"authors has the wrong type and was left out"}
		}},
		{"a date that is Unix seconds", `{` + whole + `,"date_published":1136214245}`, func(i *Item) {
			i.Published, i.PublishedSource = time.Unix(1136214245, 0).UTC(), "date_published"
		}},
		{"of two names that differ in case the lower one stands", `{"Title":"no",` + whole + `,"TITLE":"no"}`, func(*Item) {}},
	} {
		t.Run(c.why, func(t *testing.T) {
			want := want
			c.change(&want)
			doc := mustParse(t, jsonOf(c.item, jsonItem(2)), "")
			want.Hash = doc.Items[0].Hash
			if len(doc.Items) != 2 || doc.Lost != 0 || !reflect.DeepEqual(doc.Items[0], want) {
				t.Errorf("got  %+v\nwant %+v", doc.Items, want)
			}
		})
	}
}

// TestJSONSentences has what a reader sees of documents that are no feed: what is wrong, and no word of the program's own.
func TestJSONSentences(t *testing.T) {
	for _, c := range []struct{ why, body, says string }{
		{"other JSON", `{"error": "no"}`, `it is JSON, but no JSON Feed; it begins "{\"error\": \"no\"}"`},
		{"other JSON with a bad list", `{"items":[null]}`, "it is JSON, but no JSON Feed"},
		{"items that are no list", `{"version":"https://jsonfeed.org/version/1","items":"none"}`, `its items are no list; they begin "\"none\""`},
		{"cut off before the items", jsonOf(jsonItem(1))[:20], "cannot be read: unexpected end of JSON input"},
	} {
		_, err := Parse([]byte(c.body), "", base, nil, Limits{})
		if !errors.Is(err, ErrNotFeed) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "runtime") {
			t.Errorf("%s: got %v, want ErrNotFeed saying %q", c.why, err, c.says)
		}
	}
}

func TestJSONItemLimit(t *testing.T) {
	doc, err := Parse([]byte(jsonOf(jsonItem(1), `null`, jsonItem(3), `null`, jsonItem(5))), "", base, nil, Limits{Items: 3})
	if err != nil || len(doc.Items) != 2 || doc.Lost != 1 || doc.Over != 2 || !slices.Contains(doc.Notes, "2 items beyond the first 3 new ones were not read") {
		t.Errorf("got %+v, %v", doc, err)
	}
}

// TestJSONCutAnywhere cuts a feed at every byte of its items: all complete ones stay, and none is made up.
func TestJSONCutAnywhere(t *testing.T) {
	whole := jsonOf(jsonItem(1), jsonItem(2), jsonItem(3))
	begin := strings.Index(whole, `"items"`)
	for at := begin + len(`"items":[`); at < len(whole); at++ {
		doc, err := Parse([]byte(whole[:at]), "", base, nil, Limits{})
		if err != nil {
			t.Fatalf("cut at %d: %v", at, err)
		}
		want := 0
		for n := 1; n <= 3; n++ {
			if i := strings.Index(whole, jsonItem(n)); i+len(jsonItem(n)) <= at {
				want++
			}
		}
		if len(doc.Items) != want || !doc.Damaged {
			t.Fatalf("cut at %d: %d items, want %d; %+v", at, len(doc.Items), want, doc)
		}
	}
}
