package article

import "testing"

func TestTitleKey(t *testing.T) {
	for _, c := range []struct {
		about, a, b string
		same        bool
	}{
		{"case, punctuation and entities make no difference", "Council &amp; mayor: “new” harbour plan", "COUNCIL & MAYOR - new harbour plan", true},
		{"a word does", "Council rejects the harbour plan", "Council accepts the harbour plan", false},
	} {
		if got := TitleKey("s", c.a) == TitleKey("s", c.b); got != c.same || TitleKey("s", c.a) == "" {
			t.Errorf("%s: same = %v", c.about, got)
		}
	}
	if TitleKey("a", "Council rejects the harbour plan") == TitleKey("b", "Council rejects the harbour plan") {
		t.Error("two sources share a key")
	}
	for _, short := range []string{"", "Weather", "Letters to the", "Live: 12 13 14 15", "本日の天気"} {
		if TitleKey("s", short) != "" {
			t.Errorf("%q tells an article", short)
		}
	}
	if TitleKey("s", "市議会が新しい港湾計画を否決した") == "" {
		t.Error("a title without spaces tells none")
	}
}

func TestTextKey(t *testing.T) {
	long := Item{Title: "One", Summary: "<p>The council met on Monday behind closed doors.</p>", Content: "Nine of the fifteen members voted against the plan of the harbour, among them both liberals, and the mayor left the hall without a word to the reporters who waited outside."}
	renamed, edited := long, long
	renamed.Title, renamed.Summary = "Two", "The council met on Monday, behind closed doors"
	edited.Content += " He is on holiday."
	if TextKey("s", long) == "" || TextKey("s", long) != TextKey("s", renamed) {
		t.Error("title, markup and punctuation must make no difference")
	}
	if TextKey("s", long) == TextKey("s", edited) || TextKey("s", long) == TextKey("t", long) {
		t.Error("words and the source must make one")
	}
	if TextKey("s", Item{Summary: "Read the whole story on our site."}) != "" {
		t.Error("a short text tells no article")
	}
}
