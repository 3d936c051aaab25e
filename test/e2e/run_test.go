package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"tocsin/internal/newsroom"
	"tocsin/pkg/messages"
)

// The promise of README's first command: the first alert within ten seconds of the program's start.
func TestSampleRingsWithinSeconds(t *testing.T) {
	begin := time.Now()
	p, at := startTocsin(t, t.TempDir(), "--sample")
	var first messages.Alert
	eventually(t, func() error {
		for _, line := range p.out.lines()[1:] {
			if strings.Contains(line, `"quote"`) {
				first = decodeLines[messages.Alert](t, line)[0]
				return nil
			}
		}
		return fmt.Errorf("nothing rang; tocsin printed\n%s", p.out.String())
	})
	if took := time.Since(begin); took > 10*time.Second {
		t.Logf("the first alert took %v on this machine; README promises seconds", took)
	}
	if first.List != "sample" || len(first.Parts) == 0 || first.Quote.Text == "" {
		t.Errorf("the alert gives no reason: %+v", first)
	}
	eventually(t, func() error { return ready(at.Admin) })
	hearByPlainSubscription(t, at.NATS)
}

// hearByPlainSubscription listens as `nats sub 'alerts.>'` does.
func hearByPlainSubscription(t *testing.T, url string) {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	sub, err := nc.SubscribeSync("alerts.>")
	if err != nil {
		t.Fatal(err)
	}
	m, err := sub.NextMsg(patience)
	if err != nil {
		t.Fatalf("a plain subscriber hears no alert: %v", err)
	}
	a, err := messages.Decode[messages.Alert](m.Data)
	if err != nil || a.Subject() != m.Subject {
		t.Errorf("heard %v on %s, %v", a, m.Subject, err)
	}
}

func TestSecondRunOnOneDirectoryIsRefusedByName(t *testing.T) {
	data := t.TempDir()
	p, _ := startTocsin(t, data, "--ner", "none")
	_, errs, code := run(t, "tocsin", "run", "--data", data, "--port", "0")
	if code == 0 || !strings.Contains(errs, data) || !strings.Contains(errs, fmt.Sprint(p.cmd.Process.Pid)) {
		t.Errorf("second run ended with %d and said %q; want a refusal that names the directory and the process", code, errs)
	}
}

func TestCommandsWorkBesideARunningInstanceAndWithout(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if _, errs, code := run(t, "tocsin", "alerts", "--data", data); code == 0 || !strings.Contains(errs, "tocsin run") {
		t.Errorf("alerts without a data directory ended with %d and said %q", code, errs)
	}
	mustRun(t, "tocsin", "watch", "add", "--data", data, "--list", "desk", "--id", "one", "Lida Pereverza")
	p, _ := startTocsin(t, data, "--ner", "none")
	mustRun(t, "tocsin", "watch", "add", "--data", data, "--list", "desk", "--id", "two", "Asgar Nemati")
	eventually(t, func() error {
		out := mustRun(t, "tocsin", "watch", "test", "--data", data, "Yesterday Asgar Nemati met Lida Pereverza.")
		if !strings.Contains(out, "desk.one") || !strings.Contains(out, "desk.two") {
			return fmt.Errorf("watch test said %q", out)
		}
		return nil
	})
	p.stop()
	mustRun(t, "tocsin", "watch", "remove", "--data", data, "one")
	if out := mustRun(t, "tocsin", "watch", "list", "--data", data); strings.Contains(out, "desk.one") || !strings.Contains(out, "desk.two") {
		t.Errorf("after removing desk.one the list is %q", out)
	}
}

func TestFollowingWithNothingRunningIsRefused(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	mustRun(t, "tocsin", "watch", "add", "--data", data, "Lida Pereverza")
	if _, errs, code := run(t, "tocsin", "alerts", "--data", data, "--follow"); code == 0 || !strings.Contains(errs, "tocsin run") {
		t.Errorf("alerts --follow ended with %d and said %q; want it to say what to start", code, errs)
	}
	startTocsin(t, data, "--ner", "none")
}

// A watchlist that broke while nothing ran: what it brought before is still watched.
func TestBrokenListAtRestartKeepsTheLastGoodOne(t *testing.T) {
	list := write(t, "list.yaml", "list: desk\nentries:\n  - {id: one, name: Lida Pereverza}\n")
	data := t.TempDir()
	p, _ := startTocsin(t, data, "--ner", "none", "--watchlists", list)
	p.stop()
	if err := os.WriteFile(list, []byte("entries: ["), 0o600); err != nil {
		t.Fatal(err)
	}
	p, _ = startTocsin(t, data, "--ner", "none", "--watchlists", list)
	if out := mustRun(t, "tocsin", "watch", "list", "--data", data); !strings.Contains(out, "desk.one") {
		t.Errorf("the watch list is %q", out)
	}
	if !strings.Contains(p.errs.String(), "list.yaml") {
		t.Errorf("the broken list was not reported: %q", p.errs.String())
	}
}

