package newsroom

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// World is a generated news world: what to give to Serve, and what a reader of it should say.
type World struct {
	Items   []Item
	Sources []Source
	Plan    []Planned
	// Silences are the times in which a publisher that usually brings news brings none.
	Silences []Silence
}

// Silence is a publisher's planned silence, counted from Options.Start.
type Silence struct {
	Source      string
	From, Until time.Duration
}

// Generate makes a world of feeds publishers for days days, the same for the same seed: of every format, from one story in
// two days to thirty a day, by day more than by night, with edits, copies by others, silences, and every mischief on many
// feeds. Every title ends in a mark of its own, "(slug-number)".
func Generate(seed uint64, feeds, days int) World {
	g := generator{rand: rand.New(rand.NewPCG(seed, 7)), days: days}
	for i := range feeds {
		g.source(i)
	}
	g.copies()
	return g.World
}

type generator struct {
	World
	rand *rand.Rand
	days int
	kind int // the next mischief
}

const (
	// baseStories are in a feed from the beginning.
	baseStories = 10
	// every silentFeeds-th feed falls silent, every tenth story is edited, every copied-th taken over by another paper.
	silentFeeds = 10
	silentDays  = 8 // the shortest world with silences
	edited      = 10
	copied      = 20
	// every closedStories-th story of a feed has a page that robots.txt closes.
	closedStories = 16
)

func (g *generator) source(i int) {
	s := Source{
		Slug: fmt.Sprintf("f%04d", i), Name: fmt.Sprintf("Paper %d", i), Language: "en", Zone: []string{"", "Europe/London", "America/New_York"}[i%3],
		Format: []Format{RSS, RSSFull, Atom, JSONFeed, RSS}[i%5], Window: 60 + g.rand.IntN(60),
	}
	rate := min(max(math.Exp(g.rand.NormFloat64()*1.1+1.6), 0.5), 30) // stories a day
	var quiet Silence
	if i%silentFeeds == silentFeeds-1 && g.days >= silentDays {
		rate = max(rate, 8)
		half := time.Duration(g.days) * 24 * time.Hour / 2 // a rhythm must be known before a silence can be
		quiet = Silence{s.Slug, half, half + 4*24*time.Hour}
		g.Silences = append(g.Silences, quiet)
	} else {
		g.plan(s)
	}
	g.Sources = append(g.Sources, s)
	for n := range baseStories {
		g.story(s, n, -time.Duration(n+1)*6*time.Hour)
	}
	n := baseStories
	for at := g.pause(rate, 0); at < time.Duration(g.days)*24*time.Hour; at += g.pause(rate, at) {
		if at >= quiet.From && at < quiet.Until {
			continue
		}
		g.story(s, n, at)
		n++
	}
}

// pause is the time to the next story: random, three times as long at night.
func (g *generator) pause(rate float64, at time.Duration) time.Duration {
	day := 24 * time.Hour
	p := time.Duration(g.rand.ExpFloat64() / rate * float64(day))
	if hour := int(at.Hours()) % 24; hour < 7 || hour > 21 {
		p *= 3
	}
	return max(p, 2*time.Minute)
}

// plan gives a feed one mischief a day but the last, each in its turn, so that all of them are met. A world of one day has
// them all the same.
func (g *generator) plan(s Source) {
	names := Mischiefs()
	for day := range max(1, g.days-1) {
		name := names[g.kind%len(names)]
		g.kind++
		from := time.Duration(day)*24*time.Hour + time.Duration(2+g.rand.IntN(12))*time.Hour
		last := time.Duration(1+g.rand.IntN(8)) * time.Hour
		switch {
		case name == "410" && g.days > 7:
			g.Plan = append(g.Plan, Planned{s.Slug, name, from, from + last})
			return // it is looked at once a week from then on
		case name == "410" || name == "ten-thousand" && g.kind > len(names):
			continue
		case name == "hang" || name == "moved" && g.days < 7:
			last = 30 * time.Minute
		case name == "moved":
			last = 5 * 24 * time.Hour
		}
		g.Plan = append(g.Plan, Planned{s.Slug, name, from, from + last})
	}
}

func (g *generator) story(s Source, n int, at time.Duration) {
	mark := fmt.Sprintf(" (%s-%d)", s.Slug, n)
	folder := "/news/"
	if n%closedStories == closedStories-1 {
		folder = closedPath
	}
	item := Item{
		Source: s.Slug, Title: g.title() + mark, Section: "news", Author: "Desk", Language: "en",
		Path: fmt.Sprintf("%s%s-%d", folder, s.Slug, n), Text: g.text(mark), Appears: at,
	}
	if at > 0 && g.rand.IntN(edited) == 0 {
		e := Edit{Appears: at + time.Duration(60+g.rand.IntN(240))*time.Minute}
		if g.rand.IntN(2) == 0 {
			e.Title = g.title() + mark
		} else {
			e.Text = g.text(mark)
		}
		item.Edits = append(item.Edits, e)
	}
	g.Items = append(g.Items, item)
}

// copies lets other papers take stories over, word for word, under their own mark in the title.
func (g *generator) copies() {
	for _, it := range slices.Clone(g.Items) {
		if it.Appears <= 0 || g.rand.IntN(copied) != 0 || len(g.Sources) < 2 {
			continue
		}
		to := g.Sources[g.rand.IntN(len(g.Sources))]
		quiet := slices.ContainsFunc(g.Silences, func(s Silence) bool { return s.Source == to.Slug })
		if to.Slug == it.Source || quiet {
			continue
		}
		n := 100_000 + len(g.Items)
		it.Source, it.Path, it.Edits = to.Slug, fmt.Sprintf("/wire/%s-%d", to.Slug, n), nil
		it.Title = it.Title[:strings.LastIndex(it.Title, " (")] + fmt.Sprintf(" (%s-%d)", to.Slug, n)
		it.Appears += time.Duration(5+g.rand.IntN(60)) * time.Minute
		g.Items = append(g.Items, it)
	}
}

var (
	nouns = strings.Fields("harbour council minister budget railway bridge hospital court school museum river storm election union ferry market farm village factory airport treaty senate mayor police library theatre orchestra stadium")
	verbs = strings.Fields("approves delays rejects opens closes reviews funds questions expands repairs inspects debates defends audits")
	kinds = strings.Fields("new old northern southern disputed costly long-awaited regional coastal temporary joint annual")
)

func (g *generator) pick(words []string) string { return words[g.rand.IntN(len(words))] }

func (g *generator) title() string {
	t := fmt.Sprintf("%s %s the %s %s & %s", g.pick(nouns), g.pick(verbs), g.pick(kinds), g.pick(nouns), g.pick(nouns))
	return strings.ToUpper(t[:1]) + t[1:]
}

// text is a few paragraphs, the mark in the first sentence.
func (g *generator) text(mark string) string {
	var all []string
	for p := range 3 + g.rand.IntN(4) {
		var b strings.Builder
		for i := range 3 + g.rand.IntN(3) {
			s := g.title() + " after the " + g.pick(kinds) + " " + g.pick(nouns) + " asked for €" + fmt.Sprint(1+g.rand.IntN(900)) + " million"
			if p == 0 && i == 0 {
				s += mark
			}
			b.WriteString(s + ". ")
		}
		all = append(all, strings.TrimSpace(b.String()))
	}
	return strings.Join(all, "\n\n")
}
