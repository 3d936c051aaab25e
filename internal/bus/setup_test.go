package bus

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"tocsin/pkg/messages"
)

func TestSetupTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	b := dial(t, Options{Server: serve(t)})
	planned, err := b.Plan(deadline(t), SetupOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.js.Stream(deadline(t), messages.StreamRaw); err == nil {
		t.Error("a plan made a stream")
	}
	done, err := b.Setup(deadline(t), SetupOptions{})
	all := len(streams(SetupOptions{})) + len(consumers(SetupOptions{}))
	if err != nil || !slices.Equal(planned, done) || len(done) != all {
		t.Errorf("planned %d changes and made %d, want %d (%v)", len(planned), len(done), all, err)
	}
	again, err := b.Setup(deadline(t), SetupOptions{})
	if err != nil || len(again) != 0 {
		t.Errorf("the second time: %v (%v)", again, err)
	}
}

func TestSetupBringsStreamsUpToDate(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 3)
	changes, err := b.Setup(deadline(t), SetupOptions{MaxAge: 14 * day, MaxBytes: 1 << 20, AckWait: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s %s %s: %s", c.Action, c.Kind, c.Name, c.Detail))
	}
	want := []string{
		"update stream RAW: max bytes 8589934592 → 1048576, max age 168h0m0s → 336h0m0s",
		"update stream ENRICHED: max bytes 8589934592 → 1048576, max age 168h0m0s → 336h0m0s",
		"update consumer extractor: ack wait 1s → 5s",
		"update consumer indexer: ack wait 1s → 5s",
		"update consumer fetcher: ack wait 1s → 5s",
		"update consumer alerts: ack wait 1s → 5s",
	}
	if !slices.Equal(got, want) {
		t.Errorf("changes:\n%s", strings.Join(got, "\n"))
	}
	if n := len(raw(t, b)); n != 3 {
		t.Errorf("%d of 3 messages survived", n)
	}
}

func TestSetupKeepsWhatItDoesNotManage(t *testing.T) {
	t.Parallel()
	b := ready(t)
	s, err := b.js.Stream(deadline(t), messages.StreamRaw)
	if err != nil {
		t.Fatal(err)
	}
	c := s.CachedInfo().Config
	c.Description = "the operator's own"
	if _, err := b.js.UpdateStream(deadline(t), c); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Setup(deadline(t), SetupOptions{MaxAge: day}); err != nil {
		t.Fatal(err)
	}
	if s, err = b.js.Stream(deadline(t), messages.StreamRaw); err != nil || s.CachedInfo().Config.Description != c.Description {
		t.Errorf("description is %q (%v)", s.CachedInfo().Config.Description, err)
	}
}

func TestSetupNamesWhatCannotBeChanged(t *testing.T) {
	t.Parallel()
	b := dial(t, Options{Server: serve(t)})
	if _, err := b.js.CreateStream(deadline(t), jetstream.StreamConfig{Name: messages.StreamRaw, Subjects: []string{"raw.>"}, Retention: jetstream.WorkQueuePolicy}); err != nil {
		t.Fatal(err)
	}
	_, err := b.Setup(deadline(t), SetupOptions{})
	if err == nil || !strings.Contains(err.Error(), "RAW") || !strings.Contains(err.Error(), "WorkQueue") {
		t.Errorf("a stream of another retention: %v", err)
	}
}

func TestLayoutFollowsTheRules(t *testing.T) {
	o, err := SetupOptions{}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range streams(o) {
		c := s.config
		if c.Retention != jetstream.LimitsPolicy {
			t.Errorf("%s: retention %v cannot be replayed", s.name, c.Retention)
		}
		switch s.name {
		case messages.StreamPolls:
			if c.MaxAge != 0 || c.MaxBytes > 0 || c.MaxMsgsPerSubject != 1 || !c.AllowMsgSchedules {
				t.Errorf("POLLS would lose schedules: %+v", c)
			}
		case messages.StreamDLQ:
			if c.MaxAge != 0 {
				t.Errorf("dead letters die after %v", c.MaxAge)
			}
		case messages.StreamRaw, messages.StreamEnriched, messages.StreamAlerts, messages.StreamEvents, messages.StreamNear:
			if c.MaxAge == 0 || c.MaxBytes <= 0 || c.Duplicates < time.Hour {
				t.Errorf("%s: max age %v, max bytes %d, window %v", s.name, c.MaxAge, c.MaxBytes, c.Duplicates)
			}
		}
	}
	for _, c := range consumers(o) {
		if len(c.config.BackOff) > 0 || c.config.AckPolicy != jetstream.AckExplicitPolicy || c.config.MaxDeliver != -1 || c.stream == "" {
			t.Errorf("consumer %+v", c)
		}
	}
}

func TestSetupOptionsNameWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		sentence string
		o        SetupOptions
		want     string
	}{
		{"JetStream replicates five times at most", SetupOptions{Replicas: 6}, "Replicas"},
		{"a max age of nothing keeps nothing", SetupOptions{MaxAge: time.Millisecond}, "max age"},
		{"nobody can say in-progress that often", SetupOptions{AckWait: time.Millisecond}, "AckWait"},
	} {
		if _, err := c.o.withDefaults(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func TestMoreReplicasThanServersIsAClearError(t *testing.T) {
	t.Parallel()
	b := dial(t, Options{Server: serve(t)})
	if _, err := b.Setup(deadline(t), SetupOptions{Replicas: 3}); err == nil || !strings.Contains(err.Error(), "replicas") {
		t.Errorf("three replicas on one server: %v", err)
	}
}

func TestTooLittleDiskForTheStreamsNamesTheSetting(t *testing.T) {
	t.Parallel()
	b := dial(t, Options{URL: serveWith(t, server.Options{JetStream: true, JetStreamMaxStore: 1 << 30})})
	if _, err := b.Setup(deadline(t), SetupOptions{}); err == nil || !strings.Contains(err.Error(), "max_file_store") {
		t.Errorf("18 GiB of streams on 1 GiB: %v", err)
	}
	if _, err := b.Setup(deadline(t), SetupOptions{MaxBytes: 100 << 20, AlertsMaxBytes: 10 << 20, EventsMaxBytes: 10 << 20, NearMaxBytes: 10 << 20}); err != nil {
		t.Error(err)
	}
}
