package deploy

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
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

// TestRunbook: every alarm has its row in docs/operations.md.
func TestRunbook(t *testing.T) {
	rules, err := os.ReadFile(filepath.Join(root, "deploy", "k8s", "components", "monitoring", "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	book, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, alert := range regexp.MustCompile(`alert: (\w+)`).FindAllSubmatch(rules, -1) {
		if !bytes.Contains(book, []byte("| `"+string(alert[1])+"` |")) {
			t.Errorf("docs/operations.md does not say what to do about %s", alert[1])
		}
	}
}
