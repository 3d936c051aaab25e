package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// tally counts what TempEval-3 counts over all documents.
type tally struct {
	gold, predicted                int
	strict, relaxed, types, values int
}

// match pairs gold and predictions one to one: equal spans first, then by overlap, in text order. pairs[i] is the
// index of the prediction for gold i, or −1.
func match(gold, predicted []timex) (pairs []int, exact int) {
	pairs = make([]int, len(gold))
	used := make([]bool, len(predicted))
	for i := range pairs {
		pairs[i] = -1
	}
	pair := func(fits func(a, b timex) bool) (n int) {
		for i, g := range gold {
			if pairs[i] >= 0 {
				continue
			}
			for j, p := range predicted {
				if !used[j] && fits(g, p) {
					pairs[i], used[j] = j, true
					n++
					break
				}
			}
		}
		return n
	}
	exact = pair(func(a, b timex) bool { return a.Start == b.Start && a.End == b.End })
	pair(func(a, b timex) bool { return a.Start < b.End && b.Start < a.End })
	return pairs, exact
}

// add counts one document.
func (t *tally) add(gold, predicted []timex) {
	t.gold += len(gold)
	t.predicted += len(predicted)
	pairs, exact := match(gold, predicted)
	t.strict += exact
	for i, j := range pairs {
		if j < 0 {
			continue
		}
		t.relaxed++
		if gold[i].Type == predicted[j].Type {
			t.types++
		}
		if gold[i].Value == predicted[j].Value {
			t.values++
		}
	}
}

// f1 is in percent, to two decimals.
func f1(right, gold, predicted int) float64 {
	if right == 0 {
		return 0
	}
	p, r := float64(right)/float64(predicted), float64(right)/float64(gold)
	return math.Round(20000*p*r/(p+r)) / 100
}

// scores is what score prints.
type scores struct {
	Docs     int     `json:"docs"`
	Gold     int     `json:"gold"`
	Strict   float64 `json:"strict"`
	Relaxed  float64 `json:"relaxed"`
	Type     float64 `json:"type"`
	Value    float64 `json:"value"`
	Interval float64 `json:"interval"`
}

// score measures the room on gold documents.
func score(o options, stdout, _ io.Writer) error {
	mode, err := modeOf(o.mode)
	if err != nil {
		return err
	}
	docs, err := readAllDocuments(o.files)
	if err != nil {
		return err
	}
	var t tally
	var iv intervals
	for _, d := range docs {
		predicted := predict(d, mode)
		t.add(d.Gold, predicted)
		iv.add(d.Gold, predicted)
	}
	s := scores{len(docs), t.gold, f1(t.strict, t.gold, t.predicted), f1(t.relaxed, t.gold, t.predicted),
		f1(t.types, t.gold, t.predicted), f1(t.values, t.gold, t.predicted), f1(iv.right, iv.gold, iv.predicted)}
	if o.json {
		return json.NewEncoder(stdout).Encode(s)
	}
	_, err = fmt.Fprintf(stdout, "docs %d  gold %d  strict %.2f  relaxed %.2f  type %.2f  value %.2f  interval %.2f\n",
		s.Docs, s.Gold, s.Strict, s.Relaxed, s.Type, s.Value, s.Interval)
	return err
}

// printFound prints what the room finds in each document, skipped ranges left out.
func printFound(o options, stdout, _ io.Writer) error {
	mode, err := modeOf(o.mode)
	if err != nil {
		return err
	}
	docs, err := readAllDocuments(o.files)
	if err != nil {
		return err
	}
	out := json.NewEncoder(stdout)
	for _, d := range docs {
		line := struct {
			ID   string  `json:"id"`
			Pred []timex `json:"pred"`
		}{d.ID, predict(d, mode)}
		if line.Pred == nil {
			line.Pred = []timex{}
		}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// listErrors prints misses, false finds and wrong values with the words around them.
func listErrors(o options, stdout, _ io.Writer) error {
	mode, err := modeOf(o.mode)
	if err != nil {
		return err
	}
	docs, err := readAllDocuments(o.files)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if err := documentErrors(d, predict(d, mode), stdout); err != nil {
			return err
		}
	}
	return nil
}

func documentErrors(d document, predicted []timex, stdout io.Writer) error {
	text := []rune(d.Text)
	pairs, _ := match(d.Gold, predicted)
	used := make([]bool, len(predicted))
	var lines []string
	for i, j := range pairs {
		g := d.Gold[i]
		if j < 0 {
			lines = append(lines, fmt.Sprintf("MISS   %-14s %-14s %s", g.Value, "", context(text, g)))
			continue
		}
		used[j] = true
		if p := predicted[j]; p.Value != g.Value {
			lines = append(lines, fmt.Sprintf("VALUE  %-14s %-14s %s", g.Value, p.Value, context(text, p)))
		} else if p.Start != g.Start || p.End != g.End {
			lines = append(lines, fmt.Sprintf("SPAN   %-14s %q %s", g.Value, string(text[g.Start:g.End]), context(text, p)))
		}
	}
	for j, p := range predicted {
		if !used[j] {
			lines = append(lines, fmt.Sprintf("FALSE  %-14s %-14s %s", "", p.Value, context(text, p)))
		}
	}
	for _, l := range lines {
		if _, err := fmt.Fprintf(stdout, "%s  %s\n", d.ID, l); err != nil {
			return err
		}
	}
	return nil
}

// around is how many characters of context errors show on each side.
const around = 40

// context shows an expression in brackets with what stands around it, on one line.
func context(text []rune, t timex) string {
	from, to := max(0, t.Start-around), min(len(text), t.End+around)
	s := []rune(string(text[from:t.Start]) + "[" + string(text[t.Start:t.End]) + "]" + string(text[t.End:to]))
	for i, c := range s {
		if c < ' ' {
			s[i] = ' '
		}
	}
	return string(s)
}
