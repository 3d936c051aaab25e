package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// programs are built for each run, so that what is killed is what the checkout says.
var programs = []string{
	"tocsin/test/chaos/broker", "tocsin/services/fetcher/cmd/fetcher",
	"tocsin/services/extractor/cmd/extractor", "tocsin/services/indexer/cmd/indexer",
}

func build(ctx context.Context, dir string, programs ...string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-o", dir + string(filepath.Separator)}, programs...)...)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	return nil
}

// process is one program that is started again whenever it ends, until the run is over.
type process struct {
	name string
	path string
	args []string
	log  string // file, appended to by every life

	mu     sync.Mutex
	cmd    *exec.Cmd     // nil while it is down
	down   time.Duration // how long it stays down after the kill in progress
	killed bool
	quits  []string // what it said last when it ended without being killed
}

// String implements victim.
func (p *process) String() string { return p.name }

// keep implements victim; it stops the program in order.
func (p *process) keep(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := p.live(ctx); err != nil {
			return err
		}
		p.mu.Lock()
		wait := p.down
		if !p.killed && ctx.Err() == nil {
			p.quits = append(p.quits, p.lastWords())
			wait = time.Second
		}
		p.killed = false
		p.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}

// stopTime is how long a program may take to stop in order.
const stopTime = 40 * time.Second

// live is one life of the program.
func (p *process) live(ctx context.Context) error {
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }() // only the child writes it
	cmd := exec.CommandContext(ctx, p.path, p.args...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopTime
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	p.mu.Lock()
	p.cmd = cmd
	p.mu.Unlock()
	err = cmd.Wait()
	p.mu.Lock()
	p.cmd = nil
	killed := p.killed
	p.mu.Unlock()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited && !killed && ctx.Err() == nil {
		return fmt.Errorf("wait for %s: %w", p.name, err)
	}
	return nil
}

// kill implements victim.
func (p *process) kill(down time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil || p.killed {
		return false
	}
	p.killed, p.down = true, down
	return p.cmd.Process.Kill() == nil
}

// freeze makes the program stand still for that long, as in a machine that swaps or a paused container, and then go on as
// if nothing had been. It reports whether the program ran.
func (p *process) freeze(ctx context.Context, d time.Duration) bool {
	p.mu.Lock()
	cmd := p.cmd
	if cmd == nil || cmd.Process.Signal(syscall.SIGSTOP) != nil {
		p.mu.Unlock()
		return false
	}
	p.mu.Unlock()
	_ = pause(ctx, d) // an end on the way must thaw it too
	return cmd.Process.Signal(syscall.SIGCONT) == nil
}

// ended returns what it said last each time it ended without being killed.
func (p *process) ended() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.quits
}

// lastWords is the last line of its log.
func (p *process) lastWords() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return string(lines[len(lines)-1])
}
