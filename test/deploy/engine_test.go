package deploy

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long anything may take before a test gives up on it; far longer than it does take.
const patience = 4 * time.Minute

// engine is a Docker engine of the test's own: its own socket and data, no rule of the firewall, no network but those
// that Compose makes, and nothing to pull from. Images tagged with public names never meet those of another engine.
type engine struct {
	t    *testing.T
	host string
}

// gateway is where containers of the first network reach this machine.
const gateway = "10.203.0.1"

// startEngine starts an engine until the test ends.
func startEngine(t *testing.T) *engine {
	t.Helper()
	if os.Getenv("CONTAINERS") != "1" {
		t.Skip("containers are tried with CONTAINERS=1: it starts a Docker engine of its own, which needs root, dockerd and docker-compose")
	}
	for _, program := range []string{"dockerd", "docker", "docker-compose"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: on Debian, apt-get install docker.io docker-compose iptables", program)
		}
	}
	dir, err := os.MkdirTemp("", "tocsin-engine-") //nolint:usetesting // short: a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	e := &engine{t: t, host: "unix://" + at("socket")}
	cmd := exec.Command("dockerd", "--host", e.host, "--data-root", at("data"), "--exec-root", at("exec"), "--pidfile", at("pid"),
		"--iptables=false", "--ip6tables=false", "--bridge=none", "--default-address-pool", "base=10.203.0.0/16,size=24")
	var log output
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // it ends by the signal
		if t.Failed() {
			t.Logf("dockerd printed:\n%s", tail(log.String(), 3000))
		}
		_ = os.RemoveAll(dir)
	})
	eventually(t, "dockerd answers", func() bool { return e.try("docker", "version") == nil })
	return e
}

func (e *engine) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "DOCKER_HOST="+e.host, "DOCKER_BUILDKIT=0", "GOWORK=off")
	return cmd
}

func (e *engine) try(name string, args ...string) error {
	return e.command(name, args...).Run()
}

// run runs a client of the engine and returns what it printed.
func (e *engine) run(name string, args ...string) string {
	e.t.Helper()
	out, err := e.command(name, args...).CombinedOutput()
	if err != nil {
		e.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// output collects what a program prints.
type output struct{ bytes.Buffer }

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// eventually waits until what holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("not within %v: %s", patience, what)
		case <-tick.C:
		}
	}
}
