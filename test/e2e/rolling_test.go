package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/newsroom"
	"tocsin/pkg/messages"
)

// next builds a program as another release than the one under test and returns its name for start.
func next(t *testing.T, program string) string {
	t.Helper()
	name := program + "-next"
	cmd := exec.Command("go", "build", "-ldflags", "-X tocsin/internal/assembly.release=99.0.0", "-o", filepath.Join(binaries, name),
		fmt.Sprintf("./services/%s/cmd/%s", program, program))
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return name
}

// A rolling update under load: of each service a copy of the next release starts beside the old one, works with it, and
// takes over when that one is told to stop. Every story is one document and rings once, and the books are even.
func TestRollingUpdateLosesAndRepeatsNothing(t *testing.T) {
	const stories = 150
	items := make([]newsroom.Item, stories)
	for i := range items {
		items[i] = newsroom.Item{
			Source: fmt.Sprintf("wire-%d", i%5), Title: fmt.Sprintf("Envoy arrives, day %d", i), Appears: time.Duration(i) * 100 * time.Millisecond,
			Text: fmt.Sprintf("Oto Brandsma arrived in the port of Elsinore on day %d.", i),
		}
	}
	order := []string{"indexer", "extractor", "fetcher"} // consumers stand before producers
	newer := map[string]string{}
	for _, service := range order {
		newer[service] = next(t, service)
	}
	room := serve(t, items, newsroom.Options{})
	url, index := natsServer(t).URL(), elasticFlags(t)
	mustRun(t, "tocsin", "setup", "--nats", url, index[0], index[1], index[2], index[3])
	list := write(t, "list.yaml", "list: desk\nentries:\n  - {id: brandsma, name: Oto Brandsma, kind: person}\n")
	feeds := feedList(t, room.Feeds())
	args := map[string][]string{
		"fetcher":   {"--nats", url, "--feeds", feeds, "--allow-private", "127.0.0.0/8", "--baseline", "ring", "--page-spacing", "10ms"},
		"extractor": {"--nats", url, "--watchlists", list, "--ner", "none"},
		"indexer":   append([]string{"--nats", url}, index...),
	}
	b := connect(t, url)
	old := map[string]*process{}
	for _, service := range order {
		old[service] = start(t, service, args[service]...)
	}
	for i, service := range order {
		passed(t, b, messages.StreamRaw, (i+1)*stories/6) // under way, and far from done
		start(t, newer[service], args[service]...)
		old[service].stop()
	}
	passed(t, b, messages.StreamEnriched, stories)
	account := even(t, stories, append([]string{"--nats", url}, index...)...)
	if account.Indexed != stories || account.Quarantined != 0 {
		t.Errorf("the ledger says %+v; want %d indexed", account, stories)
	}
	rang := map[string]int{}
	if err := b.Follow(t.Context(), bus.FollowOptions{Stream: messages.StreamAlerts, Once: true}, func(d messages.Delivery) error {
		a, err := messages.Decode[messages.Alert](d.Data)
		rang[a.Article.ID]++
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(rang) != stories {
		t.Errorf("%d of %d stories rang", len(rang), stories)
	}
	for id, n := range rang {
		if n != 1 {
			t.Errorf("%s rang %d times", id, n)
		}
	}
}

// passed waits until a stream has had as many messages.
func passed(t *testing.T, b *bus.Bus, stream string, n int) {
	t.Helper()
	eventually(t, func() error {
		x, err := b.Extent(t.Context(), stream)
		if err == nil && int(x.Last) < n { //nolint:gosec // a few hundred
			err = fmt.Errorf("%s has had %d of %d messages", stream, x.Last, n)
		}
		return err
	})
}
