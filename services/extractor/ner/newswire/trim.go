package newswire

import (
	"strings"
	"sync"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/places"
)

// trim keeps titles, bylines and possessives outside a name's span.
func trim(text string, start, end int, kind string) (int, int) {
	for _, tail := range [...]string{"'s", "’s", "'S", "’S", "'", "’"} {
		if strings.HasSuffix(text[start:end], tail) {
			end -= len(tail)
			break
		}
	}
	for kind == messages.KindPerson {
		n := strings.IndexAny(text[start:end], " \n\t\r\u00a0")
		if n <= 0 || !title(text[start:start+n]) {
			break
		}
		rest := strings.TrimLeft(text[start+n:end], " \n\t\r\u00a0")
		start = end - len(rest)
	}
	return start, end
}

// withArticle moves the start of an organisation's name to the article before it when that has a capital in mid-sentence
// and so belongs to the name: "in The Guardian". Keys leave it out.
func withArticle(text string, start int) int {
	before := text[:start]
	rest, ok := strings.CutSuffix(before, "The ")
	if !ok || len(rest) < 2 || rest[len(rest)-1] != ' ' {
		return start
	}
	if c := rest[len(rest)-2]; c == ',' || c >= 'a' && c <= 'z' {
		return len(rest)
	}
	return start
}

func title(word string) bool {
	var buf [24]byte
	if len(word) >= len(buf) {
		return false
	}
	folded, _ := appendFolded(buf[:0], word)
	return titles[string(folded)]
}

// titles stand before a person's name and are no part of it. The list is closed: what the model has not learnt to
// leave outside.
var titles = set(`mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend gen general col colonel lt
	lieutenant maj major capt captain cpl corporal sgt sergeant adm admiral cmdr commander president chancellor premier
	sen senator rep representative gov governor mayor ambassador secretary minister judge justice coach inspector detective
	constable superintendent spokesman spokeswoman by photo archbishop bishop cardinal rabbi imam sheikh ayatollah`)

// demonyms are the folded words for peoples that are no country's name; a place they are not.
var demonyms = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for word := range places.Demonyms() {
		if places.Country(word) == "" {
			folded, _ := appendFolded(nil, word)
			m[string(folded)] = true
		}
	}
	return m
})

// never are single words that are no name whatever the model says: pronouns, days, months and the furniture of pages.
var never = set(`i me my we us our you your he him his she her hers it its they them their this that these those who
	what when where why how monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun
	january february march may june july august september october november december jan feb mar jun jul aug sept
	oct nov dec the a an and or but if in on at by of to for from with as is was are were be not no yes
	read more share click subscribe advertisement advertising photo photos image images video file source sources related
	update updated breaking exclusive watch live follow comments copyright getty newsletter menu search home print email
	mr mrs ms dr sir president minister king queen pope god internet covid covid19 christmas easter ramadan english
	monday’s gmt utc est edt pst pdt am pm ceo cfo mp mps pm vs`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// furniture are phrases of pages that look like names.
var furniture = map[string]bool{
	"read more": true, "getty images": true, "sign up": true, "see also": true, "all rights reserved": true,
	"file photo": true, "breaking news": true, "image source": true, "image caption": true, "terms of use": true,
	"privacy policy": true, "related topics": true, "more on this story": true, "share this": true,
}

// nameless says whether a name, as written and folded, of so many words is none.
func nameless(written string, folded []byte, words int, kind string) bool {
	if words == 0 || len(folded) < 2 {
		return true
	}
	if written == "US" || written == "WHO" {
		return false // not the pronouns
	}
	if words > 1 {
		return furniture[string(folded)]
	}
	if kind == messages.KindPerson && (string(folded) == "april" || string(folded) == "june") {
		return false // given names
	}
	if kind == messages.KindPlace && demonyms()[string(folded)] {
		return true
	}
	return never[string(folded)]
}
