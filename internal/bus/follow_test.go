package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/pkg/messages"
)

func follow(t *testing.T, b *Bus, o FollowOptions) (got []string) {
	t.Helper()
	err := b.Follow(deadline(t), o, func(d messages.Delivery) error { got = append(got, string(d.Data)); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestFollowOnceTellsAllThereWasInOrder(t *testing.T) {
	t.Parallel()
	b := ready(t)
	if got := follow(t, b, FollowOptions{Stream: messages.StreamRaw, Once: true}); len(got) != 0 {
		t.Errorf("an empty stream tells %v", got)
	}
	publish(t, b, 600)
	got := follow(t, b, FollowOptions{Stream: messages.StreamRaw, Once: true})
	if len(got) != 600 || got[0] != "m1" || got[599] != "m600" {
		t.Errorf("told %d", len(got))
	}
}

func TestFollowSince(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 2)
	ds := raw(t, b)
	got := follow(t, b, FollowOptions{Stream: messages.StreamRaw, Since: ds[1].Time, Once: true})
	if fmt.Sprint(got) != "[m2]" {
		t.Errorf("since the second: %v", got)
	}
	if got := follow(t, b, FollowOptions{Stream: messages.StreamRaw, Since: time.Now().Add(time.Hour), Once: true}); len(got) != 0 {
		t.Errorf("since the future: %v", got)
	}
}

func TestFollowFiltersBySubject(t *testing.T) {
	t.Parallel()
	b := ready(t)
	for _, s := range []string{messages.AlertSubject("l", "e", "confirmed"), messages.AlertUpdateSubject("l", "e"), messages.AlertSubject("l", "f", "review")} {
		if err := b.Publish(deadline(t), messages.Outgoing{Subject: s, Data: []byte(s)}); err != nil {
			t.Fatal(err)
		}
	}
	got := follow(t, b, FollowOptions{Stream: messages.StreamAlerts, Subjects: []string{"alerts.*.e.>", "alert-updates.*.e"}, Once: true})
	if fmt.Sprint(got) != "[alerts.l.e.confirmed alert-updates.l.e]" {
		t.Errorf("told %v", got)
	}
}

func TestFollowNewTellsOnlyWhatComes(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 3)
	got := make(chan string, 10)
	start(t, func(ctx context.Context) error {
		return b.Follow(ctx, FollowOptions{Stream: messages.StreamRaw, New: true}, func(d messages.Delivery) error {
			got <- string(d.Data)
			return nil
		})
	})
	eventually(t, "a reader on RAW", func() bool { // it is there before the message it must tell
		s, err := b.js.Stream(deadline(t), messages.StreamRaw)
		return err == nil && s.CachedInfo().State.Consumers == 2
	})
	if err := b.Publish(deadline(t), messages.Outgoing{Subject: "raw.x", Data: []byte("new")}); err != nil {
		t.Fatal(err)
	}
	if first := <-got; first != "new" {
		t.Errorf("told %s first", first)
	}
}

func TestFollowEndsWithTheCallersError(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 3)
	pipe := errors.New("broken pipe")
	if err := b.Follow(deadline(t), FollowOptions{Stream: messages.StreamRaw}, func(messages.Delivery) error { return pipe }); !errors.Is(err, pipe) {
		t.Errorf("ended with %v", err)
	}
	err := b.Follow(deadline(t), FollowOptions{Stream: "NOSUCH"}, nil)
	if err == nil || !strings.Contains(err.Error(), "tocsin setup") {
		t.Errorf("a missing stream: %v", err)
	}
	if err := b.Follow(deadline(t), FollowOptions{Stream: messages.StreamRaw, New: true, Once: true}, nil); err == nil {
		t.Error("only new ones and only old ones at once is no error")
	}
}

func TestFollowingLeavesNothingOnTheServer(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 1)
	follow(t, b, FollowOptions{Stream: messages.StreamRaw, Once: true})
	s, err := b.js.Stream(deadline(t), messages.StreamRaw)
	if err != nil || s.CachedInfo().State.Consumers != 1 {
		t.Errorf("%d consumers are left, want the extractor alone (%v)", s.CachedInfo().State.Consumers, err)
	}
}
