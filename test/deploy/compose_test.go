package deploy

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestComposeRingsAndIsSearchable brings docker-compose.yml up as it stands, on images built from scratch, until a story
// rang and is searchable; then looks at how the containers run, scales the extractor, and reads NATS' log.
func TestComposeRingsAndIsSearchable(t *testing.T) {
	elastic := os.Getenv("TOCSIN_ELASTIC_URL")
	e := startEngine(t)
	if elastic == "" {
		t.Skip("no Elasticsearch: `make test` starts one where a JDK and Maven are installed, or name one in TOCSIN_ELASTIC_URL")
	}
	bin := buildImages(t, e)
	buildStandIns(t, e, relay(t, elastic))
	p := newProject(t, e, world(t))

	p.compose("up", "-d", "--no-build")
	t.Cleanup(func() {
		if t.Failed() {
			logs, _ := p.command("logs", "--no-color", "--tail", "40").CombinedOutput()
			t.Logf("%s", logs)
		}
		_ = p.command("down", "-v", "-t", "5").Run()
	})
	subscriber := []string{"--nats", p.nats, "--nats-user", "subscriber", "--nats-password", p.secret("NATS_SUBSCRIBER_PASSWORD"), "--json"}
	eventually(t, "the story rang", func() bool {
		out, _ := e.command(filepath.Join(bin, "tocsin"), append([]string{"alerts"}, subscriber...)...).Output()
		return strings.Contains(string(out), `"entry":"khalimov"`)
	})
	eventually(t, "the story is searchable", func() bool {
		out, _ := e.command(filepath.Join(bin, "tocsin"), "search", "Khujand", "--json", "--elastic", p.elastic,
			"--elastic-user", "elastic", "--elastic-password", p.secret("ELASTIC_PASSWORD"), "--elastic-prefix", p.prefix).Output()
		return strings.Contains(string(out), "Khujand")
	})
	p.healthy("kibana", 1)
	eventually(t, "the dashboards are in Kibana", func() bool { return p.sameDashboards(bin) })
	p.locked()
	if out := p.compose("run", "--rm", "setup", "watch", "list"); !strings.Contains(out, "khalimov") {
		t.Errorf("an operator's command in the container setup shows no watched names: %s", out)
	}
	p.compose("up", "-d", "--no-build", "--no-recreate", "--scale", "extractor=3")
	p.healthy("extractor", 3)

	if out, err := e.command(filepath.Join(bin, "tocsin"), append([]string{"watch", "list"}, subscriber...)...).CombinedOutput(); err == nil {
		t.Errorf("a subscriber to alerts may see who is watched: %s", out)
	}
	for line := range strings.Lines(p.compose("logs", "--no-color", "nats", "fetcher", "extractor", "indexer", "setup")) {
		if strings.Contains(line, "iolation") && !strings.Contains(line, "user:subscriber") {
			t.Errorf("a right is missing in deploy/nats/nats.conf: %s", line)
		}
	}
}

// buildImages builds the programs and their images as users do, and returns the folder of the programs.
func buildImages(t *testing.T, e *engine) string {
	t.Helper()
	cmd := e.command("sh", filepath.Join(root, "scripts", "containers", "images.sh"))
	cmd.Env = append(cmd.Env, "VERSION=0.1.0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, service := range []string{"fetcher", "extractor", "indexer"} {
		var images []struct {
			Size   int64
			Config struct {
				User   string
				Labels map[string]string
			}
		}
		if err := json.Unmarshal([]byte(e.run("docker", "image", "inspect", "tocsin-"+service+":0.1.0")), &images); err != nil {
			t.Fatal(err)
		}
		i := images[0]
		t.Logf("image %s: %.1f MB", service, float64(i.Size)/1e6)
		if i.Size > 40e6 {
			t.Errorf("the image of %s has %d bytes; an image of a service may have 40 MB", service, i.Size)
		}
		if i.Config.User != "65532:65532" || i.Config.Labels["org.opencontainers.image.version"] != "0.1.0" {
			t.Errorf("%s runs as %q with labels %v", service, i.Config.User, i.Config.Labels)
		}
	}
	// A password that was never set is refused by whichever program is given it.
	out, err := e.command("docker", "run", "--rm", "--network", "none", "--read-only", "--cap-drop", "ALL",
		"-e", "TOCSIN_NATS_USER=fetcher", "-e", "TOCSIN_NATS_PASSWORD=changeme", "tocsin-fetcher:0.1.0").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "secrets.sh") {
		t.Errorf("a fetcher starts with a placeholder for a password (%v): %s", err, out)
	}
	return filepath.Join(root, ".cache", "images")
}

