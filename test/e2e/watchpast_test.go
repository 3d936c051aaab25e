package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/operate/lookback"
	"tocsin/pkg/messages"
)

// bits asks what a text is worth for a name.
func (d *desk) bits(name, text string) float64 {
	d.t.Helper()
	out := d.tocsin("watch", "explain", name, text, "--json")
	return decodeLines[struct {
		Bits float64 `json:"bits"`
	}](d.t, out)[0].Bits
}

// A near miss is no alert; accepting it makes its spelling ring from the next article on, in every extractor.
func TestANearMissBecomesAnAlias(t *testing.T) {
	d := openDesk(t)
	const variant = "Yesterday police named Gulmurad Halimov again."
	least := (d.bits("Gulmurod Khalimov", variant) + d.bits("Gulmurad Halimov", variant)) / 2
	list := write(t, "list.yaml", fmt.Sprintf("list: war\nentries:\n  - {name: Gulmurod Khalimov, id: khalimov, min_bits: %.2f}\n", least))
	d.extractors(2)
	if out := d.tocsin("watch", "import", list); !strings.Contains(out, "In force in 2 extractors") {
		t.Errorf("import said %q", out)
	}
	d.print(variant)
	d.expect("a variant below the entry's bits does not ring")
	near := decodeLines[messages.NearMiss](t, d.tocsin("watch", "near", "--json"))
	if len(near) != 1 || near[0].Quote.Text != "Gulmurad Halimov" || near[0].Bits >= near[0].Threshold {
		t.Fatalf("near misses: %+v; want that variant", near)
	}
	d.tocsin("watch", "near", "--accept", near[0].ID)
	again := d.print(variant)
	d.read()
	if got := d.rang(); len(got) != 1 || !strings.Contains(got[0], again[0]+" new 1") {
		t.Errorf("after accepting it, rang %q; want the second article alone", got)
	}
	if out := d.tocsin("watch", "list"); !strings.Contains(out, "Gulmurod Khalimov | Gulmurad Halimov  (person, file:list.yaml)") {
		t.Errorf("the list says %q; want the spelling beside what the file says", out)
	}
}

// "Not him" holds in every extractor for the article and its copies, and for nothing else; taken back, it rings again.
func TestARejectedAlertDoesNotRingAgain(t *testing.T) {
	d := openDesk(t)
	d.tocsin("watch", "add", "Gulmurod Khalimov", "--list", "war", "--id", "khalimov")
	d.extractors(2)
	const striker = "The striker Gulmurod Khalimov scored twice in Samarkand on Sunday."
	first := d.print(striker)[0]
	d.read()
	alerts := decodeLines[messages.Alert](t, d.tocsin("alerts", "--json"))
	if len(alerts) != 1 {
		t.Fatalf("%d alerts, want 1", len(alerts))
	}
	d.tocsin("watch", "reject", alerts[0].ID, "--reason", "the footballer")
	d.print(striker, striker, striker)
	d.edition(first, 2, striker+" He was born in Kulob.")
	other := d.print("Gulmurod Khalimov was seen in Mosul.")[0]
	again := d.print("Nothing is known of him.", "Fans greeted Gulmurod Khalimov, the striker.")[1]
	const war = "alerts.war.khalimov.confirmed "
	want := []string{
		war + first + " new 1", "alert-updates.war.khalimov " + first + " withdrawn 2", war + other + " new 1", war + again + " new 1",
	}
	d.expect("copies and the article itself are silent, other articles are not", want...)

	d.tocsin("watch", "reject", alerts[0].ID, "--where", "striker")
	d.print("Fans greeted the striker, Gulmurod Khalimov.")
	d.expect("a phrase widens it", want...)
	if out := d.tocsin("watch", "reject", "--list"); strings.Count(out, alerts[0].ID) != 1 || !strings.Contains(out, "striker") {
		t.Errorf("the rejections are %q", out)
	}
	d.tocsin("watch", "reject", alerts[0].ID, "--undo")
	want = append(want, war+d.print(striker)[0]+" new 1")
	d.expect("taken back, it rings again", want...)
}

