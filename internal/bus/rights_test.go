package bus

import (
	"path/filepath"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"tocsin/pkg/messages"
)

// TestTheExtractorMaySweepPages asks with the rights of deploy/nats/nats.conf for what the hourly sweep needs; a process
// that has just started does not.
func TestTheExtractorMaySweepPages(t *testing.T) {
	for _, name := range []string{"OPERATOR", "FETCHER", "EXTRACTOR", "INDEXER", "SUBSCRIBER"} {
		t.Setenv("NATS_"+name+"_PASSWORD", "secret-"+name)
	}
	t.Setenv("NATS_NAME", "tocsin")
	t.Setenv("NATS_MAX_STORE", "64GB")
	o, err := server.ProcessConfigFile(filepath.Join("..", "..", "deploy", "nats", "nats.conf"))
	if err != nil {
		t.Fatal(err)
	}
	o.HTTPPort, o.HTTPHost = 0, ""
	url := serveWith(t, *o)
	operator := as(t, url, "operator", "OPERATOR", "")
	if _, err := operator.Setup(deadline(t), SetupOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := objects(t, operator).Put(deadline(t), "a.1", make([]byte, 300<<10)); err != nil {
		t.Fatal(err)
	}
	for _, subject := range []string{messages.RawSubject("wire"), messages.DLQSubject(messages.StageExtractor, "invalid")} {
		if err := operator.Publish(deadline(t), messages.Outgoing{Subject: subject, ID: subject}); err != nil {
			t.Fatal(err)
		}
	}

	extractor := as(t, url, "extractor", "EXTRACTOR", "_INBOX_extractor")
	if _, err := extractor.Extent(deadline(t), messages.StreamRaw); err != nil {
		t.Error(err)
	}
	for _, stream := range []string{messages.StreamRaw, messages.StreamDLQ} {
		told := 0
		err := extractor.Follow(deadline(t), FollowOptions{Stream: stream, Once: true, HeadersOnly: true}, func(messages.Delivery) error {
			told++
			return nil
		})
		if told != 1 || err != nil {
			t.Errorf("%d messages of %s were told, want 1 (%v)", told, stream, err)
		}
	}
	pages := objects(t, extractor)
	all, err := pages.List(deadline(t))
	if err != nil || len(all) != 1 {
		t.Fatalf("%v are listed (%v)", all, err)
	}
	if was, err := pages.Forget(deadline(t), all[0].Name, all[0].Revision); !was || err != nil {
		t.Errorf("the page was there: %v (%v)", was, err)
	}
	if violations := extractor.nc.LastError(); violations != nil {
		t.Error("a right is missing in deploy/nats/nats.conf:", violations)
	}
}

// as logs in with the password that the test gave the user.
func as(t *testing.T, url, user, password, inbox string) *Bus {
	t.Helper()
	b, err := Connect(deadline(t), Options{URL: url, User: user, Password: "secret-" + password, Inbox: inbox})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}
