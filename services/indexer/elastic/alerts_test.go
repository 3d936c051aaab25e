package elastic

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/indextest"
)

// fullAlert has something in every field.
func fullAlert(t *testing.T) indexer.AlertDocument {
	t.Helper()
	at := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	d := indexer.NewAlertDocument(indextest.Alert("full", 1, at))
	fill(t, reflect.ValueOf(&d).Elem(), at)
	return d
}

func realAlerts(t *testing.T, address string) *Alerts {
	t.Helper()
	alerts := bareIndex(t, address, Options{}).Alerts()
	if err := alerts.Setup(t.Context()); err != nil {
		t.Fatal(err)
	}
	return alerts
}

// stored is where each alert of the index is, and what it says.
func stored(t *testing.T, address string, x *Alerts) []string {
	t.Helper()
	indextest.Send(t, http.MethodPost, address+"/"+x.o.Prefix+"/_refresh", "")
	status, body := indextest.Send(t, http.MethodGet, address+"/"+x.o.Prefix+"/_search?size=100&sort=id", "")
	if status != http.StatusOK {
		t.Fatalf("search: %d %s", status, body)
	}
	var answer struct {
		Hits struct {
			Hits []struct {
				Index  string                `json:"_index"`
				Source indexer.AlertDocument `json:"_source"`
			} `json:"hits"`
		} `json:"hits"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, h := range answer.Hits.Hits {
		all = append(all, fmt.Sprintf("%s %s %d %s", h.Index[len(h.Index)-7:], h.Source.ID, h.Source.Revision, h.Source.Status))
	}
	return all
}

// testAlerts brings the revisions of an alert in every order that deliveries can have.
func testAlerts(t *testing.T, address string) {
	january := time.Date(2026, 1, 31, 23, 59, 59, 0, time.UTC)
	first := indextest.Alert("a", 1, january)
	second := indextest.Alert("a", 2, january.Add(time.Hour)) // in February
	second.Status, second.Times.Rang = messages.StatusChanged, january
	third := indextest.Alert("a", 3, january.AddDate(0, 2, 0))
	third.Status, third.Times.Rang = messages.StatusWithdrawn, january
	forgetful := second // of an extractor that does not keep when an alert rang first
	forgetful.Times.Rang = time.Time{}
	tests := []struct {
		why   string
		send  [][]messages.Alert // batches; the index is refreshed between them
		known []bool             // of every alert sent
		want  string
	}{
		{"one after the other", [][]messages.Alert{{first}, {second}, {third}}, []bool{false, false, false}, "2026.01 a 3 withdrawn"},
		{"all in one batch", [][]messages.Alert{{first, second, third}}, []bool{false, false, false}, "2026.01 a 3 withdrawn"},
		{"out of order", [][]messages.Alert{{second}, {first}}, []bool{false, true}, "2026.01 a 2 changed"},
		{"out of order in one batch", [][]messages.Alert{{third, first, second}}, []bool{false, true, true}, "2026.01 a 3 withdrawn"},
		{"delivered again", [][]messages.Alert{{first, first}, {second}, {first}, {second}}, []bool{false, true, false, true, true}, "2026.01 a 2 changed"},
		{"a later revision that does not say when it rang first stays in the month", [][]messages.Alert{{first}, {forgetful}}, []bool{false, false}, "2026.01 a 2 changed"},
	}
	x := realAlerts(t, address)
	var want []string
	for i, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			id := string(rune('a' + i))
			want = append(want, strings.Replace(tt.want, " a ", " "+id+" ", 1))
			var known []bool
			for _, alerts := range tt.send {
				var docs []indexer.AlertDocument
				for _, a := range alerts {
					a.ID = id
					docs = append(docs, indexer.NewAlertDocument(a))
				}
				out, err := x.Write(t.Context(), docs)
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range out {
					if o.Err != nil {
						t.Error(o.Err)
					}
					known = append(known, o.Known)
				}
				stored(t, address, x) // it refreshes
			}
			if diff := cmp.Diff(want, stored(t, address, x)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
			if !slices.Equal(tt.known, known) {
				t.Errorf("known %v, want %v", known, tt.known)
			}
		})
	}
}

func TestAlertPrefix(t *testing.T) {
	for prefix, want := range map[string]string{"tocsin-articles": "tocsin-alerts", "news": "news-alerts", "news-articles": "news-alerts"} {
		if got := AlertPrefix(prefix); got != want {
			t.Errorf("beside %s: %s, want %s", prefix, got, want)
		}
	}
}
