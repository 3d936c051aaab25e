package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// fetch reads a path of the admin port.
func fetch(t *testing.T, d *Daemon, path, accept string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+d.Addr()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", accept)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func served(t *testing.T) *Daemon {
	t.Helper()
	d, err := New(Options{Name: "test", Version: "1.2.3", CheckTimeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Stop() })
	return d
}

// begin starts Run and returns once it has begun; end stops it and gives its result.
func begin(t *testing.T, d *Daemon) (end func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() { result <- d.Run(ctx) }()
	for phase(d.checks.now.Load()) == starting {
		time.Sleep(time.Millisecond)
	}
	return func() error { cancel(); return <-result }
}

func TestReadinessFollowsLifeAndChecks(t *testing.T) {
	d := served(t)
	broken := errors.New("consumer extractor is missing; run tocsin setup")
	var problem error
	d.Check("bus", func(context.Context) error { return problem })
	d.Check("index", func(context.Context) error { return nil })

	if code, body := fetch(t, d, "/readyz", ""); code != 503 || body != "not ready: starting\nok   bus\nok   index\n" {
		t.Errorf("before Run: %d %q", code, body)
	}
	if code, body := fetch(t, d, "/livez", ""); code != 200 || body != "alive\n" {
		t.Errorf("alive while starting: %d %q", code, body)
	}
	end := begin(t, d)
	if code, body := fetch(t, d, "/readyz", ""); code != 200 || body != "ready\nok   bus\nok   index\n" {
		t.Errorf("running: %d %q", code, body)
	}
	problem = broken
	if code, body := fetch(t, d, "/readyz", ""); code != 503 || !strings.Contains(body, "FAIL bus: "+broken.Error()) {
		t.Errorf("with a broken part: %d %q", code, body)
	}
	code, body := fetch(t, d, "/readyz", "application/json")
	var state readiness
	if err := json.Unmarshal([]byte(body), &state); err != nil || code != 503 || state.Ready || state.Checks[0].Problem != broken.Error() {
		t.Errorf("as JSON: %d %s (%v)", code, body, err)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
}

func TestStuckCheckIsNamedAndBounded(t *testing.T) {
	d := served(t)
	d.Check("stuck", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	end := begin(t, d)
	if code, body := fetch(t, d, "/readyz", ""); code != 503 || !strings.Contains(body, "FAIL stuck: no answer within 50ms") {
		t.Errorf("%d %q", code, body)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
}

func TestStoppingProcessIsAliveButNotReady(t *testing.T) {
	d := served(t)
	var code int
	var body string
	d.OnStop("probe", func(context.Context) error { code, body = fetch(t, d, "/readyz", ""); return nil })
	if err := begin(t, d)(); err != nil {
		t.Error(err)
	}
	if code != 503 || body != "not ready: stopping\n" {
		t.Errorf("during the drain: %d %q", code, body)
	}
	if conn, err := net.Dial("tcp", d.Addr()); err == nil {
		_ = conn.Close()
		t.Error("the admin port still listens after Stop")
	}
}

func TestAdminPortShowsMetricsAndProfiles(t *testing.T) {
	d := served(t)
	d.Meter(map[string]string{"tocsin_test_items_total": "Items of the test."}).Add("tocsin_test_items_total", 2, "kind", "x")
	_, metrics := fetch(t, d, "/metrics", "")
	for _, want := range []string{
		`tocsin_build_info{service="test",version="1.2.3"} 1`,
		"# HELP tocsin_test_items_total Items of the test.",
		`tocsin_test_items_total{kind="x"} 2`,
		"go_goroutines ",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics lacks %q", want)
		}
	}
	if code, body := fetch(t, d, "/debug/pprof/goroutine?debug=1", ""); code != 200 || !strings.Contains(body, "goroutine profile") {
		t.Errorf("/debug/pprof/goroutine: %d", code)
	}
}

func TestAdminListensOnLoopbackUnlessTold(t *testing.T) {
	host, _, err := net.SplitHostPort(served(t).Addr())
	if err != nil || !net.ParseIP(host).IsLoopback() {
		t.Errorf("admin port on %s (%v)", host, err)
	}
}

func TestTakenAdminPortIsAClearError(t *testing.T) {
	taken := served(t).Addr()
	_, err := New(Options{Name: "second", AdminAddr: taken})
	if err == nil || !strings.Contains(err.Error(), "choose another address") {
		t.Errorf("New on %s: %v", taken, err)
	}
}
