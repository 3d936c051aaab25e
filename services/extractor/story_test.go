package extractor_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/watch"
)

// perStory rings what it finds once per story.
type perStory struct{ extractor.Matcher }

func (p perStory) Search(doc watch.Doc, within float64) (rang, near []watch.Match) {
	rang, near = p.Matcher.Search(doc, within)
	for i := range rang {
		rang[i].Group = messages.GroupStory
	}
	return rang, near
}

// report is n words about Khalimov that no other seed has in the same order.
func report(seed uint64, n int) string {
	r := rand.New(rand.NewPCG(seed, 7))
	list := []string{"Khalimov"}
	for range n {
		list = append(list, fmt.Sprintf("word%d", r.IntN(3000)))
	}
	return strings.Join(list, " ")
}

// copyOf is an article with a text of its own or another's.
type copyOf struct {
	id       string
	text     string
	tier     string
	days     int // after the others
	baseline bool
	revision int // 0: the first
}

func (c copyOf) raw() messages.RawArticle {
	raw := item()
	raw.ID, raw.Title, raw.FeedContent, raw.Baseline, raw.Revision = c.id, "News "+c.id, "<p>"+c.text+"</p>", c.baseline, max(c.revision, 1)
	raw.FirstSeen = raw.FirstSeen.AddDate(0, 0, c.days)
	raw.FetchedAt = raw.FirstSeen
	raw.Published = raw.FirstSeen
	return raw
}

func (c copyOf) extractor(t testing.TB, w *world) *extractor.Extractor {
	return start(t, w, perStory{phrases{{"war", "khalimov", "Khalimov", c.tier}}})
}

