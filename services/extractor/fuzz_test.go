package extractor_test

import (
	"testing"

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
	f.Fuzz(func(t *testing.T, data []byte) {
		first, second := newWorld(), newWorld()
		for _, w := range []*world{first, second} {
			d := messages.Delivery{Subject: "raw.example", Data: data, Sequence: 1, Delivered: 1}
			if err := start(t, w, khalimov).Handle(t.Context(), d); err != nil {
				if _, never := retry.Reason(err); !never {
					t.Fatalf("with everything up, only for good may a message be refused: %v", err)
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
	})
}
