package bus

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"tocsin/pkg/messages"
)

func FuzzDeadLetterIsPublishableWhateverFailed(f *testing.F) {
	f.Add("extractor", "undecodable", "a1", "2", "fetcher:a1:2", "line 1:\nnot JSON")
	f.Add("indexer", "no token.", "", "x", "", strings.Repeat("ä", 1000))
	f.Fuzz(func(t *testing.T, stage, reason, article, revision, id, text string) {
		if !messages.IsToken(stage) {
			return
		}
		d := messages.Delivery{Subject: "raw.x", Stream: "RAW", Sequence: 1, Delivered: 1, Header: map[string]string{
			messages.HeaderArticle: article, messages.HeaderRevision: revision, messages.HeaderMsgID: id,
		}}
		m := deadLetter(stage, reason, d, errors.New(text))
		if tokens := strings.Split(m.Subject, "."); len(tokens) != 3 || !messages.IsToken(tokens[2]) {
			t.Errorf("subject %q", m.Subject)
		}
		if len(m.Header[messages.HeaderError]) > errorText || utf8.ValidString(text) && !utf8.ValidString(m.Header[messages.HeaderError]) {
			t.Errorf("error header %q", m.Header[messages.HeaderError])
		}
		if again := deadLetter(stage, "other", d, errors.New("something else")); again.ID != m.ID {
			t.Errorf("ids %q and %q of one message", m.ID, again.ID)
		}
		for k, v := range m.Header {
			if strings.ContainsAny(headerValue(v), "\r\n") {
				t.Errorf("header %s has two lines", k)
			}
		}
	})
}
