package deploy

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"
)

// root is the checkout, seen from this package.
var root, _ = filepath.Abs(filepath.Join("..", ".."))

// overlays are the folders of deploy/k8s/overlays, and withHPA; every one is held to everything here.
var overlays = []string{"dev", "prod", withHPA}

// withHPA is an overlay that only exists here: the base with the components that no overlay of ours takes, tracing among them.
const withHPA = "hpa"

// manifest is one object of a rendering.
type manifest map[string]any

func (m manifest) kind() string { return m.text("kind") }
func (m manifest) name() string { return m.text("metadata", "name") }

// at returns what lies on a path of keys, or nil.
func (m manifest) at(path ...string) any {
	var v any = map[string]any(m)
	for _, key := range path {
		inner, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = inner[key]
	}
	return v
}

func (m manifest) text(path ...string) string {
	s, _ := m.at(path...).(string)
	return s
}

// checkout is a copy of deploy with fresh secrets, so that a test never writes into the tree.
var checkout = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "tocsin-deploy-")
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(filepath.Join(dir, "deploy"), tracked{os.DirFS(filepath.Join(root, "deploy"))}); err != nil {
		return "", err
	}
	hpa := filepath.Join(dir, "deploy", "k8s", "overlays", withHPA)
	if err := os.Mkdir(hpa, 0o755); err != nil { //nolint:gosec // holds nothing secret
		return "", err
	}
	text := "namespace: tocsin\nresources: [../../base]\ncomponents: [../../components/hpa, ../../components/tracing]\n"
	if err := os.WriteFile(filepath.Join(hpa, "kustomization.yaml"), []byte(text), 0o600); err != nil {
		return "", err
	}
	out, err := exec.Command("sh", filepath.Join(root, "scripts", "secrets.sh"), dir).CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return dir, nil
})

// tracked hides the secrets of a working tree from a copy of it.
type tracked struct{ fs.FS }

func (t tracked) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(t.FS, name)
	var out []fs.DirEntry
	for _, e := range entries {
		if e.Name() != "secrets.env" {
			out = append(out, e)
		}
	}
	return out, err
}

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := checkout(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// tool runs a program of deploy/tools. Where its modules cannot be fetched the test is skipped.
func tool(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", append([]string{"-C", filepath.Join(root, "deploy", "tools"), "tool"}, args...)...)
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		unreachable(t, errs.String())
		t.Fatalf("%s: %v\n%s%s", strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.Bytes()
}

// unreachable skips a test when what Go printed says that a module could not be fetched.
func unreachable(t *testing.T, printed string) {
	t.Helper()
	for _, sign := range []string{"dial tcp", "no such host", "module lookup disabled", "i/o timeout"} {
		if strings.Contains(printed, sign) {
			t.Skipf("the tools of deploy/tools cannot be fetched: no module proxy is reached")
		}
	}
}

// rendered is what each overlay renders to, made once.
var rendered = map[string]func() ([]byte, []manifest){}

// render returns an overlay as text and as objects.
func render(t *testing.T, overlay string) ([]byte, []manifest) {
	t.Helper()
	if again, ok := rendered[overlay]; ok {
		return again()
	}
	dir, err := checkout()
	if err != nil {
		t.Fatal(err)
	}
	text := tool(t, "kustomize", "build", filepath.Join(dir, "deploy", "k8s", "overlays", overlay))
	var all []manifest
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		m := map[string]any{}
		err := decoder.Decode(&m)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	rendered[overlay] = func() ([]byte, []manifest) { return text, all }
	return text, all
}

// TestOverlays says that the list above is complete.
func TestOverlays(t *testing.T) {
	found, err := filepath.Glob(filepath.Join(root, "deploy", "k8s", "overlays", "*", "kustomization.yaml"))
	if err != nil || len(found) != len(overlays)-1 {
		t.Errorf("overlays are %v, tested are %v (%v)", found, overlays, err)
	}
}

// TestMakeK8s: what an operator says of the cluster is in the rendering, and nothing of the example is left.
func TestMakeK8s(t *testing.T) {
	feeds := filepath.Join(t.TempDir(), "feeds.yaml")
	write(t, feeds, []byte("feeds:\n  - url: https://herald.example/rss\n"))
	out, err := rendering(t, "OVERLAY=prod", "REGISTRY=registry.example.org/news/", "NATS=tls://nats.example.org:4333,tls://nats-2.example.org:4333",
		"ELASTIC=https://search.example.org", "FEEDS="+feeds, "WITH=tracing hpa", "WITHOUT=monitoring keda")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"image: registry.example.org/news/tocsin-fetcher:0.1.0", "image: registry.example.org/news/tocsin-tocsin:0.1.0",
		"TOCSIN_NATS: tls://nats.example.org:4333,tls://nats-2.example.org:4333", "TOCSIN_ELASTIC: https://search.example.org\n",
		"port: 4333", "https://herald.example/rss", "OTEL_EXPORTER_OTLP_ENDPOINT", "kind: HorizontalPodAutoscaler",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the rendering lacks %q", want)
		}
	}
	for _, gone := range []string{"example.com", "un-news", "kind: ScaledObject", "kind: PodMonitor", "image: tocsin-"} {
		if strings.Contains(out, gone) {
			t.Errorf("the rendering still has %q", gone)
		}
	}
	if out, err := rendering(t, "OVERLAY=prod", "NATS=tls://nats.example.org:4333"); err != nil || strings.Count(out, "natsServerMonitoringEndpoint: nats.example.org:8222") != 2 {
		t.Errorf("KEDA does not ask the NATS that was named: %v", err)
	}
}

// TestMakeK8sRefuses: what is not there is said, with what there is.
func TestMakeK8sRefuses(t *testing.T) {
	for variable, want := range map[string]string{
		"OVERLAY=staging": "there are: dev prod", "WITH=grafana": "there are: elasticsearch hpa keda", "WITHOUT=nats": "no component nats", "FEEDS=none.yaml": "no file none.yaml",
	} {
		if out, err := rendering(t, "OVERLAY=prod", variable); err == nil || !strings.Contains(out, want) {
			t.Errorf("%s: %v, %q; want %q", variable, err, out, want)
		}
	}
}

// rendering is what make k8s prints.
func rendering(t *testing.T, variables ...string) (string, error) {
	t.Helper()
	cmd := exec.Command("sh", filepath.Join(root, "scripts", "k8s", "render.sh"))
	unset := []string{"REGISTRY=", "NATS=", "NATS_MONITOR=", "ELASTIC=", "FEEDS=", "WATCHLIST=", "WITH=", "WITHOUT="}
	cmd.Env = slices.Concat(os.Environ(), unset, variables)
	out, err := cmd.CombinedOutput()
	if err != nil {
		unreachable(t, string(out))
	}
	return string(out), err
}
