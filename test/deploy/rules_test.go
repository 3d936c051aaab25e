package deploy

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write deploy/k8s/components/monitoring/rules.yaml anew")

// TestRules: the PrometheusRule of Kubernetes is made from the rule files of deploy/prometheus, group by group.
func TestRules(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "deploy", "prometheus", "*.rules.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no rule files", err)
	}
	var groups []yaml.Node
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var one struct{ Groups []yaml.Node }
		if err := yaml.Unmarshal(data, &one); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		groups = append(groups, one.Groups...)
	}
	var want bytes.Buffer
	want.WriteString("# Made from deploy/prometheus: go test ./test/deploy -run Rules -update\n")
	encoder := yaml.NewEncoder(&want)
	encoder.SetIndent(2)
	err = encoder.Encode(struct {
		APIVersion string            `yaml:"apiVersion"`
		Kind       string            `yaml:"kind"`
		Metadata   map[string]string `yaml:"metadata"`
		Spec       struct {
			Groups []yaml.Node `yaml:"groups"`
		} `yaml:"spec"`
	}{"monitoring.coreos.com/v1", "PrometheusRule", map[string]string{"name": "tocsin"}, struct {
		Groups []yaml.Node `yaml:"groups"`
	}{groups}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "deploy", "k8s", "components", "monitoring", "rules.yaml")
	if *update {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil { //nolint:gosec // it is part of the repository
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || !bytes.Equal(have, want.Bytes()) {
		t.Errorf("rules.yaml differs from deploy/prometheus; run go test ./test/deploy -run Rules -update (%v)", err)
	}
}

// TestRunbook: every alarm names its section of docs/operations.md, which says what it means, what to look at and what to type.
func TestRunbook(t *testing.T) {
	rules, err := os.ReadFile(filepath.Join(root, "deploy", "k8s", "components", "monitoring", "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, s := range strings.Split(string(text), "\n### ")[1:] {
		title, body, _ := strings.Cut(s, "\n")
		sections[title] = body
	}
	alarms := regexp.MustCompile(`alert: (\w+)[^!]*?runbook: "docs/operations.md#(\w+)"`).FindAllStringSubmatch(string(rules), -1)
	if n := bytes.Count(rules, []byte("alert: ")); n != len(alarms) {
		t.Errorf("%d of %d alarms name a runbook", len(alarms), n)
	}
	for _, alarm := range alarms {
		if alarm[2] != strings.ToLower(alarm[1]) {
			t.Errorf("%s names the section %s", alarm[1], alarm[2])
		}
		for _, part := range []string{"**What it means.**", "**What to look at.**", "**What to type.**\n\n```\n"} {
			if !strings.Contains(sections[alarm[1]], part) {
				t.Errorf("docs/operations.md: the section %s has no %q", alarm[1], part)
			}
		}
		delete(sections, alarm[1])
	}
	for title := range sections {
		if strings.HasPrefix(title, "Tocsin") {
			t.Errorf("docs/operations.md: there is no alarm %s", title)
		}
	}
}

// TestDashboards: an overlay with monitoring brings every dashboard to Grafana's sidecar, as it is committed.
func TestDashboards(t *testing.T) {
	_, all := render(t, "prod")
	have := map[string]string{}
	for _, m := range all {
		if m.kind() != "ConfigMap" || m.text("metadata", "labels", "grafana_dashboard") != "1" {
			continue
		}
		data, _ := m.at("data").(map[string]any)
		for file, content := range data {
			have[file], _ = content.(string)
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "deploy", "grafana", "dashboards", "*.json"))
	if err != nil || len(files) == 0 || len(files) != len(have) {
		t.Errorf("%d dashboards are committed, %d are rendered (%v)", len(files), len(have), err)
	}
	for _, file := range files {
		want, err := os.ReadFile(file)
		if err != nil || have[filepath.Base(file)] != string(want) {
			t.Errorf("%s is rendered otherwise or not at all (%v)", filepath.Base(file), err)
		}
	}
}

// TestTools runs the tests of the module deploy/tools: the rules on Prometheus' own engine, Compose's file on the loader of
// Docker Compose 2.
func TestTools(t *testing.T) {
	cmd := exec.Command("go", "-C", filepath.Join(root, "deploy", "tools"), "test", "./...")
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		unreachable(t, string(out))
		t.Errorf("%v\n%s", err, out)
	}
}
