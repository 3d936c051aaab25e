package e2e

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/pkg/messages"
)

// hook is an endpoint that takes alerts, or does not.
type hook struct {
	*httptest.Server
	mu    sync.Mutex
	mood  string // "well", "broken", "hanging"
	tries int
	taken map[string]int // by the header Tocsin-Delivery
}

func openHook(t *testing.T) *hook {
	h := &hook{mood: "well", taken: map[string]int{}}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	h.mu.Lock()
	h.tries++
	mood := h.mood
	if mood == "well" {
		h.taken[r.Header.Get("Tocsin-Delivery")]++
	}
	h.mu.Unlock()
	switch mood {
	case "broken":
		w.WriteHeader(http.StatusServiceUnavailable)
	case "hanging":
		<-r.Context().Done()
	}
}

func (h *hook) feel(mood string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mood, h.tries = mood, 0
}

// took waits until n alerts were taken.
func (h *hook) took(t *testing.T, n int) {
	t.Helper()
	eventually(t, func() error {
		h.mu.Lock()
		defer h.mu.Unlock()
		if len(h.taken) != n {
			return fmt.Errorf("%d alerts were taken, want %d", len(h.taken), n)
		}
		return nil
	})
}

// tried waits until the endpoint was tried n times in its present mood.
func (h *hook) tried(t *testing.T, n int) {
	t.Helper()
	eventually(t, func() error {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.tries < n {
			return errors.New("the endpoint was not tried")
		}
		return nil
	})
}

// ringFor publishes alerts as an extractor would.
func ringFor(t *testing.T, b *bus.Bus, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		now := time.Now().UTC()
		a := messages.Alert{
			Version: messages.Version, ID: fmt.Sprintf("alert%d", i), Revision: 1, Status: messages.StatusNew, List: "war", Entry: "khalimov", Name: "Khalimov",
			Evidence: messages.Evidence{
				Tier: messages.TierProbable, Quote: messages.Quote{Text: "Khalimov", End: 8},
				Mentions: []messages.Span{{End: 8}}, Parts: []messages.Part{}, Penalties: []messages.Contribution{}, Context: []messages.Contribution{},
			},
			Count: 1, Article: messages.AlertArticle{ID: fmt.Sprintf("article%d", i), Revision: 1, Source: "wire"},
			Times: messages.AlertTimes{FirstSeen: now, Alerted: now},
		}
		data, err := messages.Encode(a)
		if err == nil {
			err = b.Publish(t.Context(), messages.Outgoing{Subject: a.Subject(), ID: a.ID, Data: data})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// An endpoint that breaks, hangs and goes away gets every alert in the end, also across the death of the forwarder.
func TestForwardedAlertsOutliveTheEndpoint(t *testing.T) {
	url, h := natsServer(t).URL(), openHook(t)
	b := connect(t, url)
	if _, err := b.Setup(t.Context(), bus.SetupOptions{AckWait: time.Second}); err != nil {
		t.Fatal(err)
	}
	ringFor(t, b, 0, 1) // before anybody forwards
	args := []string{"forward", "--nats", url, "--to", h.URL + "/secret-path", "--admin", freeAddress(t), "--list", "war"}
	p := start(t, "tocsin", args...)
	eventually(t, func() error { return ready(args[6]) })
	ringFor(t, b, 1, 21)
	h.took(t, 20)

	h.feel("broken")
	ringFor(t, b, 21, 41)
	h.tried(t, 1)
	eventually(t, func() error {
		if ready(args[6]) == nil {
			return errors.New("ready while the endpoint is broken")
		}
		return nil
	})
	_ = p.cmd.Process.Kill()
	<-p.done
	h.feel("hanging")
	start(t, "tocsin", args...)
	ringFor(t, b, 41, 51)
	h.tried(t, 1)
	h.feel("well")
	h.CloseClientConnections() // those that hang
	h.took(t, 50)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.taken["alert0:1"] != 0 {
		t.Error("what rang before the forwarder began was posted")
	}
	if letters := deadLetters(t, b); len(letters) != 0 {
		t.Errorf("dead letters %v", letters)
	}
}

// What was given up is a dead letter; replayed, it reaches the endpoint and rings for nobody else.
func TestUndeliveredAlertsAreReplayedToTheForwarderAlone(t *testing.T) {
	url, h := natsServer(t).URL(), openHook(t)
	b := connect(t, url)
	if _, err := b.Setup(t.Context(), bus.SetupOptions{}); err != nil {
		t.Fatal(err)
	}
	h.feel("broken")
	admin := freeAddress(t)
	start(t, "tocsin", "forward", "--nats", url, "--to", h.URL, "--name", "desk", "--give-up", "100ms", "--admin", admin)
	eventually(t, func() error { return ready(admin) })
	ringFor(t, b, 0, 1)
	eventually(t, func() error {
		if letters := deadLetters(t, b); letters["dlq.forward.undelivered"] != 1 {
			return fmt.Errorf("dead letters %v", letters)
		}
		return nil
	})
	h.feel("well")
	mustRun(t, "tocsin", "dlq", "replay", "--nats", url, "--stage", "forward", "--all")
	h.took(t, 1)
	heard := 0
	err := b.Follow(t.Context(), bus.FollowOptions{Stream: messages.StreamAlerts, Subjects: []string{messages.SubjectsAlerts}, Once: true},
		func(messages.Delivery) error { heard++; return nil })
	if err != nil || heard != 1 {
		t.Errorf("subscribers heard %d alerts, %v; want one", heard, err)
	}
	mustRun(t, "tocsin", "forward", "--nats", url, "--to", h.URL, "--name", "gone", "--forget")
}
