package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tocsin/services/extractor/watch"
)

// frames are running sentences around a planted name; %s is the name.
var frames = []string{
	"Officials said on Tuesday that %s had been seen near the border.",
	"According to the report, %s left the country last year and has not returned.",
	"The court was told that %s signed the papers in person.",
	"In a statement, %s denied the accusations.",
	"Residents recalled how %s arrived with several other men.",
	"It was the second time that the name of %s came up in the inquiry.",
	"The ministry confirmed talks with %s, who declined to comment.",
}

// plant lists every name of an entry but one, plants the one left out in a sentence, and counts how often the entry
// rings all the same.
func plant(args []string, out *printer) error {
	var lists listFlags
	f := out.flags("plant")
	f.Var(&lists, "list", "FORMAT:FILE, repeatable")
	misses := f.Int("misses", 0, "print up to this many misses")
	if err := f.Parse(args); err != nil {
		return err
	}
	entries, err := lists.load()
	if err != nil {
		return err
	}
	var all, variant, script rate
	for _, p := range plantings(entries) {
		found := p.found
		all.add(found)
		if p.variant {
			variant.add(found)
		}
		if p.script {
			script.add(found)
		}
		if !found && *misses > 0 && (p.variant || p.script) {
			*misses--
			fmt.Fprintf(out.w, "missed %q of %q: %s\n", p.alias, p.primary, p.why)
		}
	}
	out.row(field{"variant", variant.share()}, field{"all", all.share()}, field{"script", script.share()},
		field{"aliases", int(all.n)}, field{"scripts", int(script.n)})
	return nil
}

// rate counts hits.
type rate struct{ hits, n float64 }

func (r *rate) add(hit bool) {
	r.n++
	if hit {
		r.hits++
	}
}

func (r *rate) share() float64 {
	if r.n == 0 {
		return 0
	}
	return r.hits / r.n
}

// planting is one alias left out and planted.
type planting struct {
	primary, alias         string
	variant, script, found bool
	// why says why it was not found.
	why string
}

// spellingsOf is how many turns an entry gets at most: entries with dozens of aliases would outweigh the rest.
const spellingsOf = 200

// plantings lists, in rounds, each entry without its k-th alias and searches the sentence with that alias. All other
// entries stay listed whole, so that they compete.
func plantings(entries []watch.Entry) []planting {
	var out []planting
	for round := 1; round <= spellingsOf; round++ {
		var turn []watch.Entry
		var left []int
		for i, e := range entries {
			if e.Kind == watch.Person && round < len(e.Names) && e.Names[round].Kind != watch.WeakAlias && len(foldTokens(e.Names[round].Text)) >= 2 {
				cut := e
				cut.Names = append(append([]watch.Name(nil), e.Names[:round]...), e.Names[round+1:]...)
				turn = append(turn, cut)
				left = append(left, i)
			}
		}
		if len(turn) == 0 {
			continue
		}
		out = append(out, plantRound(entries, turn, left, round)...)
	}
	return out
}

func plantRound(entries, turn []watch.Entry, left []int, round int) []planting {
	listed := append([]watch.Entry(nil), entries...)
	for k, i := range left {
		listed[i] = turn[k]
	}
	x, _ := watch.Compile(listed, watch.Options{})
	out := make([]planting, len(left))
	each(len(left), func(k int) {
		e := entries[left[k]]
		name := e.Names[round].Text
		p := planting{primary: e.Names[0].Text, alias: name, script: script(name) != script(e.Names[0].Text)}
		p.variant = likeAny(name, turn[k].Names)
		sentence := fmt.Sprintf(frames[(left[k]+round)%len(frames)], running(name))
		for _, m := range x.Find(watch.Doc{Text: sentence}) {
			p.found = p.found || m.Entry == e.ID && m.List == e.List
		}
		if !p.found {
			why := x.Explain(turn[k], watch.Doc{Text: sentence})
			p.why = fmt.Sprintf("%s; %q %v %v %v", why.Why, why.Match.Alias, why.Match.Parts, why.Match.Penalties, why.Match.Context)
		}
		out[k] = p
	})
	return out
}

// likeAny says whether a name is a variant, by the definition of screen, of any of the names that stay listed.
func likeAny(name string, listed []watch.Name) bool {
	b := newSubject(watch.Name{Text: name}, watch.Person)
	for _, n := range listed {
		a := newSubject(n, watch.Person)
		if jaroWinklerTokens(a, b) >= 0.86 || metaphoneTokens(a, b) >= 0.85 || skeletonTokens(a, b) >= 0.85 ||
			jaroWinklerWhole(a, b) >= 0.93 || tocsin(a, b) >= 0.85 {
			return true
		}
	}
	return false
}

// running writes a listed name as running text does: given names first, and not in capitals.
func running(name string) string {
	if family, given, ok := strings.Cut(name, ","); ok {
		name = strings.TrimSpace(given) + " " + strings.TrimSpace(family)
	}
	words := strings.Fields(name)
	for i, w := range words {
		if strings.ToUpper(w) == w && utf8.RuneCountInString(w) > 1 && !strings.Contains(w, ".") {
			words[i] = titled(w)
		}
	}
	return strings.Join(words, " ")
}

// titled lowers every letter but the first of each hyphened part.
func titled(w string) string {
	parts := strings.Split(strings.ToLower(w), "-")
	for i, p := range parts {
		if p == "" || i == 0 && len(parts) > 1 && (p == "al" || p == "el") {
			continue
		}
		r, n := utf8.DecodeRuneInString(p)
		parts[i] = strings.ToUpper(string(r)) + p[n:]
	}
	return strings.Join(parts, "-")
}
