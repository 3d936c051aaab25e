package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/elastic"
	"tocsin/services/indexer/indextest"
)

// indexed is what the alert index holds, by id.
func indexed(t *testing.T, index []string) map[string]indexer.AlertDocument {
	t.Helper()
	alias := index[1] + "/" + elastic.AlertPrefix(index[3])
	indextest.Send(t, http.MethodPost, alias+"/_refresh", "")
	status, body := indextest.Send(t, http.MethodGet, alias+"/_search?size=1000", "")
	if status != http.StatusOK {
		return nil // not set up yet
	}
	var answer struct {
		Hits struct {
			Hits []struct {
				ID     string                `json:"_id"`
				Source indexer.AlertDocument `json:"_source"`
			} `json:"hits"`
		} `json:"hits"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatal(err)
	}
	all := map[string]indexer.AlertDocument{}
	for _, h := range answer.Hits.Hits {
		if _, twice := all[h.ID]; twice {
			t.Errorf("alert %s is there twice", h.ID)
		}
		all[h.ID] = h.Source
	}
	return all
}

// Alerts come from the stream into an index of their own: the newest revision of each, whatever came again. What is no alert
// lies among the dead letters, and is replayed to the index alone.
func TestAlertsAreIndexed(t *testing.T) {
	index, url := elasticFlags(t), natsServer(t).URL()
	flags := append([]string{"--nats", url}, index...)
	mustRun(t, "tocsin", append([]string{"setup"}, flags...)...)
	b := connect(t, url)
	heard := subscribe(t, url)
	ring := func(subject, id string, data []byte) {
		t.Helper()
		if err := b.Publish(t.Context(), messages.Outgoing{Subject: subject, ID: id, Data: data}); err != nil {
			t.Fatal(err)
		}
	}
	encoded := func(a messages.Alert) []byte {
		data, err := messages.Encode(a)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	at := time.Now().UTC().AddDate(0, -1, 0).Truncate(time.Millisecond)
	for i := range 20 {
		a := indextest.Alert(fmt.Sprintf("alert-%d", i), 1, at)
		ring(a.Subject(), a.ID+"1", encoded(a))
	}
	later := indextest.Alert("alert-3", 2, at.AddDate(0, 1, 0))
	later.Status, later.Times.Rang = messages.StatusWithdrawn, at
	ring(later.UpdateSubject(), "later", encoded(later))
	first := indextest.Alert("alert-3", 1, at)
	ring(first.UpdateSubject(), "once more", encoded(first))
	ring(messages.AlertSubject("war", "aziz", messages.TierReview), "broken", []byte("{"))

	p := start(t, "indexer", append([]string{"--log-level", "debug"}, flags...)...)
	eventually(t, func() error {
		if all := indexed(t, index); len(all) != 20 || all["alert-3"].Revision != 2 {
			return fmt.Errorf("%d alerts are indexed; of alert-3 revision %d", len(all), all["alert-3"].Revision)
		}
		return nil
	})
	if a := indexed(t, index)["alert-3"]; a.Status != messages.StatusWithdrawn || !a.RangAt.Equal(at) || !a.Retro || !a.Baseline {
		t.Errorf("the withdrawn alert: %+v", a)
	}
	dead := func(replayed int) {
		t.Helper()
		eventually(t, func() error {
			out := mustRun(t, "tocsin", "dlq", "list", "--json", "--nats", url)
			if strings.Count(out, "\n") != 1 || !strings.Contains(out, messages.SubjectRefiled) || strings.Contains(out, `"replayed":1`) != (replayed == 1) {
				return fmt.Errorf("dead letters, to be replayed %d times: %s", replayed, out)
			}
			return nil
		})
	}
	dead(0)
	before := heard.Load()
	mustRun(t, "tocsin", "dlq", "replay", "--all", "--nats", url)
	dead(1)
	if n := heard.Load(); n != before || before != 23 {
		t.Errorf("a subscriber heard %d messages and %d after the replay, want 23", before, n)
	}
	mustRun(t, "tocsin", append([]string{"reindex", "alerts"}, flags...)...)
	fresh := indextest.Alert("alert-20", 1, at)
	ring(fresh.Subject(), "fresh", encoded(fresh)) // to the new generation
	eventually(t, func() error {
		if all := indexed(t, index); len(all) != 21 || all["alert-3"].Revision != 2 {
			return fmt.Errorf("%d alerts are in the new generation", len(all))
		}
		return nil
	})
	if status, _ := indextest.Send(t, http.MethodGet, index[1]+"/"+elastic.AlertPrefix(index[3])+"-v2-"+at.Format("2006.01"), ""); status != http.StatusOK {
		t.Errorf("the new generation has no month of the first ring: %d", status)
	}
	if log := p.errs.String(); strings.Contains(log, "Aziz") || strings.Contains(log, "Asis") {
		t.Errorf("the log names who is watched:\n%s", log)
	}
}

// subscribe counts what a plain subscriber hears of alerts.
func subscribe(t *testing.T, url string) *atomic.Int64 {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	var n atomic.Int64
	for _, subject := range []string{messages.SubjectsAlerts, messages.SubjectsUpdates} {
		if _, err := nc.Subscribe(subject, func(*nats.Msg) { n.Add(1) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	return &n
}
