package grafana

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tocsin/internal/assembly"
	"tocsin/internal/assembly/extracting"
	"tocsin/internal/assembly/indexing"
	"tocsin/internal/bus"
	"tocsin/internal/daemon"
	"tocsin/internal/forward"
	"tocsin/services/extractor"
	"tocsin/services/fetcher"
	"tocsin/services/indexer"
)

var update = flag.Bool("update", false, "write deploy/grafana/dashboards anew")

// help has the sentence of every metric of every process.
func help() map[string]string {
	all := map[string]string{}
	for _, some := range []map[string]string{
		bus.Metrics(), daemon.Metrics(), assembly.BacklogHelp(), fetcher.Metrics(), extractor.Metrics(), extracting.Metrics(),
		indexer.Metrics(), indexer.AlertMetrics(), indexing.Metrics(), forward.Metrics(),
	} {
		maps.Copy(all, some)
	}
	return all
}

func dashboards(t *testing.T) []Dashboard {
	t.Helper()
	all, err := Dashboards(help())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestCommittedDashboards: deploy/grafana/dashboards holds what this package makes, and nothing else.
func TestCommittedDashboards(t *testing.T) {
	dir := filepath.Join("..", "..", "deploy", "grafana", "dashboards")
	committed, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := dashboards(t)
	if len(committed) != len(all) && !*update {
		t.Errorf("%d dashboards are committed, %d are made; run go test ./internal/grafana -update", len(committed), len(all))
	}
	for _, d := range all {
		want, err := json.MarshalIndent(d, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, '\n')
		path := filepath.Join(dir, d.UID+".json")
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil { //nolint:gosec // it is part of the repository
				t.Fatal(err)
			}
		}
		if have, err := os.ReadFile(path); err != nil || !bytes.Equal(have, want) {
			t.Errorf("%s differs from what is made; run go test ./internal/grafana -update (%v)", path, err)
		}
	}
}

// unshown are the metrics without a panel.
var unshown = map[string]string{
	"tocsin_meter_misused_total":  "it counts mistakes in our own code, and is not there before the first",
	"tocsin_build_info":           "it says which version runs",
	"tocsin_extractor_pages_kept": "it is told after the first sweep, up to an hour after the start",
}

// TestEveryMetricIsShown: no figure is counted that nobody sees.
func TestEveryMetricIsShown(t *testing.T) {
	var text strings.Builder
	for _, d := range dashboards(t) {
		for _, p := range d.Panels {
			for _, q := range p.Targets {
				text.WriteString(q.Expr + "\n")
			}
		}
	}
	for metric := range help() {
		if unshown[metric] == "" && !strings.Contains(text.String(), metric) {
			t.Errorf("no panel shows %s", metric)
		}
	}
}

// TestDocumentsNameMetricsThatExist: what the documents tell people to look at is told by some process.
func TestDocumentsNameMetricsThatExist(t *testing.T) {
	root, known := filepath.Join("..", ".."), help()
	files, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatal("no documents", err)
	}
	named := 0
	for _, file := range append(files, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`tocsin_[a-z]+_[a-z_]+[a-z]`).FindAllString(string(text), -1) {
			named++
			if known[name] == "" {
				t.Errorf("%s names the metric %s, which no process tells", filepath.Base(file), name)
			}
		}
	}
	if named < 20 {
		t.Errorf("only %d metrics were found in the documents", named)
	}
}

// TestPagesAreWellLaid: ids are unique, nothing overlaps or leaves the page, and everything is explained.
func TestPagesAreWellLaid(t *testing.T) {
	pages := map[string]bool{}
	for _, d := range dashboards(t) {
		if pages[d.UID] {
			t.Errorf("two dashboards are called %s", d.UID)
		}
		pages[d.UID] = true
		ids, taken := map[int]bool{}, map[[2]int]string{}
		for _, p := range d.Panels {
			if ids[p.ID] || p.GridPos.X+p.GridPos.W > pageWidth {
				t.Errorf("%s: panel %q has the id of another, or leaves the page", d.UID, p.Title)
			}
			ids[p.ID] = true
			for x := range p.GridPos.W {
				for y := range p.GridPos.H {
					at := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
					if other, there := taken[at]; there {
						t.Fatalf("%s: panels %q and %q overlap", d.UID, p.Title, other)
					}
					taken[at] = p.Title
				}
			}
			if p.Type != "row" && (p.Description == "" || len(p.Targets) == 0 || p.FieldConfig.Defaults.Unit == "") {
				t.Errorf("%s: panel %q explains nothing, asks nothing or has no unit", d.UID, p.Title)
			}
			if len(p.Targets) > 1 {
				for _, q := range p.Targets {
					if q.LegendFormat == "" {
						t.Errorf("%s: panel %q has several queries and a curve without a name", d.UID, p.Title)
					}
				}
			}
		}
	}
}

func TestAPanelOfNoMetricIsRefused(t *testing.T) {
	some := help()
	delete(some, "tocsin_fetcher_polls_total")
	if _, err := Dashboards(some); err == nil || !strings.Contains(err.Error(), "tocsin_fetcher_polls_total") {
		t.Errorf("made without a metric it asks for: %v", err)
	}
}
