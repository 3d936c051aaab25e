// Package watchlint looks for watch entries that cannot work well: names that are too common to ring alone or of one word,
// what is listed twice, and what cannot be watched at all.
package watchlint

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tocsin/services/extractor/watch"
)

// Rules of a Finding.
const (
	RuleUnwatchable = "unwatchable" // some or all of its names cannot be matched by
	RuleCommon      = "common"      // its first name does not ring without more
	RuleOneWord     = "one-word"    // no name has a second word
	RuleDuplicate   = "duplicate"   // another entry has the same name
)

// Finding is something about one entry. The sentence quotes no name.
type Finding struct {
	Rule     string `json:"rule"`
	List     string `json:"list"`
	Entry    string `json:"entry"`
	Sentence string `json:"sentence"`
}

// Check looks at entries as they would be watched together, in their order. now decides what is muted. tell, which may be
// nil, is called now and then with how many entries were looked at.
func Check(entries []watch.Entry, now time.Time, tell func(n, of int)) []Finding {
	index, problems := watch.Compile(entries, watch.Options{})
	findings := make([]Finding, 0, len(problems))
	unwatchable := map[[2]string]bool{}
	for _, p := range problems {
		findings = append(findings, Finding{RuleUnwatchable, p.List, p.Entry, p.Sentence})
		unwatchable[[2]string{p.List, p.Entry}] = true
	}
	names := map[string]int{} // name → 1 + the first entry that has it
	for i, e := range entries {
		e = e.WithIdentity()
		if tell != nil && i%1000 == 0 {
			tell(i, len(entries))
		}
		if !unwatchable[[2]string{e.List, e.ID}] {
			findings = append(findings, check(e, index, now)...)
		}
		if first := firstWith(names, e, i); first >= 0 {
			o := entries[first].WithIdentity()
			findings = append(findings, Finding{RuleDuplicate, e.List, e.ID, fmt.Sprintf(
				"has a name that %s.%s has too; both ring for the same words: make them one entry, or tell them apart by birth date, country or role", o.List, o.ID)})
		}
	}
	return findings
}

// firstWith files the names of entry i and returns the first earlier entry that has one of them, or -1.
func firstWith(names map[string]int, e watch.Entry, i int) int {
	first := -1
	for _, n := range e.Names {
		k := key(n.Text)
		switch at := names[k]; {
		case k == "" || at == i+1 || n.Kind == watch.WeakAlias:
		case at == 0:
			names[k] = i + 1
		case first < 0:
			first = at - 1
		}
	}
	return first
}

// key is a name as its words in order of the alphabet, without case and accents.
func key(name string) string {
	words := strings.FieldsFunc(strings.ToLower(norm.NFKD.String(name)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
	})
	for i, w := range words {
		words[i] = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, w)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// check looks at one entry by itself.
func check(e watch.Entry, index *watch.Index, now time.Time) []Finding {
	if e.Kind == watch.Person && !slices.ContainsFunc(e.Names, twoWords) {
		return []Finding{{RuleOneWord, e.List, e.ID, "has only names of one word: it rings for everybody of that name or, where the name is common, for nobody; give the full name"}}
	}
	if len(e.Policy.RequireAny) > 0 || e.Policy.MuteUntil.After(now) {
		return nil
	}
	rang, near := index.Search(watch.Doc{Text: "Then came " + spoken(e) + ".", Now: now}, explained)
	same := func(m watch.Match) bool { return m.List == e.List && m.Entry == e.ID }
	if slices.ContainsFunc(rang, same) {
		return nil
	}
	if at := slices.IndexFunc(near, same); at >= 0 {
		why := near[at].Held
		if why == "" {
			why = fmt.Sprintf("it is worth %.1f bits of the %.1f needed", near[at].Bits, near[at].Threshold)
		}
		return []Finding{{RuleCommon, e.List, e.ID, "its first name does not ring by itself: " + why + "; give more of the name, or a country, role or organisation to stand beside it"}}
	}
	if len(rang) > 0 {
		return []Finding{{RuleCommon, e.List, e.ID, fmt.Sprintf("its first name does not ring by itself: %s.%s explains the same words better", rang[0].List, rang[0].Entry)}}
	}
	return []Finding{{RuleCommon, e.List, e.ID, "its first name does not ring by itself; try `tocsin watch explain`"}}
}

// spoken is an entry's first name as a text has it. Of a person it is the first of two words or more: a single word of it is
// not meant to ring alone.
func spoken(e watch.Entry) string {
	if e.Kind != watch.Person {
		return e.Names[0].Text
	}
	name := e.Names[slices.IndexFunc(e.Names, twoWords)].Text
	if family, given, ok := strings.Cut(name, ","); ok { // as lists write it
		name = strings.TrimSpace(given) + " " + strings.TrimSpace(family)
	}
	return name
}

// explained is how far below the threshold the reason is still told, in bits.
const explained = 40

// twoWords reports whether a name has two words, or is of a script that writes none.
func twoWords(n watch.Name) bool {
	words := strings.FieldsFunc(n.Text, func(r rune) bool { return unicode.IsSpace(r) || r == '-' || r == '·' })
	return len(words) > 1 || strings.ContainsFunc(n.Text, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
	})
}
