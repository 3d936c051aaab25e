package indexer_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/indextest"
)

func alertDelivery(t *testing.T, a messages.Alert) messages.Delivery {
	t.Helper()
	data, err := messages.Encode(a)
	if err != nil {
		t.Fatal(err)
	}
	return messages.Delivery{Data: data, Stream: messages.StreamAlerts, Sequence: 7}
}

func TestAlertDocumentSaysWhatTheAlertSays(t *testing.T) {
	got := indexer.NewAlertDocument(indextest.Alert("a", 2, day1))
	if got.Detail == nil || got.Detail.ID != "a" {
		t.Errorf("detail %v", got.Detail)
	}
	got.Detail = nil
	want := indexer.AlertDocument{
		ID: "a", Revision: 2, Status: "new", List: "war", Entry: "aziz", Watch: "war.aziz", Name: "Nadia Aziz", Tier: "probable",
		Score: 0.9, Bits: 31.5, Threshold: 24, Quote: "Nadja Asis", Sentence: "The lawyer Nadja Asis left.",
		Reasons: []string{"Nadja = nadia (sound, +12.0 bits)", "Asis = aziz (sound, +20.0 bits)", "lawyer (role, +3.5 bits)", "Nadja (common name, -4.0 bits)"},
		Rules:   []string{"sound", "role", "common name"}, Story: "article-of-a", Count: 1,
		Article: "article-of-a", ArticleRevision: 2, URL: "https://wire.example/a", Title: "Hearing", Source: "wire", Feed: "wire-feed", Lang: "en",
		Published: day1.Add(-time.Hour), FirstSeen: day1.Add(-2 * time.Second), RangAt: day1, ChangedAt: day1, SecondsToAlert: 2,
		Retro: true, Baseline: true, Notes: []string{"A note."},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
}

func TestAlertDocumentCountsFromTheFirstRing(t *testing.T) {
	a := indextest.Alert("a", 2, day1.Add(time.Hour))
	a.Times.FirstSeen, a.Times.Rang, a.Story = day1, day1.Add(3*time.Second), "first-of-the-story"
	d := indexer.NewAlertDocument(a)
	if !d.RangAt.Equal(day1.Add(3*time.Second)) || !d.ChangedAt.Equal(day1.Add(time.Hour)) || d.SecondsToAlert != 3 || d.Story != "first-of-the-story" {
		t.Errorf("rang %v, changed %v, %v s, story %s", d.RangAt, d.ChangedAt, d.SecondsToAlert, d.Story)
	}
	a.Times.Rang = time.Time{}
	if d := indexer.NewAlertDocument(a); !d.RangAt.Equal(d.ChangedAt) {
		t.Errorf("of an extractor that keeps no first ring: %v, want %v", d.RangAt, d.ChangedAt)
	}
}

// alertMemory is a small alert index that answers as told.
type alertMemory struct {
	answer func([]indexer.AlertDocument) ([]indexer.Outcome, error)
}

func (m alertMemory) Write(_ context.Context, alerts []indexer.AlertDocument) ([]indexer.Outcome, error) {
	return m.answer(alerts)
}

func TestAlertsAreSettledOneByOne(t *testing.T) {
	meter := tally{}
	m := alertMemory{func(alerts []indexer.AlertDocument) ([]indexer.Outcome, error) {
		out := make([]indexer.Outcome, len(alerts))
		for i, a := range alerts {
			switch a.ID {
			case "known":
				out[i].Known = true
			case "refused":
				out[i].Err = retry.Never("mapping", errors.New("cause"))
			case "later":
				out[i].Err = errors.New("cause")
			}
		}
		return out, nil
	}}
	x, err := indexer.NewAlerts(indexer.AlertOptions{Writer: m, Meter: meter, Now: func() time.Time { return day1 }})
	if err != nil {
		t.Fatal(err)
	}
	nameless := []byte(strings.Replace(string(alertDelivery(t, indextest.Alert("x", 1, day1)).Data), `"revision":1`, `"revision":0`, 1))
	errs := x.HandleBatch(t.Context(), []messages.Delivery{
		alertDelivery(t, indextest.Alert("new", 1, day1)), {Data: []byte("no json"), Stream: "ALERTS", Sequence: 8},
		alertDelivery(t, indextest.Alert("known", 1, day1)), alertDelivery(t, indextest.Alert("refused", 1, day1)),
		alertDelivery(t, indextest.Alert("later", 1, day1)), {Data: nameless, Stream: "ALERTS", Sequence: 9},
	})
	var got []string
	for _, err := range errs {
		verdict := "done"
		if reason, never := retry.Reason(err); never {
			verdict = reason
		} else if err != nil {
			verdict = "again"
		}
		if err != nil && strings.Contains(err.Error(), "Aziz") {
			t.Errorf("%v names who is watched", err)
		}
		got = append(got, verdict)
	}
	if diff := cmp.Diff([]string{"done", "undecodable", "done", "mapping", "again", "invalid"}, got); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
	want := tally{
		"tocsin_indexer_alerts_total outcome=stored": 1, "tocsin_indexer_alerts_total outcome=known": 1,
		"tocsin_indexer_alerts_total outcome=dead": 3, "tocsin_indexer_alerts_total outcome=retried": 1,
		"tocsin_indexer_alert_age_seconds ": 1,
	}
	if diff := cmp.Diff(want, meter); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	for name := range meter {
		if _, ok := indexer.AlertMetrics()[strings.Fields(name)[0]]; !ok {
			t.Errorf("metric %s has no description", name)
		}
	}
}

func TestAlertsFailTogether(t *testing.T) {
	for _, tt := range []struct {
		why    string
		answer func([]indexer.AlertDocument) ([]indexer.Outcome, error)
		want   string
	}{
		{"a failure of the whole is everybody's", func([]indexer.AlertDocument) ([]indexer.Outcome, error) {
			return nil, retry.After(time.Minute, errors.New("cause"))
		}, "cause"},
		{"too few answers settle nobody", func([]indexer.AlertDocument) ([]indexer.Outcome, error) {
			return []indexer.Outcome{{}}, nil
		}, "1 of 2"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			x, err := indexer.NewAlerts(indexer.AlertOptions{Writer: alertMemory{tt.answer}})
			if err != nil {
				t.Fatal(err)
			}
			errs := x.HandleBatch(t.Context(), []messages.Delivery{alertDelivery(t, indextest.Alert("a", 1, day1)), alertDelivery(t, indextest.Alert("b", 1, day1))})
			for _, err := range errs {
				if _, never := retry.Reason(err); err == nil || never || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%v, want %q, to be tried again", err, tt.want)
				}
			}
		})
	}
	if _, err := indexer.NewAlerts(indexer.AlertOptions{}); err == nil || !strings.Contains(err.Error(), "Writer") {
		t.Errorf("no writer: %v, want it named", err)
	}
}

// FuzzAlerts sends any bytes: every message gets exactly one verdict, and what is no alert is never retried.
func FuzzAlerts(f *testing.F) {
	seed, err := json.Marshal(indextest.Alert("a", 1, day1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte(`{"version":1,"id":"a"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := indexer.NewAlerts(indexer.AlertOptions{Writer: alertMemory{func(alerts []indexer.AlertDocument) ([]indexer.Outcome, error) {
			return make([]indexer.Outcome, len(alerts)), nil
		}}})
		if err != nil {
			t.Fatal(err)
		}
		errs := x.HandleBatch(t.Context(), []messages.Delivery{{Data: data}, {Data: seed}})
		if len(errs) != 2 || errs[1] != nil {
			t.Fatalf("errors %v; the second message is well", errs)
		}
		if _, never := retry.Reason(errs[0]); errs[0] != nil && !never {
			t.Errorf("%v would be tried again for ever", errs[0])
		}
	})
}
