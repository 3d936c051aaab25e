package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"tocsin/services/extractor/watch"
)

// labelled is one pair of names with the truth.
type labelled struct {
	a, b  *subject
	match bool
}

// pairs measures scorers on labelled pairs: average precision, best F1, and recall where precision is at least 0.9.
func pairs(args []string, out *printer) error {
	f := out.flags("pairs")
	only := f.String("only", "", "comma-separated scorers; all when empty")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() != 1 {
		return fmt.Errorf("name one file of pairs")
	}
	groups, err := readPairs(f.Arg(0))
	if err != nil {
		return err
	}
	for _, schema := range []string{"Person", "Organization"} {
		if len(groups[schema]) == 0 {
			continue
		}
		for _, s := range scorers() {
			if *only == "" || slices.Contains(strings.Split(*only, ","), s.name) {
				c := judge(groups[schema], s)
				out.row(field{"scorer", s.name}, field{"schema", schema}, field{"pairs", len(groups[schema])},
					field{"ap", c.ap}, field{"f1", c.f1}, field{"recall_at_p90", c.recall90})
			}
		}
	}
	return nil
}

// readPairs groups pairs by schema; companies and legal entities count as organisations, vessels are ignored.
func readPairs(file string) (map[string][]labelled, error) {
	data, err := readFile(file)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("%s: not a table with a header: %w", file, err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for _, need := range []string{"name1", "name2", "is_match", "schema"} {
		if _, ok := column[need]; !ok {
			return nil, fmt.Errorf("%s: no column %q", file, need)
		}
	}
	groups := map[string][]labelled{}
	for _, row := range rows[1:] {
		schema, kind := "Person", watch.Person
		switch row[column["schema"]] {
		case "Person":
		case "Company", "Organization", "LegalEntity":
			schema, kind = "Organization", watch.Organization
		default:
			continue
		}
		groups[schema] = append(groups[schema], labelled{
			a:     newSubject(watch.Name{Text: row[column["name1"]]}, kind),
			b:     newSubject(watch.Name{Text: row[column["name2"]]}, kind),
			match: strings.EqualFold(row[column["is_match"]], "true"),
		})
	}
	return groups, nil
}

// curve is what a scorer reaches over all thresholds.
type curve struct{ ap, f1, recall90 float64 }

func judge(set []labelled, s scorer) curve {
	type result struct {
		score float64
		match bool
	}
	results := make([]result, len(set))
	positives := 0.0
	for i, p := range set {
		results[i] = result{s.score(p.a, p.b), p.match}
		if p.match {
			positives++
		}
	}
	slices.SortFunc(results, func(a, b result) int { return cmp.Compare(b.score, a.score) })
	var c curve
	hits, lastRecall := 0.0, 0.0
	for i := 0; i < len(results); {
		j := i
		for ; j < len(results) && results[j].score == results[i].score; j++ {
			if results[j].match {
				hits++
			}
		}
		i = j
		precision, recall := hits/float64(i), hits/positives
		c.ap += precision * (recall - lastRecall)
		lastRecall = recall
		c.f1 = max(c.f1, 2*precision*recall/(precision+recall))
		if precision >= 0.9 {
			c.recall90 = max(c.recall90, recall)
		}
	}
	return c
}
