package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/newsroom"
	"tocsin/pkg/messages"
)

// gold is what a reader marked in one of the real articles.
type gold struct {
	File      string  `json:"file"`
	Reference *string `json:"reference"`
	Watch     []struct {
		Text string `json:"text"`
		Kind string `json:"kind"`
	} `json:"watch"`
	Dates []struct {
		Text  string `json:"text"`
		Value string `json:"value"`
	} `json:"dates"`
	Entities []struct {
		Label string `json:"label"`
		Text  string `json:"text"`
	} `json:"entities"`
}

// realArticle is one of the five real articles as a story of the newsroom.
type realArticle struct {
	gold gold
	item newsroom.Item
}

func realArticles(t *testing.T) []realArticle {
	t.Helper()
	dir := shared(t, "seeds")
	data, err := os.ReadFile(filepath.Join(dir, "gold.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []gold
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	articles := make([]realArticle, len(all))
	for i, g := range all {
		text, err := os.ReadFile(filepath.Join(dir, g.File))
		if err != nil {
			t.Fatal(err)
		}
		item := newsroom.Item{Path: "/news/" + g.File, Title: headline(string(text)), Text: string(text)}
		if g.Reference != nil {
			if item.Published, err = time.Parse(time.DateOnly, *g.Reference); err != nil {
				t.Fatal(err)
			}
		}
		articles[i] = realArticle{g, item}
	}
	return articles
}

// headline is the first line of an article, made unique enough to find it by.
func headline(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(line)
}

// spellings is a watchlist with every spelling that stands in the articles.
const spellings = `
list: sample
entries:
  - id: khalimov
    name: Gulmurod Khalimov
    aliases: [Gulmorad Halimov, Gulmurad Halimaov]
`

// deployment is one way of running the pipeline. open returns the flags that lead `tocsin search` to its index, and a
// connection to its streams.
type deployment struct {
	name string
	open func(t *testing.T, feeds, watchlist string) (search []string, b *bus.Bus)
}

func deployments() []deployment {
	return []deployment{
		{"together on SQLite", func(t *testing.T, feeds, watchlist string) ([]string, *bus.Bus) {
			data := t.TempDir()
			_, at := startTocsin(t, data, "--baseline", "ring", "--feeds", feeds, "--watchlists", watchlist)
			return []string{"--data", data}, connect(t, at.NATS)
		}},
		{"together on Elasticsearch", func(t *testing.T, feeds, watchlist string) ([]string, *bus.Bus) {
			index := elasticFlags(t)
			_, at := startTocsin(t, t.TempDir(), append(index, "--baseline", "ring", "--feeds", feeds, "--watchlists", watchlist)...)
			return index, connect(t, at.NATS)
		}},
		{"apart on SQLite", func(t *testing.T, feeds, watchlist string) ([]string, *bus.Bus) {
			index := []string{"--sqlite", filepath.Join(t.TempDir(), "index.db")}
			return index, apart(t, index, feeds, watchlist)
		}},
		{"apart on Elasticsearch", func(t *testing.T, feeds, watchlist string) ([]string, *bus.Bus) {
			index := elasticFlags(t)
			return index, apart(t, index, feeds, watchlist)
		}},
	}
}

// apart runs two fetchers, two extractors and one indexer as processes of their own.
func apart(t *testing.T, index []string, feeds, watchlist string) *bus.Bus {
	t.Helper()
	url := natsServer(t).URL()
	mustRun(t, "tocsin", append([]string{"setup", "--nats", url}, index...)...)
	start(t, "indexer", append([]string{"--nats", url}, index...)...)
	for range 2 {
		start(t, "extractor", "--nats", url, "--watchlists", watchlist)
		start(t, "fetcher", "--nats", url, "--feeds", feeds, "--baseline", "ring", "--allow-private", "127.0.0.0/8")
	}
	return connect(t, url)
}

func TestFiveRealArticles(t *testing.T) {
	articles := realArticles(t)
	for _, d := range deployments() {
		t.Run(d.name, func(t *testing.T) {
			var items []newsroom.Item
			for _, a := range articles {
				items = append(items, a.item)
			}
			room := serve(t, items, newsroom.Options{})
			search, b := d.open(t, feedList(t, room.Feeds()), write(t, "watchlist.yaml", spellings))
			enriched := map[string]messages.EnrichedArticle{}
			for _, a := range articles {
				eventually(t, func() error { return find(t, b, a, enriched) })
				t.Run(a.gold.File, func(t *testing.T) { checkArticle(t, search, a, enriched[a.item.Path]) })
			}
			checkAlerts(t, b, articles, enriched)
		})
	}
}

// find waits for the enriched form of an article.
func find(t *testing.T, b *bus.Bus, a realArticle, into map[string]messages.EnrichedArticle) error {
	t.Helper()
	err := b.Follow(t.Context(), bus.FollowOptions{Stream: messages.StreamEnriched, Once: true}, func(d messages.Delivery) error {
		e, err := messages.Decode[messages.EnrichedArticle](d.Data)
		if err != nil {
			return err
		}
		if strings.HasSuffix(e.URL, a.item.Path) {
			into[a.item.Path] = e
		}
		return nil
	})
	if _, ok := into[a.item.Path]; err == nil && !ok {
		return fmt.Errorf("%s did not come out of the extractor", a.item.Path)
	}
	return err
}

type hit struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	Title string `json:"title"`
}

// found waits until a search brings the article.
func found(t *testing.T, search []string, id string, args ...string) {
	t.Helper()
	eventually(t, func() error {
		out := mustRun(t, "tocsin", slices.Concat([]string{"search", "--json", "--limit", "100"}, search, args)...)
		for _, h := range decodeLines[hit](t, out) {
			if h.ID == id {
				return nil
			}
		}
		return fmt.Errorf("search %s does not find %s", strings.Join(args, " "), id)
	})
}

// checkArticle looks one article up by its words, by who and what is in it, and by the dates it speaks of.
func checkArticle(t *testing.T, search []string, a realArticle, e messages.EnrichedArticle) {
	found(t, search, e.ID, strings.Join(strings.Fields(a.item.Title)[:3], " "))
	for _, entity := range e.Entities {
		flag := map[string]string{
			messages.KindPerson: "--person", messages.KindOrganization: "--organization", messages.KindPlace: "--place",
		}[entity.Kind]
		if goldEntity(a.gold, entity.Canonical) {
			found(t, search, e.ID, flag, entity.Canonical)
		}
	}
	if !slices.ContainsFunc(e.Entities, func(x messages.Entity) bool { return goldEntity(a.gold, x.Canonical) }) {
		t.Errorf("none of the article's entities was recognised")
	}
	for _, d := range e.Dates {
		if !d.From.IsZero() && d.Explicit == "full" && d.To.Sub(d.From) < 3600*24*time.Hour {
			found(t, search, e.ID, "--mentions", d.From.Format(time.DateOnly))
		}
	}
	published := e.Published.From
	if published.IsZero() {
		published = e.FirstSeen
	}
	found(t, search, e.ID, "--published", published.UTC().Format("2006-01"))
}

func goldEntity(g gold, name string) bool {
	for _, e := range g.Entities {
		if strings.EqualFold(e.Text, name) {
			return true
		}
	}
	return false
}

// checkAlerts holds what rang to what a reader marked: every article with a full mention rings once, every marked
// spelling is among its mentions, and no other article rings.
func checkAlerts(t *testing.T, b *bus.Bus, articles []realArticle, enriched map[string]messages.EnrichedArticle) {
	t.Helper()
	rang := map[string][]messages.Alert{}
	collect := func() error {
		clear(rang)
		return b.Follow(t.Context(), bus.FollowOptions{Stream: messages.StreamAlerts, Once: true}, func(d messages.Delivery) error {
			a, err := messages.Decode[messages.Alert](d.Data)
			rang[a.Article.ID] = append(rang[a.Article.ID], a)
			return err
		})
	}
	eventually(t, func() error {
		if err := collect(); err != nil {
			return err
		}
		for _, a := range articles {
			if len(a.gold.Watch) > 0 && len(rang[enriched[a.item.Path].ID]) == 0 {
				return fmt.Errorf("%s did not ring", a.gold.File)
			}
		}
		return nil
	})
	for _, a := range articles {
		e := enriched[a.item.Path]
		alerts := rang[e.ID]
		if want := min(1, len(a.gold.Watch)); len(alerts) != want {
			t.Errorf("%s rang %d times, want %d", a.gold.File, len(alerts), want)
			continue
		}
		for _, mention := range a.gold.Watch {
			if mention.Kind == "full" && !mentioned(e.Text, alerts[0].Mentions, mention.Text) {
				t.Errorf("%s: the spelling %q is not among the mentions of its alert", a.gold.File, mention.Text)
			}
		}
	}
}

func mentioned(text string, spans []messages.Span, want string) bool {
	return slices.ContainsFunc(spans, func(s messages.Span) bool { return strings.Contains(text[s.Start:s.End], want) })
}
