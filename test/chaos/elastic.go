package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"tocsin/test/mortal"
)

// cluster is the Elasticsearch of a run: one named in TOCSIN_ELASTIC_URL, which is left alive, or one of our own that
// scripts/elastic starts and that is killed like everything else.
type cluster struct {
	url, prefix string
	own         bool
	port        int
	scripts     string // folder of up.sh and down.sh

	mu   sync.Mutex
	up   bool
	down time.Duration
	dead chan struct{} // told when it was killed; holds one
}

// openCluster starts a server unless one is named.
func openCluster(ctx context.Context, url string, seed uint64) (*cluster, error) {
	c := &cluster{url: url, prefix: fmt.Sprintf("chaos-%d-%d", seed, time.Now().UnixNano()), dead: make(chan struct{}, 1)}
	if url != "" {
		return c, nil
	}
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "tocsin").Output()
	if err != nil {
		return nil, fmt.Errorf("find the checkout, whose scripts start Elasticsearch: %w", err)
	}
	c.own, c.scripts = true, filepath.Join(strings.TrimSpace(string(root)), "scripts", "elastic")
	if c.port, err = mortal.FreePort(); err != nil {
		return nil, err
	}
	if c.url, err = c.start(ctx, false); err != nil {
		return nil, err
	}
	c.up = true
	return c, nil
}

// start runs up.sh; keep says that the data of its last life stays.
func (c *cluster) start(ctx context.Context, keep bool) (url string, err error) {
	cmd := exec.CommandContext(ctx, "sh", filepath.Join(c.scripts, "up.sh"))
	cmd.Env = c.env()
	if keep {
		cmd.Env = append(cmd.Env, "ELASTIC_KEEP=1")
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // its trap gives the lock back
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("start Elasticsearch: %w\n%s", err, errs.String())
	}
	return strings.TrimSpace(string(out)), nil
}

func (c *cluster) env() []string {
	return append(os.Environ(), "ELASTIC_PORT="+strconv.Itoa(c.port))
}

// state is the folder that up.sh keeps for our port.
func (c *cluster) state() string {
	dir := os.Getenv("ELASTIC_DIR")
	if dir == "" {
		dir = filepath.Join(c.scripts, "..", "..", ".cache", "elastic")
	}
	return filepath.Join(dir, "run-"+strconv.Itoa(c.port))
}

// String implements mortal.Victim.
func (c *cluster) String() string { return "elasticsearch" }

// Kill implements mortal.Victim.
func (c *cluster) Kill(down time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.up {
		return false
	}
	text, err := os.ReadFile(filepath.Join(c.state(), "pid"))
	if err != nil {
		return false
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || syscall.Kill(pid, syscall.SIGKILL) != nil {
		return false
	}
	c.up, c.down = false, down
	c.dead <- struct{}{}
	return true
}

// Keep implements mortal.Victim: it starts the server again after each kill.
func (c *cluster) Keep(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-c.dead:
		}
		if mortal.Pause(ctx, c.down) != nil {
			return nil
		}
		if _, err := c.start(ctx, true); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		c.mu.Lock()
		c.up = true
		c.mu.Unlock()
	}
}

// refresh shows everything written so far to searches.
func (c *cluster) refresh(ctx context.Context) error {
	return c.ask(ctx, http.MethodPost, "/"+c.prefix+"*/_refresh")
}

// close takes away what the run left: its indices, or the whole server when it is ours.
func (c *cluster) close(ctx context.Context) error {
	if !c.own {
		if err := c.ask(ctx, http.MethodDelete, "/"+c.prefix+"-*"); err != nil {
			return err
		}
		return c.ask(ctx, http.MethodDelete, "/_index_template/"+c.prefix+"*")
	}
	cmd := exec.CommandContext(ctx, "sh", filepath.Join(c.scripts, "down.sh"))
	cmd.Env = c.env()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("stop Elasticsearch: %w\n%s", err, out)
	}
	return os.RemoveAll(c.state())
}

func (c *cluster) ask(ctx context.Context, method, path string) error {
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, http.NoBody)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_ = answer.Body.Close() // nothing to read
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s %s answered %s", method, path, answer.Status)
	}
	return nil
}
