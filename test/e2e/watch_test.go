package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/pkg/messages"
)

// desk is a NATS server with two extractors on it, as in a cluster, and a press that publishes what they read.
type desk struct {
	t    *testing.T
	url  string
	bus  *bus.Bus
	news int
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, url: natsServer(t).URL()}
	mustRun(t, "tocsin", "setup", "--nats", d.url)
	d.bus = connect(t, d.url)
	return d
}

// extractors starts n extractors and waits until they are ready.
func (d *desk) extractors(n int) []*process {
	d.t.Helper()
	var all []*process
	for range n {
		admin := freeAddress(d.t)
		all = append(all, start(d.t, "extractor", "--nats", d.url, "--ner", "none", "--admin", admin))
		eventually(d.t, func() error { return ready(admin) })
	}
	return all
}

// print publishes articles with these texts, and returns their ids.
func (d *desk) print(texts ...string) []string {
	d.t.Helper()
	var ids []string
	for _, text := range texts {
		d.news++
		ids = append(ids, d.edition(fmt.Sprintf("story%03d", d.news), 1, text))
	}
	return ids
}

// edition publishes one revision of an article.
func (d *desk) edition(id string, revision int, text string) string {
	d.t.Helper()
	now := time.Now().UTC()
	raw := messages.RawArticle{
		Version: messages.Version, FeedContent: "<p>" + text + "</p>",
		Article: messages.Article{
			ID: id, Revision: revision, Feed: "wire", Source: "wire", URL: "https://wire.example/" + id,
			Title: "Notes of the day", FirstSeen: now, FetchedAt: now,
		},
	}
	data, err := messages.Encode(raw)
	if err == nil {
		err = d.bus.Publish(d.t.Context(), messages.Outgoing{
			Subject: messages.RawSubject("wire"), ID: messages.MsgID(messages.StageFetcher, id, revision, 0), Data: data,
		})
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// read waits until every article was read and everything made of it is acknowledged.
func (d *desk) read() {
	d.t.Helper()
	eventually(d.t, func() error {
		x, err := d.bus.Extent(d.t.Context(), messages.StreamRaw)
		if err != nil {
			return err
		}
		settled, err := d.bus.Settled(d.t.Context(), messages.ConsumerExtractor)
		if err == nil && settled < x.Last {
			err = fmt.Errorf("%d of %d articles are read", settled, x.Last)
		}
		return err
	})
}

// rang lists the alerts there are, as "subject article status revision", in order of telling.
func (d *desk) rang() []string {
	d.t.Helper()
	var all []string
	err := d.bus.Follow(d.t.Context(), bus.FollowOptions{Stream: messages.StreamAlerts, Once: true}, func(m messages.Delivery) error {
		a, err := messages.Decode[messages.Alert](m.Data)
		all = append(all, fmt.Sprintf("%s %s %s %d", m.Subject, a.Article.ID, a.Status, a.Revision))
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// expect compares the alerts of what was printed, sorted.
func (d *desk) expect(sentence string, want ...string) {
	d.t.Helper()
	d.read()
	got := d.rang()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		d.t.Errorf("%s: rang\n  %s\nwant\n  %s", sentence, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// tocsin runs a command on the desk's server.
func (d *desk) tocsin(args ...string) string {
	d.t.Helper()
	return mustRun(d.t, "tocsin", append(args, "--nats", d.url)...)
}

// What a command said is in force rings in every extractor from the next article on; what it took away does not.
func TestAddedAndRemovedNamesTakeEffectEverywhereAtOnce(t *testing.T) {
	d := openDesk(t)
	if out := d.tocsin("watch", "add", "Asgar Nemati", "--list", "desk", "--id", "nemati"); !strings.Contains(out, "No extractor is running") {
		t.Errorf("with no extractor, add said %q", out)
	}
	d.extractors(2)
	var texts []string
	for i := range 8 {
		texts = append(texts, fmt.Sprintf("Yesterday Gulmurod Khalimov and Asgar Nemati met for the %dth time.", i+4))
	}
	var want []string
	expect := func(ids []string, entries ...string) {
		for _, id := range ids {
			for _, e := range entries {
				want = append(want, "alerts.desk."+e+".confirmed "+id+" new 1")
			}
		}
	}
	expect(d.print(texts...), "nemati")
	d.read()
	if out := d.tocsin("watch", "add", "Gulmurod Khalimov", "--list", "desk", "--id", "khalimov"); !strings.Contains(out, "In force in 2 extractors") {
		t.Errorf("add said %q", out)
	}
	expect(d.print(texts...), "khalimov", "nemati")
	d.read()
	if out := d.tocsin("watch", "remove", "nemati"); !strings.Contains(out, "In force in 2 extractors") {
		t.Errorf("remove said %q", out)
	}
	expect(d.print(texts...), "khalimov")
	d.expect("names ring from when the command returned, and no longer", want...)
}

// An extractor that hangs is named, and so is nobody who has left.
func TestAnExtractorThatDoesNotAnswerIsNamed(t *testing.T) {
	d := openDesk(t)
	all := d.extractors(2)
	all[0].stop()
	freeze(t, all[1])
	began := time.Now()
	out, errs, code := run(t, "tocsin", "watch", "add", "Asgar Nemati", "--nats", d.url)
	if took := time.Since(began); took < 2*time.Second {
		t.Errorf("gave up after %v", took)
	}
	pid := fmt.Sprintf("/%d/", all[1].cmd.Process.Pid)
	if code != 0 || strings.Count(errs, pid) != 1 || !strings.Contains(out, "in force in 0 of 1") {
		t.Errorf("ended with %d and said %q, %q; want the process %s named", code, out, errs, pid)
	}
}
