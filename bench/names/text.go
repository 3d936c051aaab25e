package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"tocsin/services/extractor/watch"
)

// article is one line of a text file.
type article struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	// Gold are the entries that are truly in the text; nil when nobody labelled it.
	Gold []struct {
		Entry string `json:"entry"`
	} `json:"gold"`
}

func readArticles(file string) ([]article, error) {
	data, err := readFile(file)
	if err != nil {
		return nil, err
	}
	var out []article
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, 1<<26)
	for sc.Scan() {
		if len(bytes.TrimSpace(sc.Bytes())) == 0 {
			continue
		}
		var a article
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			return nil, fmt.Errorf("%s: line %d is no JSON object: %w", file, len(out)+1, err)
		}
		out = append(out, a)
	}
	return out, sc.Err()
}

// text prints every alert on articles, and with gold how precise and complete they are.
func text(args []string, out *printer) error {
	var lists listFlags
	f := out.flags("text")
	f.Var(&lists, "list", "FORMAT:FILE, repeatable")
	if err := f.Parse(args); err != nil {
		return err
	}
	entries, err := lists.load()
	if err != nil {
		return err
	}
	if f.NArg() != 1 {
		return fmt.Errorf("name one file of JSON lines")
	}
	articles, err := readArticles(f.Arg(0))
	if err != nil {
		return err
	}
	x, _ := watch.Compile(entries, watch.Options{})
	var t tally
	for _, a := range articles {
		matches := x.Find(watch.Doc{Text: a.Text})
		for _, m := range matches {
			out.row(field{"id", a.ID}, field{"entry", m.Entry}, field{"name", m.Name}, field{"alias", m.Alias},
				field{"quote", a.Text[m.Best.Start:m.Best.End]}, field{"start", m.Best.Start}, field{"end", m.Best.End},
				field{"bits", m.Bits}, field{"threshold", m.Threshold}, field{"tier", m.Tier})
		}
		t.add(a, matches)
	}
	if t.gold {
		t.print(out)
	}
	return nil
}

// tally counts per (text, entry).
type tally struct {
	gold             bool
	articles, wanted int
	// margins of right and wrong alerts over their threshold, in bits.
	right, wrong []float64
}

func (t *tally) add(a article, matches []watch.Match) {
	t.articles++
	t.gold = t.gold || a.Gold != nil
	gold := map[string]bool{}
	for _, g := range a.Gold {
		gold[plainID(g.Entry)] = true
	}
	t.wanted += len(gold)
	for _, m := range matches {
		margin := m.Bits - m.Threshold
		if gold[plainID(m.Entry)] || gold[plainID(m.List+m.Entry)] {
			t.right = append(t.right, margin)
		} else {
			t.wrong = append(t.wrong, margin)
		}
	}
}

// plainID drops what ids of one source are punctuated by: QDi.372 is an entry's QDi-372.
func plainID(id string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == '_' || r == ' ' || r == ':' {
			return -1
		}
		return r
	}, strings.ToLower(id))
}

// reviewMargin is where the tier probable begins: review does not count as an alert.
const reviewMargin = 2.0

// print gives the curve over margins, and last the figures at the shipped threshold.
func (t *tally) print(out *printer) {
	for margin := 0.0; margin <= 12; margin++ {
		if margin != reviewMargin {
			t.row(out, margin, field{"margin", margin})
		}
	}
	t.row(out, reviewMargin)
}

func (t *tally) row(out *printer, margin float64, extra ...field) {
	right, wrong := above(t.right, margin), above(t.wrong, margin)
	precision, recall := 0.0, 0.0
	if right+wrong > 0 {
		precision = right / (right + wrong)
	}
	if t.wanted > 0 {
		recall = right / float64(t.wanted)
	}
	out.row(append(extra, field{"precision", precision}, field{"recall", recall},
		field{"false_per_1000", 1000 * wrong / float64(t.articles)})...)
}

func above(margins []float64, least float64) float64 {
	n := 0.0
	for _, m := range margins {
		if m >= least {
			n++
		}
	}
	return n
}
