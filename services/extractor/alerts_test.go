package extractor_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/extractor"
)

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// told is how the tests write an alert down: subject, alert revision, status, tier.
func told(t testing.TB, w *world) []string {
	t.Helper()
	var lines []string
	alerts := w.alerts(t)
	i := 0
	for _, m := range w.sent {
		if strings.HasPrefix(m.Subject, "alert") {
			a := alerts[i]
			lines = append(lines, fmt.Sprintf("%s %d %s %s", m.Subject, a.Revision, a.Status, a.Tier))
			i++
		}
	}
	return lines
}

// edition is one revision of an article and the tier its name is found at; an empty title is one without the name.
type edition struct {
	revision int
	tier     string
	title    string
	baseline bool
}

func (e edition) handle(t testing.TB, w *world, d func(*messages.Delivery)) error {
	t.Helper()
	raw := item()
	raw.Revision, raw.Baseline = e.revision, e.baseline
	raw.Title = e.title
	x := start(t, w, phrases{{"war", "khalimov", "Khalimov", e.tier}})
	m := delivery(t, raw)
	if d != nil {
		d(&m)
	}
	return x.Handle(t.Context(), m)
}

func TestAlertsOverRevisions(t *testing.T) {
	const seen = "Khalimov seen."
	for _, c := range []struct {
		why      string
		editions []edition
		want     []string
	}{
		{"a first ring is new, on the subject of its tier", []edition{{1, "probable", seen, false}},
			[]string{"alerts.war.khalimov.probable 1 new probable"}},
		{"an article without the name rings nothing", []edition{{1, "probable", "Nobody.", false}}, nil},
		{"a later revision that says the same is silent", []edition{{1, "probable", seen, false}, {2, "probable", seen, false}},
			[]string{"alerts.war.khalimov.probable 1 new probable"}},
		{"a name that moved in the text is the same", []edition{{1, "probable", seen, false}, {2, "probable", "Today. " + seen, false}},
			[]string{"alerts.war.khalimov.probable 1 new probable"}},
		{"a name that comes with a later revision is new", []edition{{1, "probable", "Nobody.", false}, {2, "probable", seen, false}},
			[]string{"alerts.war.khalimov.probable 1 new probable"}},
		{"another sentence is other evidence", []edition{{1, "probable", seen, false}, {2, "probable", "Khalimov killed.", false}},
			[]string{"alerts.war.khalimov.probable 1 new probable", "alert-updates.war.khalimov 2 changed probable"}},
		{"a rise in tier rings again", []edition{{1, "review", seen, false}, {2, "confirmed", seen, false}},
			[]string{"alerts.war.khalimov.review 1 new review", "alerts.war.khalimov.confirmed 2 changed confirmed"}},
		{"a fall in tier is an update", []edition{{1, "confirmed", seen, false}, {2, "review", seen, false}},
			[]string{"alerts.war.khalimov.confirmed 1 new confirmed", "alert-updates.war.khalimov 2 changed review"}},
		{"a name that is gone is withdrawn, once", []edition{{1, "probable", seen, false}, {2, "probable", "Nobody.", false}, {3, "probable", "No one.", false}},
			[]string{"alerts.war.khalimov.probable 1 new probable", "alert-updates.war.khalimov 2 withdrawn probable"}},
		{"a name that comes back is changed", []edition{{1, "probable", seen, false}, {2, "probable", "Nobody.", false}, {3, "probable", seen, false}},
			[]string{"alerts.war.khalimov.probable 1 new probable", "alert-updates.war.khalimov 2 withdrawn probable", "alert-updates.war.khalimov 3 changed probable"}},
		{"the same revision again is silent", []edition{{1, "probable", seen, false}, {1, "probable", seen, false}},
			[]string{"alerts.war.khalimov.probable 1 new probable"}},
		{"an older revision that comes late changes nothing", []edition{{2, "probable", seen, false}, {1, "confirmed", "Khalimov killed.", false}},
			[]string{"alerts.war.khalimov.probable 1 new probable"}},
		{"back catalogue rings under retro and keeps its tier", []edition{{1, "confirmed", seen, true}},
			[]string{"alerts.war.khalimov.retro 1 new confirmed"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := newWorld()
			for _, e := range c.editions {
				if err := e.handle(t, w, nil); err != nil {
					t.Fatal(err)
				}
			}
			if got := told(t, w); !slices.Equal(got, c.want) {
				t.Errorf("told\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
			for _, a := range w.alerts(t) {
				if a.ID != messages.AlertID("war", "khalimov", "a1b2c3") {
					t.Errorf("id %s is not that of list, entry and article", a.ID)
				}
				if a.Retro != c.editions[0].baseline {
					t.Errorf("retro is %v of an article whose baseline is %v", a.Retro, c.editions[0].baseline)
				}
			}
		})
	}
}

// Every revision of an alert says when it rang first, and what a reader narrows alerts by.
func TestAlertsSayWhenTheyRangFirst(t *testing.T) {
	w := newWorld()
	raw := item()
	raw.Baseline = true
	for i, title := range []string{"Khalimov seen.", "Khalimov killed.", "Nobody seen.", "Khalimov seen."} {
		raw.Revision, raw.Title = i+1, title
		now := noon.Add(time.Duration(i) * time.Hour)
		one(t, start(t, w, phrases{{"war", "khalimov", "Khalimov", "probable"}}, func(o *extractor.Options) {
			o.Now = func() time.Time { return now }
		}), delivery(t, raw))
	}
	alerts := w.alerts(t)
	if len(alerts) != 4 {
		t.Fatalf("%d alerts, want new, changed, withdrawn, changed", len(alerts))
	}
	for i, a := range alerts {
		if !a.Times.Rang.Equal(noon) || !a.Times.Alerted.Equal(noon.Add(time.Duration(i)*time.Hour)) {
			t.Errorf("revision %d rang first at %v and was made at %v", a.Revision, a.Times.Rang, a.Times.Alerted)
		}
		if a.Article.Feed != raw.Feed || a.Article.Lang == "" || !a.Article.Baseline {
			t.Errorf("revision %d says of its article %+v", a.Revision, a.Article)
		}
	}
}

// A name an editor took out before anybody could ring for it is still worth knowing.
func TestAlertsOfALateRevisionRingForNamesThatNeverRang(t *testing.T) {
	w := newWorld()
	raw := item()
	both := phrases{{"war", "khalimov", "Khalimov", "confirmed"}, {"war", "rahmon", "Rahmon", "confirmed"}}
	x := start(t, w, both)
	raw.Revision, raw.Title = 2, "Khalimov seen."
	one(t, x, delivery(t, raw))
	raw.Revision, raw.Title = 1, "Khalimov and Rahmon seen."
	one(t, x, delivery(t, raw))
	want := []string{"alerts.war.khalimov.confirmed 1 new confirmed", "alerts.war.rahmon.confirmed 1 new confirmed"}
	if got := told(t, w); !slices.Equal(got, want) {
		t.Errorf("told %q; want %q", got, want)
	}
}

// story is a life of an article that has every kind of change in it.
var story = []struct {
	revision int
	title    string
	lists    phrases
}{
	{1, "Khalimov and Rahmon met.", phrases{{"war", "khalimov", "Khalimov", "review"}, {"war", "rahmon", "Rahmon", "probable"}}},
	{2, "Khalimov met Zubov.", phrases{{"war", "khalimov", "Khalimov", "confirmed"}, {"war", "rahmon", "Rahmon", "probable"}, {"war", "zubov", "Zubov", "probable"}}},
	{3, "Zubov met Rahmon.", phrases{{"war", "khalimov", "Khalimov", "confirmed"}, {"war", "rahmon", "Rahmon", "probable"}, {"war", "zubov", "Zubov", "probable"}}},
}

// live plays the story in w: every revision is delivered until it is done. Where a kill is due, the process dies there,
// and comes back with other lists when shift says so.
func live(t *testing.T, w *world, shift bool) {
	t.Helper()
	for _, chapter := range story {
		raw := item()
		raw.Revision, raw.Title = chapter.revision, chapter.title
		lists := chapter.lists
		for try := 1; ; try++ {
			d := delivery(t, raw)
			d.Delivered = try
			err := start(t, w, lists).Handle(t.Context(), d)
			if err == nil {
				break
			}
			if try > 3 {
				t.Fatalf("revision %d does not get through: %v", raw.Revision, err)
			}
			w.revive()
			if shift {
				lists = slices.Concat(chapter.lists, phrases{{"zoo", "met", "met", "review"}})
			}
		}
	}
}

// The promise of the type rang: kill the process at any step, and after the redelivery the same alerts were told, under
// the same ids and revisions, as in a life without accidents.
func TestKilledAnywhereNoRingIsLostOrDoubled(t *testing.T) {
	calm := newWorld()
	live(t, calm, false)
	want := told(t, calm)
	if len(want) != 8 {
		t.Fatalf("the story tells %d alerts, %q; want one of every kind", len(want), want)
	}
	for kill := 1; kill <= calm.step; kill++ {
		w := newWorld()
		w.killAt = kill
		live(t, w, false)
		if got := told(t, w); !slices.Equal(got, want) {
			t.Errorf("killed at step %d of %d:\ntold %q\nwant %q", kill, calm.step, got, want)
		}
	}
}

// Lists that change between a kill and the redelivery may add rings; they change none that was decided on.
func TestKilledWhileListsChange(t *testing.T) {
	calm := newWorld()
	live(t, calm, false)
	for kill := 1; kill <= calm.step; kill++ {
		w := newWorld()
		w.killAt = kill
		live(t, w, true)
		got := slices.DeleteFunc(told(t, w), func(line string) bool { return strings.Contains(line, ".zoo.") })
		if want := told(t, calm); !slices.Equal(got, want) {
			t.Errorf("killed at step %d of %d:\ntold %q\nwant %q", kill, calm.step, got, want)
		}
	}
}

// What an earlier revision left untold is told by the next one that comes.
func TestALaterRevisionTellsWhatTheEarlierCouldNot(t *testing.T) {
	w := newWorld()
	w.killAt = 5 // after the record was written, before the alert was acknowledged
	if err := (edition{1, "probable", "Khalimov seen.", false}).handle(t, w, nil); err == nil {
		t.Fatal("the kill came too late; choose an earlier step")
	}
	w.revive()
	if got := told(t, w); len(got) > 0 {
		t.Fatalf("the kill came too late: %q was told", got)
	}
	if err := (edition{2, "probable", "Nobody.", false}).handle(t, w, nil); err != nil {
		t.Fatal(err)
	}
	want := []string{"alerts.war.khalimov.probable 1 new probable", "alert-updates.war.khalimov 2 withdrawn probable"}
	if got := told(t, w); !slices.Equal(got, want) {
		t.Errorf("told %q; want %q", got, want)
	}
}

func TestManyNamesAreToldInPortions(t *testing.T) {
	var lists phrases
	var names []string
	for i := range 200 {
		name := fmt.Sprintf("Name%03dx", i)
		names = append(names, name)
		lists = append(lists, phrase{"war", fmt.Sprintf("n%03d", i), name, "review"})
	}
	raw := item()
	raw.FeedContent = strings.Join(names, ", ") + "."
	small := func(o *extractor.Options) { o.MaxMessage = 64 << 10 }
	calm := newWorld()
	one(t, start(t, calm, lists, small), delivery(t, raw))
	if got := len(calm.alerts(t)); got != 200 {
		t.Fatalf("told %d alerts of 200", got)
	}
	for kill := 1; kill <= calm.step; kill += 37 {
		w := newWorld()
		w.killAt = kill
		_ = start(t, w, lists, small).Handle(t.Context(), delivery(t, raw)) // dies
		w.revive()
		d := delivery(t, raw)
		d.Delivered = 2
		one(t, start(t, w, lists, small), d)
		if got := len(w.alerts(t)); got != 200 {
			t.Errorf("killed at step %d of %d: told %d alerts of 200", kill, calm.step, got)
		}
	}
}

func TestRevisionsHandledAtOnceAgree(t *testing.T) {
	for range 50 {
		w := newWorld()
		var wg sync.WaitGroup
		for _, chapter := range append(story, story...) {
			raw := item()
			raw.Revision, raw.Title = chapter.revision, chapter.title
			x, d := start(t, w, chapter.lists), delivery(t, raw)
			wg.Go(func() {
				if err := x.Handle(t.Context(), d); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		last := map[string]messages.Alert{}
		for _, a := range w.alerts(t) {
			if a.Revision != last[a.Entry].Revision+1 {
				t.Errorf("alert of %s: revision %d came after %d", a.Entry, a.Revision, last[a.Entry].Revision)
			}
			last[a.Entry] = a
		}
		if len(last) != 3 {
			t.Errorf("%d of 3 names rang", len(last))
		}
	}
}

func TestARecordOfAnotherBuildIsRefused(t *testing.T) {
	for _, value := range []string{"{", `{"version":9}`, `{}`} {
		w := newWorld()
		w.values["a1b2c3"], w.revs["a1b2c3"] = []byte(value), 4
		err := (edition{1, "probable", "Khalimov seen.", false}).handle(t, w, nil)
		if reason, never := retry.Reason(err); !never || reason != "rang" {
			t.Errorf("record %s: error %v; want it refused for good as \"rang\"", value, err)
		}
	}
}
