package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tocsin/test/mortal"
)

// point is one place in the delivery rules where a process dies: before what the broker would have read next.
type point struct {
	sentence string
	process  string
	before   string // in the wire protocol of NATS
	// first, when not nil, brings the moment about; dir is that of the run.
	first func(dir string) error
}

var points = []point{
	{"the fetcher dies after the claim, before its first article", "fetcher-1", "HPUB raw.", nil},
	{"the fetcher dies after its articles, before report and commit", "fetcher-1", "HPUB feeds.", nil},
	{"the fetcher dies after the commit, before the next schedule", "fetcher-1", "HPUB polls.at.", nil},
	{"the fetcher dies after the schedule, before the acknowledgement", "fetcher-1", "PUB $JS.ACK.POLLS.", nil},
	{"the extractor dies before the enriched article", "extractor-1", "HPUB enriched.", nil},
	{"the extractor dies after the enriched article and its decision, before the alert", "extractor-1", "HPUB alerts.", nil},
	{"the extractor dies after the alerts, before the acknowledgement", "extractor-1", "PUB $JS.ACK.RAW.", nil},
	{"the indexer dies between the write and its acknowledgement", "indexer-1", "PUB $JS.ACK.ENRICHED.", nil},
	{"the extractor dies while it reads a list that changed", "extractor-1", "PUB $JS.API.CONSUMER.CREATE.KV_watch.", addName},
}

// Real programs die at each step of the delivery rules, one after the other, while the world goes on; the other of each
// pair takes over. The steps within one process are also killed one by one, on a virtual clock, in services/fetcher and
// services/extractor.
func TestDeathAtEveryStep(t *testing.T) {
	t.Parallel()
	doors := map[string]*door{}
	o := options{items: 240, span: 40 * time.Second, seed: 3, index: "sqlite", brokers: 1, dir: t.TempDir(), bin: binaries, log: t.Output()}
	o.door = func(p *mortal.Process, url string) string {
		if !strings.HasSuffix(p.Name, "-1") {
			return url
		}
		doors[p.Name] = openDoor(t, p, url)
		return doors[p.Name].url()
	}
	o.strike = func(ctx context.Context) error {
		for _, at := range points {
			met, cancel := context.WithTimeout(ctx, 45*time.Second)
			dead := doors[at.process].dieBefore(at.before)
			var err error
			if at.first != nil {
				err = at.first(o.dir)
			}
			if err == nil {
				err = dead(met)
			}
			cancel()
			if err != nil {
				return fmt.Errorf("%s: %w", at.sentence, err)
			}
			_, _ = fmt.Fprintln(o.log, time.Now().Format(time.TimeOnly), at.sentence)
		}
		return nil
	}
	a, err := run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if a.Items != o.items || !a.clean() {
		t.Errorf("the account is %+v", a)
	}
}

// addName adds a name to the watchlist that stands in no story.
func addName(dir string) error {
	return os.WriteFile(filepath.Join(dir, "watchlist.yaml"), []byte(watchlist()+"  - {id: nobody, name: Ottoline Vandersnoot, kind: person}\n"), 0o600)
}
