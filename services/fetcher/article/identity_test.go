package article

import "testing"

func TestIdentify(t *testing.T) {
	id := func(feed string, items ...Item) []Identity { return Identify(feed, "https://e.com/", items) }

	t.Run("two feeds that carry one link mean one article", func(t *testing.T) {
		a := id("a", Item{GUID: "1", Link: "https://www.e.com/x/?utm_source=rss"})[0]
		b := id("b", Item{GUID: "zz", Link: "http://e.com/x"})[0]
		if a.ID != b.ID || a.Key == b.Key {
			t.Errorf("got ids %s and %s, keys %s and %s; want one id and two keys", a.ID, b.ID, a.Key, b.Key)
		}
	})
	t.Run("items that all link to the same page are articles of their own", func(t *testing.T) {
		got := id("a", Item{GUID: "1", Link: "https://e.com/live", Title: "One"}, Item{GUID: "2", Link: "https://e.com/live", Title: "Two"})
		if got[0].ID == got[1].ID {
			t.Errorf("both became %s; one would have been lost", got[0].ID)
		}
	})
	t.Run("the same item twice is one article", func(t *testing.T) {
		got := id("a", Item{GUID: "1", Link: "https://e.com/x", Title: "One"}, Item{GUID: "2", Link: "https://e.com/x", Title: "One"})
		if got[0].ID != got[1].ID || got[0].Key == got[1].Key {
			t.Errorf("got %+v, want one article under two keys", got)
		}
	})
	t.Run("a link to the home page says nothing", func(t *testing.T) {
		got := id("a", Item{Title: "One", Link: "https://e.com"}, Item{Title: "Two", Link: "https://www.e.com/"})
		if got[0].ID == got[1].ID || !got[0].Guessed {
			t.Errorf("got %+v, want two guessed identities", got)
		}
	})
	t.Run("a guid used twice counts with its link", func(t *testing.T) {
		got := id("a", Item{GUID: "1", Link: "https://e.com/x"}, Item{GUID: "1", Link: "https://e.com/y"})
		if got[0].Key == got[1].Key || got[0].ID == got[1].ID {
			t.Errorf("got %+v, want two keys and two articles", got)
		}
	})
	t.Run("a new slug under the same guid keeps the key", func(t *testing.T) {
		before, after := id("a", Item{GUID: "1", Link: "https://e.com/x"})[0], id("a", Item{GUID: "1", Link: "https://e.com/y"})[0]
		if before.Key != after.Key {
			t.Error("the key changed with the link")
		}
	})
	t.Run("an item of text alone is told apart by its text", func(t *testing.T) {
		got := id("a", Item{Title: "One"}, Item{Title: "Two"})
		if got[0].Key == got[1].Key || got[0].ID == got[1].ID {
			t.Error("two different texts became one item")
		}
	})
}

func TestContent(t *testing.T) {
	base := Item{Title: "A title", Content: "<p>Some  text, here.</p>"}
	for _, c := range []struct {
		why  string
		it   Item
		same bool
	}{
		{"markup and white space are no news", Item{Title: "A  title", Content: "<div class=x>Some text\nhere</div>"}, true},
		{"another word is", Item{Title: "A title", Content: "<p>Some other text here.</p>"}, false},
		{"another title is", Item{Title: "The title", Content: base.Content}, false},
		{"text moved from one field to another is", Item{Title: "A title Some text here"}, false},
	} {
		if got := Content(c.it) == Content(base); got != c.same {
			t.Errorf("%s: same = %v, want %v", c.why, got, c.same)
		}
	}
	if Content(Item{Title: "a < b"}) == Content(Item{Title: "a"}) {
		t.Error("a bare < swallowed the rest of the title")
	}
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ why, page, want string }{
		{"the link element wins over og:url", `<meta property="og:url" content="https://e.com/og"><link rel="canonical" href="/x?a=1#top">`, "https://e.com/x?a=1"},
		{"og:url stands in", `<meta property="og:url" content="https://e.com/og"><body>`, "https://e.com/og"},
		{"a front page is not an article", `<link rel=canonical href="https://e.com/">`, ""},
		{"script addresses are none", `<link rel=canonical href="javascript:void(0)">`, ""},
		{"nothing named", `<p>text`, ""},
	} {
		if got := Canonical([]byte(c.page), "https://e.com/a/b"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.why, got, c.want)
		}
	}
}
