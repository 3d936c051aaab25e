package extracting

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/bus/bustest"
	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/watch"
)

// cut lets everything through to the bus, and cuts the line right after the first alert: it is stored, and nobody hears
// so.
type cut struct {
	*bus.Bus
	done bool
}

var errCut = errors.New("the line was cut")

func (c *cut) Publish(ctx context.Context, m messages.Outgoing) error {
	if err := c.Bus.Publish(ctx, m); err != nil {
		return err
	}
	if !c.done && strings.HasPrefix(m.Subject, "alerts.war.") {
		c.done = true
		return errCut
	}
	return nil
}

func onABus(t *testing.T) *bus.Bus {
	t.Helper()
	return bustest.Live(t, broker.Options{}, bus.SetupOptions{})
}

func stage(t *testing.T, b *bus.Bus, p extractor.Publisher, version string, entries ...watch.Entry) *extractor.Extractor {
	t.Helper()
	rang, err := b.Bucket(t.Context(), messages.BucketRang)
	if err != nil {
		t.Fatal(err)
	}
	stories, err := b.Bucket(t.Context(), messages.BucketStories)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := b.Objects(t.Context(), messages.ObjectsPages)
	if err != nil {
		t.Fatal(err)
	}
	x, err := extractor.New(extractor.Options{
		Publisher: p, Rang: rang, Stories: stories, Pages: assembly.Blobs{Objects: pages}, Recognizer: ner.None{}, Version: version,
	})
	if err != nil {
		t.Fatal(err)
	}
	index, _ := watch.Compile(entries, watch.Options{})
	x.SetIndex(index)
	return x
}

// An alert whose acknowledgement was lost rings once, whatever the extractor that gets the redelivery is like.
func TestARedeliveryNeverRingsTwice(t *testing.T) {
	khalimov := watch.Entry{List: "war", ID: "khalimov", Names: []watch.Name{{Text: "Gulmurod Khalimov"}}}
	lowered := khalimov
	lowered.Policy.Tier = messages.TierReview
	renamed := khalimov
	renamed.Names = []watch.Name{{Text: "Gulmurad Halimov"}}
	for _, c := range []struct {
		sentence, version string
		then              []watch.Entry
	}{
		{"the same again", "one", []watch.Entry{khalimov}},
		{"another build, in a rolling update", "two", []watch.Entry{khalimov}},
		{"a list reload took the name away", "one", nil},
		{"a list reload lowered its tier", "one", []watch.Entry{lowered}},
		{"a list reload knows it by another spelling", "one", []watch.Entry{renamed}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			b := onABus(t)
			now := time.Now().UTC()
			data, err := messages.Encode(messages.RawArticle{
				Version: messages.Version, FeedContent: "<p>Police named Gulmurod Khalimov on Friday.</p>",
				Article: messages.Article{ID: "a1", Revision: 1, Feed: "wire", Source: "wire", Title: "Notes", FirstSeen: now, FetchedAt: now},
			})
			if err != nil {
				t.Fatal(err)
			}
			d := messages.Delivery{Subject: messages.RawSubject("wire"), Data: data, Stream: messages.StreamRaw, Sequence: 1, Delivered: 1}
			if err := stage(t, b, &cut{Bus: b}, "one", khalimov).Handle(t.Context(), d); !errors.Is(err, errCut) {
				t.Fatalf("the line was to be cut: %v", err)
			}
			d.Delivered = 2
			if err := stage(t, b, b, c.version, c.then...).Handle(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			var rang []string
			err = b.Follow(t.Context(), bus.FollowOptions{Stream: messages.StreamAlerts, Once: true}, func(m messages.Delivery) error {
				rang = append(rang, m.Subject)
				return nil
			})
			if err != nil || len(rang) != 1 || rang[0] != "alerts.war.khalimov.confirmed" {
				t.Errorf("rang %q, %v; want once, as first decided", rang, err)
			}
		})
	}
}