func TestAStoryRingsOnce(t *testing.T) {
	agency := report(1, 200)
	shortened := strings.Join(strings.Fields(agency)[:80], " ")
	const confirmed, probable = messages.TierConfirmed, messages.TierProbable
	for _, c := range []struct {
		why    string
		copies []copyOf
		want   []string // subject, story, count
	}{
		{"copies of a text, whole and cut, are updates with a counter",
			[]copyOf{{id: "a", text: agency, tier: probable}, {id: "b", text: "LONDON (Agency) - " + agency, tier: probable}, {id: "c", text: shortened, tier: probable}},
			[]string{"alerts.war.khalimov.probable a 1", "alert-updates.war.khalimov a 2", "alert-updates.war.khalimov a 3"}},
		{"another story of the same name rings",
			[]copyOf{{id: "a", text: agency, tier: probable}, {id: "b", text: report(2, 200), tier: probable}},
			[]string{"alerts.war.khalimov.probable a 1", "alerts.war.khalimov.probable b 1"}},
		{"a copy with stronger evidence rings, a weaker one does not",
			[]copyOf{{id: "a", text: agency, tier: probable}, {id: "b", text: agency, tier: confirmed}, {id: "c", text: agency, tier: probable}},
			[]string{"alerts.war.khalimov.probable a 1", "alerts.war.khalimov.confirmed a 2", "alert-updates.war.khalimov a 3"}},
		{"back catalogue does not swallow the news, nor ring after it",
			[]copyOf{{id: "a", text: agency, tier: probable, baseline: true}, {id: "b", text: agency, tier: probable}, {id: "c", text: agency, tier: probable, baseline: true}},
			[]string{"alerts.war.khalimov.retro a 1", "alerts.war.khalimov.probable a 2", "alert-updates.war.khalimov a 3"}},
		{"within a week, and handled in another order than seen",
			[]copyOf{{id: "b", text: agency, tier: probable, days: 1}, {id: "a", text: agency, tier: probable}, {id: "c", text: agency, tier: probable, days: 7}},
			[]string{"alerts.war.khalimov.probable b 1", "alert-updates.war.khalimov b 2", "alert-updates.war.khalimov b 3"}},
		{"nine days later it is news again",
			[]copyOf{{id: "a", text: agency, tier: probable}, {id: "b", text: agency, tier: probable, days: 9}},
			[]string{"alerts.war.khalimov.probable a 1", "alerts.war.khalimov.probable b 1"}},
		{"texts too short to compare ring each",
			[]copyOf{{id: "a", text: "Khalimov was seen.", tier: probable}, {id: "b", text: "Khalimov was seen.", tier: probable}},
			[]string{"alerts.war.khalimov.probable  1", "alerts.war.khalimov.probable  1"}},
		{"a later revision stays in its story, and its rise in tier rings",
			[]copyOf{{id: "a", text: agency, tier: probable}, {id: "b", text: agency, tier: probable}, {id: "b", text: report(3, 200), tier: confirmed, revision: 2}},
			[]string{"alerts.war.khalimov.probable a 1", "alert-updates.war.khalimov a 2", "alerts.war.khalimov.confirmed a 2"}},
		{"a name taken out again is withdrawn within its story",
			[]copyOf{{id: "a", text: agency, tier: probable}, {id: "a", text: strings.ReplaceAll(agency, "Khalimov", "Nobody"), tier: probable, revision: 2}},
			[]string{"alerts.war.khalimov.probable a 1", "alert-updates.war.khalimov a 1"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := newWorld()
			for _, copied := range c.copies {
				one(t, copied.extractor(t, w), delivery(t, copied.raw()))
			}
			if got := stories(t, w); !slices.Equal(got, c.want) {
				t.Errorf("told\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
		})
	}
}

// stories is how these tests write an alert down.
func stories(t testing.TB, w *world) []string {
	t.Helper()
	var lines []string
	alerts := w.alerts(t)
	for _, m := range w.sent {
		if strings.HasPrefix(m.Subject, "alert") {
			lines = append(lines, fmt.Sprintf("%s %s %d", m.Subject, alerts[len(lines)].Story, alerts[len(lines)].Count))
		}
	}
	return lines
}

// A process that dies anywhere leaves a decision behind, or none; a redelivery never makes another.
func TestDeathWhileAStoryIsDecidedOn(t *testing.T) {
	agency := report(1, 200)
	first := copyOf{id: "a", text: agency, tier: messages.TierProbable}
	second := copyOf{id: "b", text: agency, tier: messages.TierProbable}
	want := []string{"alerts.war.khalimov.probable a 1", "alert-updates.war.khalimov a 2"}
	for killAt := 1; ; killAt++ {
		w := newWorld()
		one(t, first.extractor(t, w), delivery(t, first.raw()))
		w.step, w.killAt = 0, killAt
		d := delivery(t, second.raw())
		err := second.extractor(t, w).Handle(t.Context(), d)
		survived := err == nil
		if err != nil && !errors.Is(err, errKilled) {
			t.Fatalf("killed at step %d: %v", killAt, err)
		}
		w.revive()
		d.Delivered = 2
		one(t, second.extractor(t, w), d)
		if got := stories(t, w); !slices.Equal(got, want) {
			t.Fatalf("killed at step %d, told %q; want %q", killAt, got, want)
		}
		if survived {
			if killAt < 10 {
				t.Fatalf("survived after %d steps; there are more", killAt)
			}
			return
		}
	}
}

// Any number of extractors agree which copy was first.
func TestManyExtractorsRingAStoryOnce(t *testing.T) {
	const copies = 6
	w := newWorld()
	var all sync.WaitGroup
	errs := make([]error, copies)
	for i := range copies {
		c := copyOf{id: fmt.Sprintf("id%d", i), text: report(1, 200), tier: messages.TierProbable}
		x, d := c.extractor(t, w), delivery(t, c.raw())
		all.Go(func() { errs[i] = x.Handle(t.Context(), d) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	loud, counts := 0, []int{}
	for i, line := range stories(t, w) {
		if strings.HasPrefix(line, "alerts.") {
			loud++
		}
		counts = append(counts, w.alerts(t)[i].Count)
	}
	slices.Sort(counts)
	if loud != 1 || !slices.Equal(counts, []int{1, 2, 3, 4, 5, 6}) {
		t.Errorf("%d rang, with counts %v; want one, and each count once", loud, counts)
	}
}

// Beyond what a record holds each article rings, and says so: better twice than never.
func TestAFullStoryRecordRings(t *testing.T) {
	w := newWorld()
	x := start(t, w, perStory{phrases{{"war", "khalimov", "Khalimov", messages.TierProbable}}}, func(o *extractor.Options) { o.MaxMessage = 64 << 10 })
	for i := range 60 {
		c := copyOf{id: fmt.Sprintf("id%d", i), text: report(uint64(i), 200)}
		one(t, x, delivery(t, c.raw()))
	}
	alerts := w.alerts(t)
	last := alerts[len(alerts)-1]
	if len(alerts) != 60 || len(last.Notes) != 1 || !strings.Contains(last.Notes[0], "no longer told apart") {
		t.Fatalf("%d alerts, the last with notes %q", len(alerts), last.Notes)
	}
	if first := alerts[0]; len(first.Notes) != 0 || first.Times.Alerted.Before(noon.Add(-time.Hour)) {
		t.Errorf("the first alert is %+v", first)
	}
}
