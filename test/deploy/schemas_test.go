package deploy

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestKubeconform validates every overlay strictly (an unknown field is an error) against the schemas of the API server
// and of the custom resources, which are made here from the Go modules that define them.
func TestKubeconform(t *testing.T) {
	dir := t.TempDir()
	kubernetesSchemas(t, dir)
	customSchemas(t, dir, "github.com/kedacore/keda/v2", "keda", "config/crd/bases/keda.sh_scaledobjects.yaml")
	customSchemas(t, dir, "github.com/prometheus-operator/prometheus-operator", "prometheus_operator", "example/prometheus-operator-crd/*_podmonitors.yaml")
	customSchemas(t, dir, "github.com/prometheus-operator/prometheus-operator", "prometheus_operator", "example/prometheus-operator-crd/*_prometheusrules.yaml")
	location := filepath.Join(dir, "{{.ResourceKind}}{{.KindSuffix}}.json")
	for _, overlay := range overlays {
		text, all := render(t, overlay)
		file := filepath.Join(dir, overlay+".yaml")
		write(t, file, text)
		out := tool(t, "kubeconform", "-strict", "-output", "json", "-verbose", "-schema-location", location, file)
		var report struct {
			Resources []struct{ Status, Kind, Name, Msg string }
		}
		if err := json.Unmarshal(out, &report); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		valid := 0
		for _, r := range report.Resources {
			if r.Status == "statusValid" {
				valid++
			} else {
				t.Errorf("%s: %s %s: %s %s", overlay, r.Kind, r.Name, r.Status, r.Msg)
			}
		}
		if valid != len(all) {
			t.Errorf("%s: %d of %d objects are valid", overlay, valid, len(all))
		}
	}
	// The same with two mistakes, or the check would prove nothing.
	text, _ := render(t, "prod")
	for _, mistake := range [][2]string{{"serviceAccountName:", "serviceAccountname:"}, {"containerPort: 8080", `containerPort: "8080"`}, {"cooldownPeriod:", "cooldown:"}} {
		file := filepath.Join(dir, "wrong.yaml")
		write(t, file, bytes.Replace(text, []byte(mistake[0]), []byte(mistake[1]), 1))
		cmd := exec.Command("go", "-C", filepath.Join(root, "deploy", "tools"), "tool", "kubeconform", "-strict", "-schema-location", location, file)
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
		if out, err := cmd.CombinedOutput(); err == nil {
			t.Errorf("%q passes: %s", mistake[1], out)
		}
	}
}

// module is the folder of a Go module in the version that deploy/tools/versions.env names.
func module(t *testing.T, path, key string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "deploy", "tools", "versions.env"))
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^` + key + `=(\S+)$`).FindSubmatch(data)
	if version == nil {
		t.Fatalf("versions.env has no %s", key)
	}
	cmd := exec.Command("go", "mod", "download", "-json", path+"@"+string(version[1]))
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.Output()
	var at struct{ Dir, Error string }
	if json.Unmarshal(out, &at) != nil || err != nil || at.Dir == "" {
		unreachable(t, string(out))
		t.Fatalf("download %s: %v\n%s", path, err, out)
	}
	return at.Dir
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// kubernetesSchemas writes one file for each kind that the overlays use.
func kubernetesSchemas(t *testing.T, dir string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(module(t, "k8s.io/kubernetes", "kubernetes"), "api", "openapi-spec", "swagger.json"))
	if err != nil {
		t.Fatal(err)
	}
	var api struct{ Definitions map[string]map[string]any }
	if err := json.Unmarshal(data, &api); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, overlay := range overlays {
		_, all := render(t, overlay)
		for _, m := range all {
			used[fileName(m.kind(), m.text("apiVersion"))] = true
		}
	}
	either := map[string]any{"anyOf": []any{map[string]any{"type": "string"}, map[string]any{"type": "integer"}, map[string]any{"type": "number"}}}
	api.Definitions["io.k8s.apimachinery.pkg.util.intstr.IntOrString"] = either
	api.Definitions["io.k8s.apimachinery.pkg.api.resource.Quantity"] = either
	for name, d := range api.Definitions {
		kinds, _ := d["x-kubernetes-group-version-kind"].([]any)
		for _, k := range kinds {
			kind := manifest(k.(map[string]any))
			group := strings.TrimPrefix(kind.text("group")+"/", "/")
			file := fileName(kind.text("kind"), group+kind.text("version"))
			if !used[file] {
				continue
			}
			reached := map[string]any{}
			reach(api.Definitions, name, reached)
			writeSchema(t, filepath.Join(dir, file), map[string]any{"$ref": "#/definitions/" + name, "definitions": reached})
		}
	}
}

// reach collects a definition and everything it refers to, closed against unknown fields.
func reach(all map[string]map[string]any, name string, reached map[string]any) {
	if reached[name] != nil {
		return
	}
	d := maps.Clone(all[name])
	reached[name] = strict(d)
	text, err := json.Marshal(d)
	if err != nil {
		return
	}
	for _, ref := range references.FindAllSubmatch(text, -1) {
		reach(all, string(ref[1]), reached)
	}
}

var references = regexp.MustCompile(`"#/definitions/([^"]+)"`)

// strict closes every object of a schema that lists its properties and does not ask to be left open.
func strict(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			strict(inner)
		}
		_, lists := v["properties"].(map[string]any)
		if lists && v["additionalProperties"] == nil && v["x-kubernetes-preserve-unknown-fields"] == nil {
			v["additionalProperties"] = false
		}
		if v["x-kubernetes-int-or-string"] == true {
			delete(v, "type")
			delete(v, "pattern")
		}
	case []any:
		for _, inner := range v {
			strict(inner)
		}
	}
	return v
}

// customSchemas writes one file for each version of the custom resources that files of a module define.
func customSchemas(t *testing.T, dir, path, version, pattern string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(module(t, path, version), filepath.FromSlash(pattern)))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s defines no custom resources in %s (%v)", path, pattern, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		crd := map[string]any{}
		if err := yaml.Unmarshal(data, &crd); err != nil {
			t.Fatal(err)
		}
		m := manifest(crd)
		versions, _ := m.at("spec", "versions").([]any)
		for _, v := range versions {
			one := manifest(v.(map[string]any))
			schema, _ := one.at("schema", "openAPIV3Schema").(map[string]any)
			properties, _ := schema["properties"].(map[string]any)
			properties["metadata"] = map[string]any{"type": "object"}
			writeSchema(t, filepath.Join(dir, fileName(m.text("spec", "names", "kind"), m.text("spec", "group")+"/"+one.text("name"))), strict(schema).(map[string]any))
		}
	}
}

// fileName is what kubeconform looks for: kind-group-version.json, of the group only what stands before its first dot.
func fileName(kind, apiVersion string) string {
	parts := strings.Split(apiVersion, "/")
	if len(parts) == 2 {
		parts[0], _, _ = strings.Cut(parts[0], ".")
	}
	return strings.ToLower(strings.Join(slices.Concat([]string{kind}, parts), "-")) + ".json"
}

func writeSchema(t *testing.T, path string, schema map[string]any) {
	t.Helper()
	data, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, data)
}