// buildStandIns tags images with the public names that docker-compose.yml asks for.
func buildStandIns(t *testing.T, e *engine, upstream string) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "upstream"), []byte(upstream))
	build := e.command("go", "build", "-o", filepath.Join(dir, "standin"), "./test/deploy/standin")
	build.Dir, build.Env = root, append(build.Env, "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	build = e.command("go", "build", "-o", filepath.Join(dir, "nats-server"), "github.com/nats-io/nats-server/v2")
	build.Dir, build.Env = filepath.Join(root, "deploy", "tools"), append(build.Env, "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for image, lines := range map[string]string{
		"nats:2.15.2-alpine":   "COPY nats-server /nats-server\nCOPY standin /usr/bin/wget\nENTRYPOINT [\"/nats-server\"]",
		"elasticsearch:8.19.7": "COPY standin /elasticsearch\nCOPY standin /usr/bin/curl\nCOPY upstream /upstream\nENTRYPOINT [\"/elasticsearch\"]",
		"kibana:8.19.7":        "COPY standin /kibana\nCOPY standin /usr/bin/curl\nENTRYPOINT [\"/kibana\"]",
	} {
		write(t, filepath.Join(dir, "Dockerfile"), []byte("FROM scratch\nENV PATH=/usr/bin\n"+lines+"\n"))
		e.run("docker", "build", "-q", "-t", image, dir)
	}
}

// relay lets containers reach a server that listens on loopback only, and returns its address for them.
func relay(t *testing.T, target string) string {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	return listen(t, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u) }})
}

// listen serves on every address of this machine, of which a container sees its gateway.
func listen(t *testing.T, h http.Handler) string {
	t.Helper()
	l, err := net.Listen("tcp", "0.0.0.0:0") //nolint:gosec // containers come in by a bridge that does not exist yet
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h} //nolint:gosec // lives as long as the test
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return "http://" + gateway + ":" + port
}

