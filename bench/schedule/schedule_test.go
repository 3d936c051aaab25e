package main

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"
)

// TestRun runs a small population: the product finds posts sooner than fixed hourly polling, with less than half of its
// requests, and misses fewer.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"--json", "--feeds", "300", "--seeds", "1,2"}, &out); err != nil {
		t.Fatal(err)
	}
	rows := map[string]row{}
	for d := json.NewDecoder(&out); ; {
		var r row
		if err := d.Decode(&r); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		rows[r.Policy] = r
	}
	mine, hourly := rows["tocsin"], rows["fixed 60 min"]
	if len(rows) != 7 || mine.Posts == 0 || mine.Requests > hourly.Requests/2 || mine.MeanDelay > hourly.MeanDelay || mine.LostShare > hourly.LostShare/10 {
		t.Errorf("got %+v beside %+v", mine, hourly)
	}
	if hourly.Requests < 23.9 || hourly.Requests > 24.1 {
		t.Errorf("a poll an hour came to %v a day", hourly.Requests)
	}
}

func TestPopulationIsTheSeeds(t *testing.T) {
	a, b := population(3, 50), population(3, 50)
	for i := range a {
		if len(a[i].posts) != len(b[i].posts) || a[i].window != b[i].window {
			t.Fatalf("feed %d differs between two drawings", i)
		}
	}
}
