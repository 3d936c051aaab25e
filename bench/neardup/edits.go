package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// edit is one of the ways in which a story is taken over. r gives what chance decides, other is a text of another story.
type edit struct {
	name string
	make func(r *rand.Rand, t, other string) string
}

var edits = []edit{
	{"same, case/space/punct", func(_ *rand.Rand, t, _ string) string {
		return strings.ToUpper(strings.ReplaceAll(t, ".", " . "))
	}},
	{"agency prefix+footer", func(_ *rand.Rand, t, _ string) string {
		return "LONDON (Reuters) - " + t + "\nReporting by Jane Doe; Editing by John Roe. Our Standards: The Thomson Reuters Trust Principles. " +
			"Read more at example.com, subscribe to our newsletter for daily updates."
	}},
	{"2% words changed", func(r *rand.Rand, t, _ string) string { return changed(r, t, .02) }},
	{"5% words changed", func(r *rand.Rand, t, _ string) string { return changed(r, t, .05) }},
	{"10% words changed", func(r *rand.Rand, t, _ string) string { return changed(r, t, .10) }},
	{"cut to first 80%", func(_ *rand.Rand, t, _ string) string { return cutTo(t, .8) }},
	{"cut to first 50%", func(_ *rand.Rand, t, _ string) string { return cutTo(t, .5) }},
	{"cut to first 30%", func(_ *rand.Rand, t, _ string) string { return cutTo(t, .3) }},
	{"+20% other text inside", func(_ *rand.Rand, t, other string) string {
		half := len(t) / 2
		return t[:half] + " " + other[:min(len(other), len(t)/5)] + " " + t[half:]
	}},
	{"half own, half other", func(_ *rand.Rand, t, other string) string { return t + " " + other[:min(len(other), len(t))] }},
	{"paragraphs shuffled", func(r *rand.Rand, t, _ string) string {
		p := paragraphs(t)
		r.Shuffle(len(p), func(a, b int) { p[a], p[b] = p[b], p[a] })
		return strings.Join(p, "\n")
	}},
	{"cut 60% + 5% words + footer", func(r *rand.Rand, t, _ string) string {
		return changed(r, cutTo(t, .6), .05) + " Copyright Agence France-Presse. All rights reserved. Follow us."
	}},
}

// changed replaces a share of the words by words that nobody else uses.
func changed(r *rand.Rand, t string, share float64) string {
	words := strings.Fields(t)
	for i := range words {
		if r.Float64() < share {
			words[i] = fmt.Sprintf("word%d", r.IntN(1e6))
		}
	}
	return strings.Join(words, " ")
}

func cutTo(t string, share float64) string {
	words := strings.Fields(t)
	return strings.Join(words[:int(float64(len(words))*share)], " ")
}

func paragraphs(t string) []string {
	var out []string
	for p := range strings.SplitSeq(t, "\n") {
		if strings.TrimSpace(p) != "" {
			out = append(out, p)
		}
	}
	return out
}
