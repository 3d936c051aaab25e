package messages

import (
	"regexp"
	"strings"
	"testing"
)

func TestSlug(t *testing.T) {
	for _, row := range []struct{ sentence, in, want string }{
		{"letters become small", "Reuters", "reuters"},
		{"whatever stands between words becomes one dash", "UN News -- Africa", "un-news-africa"},
		{"dashes do not stand at the ends", "  (BBC) ", "bbc"},
		{"dots and underscores divide as well", "news.example_com", "news-example-com"},
		{"letters outside ASCII divide", "Süddeutsche", "s-ddeutsche"},
		{"nothing usable gives nothing", "Новости", ""},
		{"nothing gives nothing", "", ""},
		{"a long name is cut", strings.Repeat("a", 80), strings.Repeat("a", 64)},
		{"a cut name does not end in a dash", strings.Repeat("a", 63) + " b", strings.Repeat("a", 63)},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := Slug(row.in); got != row.want {
				t.Errorf("Slug(%q) = %q, want %q", row.in, got, row.want)
			}
		})
	}
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"", "UN News", "ſ", strings.Repeat("a-", 70), "K\u212a"} {
		f.Add(s)
	}
	form := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	f.Fuzz(func(t *testing.T, s string) {
		got := Slug(s)
		if got != "" && (!form.MatchString(got) || !IsToken(got) || len(got) > 64) {
			t.Errorf("Slug(%q) = %q is no token of at most 64 bytes", s, got)
		}
		if Slug(got) != got {
			t.Errorf("Slug(%q) = %q changes when it is made a slug again", s, got)
		}
	})
}

func TestIsToken(t *testing.T) {
	for _, row := range []struct {
		sentence, in string
		want         bool
	}{
		{"letters, digits, dash and underscore may stand", "aZ09-_", true},
		{"128 bytes are allowed", strings.Repeat("a", 128), true},
		{"129 are not", strings.Repeat("a", 129), false},
		{"nothing is no token", "", false},
		{"a dot would be two tokens", "a.b", false},
		{"a star would match all", "*", false},
		{"an arrow would match the rest", ">", false},
		{"a space breaks the protocol", "a b", false},
		{"letters outside ASCII may not stand", "é", false},
		{"a line break breaks the protocol", "a\n", false},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := IsToken(row.in); got != row.want {
				t.Errorf("IsToken(%q) = %v", row.in, got)
			}
		})
	}
}

func TestHash(t *testing.T) {
	if got := Hash("a", "bc"); len(got) != 16 {
		t.Errorf("Hash is %q; 16 hex digits are stored everywhere", got)
	}
	if Hash("a", "bc") == Hash("ab", "c") || Hash("ab") == Hash("a", "b") {
		t.Error("parts run into each other")
	}
	if !IsToken(Hash("any text: ü > *")) {
		t.Error("a hash must stand in a subject")
	}
}

func TestSubjectsAndIDsAreFixed(t *testing.T) {
	retro := sampleAlert()
	plain := retro
	plain.Retro = false
	for _, row := range []struct{ sentence, got, want string }{
		{"raw articles travel by source", RawSubject("un-news"), "raw.un-news"},
		{"enriched articles travel by language and source", EnrichedSubject("en", "un-news"), "enriched.en.un-news"},
		{"an alert rings under its tier", plain.Subject(), "alerts.sample.ashrafzamonov.confirmed"},
		{"an alert about the past rings under retro", retro.Subject(), "alerts.sample.ashrafzamonov.retro"},
		{"what changes later goes elsewhere", plain.UpdateSubject(), "alert-updates.sample.ashrafzamonov"},
		{"feeds report by source and event", FeedSubject("un-news", EventPolled), "feeds.un-news.polled"},
		{"dead letters lie by stage and reason", DLQSubject(StageIndexer, "mapping"), "dlq.indexer.mapping"},
		{"a due poll hides the feed's id", DueSubject("https://x.example/rss"), "polls.due." + Hash("https://x.example/rss")},
		{"so does its schedule", ScheduleSubject("https://x.example/rss"), "polls.at." + Hash("https://x.example/rss")},
		{"a message id is stage, id and revision", MsgID(StageExtractor, "abc", 2, 0), "extractor:abc:2"},
		{"a replay is another message", MsgID(StageExtractor, "abc", 2, 3), "extractor:abc:2:replay3"},
		{"the hash of old messages never changes", Hash("a", "bc"), "5310a58788781ab2"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if row.got != row.want {
				t.Errorf("%q, want %q", row.got, row.want)
			}
		})
	}
}