// backlog puts articles that were read before into ENRICHED, as if the extractors had read them days ago.
func (d *desk) backlog(n int) {
	d.t.Helper()
	text := "Notes\n\nPolice named Gulmurod Khalimov on Friday."
	var all []messages.Outgoing
	for i := range n {
		now := time.Now().UTC()
		a := messages.EnrichedArticle{
			Version: messages.Version, Text: text, TextSource: messages.TextFromPage, Lang: "en",
			Article: messages.Article{ID: fmt.Sprintf("past%04d", i), Revision: 1, Feed: "wire", Source: "wire", Title: "Notes", FirstSeen: now, FetchedAt: now},
		}
		data, err := messages.Encode(a)
		if err != nil {
			d.t.Fatal(err)
		}
		all = append(all, messages.Outgoing{Subject: messages.EnrichedSubject("en", "wire"), ID: messages.MsgID(messages.StageExtractor, a.ID, 1, 0), Data: data})
	}
	for _, err := range d.bus.PublishAll(d.t.Context(), all) {
		if err != nil {
			d.t.Fatal(err)
		}
	}
}

// A look back that is killed goes on where it was, and everything rings once, as retro.
func TestALookBackThatIsKilledGoesOn(t *testing.T) {
	const articles = 2000
	d := openDesk(t)
	d.backlog(articles)
	if out := d.tocsin("watch", "test", "--archive", "Gulmurod Khalimov", "--since", "1h", "--near", "0"); !strings.Contains(out, fmt.Sprintf("would have rung in %d articles of %d", articles, articles)) {
		t.Errorf("before anybody watches it, test --archive says %q", tail(out, 200))
	}
	args := []string{"watch", "add", "Gulmurod Khalimov", "--list", "war", "--id", "khalimov", "--since", "1h", "--nats", d.url}
	first := start(t, "tocsin", args...)
	progress := d.progressOf("war.khalimov", func(p lookback.Progress) bool { return p.Read > 0 })
	_ = first.cmd.Process.Kill()
	<-first.done
	if progress.Done || progress.Read >= articles {
		t.Fatalf("it was done before it could be killed: %+v", progress)
	}
	if out := mustRun(t, "tocsin", args...); !strings.Contains(out, "It went on where it had been cut short") {
		t.Errorf("the second time it says %q", out)
	}
	again := d.tocsin("watch", "lookback", "khalimov", "--since", "1h", "--json")
	if p := decodeLines[lookback.Progress](t, again)[0]; p.Rang != 0 || p.Read != articles {
		t.Errorf("the third time: %+v; want everything read and nothing rung", p)
	}
	d.onceEach(articles)
}

// progressOf waits until the progress of a look back is as it should be.
func (d *desk) progressOf(key string, ok func(lookback.Progress) bool) (p lookback.Progress) {
	d.t.Helper()
	bucket, err := d.bus.Bucket(d.t.Context(), messages.BucketLookBacks)
	if err != nil {
		d.t.Fatal(err)
	}
	eventually(d.t, func() error {
		value, _, err := bucket.Load(d.t.Context(), key)
		if err != nil || value == nil {
			return fmt.Errorf("no progress yet: %w", err)
		}
		if err := json.Unmarshal(value, &p); err != nil || !ok(p) {
			return fmt.Errorf("not there yet: %+v, %w", p, err)
		}
		return nil
	})
	return p
}

// onceEach expects one alert, as retro, of every article of the backlog.
func (d *desk) onceEach(n int) {
	d.t.Helper()
	rang := map[string]int{}
	err := d.bus.Follow(d.t.Context(), bus.FollowOptions{Stream: messages.StreamAlerts, Once: true}, func(m messages.Delivery) error {
		a, err := messages.Decode[messages.Alert](m.Data)
		if err == nil && (!a.Retro || m.Subject != "alerts.war.khalimov.retro") {
			err = fmt.Errorf("an alert of the past is on %s", m.Subject)
		}
		rang[a.Article.ID]++
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	for id, times := range rang {
		if times != 1 {
			d.t.Errorf("article %s rang %d times", id, times)
		}
	}
	if len(rang) != n {
		d.t.Errorf("%d of %d articles rang", len(rang), n)
	}
}
