package indextest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ElasticEnv names the address of an Elasticsearch to test against, such as http://127.0.0.1:19200.
const ElasticEnv = "TOCSIN_ELASTIC_URL"

// cannotRun is the exit status by which scripts/elastic/up.sh says that this machine cannot run the server.
const cannotRun = 75

// Elastic returns the address of a real Elasticsearch: the one ElasticEnv names, else one that scripts/elastic/up.sh
// starts where there is a JDK and Maven. The test is skipped with a reason where there is neither.
//
// Test processes that run at the same time share one server. The last of them stops it when the test ends, provided
// that a test started it: call Elastic once, in the test that holds all others as subtests. A server that ElasticEnv
// names or that was up before is left running.
func Elastic(t *testing.T) string {
	t.Helper()
	if address := os.Getenv(ElasticEnv); address != "" {
		return address
	}
	if testing.Short() {
		t.Skip("a real Elasticsearch takes 10 seconds to start; run without -short to test against it")
	}
	for _, tool := range []string{"javac", "mvn"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed, so no real Elasticsearch can be started; set %s to test against one of yours", tool, ElasticEnv)
		}
	}
	return share(t)
}

// share starts the server unless another process has, and stops it when nobody uses it any more. The lock file is held
// shared while the server is used and alone while it is started or stopped; it says whether tests started the server.
func share(t *testing.T) string {
	t.Helper()
	root := moduleRoot(t)
	dir := filepath.Join(root, ".cache", "elastic")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "tests.lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	address := start(t, root, lock)
	t.Cleanup(func() { stop(t, root, lock) })
	return address
}

func start(t *testing.T, root string, lock *os.File) string {
	t.Helper()
	// Alone if nobody uses the server yet, else beside them.
	alone := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
	if !alone {
		flock(t, lock, syscall.LOCK_SH) // waits for whoever is starting it
	}
	pidBefore := pidFile(root)
	cmd := exec.CommandContext(t.Context(), "sh", filepath.Join(root, "scripts", "elastic", "up.sh"))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == cannotRun && os.Getenv("CI") == "" {
		_ = lock.Close()
		t.Skipf("no real Elasticsearch here: %s", strings.TrimSpace(said.String()))
	}
	if err != nil {
		_ = lock.Close()
		t.Fatalf("start Elasticsearch: %v\n%s", err, said.String())
	}
	if alone {
		if pidFile(root) != pidBefore { // it was not up before
			markStarted(t, lock)
		}
		flock(t, lock, syscall.LOCK_SH)
	}
	return strings.TrimSpace(string(out))
}

func stop(t *testing.T, root string, lock *os.File) {
	defer func() { _ = lock.Close() }() // and with it the lock
	if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return // others still use it and will stop it
	}
	mark := make([]byte, 1)
	if n, _ := lock.ReadAt(mark, 0); n == 0 {
		return // it was up before any test
	}
	if err := lock.Truncate(0); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // the test's own context has ended
	defer cancel()
	if out, err := exec.CommandContext(ctx, "sh", filepath.Join(root, "scripts", "elastic", "down.sh")).CombinedOutput(); err != nil {
		t.Errorf("stop Elasticsearch: %v\n%s", err, out)
	}
}

func flock(t *testing.T, lock *os.File, how int) {
	t.Helper()
	if err := syscall.Flock(int(lock.Fd()), how); err != nil {
		t.Fatalf("lock %s: %v", lock.Name(), err)
	}
}

func markStarted(t *testing.T, lock *os.File) {
	t.Helper()
	if _, err := lock.WriteAt([]byte("1"), 0); err != nil {
		t.Fatal(err)
	}
}

// pidFile is the process id of the server that is or was up, as the script noted it.
func pidFile(root string) string {
	dir, port := filepath.Join(root, ".cache", "elastic"), "19200"
	if other := os.Getenv("ELASTIC_DIR"); other != "" {
		dir = other
	}
	if other := os.Getenv("ELASTIC_PORT"); other != "" {
		port = other
	}
	pid, err := os.ReadFile(filepath.Join(dir, "run-"+port, "pid"))
	if err != nil {
		return ""
	}
	return string(pid)
}

// moduleRoot is the folder of go.mod, above the package that is tested.
func moduleRoot(t *testing.T) string {
	t.Helper()
	start, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir := start; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatalf("no go.mod above %s; run the tests from a checkout", start)
	return ""
}

// Send sends one plain request to an Elasticsearch, for what a test does behind the index's back, and returns status
// and body.
func Send(t *testing.T, method, address, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if strings.Contains(address, "_bulk") {
		req.Header.Set("Content-Type", "application/x-ndjson")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // it was read to its end
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}