func TestTwoFilesOfOneNameAreRefused(t *testing.T) {
	content := "entries:\n  - {id: one, name: Lida Pereverza}\n"
	_, errs, code := run(t, "tocsin", "run", "--data", t.TempDir(), "--port", "0",
		"--watchlists", write(t, "list.yaml", content), "--watchlists", write(t, "list.yaml", content))
	if code == 0 || !strings.Contains(errs, "same name") {
		t.Errorf("ended with %d and said %q", code, errs)
	}
}

// What a new feed already held is indexed and counted, and does not ring.
func TestBackCatalogueIsQuietAndCounted(t *testing.T) {
	old := time.Now().AddDate(0, 0, -3)
	room := serve(t, []newsroom.Item{
		{Title: "Envoy arrives", Text: "Oto Brandsma arrived on Monday.", Published: old},
		{Title: "Envoy leaves", Text: "Oto Brandsma left on Tuesday.", Published: old},
		{Title: "Envoy returns", Text: "Oto Brandsma is back.", Published: old},
	}, newsroom.Options{})
	list := write(t, "list.yaml", "list: desk\nentries:\n  - {id: one, name: Oto Brandsma}\n")
	p, _ := startTocsin(t, t.TempDir(), "--ner", "none", "--watchlists", list, "--feeds", feedList(t, room.Feeds()))
	eventually(t, func() error {
		if !strings.Contains(p.out.String(), `{"retro":3}`) {
			return fmt.Errorf("tocsin printed\n%s", p.out.String())
		}
		return nil
	})
	if strings.Contains(p.out.String(), `"quote"`) {
		t.Errorf("back catalogue rang:\n%s", p.out.String())
	}
}

// A watchlist is read again while running; a broken one changes nothing.
func TestWatchlistIsReloaded(t *testing.T) {
	list := write(t, "list.yaml", "list: desk\nentries:\n  - {id: one, name: Lida Pereverza}\n")
	data := t.TempDir()
	room := serve(t, []newsroom.Item{{Title: "Envoy arrives", Text: "Oto Brandsma arrived on Monday.", Appears: 5 * time.Second}}, newsroom.Options{})
	p, _ := startTocsin(t, data, "--ner", "none", "--baseline", "ring", "--watchlists", list, "--feeds", feedList(t, room.Feeds()))
	replace := func(content string) {
		if err := os.WriteFile(list, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	replace("list: desk\nentries:\n  - {id: one, nmae: Lida Pereverza}\n")
	eventually(t, func() error {
		if !strings.Contains(p.errs.String(), "nmae") {
			return fmt.Errorf("the broken list was not reported")
		}
		return nil
	})
	if out := mustRun(t, "tocsin", "watch", "list", "--data", data); !strings.Contains(out, "desk.one") {
		t.Errorf("a broken list took away what was watched: %q", out)
	}
	replace("list: desk\nentries:\n  - {id: two, name: Oto Brandsma}\n")
	eventually(t, func() error {
		if !strings.Contains(p.out.String(), `"entry":"two"`) {
			return fmt.Errorf("the new entry does not ring")
		}
		return nil
	})
}

func TestBrokenConfigurationRefusesToStart(t *testing.T) {
	for _, c := range []struct{ sentence, flag, content, want string }{
		{"an unknown key in a feed list", "--feeds", "feeds:\n  - {url: http://a.example/rss, evry: 5m}\n", "evry"},
		{"an unknown key in a watchlist", "--watchlists", "entries:\n  - {name: Lida Pereverza, aliasses: [x]}\n", "aliasses"},
		{"a watch entry with an empty name", "--watchlists", "entries:\n  - {id: one, name: \"\"}\n", "name"},
		{"an unknown key in the configuration", "--config", "bathc: 7\n", "bathc"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			file := write(t, "conf.yaml", c.content)
			_, errs, code := run(t, "tocsin", "run", "--data", t.TempDir(), "--port", "0", c.flag, file)
			if code == 0 || !strings.Contains(errs, c.want) {
				t.Errorf("ended with %d and said %q; want a refusal that names %q", code, errs, c.want)
			}
		})
	}
}
