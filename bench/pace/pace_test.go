package main

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
)

// TestMeasuresSmall runs the measurements that need no other program on a handful of messages and documents: they work,
// and say what they compare.
func TestMeasuresSmall(t *testing.T) {
	var out bytes.Buffer
	args := []string{"--json", "--rounds", "1", "--messages", "400", "--documents", "60", "--accounted", "200", "bus", "sqlite", "ledger"}
	if err := run(t.Context(), args, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	ratios := map[string]float64{}
	for line := range strings.Lines(out.String()) {
		var f struct {
			Measure, Case string
			Median, Ratio float64
		}
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if f.Median <= 0 {
			t.Errorf("%s of %s is %v", f.Measure, f.Case, f.Median)
		}
		if f.Ratio > 0 {
			ratios[f.Measure] = f.Ratio
		}
	}
	for _, want := range []string{"bus.publish", "bus.consume", "index.write"} {
		if ratios[want] == 0 {
			t.Errorf("%s is compared with nothing", want)
		}
	}
}

// TestRefusesUnknownMeasurements wants the error to name what there is.
func TestRefusesUnknownMeasurements(t *testing.T) {
	err := run(t.Context(), []string{"speed"}, io.Discard, io.Discard)
	if err == nil || !slices.ContainsFunc(measurements, func(m measurement) bool { return strings.Contains(err.Error(), m.name) }) {
		t.Errorf("an unknown measurement gave %v", err)
	}
}
