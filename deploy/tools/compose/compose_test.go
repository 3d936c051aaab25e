package compose

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v3"
)

// root is the checkout, seen from this package.
var root, _ = filepath.Abs(filepath.Join("..", "..", ".."))

// load reads docker-compose.yml as `docker compose --profile …` does, with the secrets of a file.
func load(t *testing.T, env string, profiles ...string) (*types.Project, error) {
	t.Helper()
	o, err := cli.NewProjectOptions([]string{filepath.Join(root, "docker-compose.yml")},
		cli.WithName("tocsin"), cli.WithEnvFiles(env), cli.WithDotEnv, cli.WithProfiles(profiles))
	if err != nil {
		return nil, err
	}
	return o.LoadProject(t.Context())
}

// secrets runs scripts/secrets.sh and returns the .env it writes.
func secrets(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "deploy", "k8s", "overlays", "dev"), 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("sh", filepath.Join(root, "scripts", "secrets.sh"), dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return filepath.Join(dir, ".env")
}

func TestComposeTwoLoadsTheFile(t *testing.T) {
	env := secrets(t)
	started := map[string][]string{}
	for _, profile := range []string{"", "metrics"} {
		p, err := load(t, env, profile)
		if err != nil {
			t.Fatalf("profile %q: %v", profile, err)
		}
		started[profile] = p.ServiceNames()
		for name, s := range p.Services {
			for _, problem := range problems(p, s) {
				t.Errorf("%s: %s", name, problem)
			}
		}
	}
	for _, name := range []string{"elasticsearch", "extractor", "fetcher", "indexer", "kibana", "nats", "setup"} {
		if !slices.Contains(started[""], name) {
			t.Errorf("%s does not start; %v do", name, started[""])
		}
	}
	more := slices.DeleteFunc(slices.Sorted(slices.Values(started["metrics"])), func(name string) bool { return slices.Contains(started[""], name) })
	if !slices.Equal(more, []string{"grafana", "prometheus"}) {
		t.Errorf("the profile metrics adds %v", more)
	}
}

// problems are what the loader lets pass and a first start would trip over.
func problems(p *types.Project, s types.ServiceConfig) (all []string) {
	if !strings.Contains(s.Image, ":") || strings.HasSuffix(s.Image, ":latest") {
		all = append(all, "its image "+s.Image+" is not pinned")
	}
	if s.MemLimit == 0 {
		all = append(all, "may take all memory of the machine")
	}
	for _, port := range s.Ports {
		if port.HostIP != "127.0.0.1" {
			all = append(all, "is published beyond loopback: "+port.Published)
		}
	}
	for _, v := range s.Volumes {
		if _, err := os.Stat(v.Source); v.Type == types.VolumeTypeBind && err != nil {
			all = append(all, "mounts "+v.Source+", which is not in the repository")
		}
	}
	for other, how := range s.DependsOn {
		needed := p.Services[other]
		if how.Condition == types.ServiceConditionHealthy && needed.HealthCheck == nil {
			all = append(all, "waits for the health of "+other+", which has no check of it")
		}
		if how.Condition == types.ServiceConditionCompletedSuccessfully && needed.Restart == "always" {
			all = append(all, "waits for the end of "+other+", which never ends")
		}
	}
	for name, value := range s.Environment {
		if value != nil && strings.Contains(name, "PASSWORD") && len(*value) < 32 {
			all = append(all, name+" is no generated secret")
		}
	}
	return all
}

// TestNothingStartsWithoutSecrets: a missing .env is an error that says what to run.
func TestNothingStartsWithoutSecrets(t *testing.T) {
	empty := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := load(t, empty); err == nil || !strings.Contains(err.Error(), "run sh scripts/secrets.sh first") {
		t.Errorf("without secrets the file loads with: %v", err)
	}
}

// TestPrometheusAndGrafanaFindTheirFiles: Prometheus asks services that there are, and both read the files that are mounted.
func TestPrometheusAndGrafanaFindTheirFiles(t *testing.T) {
	p, err := load(t, secrets(t), "metrics")
	if err != nil {
		t.Fatal(err)
	}
	var prometheus struct {
		Rules  []string `yaml:"rule_files"`
		Scrape []struct {
			DNS []struct {
				Names []string
				Port  int
			} `yaml:"dns_sd_configs"`
		} `yaml:"scrape_configs"`
	}
	read(t, filepath.Join("deploy", "prometheus", "prometheus.yml"), &prometheus)
	scraped := prometheus.Scrape[0].DNS[0]
	if names := slices.Sorted(slices.Values(scraped.Names)); !slices.Equal(names, []string{"extractor", "fetcher", "indexer"}) || scraped.Port != 8080 {
		t.Errorf("Prometheus asks %v on port %d", names, scraped.Port)
	}
	if !mounted(p, "prometheus", "deploy/prometheus", filepath.Dir(prometheus.Rules[0])) {
		t.Errorf("the rules of Prometheus, %v, are not mounted", prometheus.Rules)
	}
	var boards struct {
		Providers []struct{ Options struct{ Path string } }
	}
	read(t, filepath.Join("deploy", "grafana", "provisioning", "dashboards", "tocsin.yaml"), &boards)
	if !mounted(p, "grafana", "deploy/grafana/dashboards", boards.Providers[0].Options.Path) {
		t.Errorf("the dashboards of Grafana, %v, are not mounted", boards)
	}
	var sources struct{ Datasources []struct{ URL, Type string } }
	read(t, filepath.Join("deploy", "grafana", "provisioning", "datasources", "prometheus.yaml"), &sources)
	if s := sources.Datasources[0]; s.Type != "prometheus" || s.URL != "http://prometheus:9090" {
		t.Errorf("Grafana asks %+v", s)
	}
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, path))
	if err == nil {
		err = yaml.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func mounted(p *types.Project, service, folder, at string) bool {
	return slices.ContainsFunc(p.Services[service].Volumes, func(v types.ServiceVolumeConfig) bool {
		return v.Source == filepath.Join(root, folder) && v.Target == at
	})
}
