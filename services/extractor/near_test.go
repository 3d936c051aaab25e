package extractor_test

import (
	"slices"
	"strings"
	"testing"

	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/rejected"
	"tocsin/services/extractor/watch"
)

// almost is a matcher that finds as phrases does and lets nothing ring: all of it misses by the bits given.
type almost struct {
	phrases
	short float64
}

func (m almost) Search(doc watch.Doc, within float64) (rang, near []watch.Match) {
	found, _ := m.phrases.Search(doc, within)
	for i := range found {
		found[i].Bits = found[i].Threshold - m.short
	}
	return nil, slices.DeleteFunc(found, func(watch.Match) bool { return m.short > within })
}

func TestNearMissesTravelApart(t *testing.T) {
	for _, c := range []struct {
		sentence string
		within   float64
		want     int
	}{{"within what is asked for", 3, 1}, {"further off", 1, 0}, {"nobody asked", 0, 0}} {
		w := newWorld()
		raw := item()
		raw.Title = "Gulmurod Khalimov seen."
		x := start(t, w, almost{khalimov, 2}, func(o *extractor.Options) { o.NearWithin = c.within })
		one(t, x, delivery(t, raw))
		again := delivery(t, raw)
		again.Delivered = 2
		one(t, x, again)
		near := decoded[messages.NearMiss](t, w, "near.war.khalimov")
		if len(near) != c.want || len(w.alerts(t)) != 0 {
			t.Errorf("%s: %d near misses and %d alerts; want %d and none", c.sentence, len(near), len(w.alerts(t)), c.want)
		}
		if c.want > 0 && (near[0].ID != messages.AlertID("war", "khalimov", "a1b2c3") || near[0].Quote.Text != "Gulmurod Khalimov" || near[0].Bits != 18) {
			t.Errorf("%s: %+v", c.sentence, near[0])
		}
	}
}

func TestWhatWasRejectedNeitherRingsNorAlmostRings(t *testing.T) {
	raw := item()
	raw.Title = "Gulmurod Khalimov seen."
	var book *rejected.Book
	book = book.With(messages.Rejection{ID: "a", List: "war", Entry: "khalimov", Article: "another", Words: "gulmurod khalimov", Sentence: "Gulmurod Khalimov seen."})
	for _, lists := range []extractor.Matcher{khalimov, almost{khalimov, 1}} {
		w := newWorld()
		x := start(t, w, lists, func(o *extractor.Options) { o.NearWithin = 3 })
		x.SetRejected(book)
		one(t, x, delivery(t, raw))
		if n := len(w.sent); n != 1 || len(w.articles(t)[0].Watch) != 0 {
			t.Errorf("%d messages were sent; want the article alone, without the name", n)
		}
		x.SetRejected(nil)
		raw := raw
		raw.ID = "other"
		one(t, x, delivery(t, raw))
		if n := len(w.sent); n != 3 {
			t.Errorf("after it was taken back %d messages were sent, want another article and what it rings", n)
		}
	}
}

// An alert fits a message however often the name stands in the text, keeps the best mention, and says what it left out.
func TestAnAlertListsALimitedNumberOfMentions(t *testing.T) {
	w := newWorld()
	raw := item()
	raw.FeedContent = strings.Repeat("Gulmurod Khalimov said no. ", 1500)
	one(t, start(t, w, khalimov), delivery(t, raw))
	a := w.alerts(t)[0]
	best := messages.Span{Start: a.Quote.Start, End: a.Quote.End}
	if len(a.Mentions) != extractor.MaxMentions || !slices.Contains(a.Mentions, best) || len(a.Notes) != 1 || !strings.Contains(a.Notes[0], "1500 times") {
		t.Errorf("%d mentions, notes %q; want %d with the best among them and a note", len(a.Mentions), a.Notes, extractor.MaxMentions)
	}
}

