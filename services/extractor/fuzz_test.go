package extractor_test

import (
	"testing"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// Whatever arrives on the subject: it is refused for good, or what is published keeps the contract and comes out the
// same when the message is delivered again.
func FuzzHandle(f *testing.F) {
	raw := item()
	f.Add(marshal(f, raw))
	raw.Title, raw.Summary = "A & B <i>met", "Gulmurod Khalimov left."
	raw.FeedContent = "<p>On Friday<br>Gulmurod Khalimov <b>left</b></p><script>x</script><table><td>1<td>2"
	f.Add(marshal(f, raw))
	raw.Page = packed([]byte("<title>x</title><article><p>" + sentences("Gulmurod Khalimov left on Friday.") + "</article>"))
	raw.Revision, raw.SourceZone, raw.FeedLanguage = 2, "Asia/Dushanbe", "en-GB"
	f.Add(marshal(f, raw))
	raw.Page = []byte("\x28\xb5\x2f\xfd broken")
	raw.SourceZone = "../../etc/passwd"
	f.Add(marshal(f, raw))
	f.Add([]byte(`{"version":1}`))
	f.Fuzz(func(t *testing.T, data []byte) { twice(t, data) })
}

// The same door, with a message that always decodes and fields that are anything.
func FuzzHandleFields(f *testing.F) {
	f.Add("A &amp; B <i>met", "Gulmurod Khalimov left.", "<p>Gulmurod Khalimov<br>left</p>", []byte("<article><p>Gulmurod Khalimov"), "text/html; charset=koi8-r", "Asia/Dushanbe", "en-GB", int64(1_763_600_000))
	f.Add("", "", "", []byte(`<meta name="date" content="2026-11-02"><p>x`), "", "", "", int64(0))
	f.Add("Gulmurod \u202eKhalimov", "\x00", "<table><td>\xff", []byte("\xff\xfe<\x00"), "text/html", "Nowhere", "x", int64(1)<<60)
	f.Fuzz(func(t *testing.T, title, summary, content string, page []byte, kind, zone, lang string, stamp int64) {
		raw := item()
		raw.Title, raw.Summary, raw.FeedContent, raw.PageType = title, summary, content, kind
		raw.SourceZone, raw.FeedLanguage = zone, lang
		raw.Page = packed(page)
		if raw.Published = time.Unix(stamp, 0).UTC(); raw.Published.Year() < 0 || raw.Published.Year() > 9999 {
			raw.Published = time.Time{}
		}
		twice(t, marshal(t, raw))
	})
}

// twice handles a message in two worlds and holds what was published to the contract and to each other.
func twice(t *testing.T, data []byte) {
	t.Helper()
	first, second := newWorld(), newWorld()
	for _, w := range []*world{first, second} {
		d := messages.Delivery{Subject: "raw.example", Data: data, Sequence: 1, Delivered: 1}
		if err := start(t, w, khalimov).Handle(t.Context(), d); err != nil {
			if reason, never := retry.Reason(err); !never || reason == "contract" {
				t.Fatalf("with everything up, a message is refused only for what is wrong with it: %v", err)
			}
			return
		}
	}
	first.articles(t) // each held to the contract
	first.alerts(t)
	if len(first.sent) != len(second.sent) {
		t.Fatalf("published %d messages at first and %d the second time", len(first.sent), len(second.sent))
	}
	for i := range first.sent {
		if first.sent[i].ID != second.sent[i].ID || string(first.sent[i].Data) != string(second.sent[i].Data) {
			t.Errorf("message %d differs:\n%s\n%s", i, first.sent[i].Data, second.sent[i].Data)
		}
	}
}
