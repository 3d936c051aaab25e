package mortal

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

// Build builds programs of this module, by import path, into dir, so that what is killed is what the checkout says.
func Build(ctx context.Context, dir string, programs ...string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-o", dir + string(filepath.Separator)}, programs...)...)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	return nil
}

// Process is a program that is started again whenever it ends, until the run is over. It implements Victim. Its exported
// fields are set before Keep and not changed while that runs.
type Process struct {
	Name string
	Path string
	Args []string
	// Log is a file, appended to by every life.
	Log string

	mu     sync.Mutex
	cmd    *exec.Cmd     // nil while it is down
	down   time.Duration // how long it stays down after the kill in progress
	killed bool
	quits  []string // what it said last when it ended without being killed
}

// String implements Victim.
func (p *Process) String() string { return p.Name }

// Keep implements Victim; it stops the program in order.
func (p *Process) Keep(ctx context.Context) error {
	for ctx.Err() == nil {
		killed, err := p.Live(ctx)
		if err != nil {
			return err
		}
		wait := time.Second
		p.mu.Lock()
		switch {
		case killed:
			wait = p.down
		case ctx.Err() == nil:
			p.quits = append(p.quits, p.lastWords())
		}
		p.mu.Unlock()
		_ = Pause(ctx, wait) // the end is met above
	}
	return nil
}

// stopTime is how long a program may take to stop in order.
const stopTime = 40 * time.Second

// Live is one life of the program: it returns when the program ended, and whether Kill did it. The end of ctx stops it in
// order.
func (p *Process) Live(ctx context.Context) (killed bool, err error) {
	out, err := os.OpenFile(p.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return false, err
	}
	defer func() { _ = out.Close() }() // only the child writes it
	cmd := exec.CommandContext(ctx, p.Path, p.Args...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopTime
	if err := cmd.Start(); err != nil {
		return false, fmt.Errorf("start %s: %w", p.Name, err)
	}
	p.mu.Lock()
	p.cmd = cmd
	p.mu.Unlock()
	err = cmd.Wait()
	p.mu.Lock()
	p.cmd = nil
	killed, p.killed = p.killed, false
	p.mu.Unlock()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited && !killed && ctx.Err() == nil {
		return false, fmt.Errorf("wait for %s: %w", p.Name, err)
	}
	return killed, nil
}

// Kill implements Victim.
func (p *Process) Kill(down time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil || p.killed {
		return false
	}
	p.killed, p.down = true, down
	return p.cmd.Process.Kill() == nil
}

// Freeze makes the program stand still for that long, as in a machine that swaps or a paused container, and then go on as
// if nothing had been. It reports whether the program ran.
func (p *Process) Freeze(ctx context.Context, d time.Duration) bool {
	p.mu.Lock()
	cmd := p.cmd
	if cmd == nil || cmd.Process.Signal(syscall.SIGSTOP) != nil {
		p.mu.Unlock()
		return false
	}
	p.mu.Unlock()
	_ = Pause(ctx, d) // an end on the way must thaw it too
	return cmd.Process.Signal(syscall.SIGCONT) == nil
}

// Ended returns what it said last each time it ended without being killed.
func (p *Process) Ended() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.quits
}

// lastWords is the last line of its log.
func (p *Process) lastWords() string {
	text, err := os.ReadFile(p.Log)
	if err != nil {
		return err.Error()
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return string(lines[len(lines)-1])
}