// A look back rings once and as retro, wherever it is killed, and leaves the article's later revisions their say.
func TestALookBackRingsOnceWhereverItIsKilled(t *testing.T) {
	past := newWorld()
	raw := item()
	raw.Title = "Khalimov and Rahmon met."
	rahmon := phrases{{"war", "rahmon", "Rahmon", "confirmed"}}
	both := append(phrases{{"war", "khalimov", "Khalimov", "probable"}}, rahmon...)
	one(t, start(t, past, rahmon), delivery(t, raw))
	a := past.articles(t)[0]
	for kill := 1; kill < 12; kill++ {
		w := newWorld()
		one(t, start(t, w, rahmon), delivery(t, raw))
		w.killAt = w.step + kill
		for range 3 { // killed, resumed, and once more for nothing
			x := start(t, w, both)
			found, _ := x.Look(a)
			if _, err := x.Recall(t.Context(), a, found); err != nil {
				w.revive()
			}
		}
		w.revive()
		next := raw
		next.Revision, next.Title = 2, "Rahmon met nobody."
		one(t, start(t, w, both), delivery(t, next))
		want := []string{
			"alerts.war.rahmon.confirmed 1 new confirmed", "alerts.war.khalimov.retro 1 new probable",
			"alert-updates.war.khalimov 2 withdrawn probable", "alert-updates.war.rahmon 2 changed confirmed",
		}
		if got := told(t, w); !slices.Equal(got, want) {
			t.Errorf("killed at step %d: told\n  %s\nwant\n  %s", kill, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		}
	}
}

// A rejected alert is withdrawn once, wherever telling so is killed, and stays withdrawn while it is rejected.
func TestARejectedAlertIsWithdrawnOnce(t *testing.T) {
	raw := item()
	raw.Title = "Khalimov and Rahmon met."
	both := phrases{{"war", "khalimov", "Khalimov", "probable"}, {"war", "rahmon", "Rahmon", "confirmed"}}
	for kill := 1; kill < 9; kill++ {
		w := newWorld()
		one(t, start(t, w, both), delivery(t, raw))
		alert := w.alerts(t)[0]
		w.killAt = w.step + kill
		for range 3 { // killed, typed again, and once more for nothing
			if _, err := start(t, w, both).Withdraw(t.Context(), alert); err != nil {
				w.revive()
			}
		}
		w.revive()
		x := start(t, w, both)
		var book *rejected.Book
		x.SetRejected(book.With(messages.Rejection{
			ID: alert.ID, List: alert.List, Entry: alert.Entry, Article: alert.Article.ID, Words: alert.Quote.Text, Sentence: alert.Quote.Sentence,
		}))
		next := raw
		next.Revision = 2
		one(t, x, delivery(t, next))
		want := []string{"alerts.war.khalimov.probable 1 new probable", "alerts.war.rahmon.confirmed 1 new confirmed", "alert-updates.war.khalimov 2 withdrawn probable"}
		if got := told(t, w); !slices.Equal(got, want) {
			t.Errorf("killed at step %d: told\n  %s\nwant\n  %s", kill, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		}
	}
}

// What rang is remembered for a while only; an alert that is older is withdrawn by what it says itself.
func TestAnAlertOlderThanItsRecordIsWithdrawn(t *testing.T) {
	w, fresh := newWorld(), newWorld()
	raw := item()
	raw.Title = "Gulmurod Khalimov seen."
	one(t, start(t, w, khalimov), delivery(t, raw))
	x := start(t, fresh, khalimov)
	for i, want := range []bool{true, false} {
		told, err := x.Withdraw(t.Context(), w.alerts(t)[0])
		if err != nil || told != want {
			t.Errorf("time %d: told is %v, %v; want %v", i+1, told, err, want)
		}
	}
	if got := told(t, fresh); len(got) != 1 || !strings.HasPrefix(got[0], "alert-updates.war.khalimov 2 withdrawn") {
		t.Errorf("told %q", got)
	}
}
