package measure_test

import (
	"context"
	"io"
	"testing"

	"tocsin/bench/pace/measure"
)

// TestRatiosAreWithinRounds lets the machine become ten times slower between two rounds: the ratio does not notice.
func TestRatiosAreWithinRounds(t *testing.T) {
	pace := []float64{1000, 100, 10}
	cases := []measure.Case{}
	for _, c := range []struct {
		name string
		by   float64
	}{{"twice", 2}, {"once", 1}} {
		round := 0
		cases = append(cases, measure.Case{Name: c.name, Run: func(context.Context) (measure.Readings, error) {
			round++
			return measure.Readings{"write documents/s": c.by * pace[round-1]}, nil
		}})
	}
	figures, err := measure.Rounds(t.Context(), "index", 3, cases, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if f := figures[0]; f.Measure != "index.write" || f.Unit != "documents/s" || f.Median != 200 || f.Ratio != 2 || f.To != "once" {
		t.Errorf("figure %+v; want index.write 200 documents/s, 2 times once", f)
	}
}

// TestQuantile takes the value that a share of all does not exceed.
func TestQuantile(t *testing.T) {
	values := []float64{5, 1, 4, 2, 3}
	for q, want := range map[float64]float64{0.5: 3, 0.99: 5, 0.2: 1, 1: 5} {
		if got := measure.Quantile(values, q); got != want {
			t.Errorf("quantile %v of 1 to 5 is %v, want %v", q, got, want)
		}
	}
}
