package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// part is a running program of the cluster.
type part struct {
	name string
	cmd  *exec.Cmd
	done chan struct{}
}

// start runs a program of the folder with its log beside the others.
func (c *cluster) start(name string, env []string, args ...string) (*part, error) {
	return c.startAt(filepath.Join(c.folder, "bin", name), name, env, args...)
}

func (c *cluster) startAt(path, name string, env []string, args ...string) (*part, error) {
	log, err := os.Create(c.path(name + ".log"))
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w; scripts/k8s/build.sh builds it", name, err)
	}
	p := &part{name: name, cmd: cmd, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // nobody asks how it ended: what it should have done is waited for
		_ = log.Close()
		close(p.done)
	}()
	c.parts = append(c.parts, p)
	return p, nil
}

// stop ends everything, last started first.
func (c *cluster) stop() {
	for _, p := range slices.Backward(c.parts) {
		p.stop()
	}
}

func (p *part) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(15 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// ports returns n free ports of loopback.
func ports(n int) ([]string, error) {
	var out []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer func() { _ = l.Close() }() // all at once, or one would be given twice
		out = append(out, strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	}
	return out, nil
}