// world is a feed with one story, in which a name of examples/watchlist.yaml stands.
func world(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	at := listen(t, mux)
	mux.HandleFunc("/feed.xml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = fmt.Fprintf(w, `<rss version="2.0"><channel><title>Wire</title><item><title>Commander seen in Khujand</title>
			<link>%s/story.html</link><guid>1</guid><pubDate>Mon, 23 Nov 2026 01:00:00 +0000</pubDate></item></channel></rss>`, at)
	})
	mux.HandleFunc("/story.html", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `<html><head><title>Commander seen in Khujand</title></head><body><article><h1>Commander seen in Khujand</h1>
			<p>Gulmurod Khalimov, a former police commander, was seen on Sunday in the city of Khujand in the north of Tajikistan, two
			officials said. They asked not to be named because they were not allowed to speak about the matter in public.</p>
			<p>A spokesman of the ministry declined to comment. The city was quiet on Monday, and shops on the main square were open
			as usual, residents said by telephone. The police had closed one road into the city during the night.</p></article></body></html>`)
	})
	return at
}

// project is docker-compose.yml in a folder of its own, with secrets, feeds and ports of its own.
type project struct {
	*engine
	dir, nats, elastic, kibana, prefix string
}

func newProject(t *testing.T, e *engine, world string) *project {
	t.Helper()
	dir, err := checkout()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "docker-compose.yml"), file)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(world, "http://"))
	ports := freePorts(t, 3)
	p := &project{
		engine: e, dir: dir, nats: "nats://127.0.0.1:" + ports[0], elastic: "http://127.0.0.1:" + ports[1], kibana: "http://127.0.0.1:" + ports[2],
		prefix: "compose-test",
	}
	write(t, filepath.Join(dir, "feeds.yaml"), []byte("feeds:\n  - {url: \""+world+"/feed.xml\", source: wire}\n"))
	names, err := os.ReadFile(filepath.Join(root, "examples", "watchlist.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "watchlist.yaml"), names)
	for _, mounted := range []string{"feeds.yaml", "watchlist.yaml"} { // read by uid 65532
		if err := os.Chmod(filepath.Join(dir, mounted), 0o644); err != nil { //nolint:gosec // meant to be read by all
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(dir, "empty.env"), nil)
	if out, err := p.command("--env-file", "empty.env", "config", "-q").CombinedOutput(); err == nil || !strings.Contains(string(out), "secrets.sh") {
		t.Errorf("without secrets nothing may start (%v): %s", err, out)
	}
	env, err := os.ReadFile(filepath.Join(dir, ".env"))
	if err != nil {
		t.Fatal(err)
	}
	env = fmt.Appendf(env, "NATS_PORT=%s\nELASTIC_PORT=%s\nKIBANA_PORT=%s\nTOCSIN_FEEDS_FILE=./feeds.yaml\nTOCSIN_WATCHLIST_FILE=./watchlist.yaml\n"+
		"TOCSIN_BASELINE=ring\nTOCSIN_ALLOW_PRIVATE=10.203.0.0/16\nTOCSIN_ALLOW_PORT=%s\nTOCSIN_ELASTIC_PREFIX=%s\n", ports[0], ports[1], ports[2], port, p.prefix)
	write(t, filepath.Join(dir, ".env"), env)
	return p
}

func freePorts(t *testing.T, n int) (ports []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }() // all at once, or one would be given twice
		_, port, _ := net.SplitHostPort(l.Addr().String())
		ports = append(ports, port)
	}
	return ports
}

func (p *project) command(args ...string) *exec.Cmd {
	cmd := p.engine.command("docker-compose", append([]string{"-p", "tocsin"}, args...)...)
	cmd.Dir = p.dir
	// The environment goes before .env, and a developer's may hold a port of the same name.
	cmd.Env = slices.DeleteFunc(cmd.Env, func(v string) bool {
		return slices.ContainsFunc([]string{"NATS_", "ELASTIC_", "KIBANA_", "TOCSIN_"}, func(p string) bool { return strings.HasPrefix(v, p) })
	})
	return cmd
}

func (p *project) compose(args ...string) string {
	p.t.Helper()
	out, err := p.command(args...).CombinedOutput()
	if err != nil {
		p.t.Fatalf("docker-compose %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// secret is a value of .env.
func (p *project) secret(name string) string {
	p.t.Helper()
	env, err := os.ReadFile(filepath.Join(p.dir, ".env"))
	if err != nil {
		p.t.Fatal(err)
	}
	for line := range strings.Lines(string(env)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+"="); ok {
			return value
		}
	}
	p.t.Fatalf(".env has no %s", name)
	return ""
}

// container is what docker inspect says of one, as far as it matters here.
type container struct {
	Name  string
	State struct {
		Running bool
		Health  *struct{ Status string }
	}
	Config     struct{ User string }
	HostConfig struct {
		ReadonlyRootfs bool
		CapDrop        []string
		SecurityOpt    []string
	}
}

func (p *project) containers(service string) []container {
	p.t.Helper()
	ids := strings.Fields(p.compose("ps", "-q", service))
	if len(ids) == 0 {
		return nil
	}
	var all []container
	if err := json.Unmarshal([]byte(p.run("docker", append([]string{"inspect"}, ids...)...)), &all); err != nil {
		p.t.Fatal(err)
	}
	return all
}

// sameDashboards reports whether Kibana holds exactly what the program exports for the project's index.
func (p *project) sameDashboards(bin string) bool {
	p.t.Helper()
	made := p.run(filepath.Join(bin, "tocsin"), "kibana", "export", "--elastic-prefix", p.prefix)
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.kibana+"/api/saved_objects/_export",
		strings.NewReader(`{"type":["index-pattern","search","dashboard"],"excludeExportDetails":true}`))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Kbn-Xsrf", "true")
	r.SetBasicAuth("elastic", p.secret("ELASTIC_PASSWORD"))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false // Kibana is not up yet
	}
	defer func() { _ = res.Body.Close() }() // it was read to its end
	held, err := io.ReadAll(res.Body)
	return err == nil && slices.Equal(sortedLines(made), sortedLines(string(held)))
}

func sortedLines(text string) []string { return slices.Sorted(strings.Lines(text)) }

// healthy waits until n containers of a service run and, where they say so, are well.
func (p *project) healthy(service string, n int) {
	p.t.Helper()
	eventually(p.t, fmt.Sprintf("%d healthy containers of %s", n, service), func() bool {
		well := 0
		for _, c := range p.containers(service) {
			if c.State.Running && (c.State.Health == nil || c.State.Health.Status == "healthy") {
				well++
			}
		}
		return well == n
	})
}

// locked looks at how our containers run.
func (p *project) locked() {
	p.t.Helper()
	for _, service := range []string{"fetcher", "extractor", "indexer"} {
		for _, c := range p.containers(service) {
			h := c.HostConfig
			if c.Config.User != "65532:65532" || !h.ReadonlyRootfs || fmt.Sprint(h.CapDrop) != "[ALL]" || !strings.Contains(fmt.Sprint(h.SecurityOpt), "no-new-privileges") {
				p.t.Errorf("%s runs as %q, read-only %v, without %v, with %v", c.Name, c.Config.User, h.ReadonlyRootfs, h.CapDrop, h.SecurityOpt)
			}
		}
	}
}
