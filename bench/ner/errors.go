package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tocsin/services/extractor/ner/bio"
)

// mistakes groups what the CRF gets wrong, commonest first, for a reader.
func mistakes(o options) error {
	find, err := o.finder("crf")
	if err != nil {
		return err
	}
	for _, name := range o.files {
		docs, err := readLabelled(name)
		if err != nil {
			return err
		}
		kinds := map[string][]string{}
		for _, d := range docs {
			gold, found := find(d)
			text := surface(d, o.raw)
			compare(drop(gold, o.types()), drop(found, o.types()), func(kind string, s bio.Span) {
				kinds[kind] = append(kinds[kind], text(s))
			})
		}
		fmt.Fprintf(o.out, "%s\n", name)
		order := slices.SortedFunc(maps.Keys(kinds), func(a, b string) int {
			return cmp.Or(cmp.Compare(len(kinds[b]), len(kinds[a])), cmp.Compare(a, b))
		})
		for _, k := range order {
			fmt.Fprintf(o.out, "%5d %s\n", len(kinds[k]), k)
			for _, line := range spread(kinds[k], o.show) {
				fmt.Fprintf(o.out, "        %s\n", line)
			}
		}
	}
	return nil
}

// surface returns a function that shows a span with a few words around it.
func surface(d bio.Document, raw bool) func(bio.Span) string {
	if raw {
		text := rebuild(d).text
		return func(s bio.Span) string {
			lo, hi := max(0, s.Start-30), min(len(text), s.End+30)
			return strings.Join(strings.Fields(strings.ToValidUTF8(text[lo:s.Start]+"["+text[s.Start:s.End]+"]"+text[s.End:hi], "")), " ")
		}
	}
	var tokens []string
	for _, s := range d {
		tokens = append(tokens, s.Tokens...)
	}
	return func(s bio.Span) string {
		lo, hi := max(0, s.Start-4), min(len(tokens), s.End+4)
		return strings.Join(tokens[lo:s.Start], " ") + " [" + strings.Join(tokens[s.Start:s.End], " ") + "] " + strings.Join(tokens[s.End:hi], " ")
	}
}

func drop(spans []bio.Span, types []string) []bio.Span {
	return slices.DeleteFunc(slices.Clone(spans), func(s bio.Span) bool { return !slices.Contains(types, s.Type) })
}

// compare tells report of every difference: a name of another type, with other borders, missed, or made up.
func compare(gold, found []bio.Span, report func(kind string, s bio.Span)) {
	used := make([]bool, len(found))
	for _, g := range gold {
		kind := "missed " + g.Type
		for i, f := range found {
			if f.End <= g.Start || f.Start >= g.End {
				continue
			}
			used[i] = true
			switch {
			case f == g:
				kind = ""
			case f.Start == g.Start && f.End == g.End:
				kind = g.Type + " found as " + f.Type
			case kind == "missed "+g.Type && f.Type == g.Type:
				kind = "borders of " + g.Type
			case kind == "missed "+g.Type:
				kind = "borders and type of " + g.Type
			}
		}
		if kind != "" {
			report(kind, g)
		}
	}
	for i, f := range found {
		if !used[i] {
			report("made up "+f.Type, f)
		}
	}
}

// spread returns up to n lines, spread evenly over all.
func spread(lines []string, n int) []string {
	if len(lines) <= n {
		return lines
	}
	out := make([]string, 0, n)
	for i := range n {
		out = append(out, lines[i*len(lines)/n])
	}
	return out
}
