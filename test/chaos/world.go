package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"tocsin/internal/newsroom"
)

// list is the watchlist of the run. Its names occur nowhere in the vocabulary below.
const list = "chaos"

var watched = []struct{ id, name string }{
	{"pereverza", "Lida Pereverza"}, {"brandsma", "Oto Brandsma"}, {"nemati", "Asgar Nemati"},
	{"ashrafzamonov", "Nuriddin Ashrafzamonov"}, {"ontivares", "Marisela Ontivares"}, {"wrobelska", "Halszka Wrobelska"},
	{"tchikvaidze", "Vakhtang Tchikvaidze"}, {"ostergaard", "Torbjorn Ostergaardsen"}, {"quispe", "Yolotzin Quispemayta"},
	{"dlaminghi", "Sibonelo Dlaminghi"}, {"farkasdi", "Zsombor Farkasdinov"}, {"okwuchukwe", "Chidubem Okwuchukwe"},
}

var (
	places  = strings.Fields("harbour market bridge library station valley island garden tower mill")
	actors  = strings.Fields("council carpenters sailors teachers farmers engineers bakers painters drivers nurses")
	actions = strings.Fields("repair measure open close discuss visit paint inspect rebuild close")
	moments = strings.Fields("spring summer autumn winter morning evening")
)

// publishers is how many feeds the world has, in all four formats.
const publishers = 8

// stories makes so many stories, which appear within span; a fifth is there from the beginning. One in three names a
// watched name, one in six is edited later. An edit adds and never takes away, so that what is expected in the end does
// not depend on whether anybody saw the version before.
func stories(n int, span time.Duration, r *rand.Rand) []newsroom.Item {
	items := make([]newsroom.Item, n)
	for i := range items {
		items[i] = story(i, r)
		if i >= n/5 {
			items[i].Appears = time.Duration(r.Int64N(int64(span)))
		}
		if r.IntN(6) == 0 {
			items[i].Edits = []newsroom.Edit{edit(items[i], span, r)}
		}
	}
	return items
}

func story(i int, r *rand.Rand) newsroom.Item {
	item := newsroom.Item{
		Source: fmt.Sprintf("press-%d", i%publishers),
		Title:  fmt.Sprintf("%s number %d: %s %s", capital(pick(places, r)), i, pick(actors, r), pick(actions, r)),
	}
	var paragraphs []string
	for range 3 + r.IntN(3) {
		var sentences []string
		for range 3 {
			sentences = append(sentences, sentence(r))
		}
		paragraphs = append(paragraphs, strings.Join(sentences, " "))
	}
	for range max(0, r.IntN(6)-3) {
		at := r.IntN(len(paragraphs))
		paragraphs[at] += name(&item.Watch, r)
	}
	item.Text = strings.Join(paragraphs, "\n\n")
	return item
}

func edit(item newsroom.Item, span time.Duration, r *rand.Rand) newsroom.Edit {
	e := newsroom.Edit{
		Appears: item.Appears + time.Duration(r.Int64N(int64(span-item.Appears)+1)), Title: item.Title + ", corrected",
		Watch: append([]string(nil), item.Watch...),
	}
	e.Text = item.Text + "\n\n" + sentence(r)
	if r.IntN(2) == 0 {
		e.Text += name(&e.Watch, r)
	}
	return e
}

// name is a sentence about a watched name that watch does not hold yet, and adds it there; nothing when it holds it.
func name(watch *[]string, r *rand.Rand) string {
	w := watched[r.IntN(len(watched))]
	if slices.Contains(*watch, w.id) {
		return ""
	}
	*watch = append(*watch, w.id)
	return fmt.Sprintf(" Yesterday %s spoke to the %s about the %s.", w.name, pick(actors, r), pick(places, r))
}

func sentence(r *rand.Rand) string {
	return fmt.Sprintf("The %s of the %s want to %s the old %s before the %s, and %d people came to the %s to hear why.",
		pick(actors, r), pick(places, r), pick(actions, r), pick(places, r), pick(moments, r), 2+r.IntN(500), pick(places, r))
}

func pick(words []string, r *rand.Rand) string { return words[r.IntN(len(words))] }

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

func sources() []newsroom.Source {
	formats := []newsroom.Format{newsroom.RSS, newsroom.RSSFull, newsroom.Atom, newsroom.JSONFeed}
	var all []newsroom.Source
	for i := range publishers {
		all = append(all, newsroom.Source{Slug: fmt.Sprintf("press-%d", i), Format: formats[i%len(formats)]})
	}
	return all
}

// watchlist is the list as a file holds it.
func watchlist() string {
	var b strings.Builder
	fmt.Fprintf(&b, "list: %s\nentries:\n", list)
	for _, w := range watched {
		fmt.Fprintf(&b, "  - {id: %s, name: %s, kind: person}\n", w.id, w.name)
	}
	return b.String()
}

// feedList is the feeds as a file holds them.
func feedList(feeds []newsroom.Feed) string {
	var b strings.Builder
	b.WriteString("feeds:\n")
	for _, f := range feeds {
		fmt.Fprintf(&b, "  - {url: %q, id: %s, source: %s, every: 1s}\n", f.URL, f.Source, f.Source)
	}
	return b.String()
}
