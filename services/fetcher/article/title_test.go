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
