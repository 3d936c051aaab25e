// Package flow measures the real programs together: a broker, a fetcher, an extractor and an indexer as processes of
// their own, with feeds or raw articles put in at one end.
package flow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tocsin/internal/bus"
)

// programs of the product, built for each run so that what is measured is what the checkout says.
var programs = []string{
	"tocsin/test/chaos/broker", "tocsin/services/fetcher/cmd/fetcher",
	"tocsin/services/extractor/cmd/extractor", "tocsin/services/indexer/cmd/indexer",
}

// Root is the folder of the product's module: the one above that of this module.
func Root(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	mod := strings.TrimSpace(string(out))
	if err != nil || filepath.Base(filepath.Dir(mod)) != "bench" {
		return "", fmt.Errorf("run this inside the module bench (go env GOMOD says %q)", mod)
	}
	return filepath.Dir(filepath.Dir(mod)), nil
}

func build(ctx context.Context, dir string) error {
	root, err := Root(ctx)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-o", dir + string(filepath.Separator)}, programs...)...)
	cmd.Dir, cmd.Env = root, append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	return nil
}

// process is one running program.
type process struct {
	name  string
	admin string // address of its health checks; "" for the broker
	log   string
	cmd   *exec.Cmd
	done  chan error
}

// stopTime is how long a program may take to end in order.
const stopTime = 40 * time.Second

func start(name, path, log string, args ...string) (*process, error) {
	out, err := os.Create(log) //nolint:gosec // a path of our own
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()                                                               // only the child writes it
	p := &process{name: name, log: log, cmd: exec.Command(path, args...), done: make(chan error, 1)} //nolint:gosec,noctx // stopped by stop
	p.cmd.Stdout, p.cmd.Stderr = out, out
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() { p.done <- p.cmd.Wait() }() // stop waits for it
	return p, nil
}

// stop ends the program in order, or without when it takes too long.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", p.name, err)
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(stopTime):
		return errors.Join(fmt.Errorf("%s did not stop within %v", p.name, stopTime), p.cmd.Process.Kill())
	}
}

// ended returns an error that shows the log when the program is no longer there.
func (p *process) ended() error {
	select {
	case err := <-p.done:
		p.done <- err
		text, _ := os.ReadFile(p.log)
		return fmt.Errorf("%s ended early: %w\n%s", p.name, err, bytes.TrimSpace(text[max(0, len(text)-2000):]))
	default:
		return nil
	}
}

// ready waits until the program says that it is.
func (p *process) ready(ctx context.Context) error {
	for {
		if p.asks(ctx) {
			return nil
		}
		if err := p.ended(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (p *process) asks(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.admin+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// Usage is what a process has used so far.
type Usage struct {
	CPU time.Duration
	// Resident and Peak are bytes of memory now and at most.
	Resident, Peak int64
}

// tick is the unit of processor time in /proc, the same on every Linux that Go runs on.
const tick = 10 * time.Millisecond

func (p *process) usage() (Usage, error) {
	dir := filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid))
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return Usage{}, fmt.Errorf("usage of %s: %w", p.name, err)
	}
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return Usage{}, fmt.Errorf("usage of %s: %w", p.name, err)
	}
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var ticks int64
	for _, field := range f[11:13] { // utime and stime
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return Usage{}, fmt.Errorf("usage of %s: %w", p.name, err)
		}
		ticks += n
	}
	return Usage{time.Duration(ticks) * tick, kilobytes(status, "VmRSS:"), kilobytes(status, "VmHWM:")}, nil
}

func kilobytes(status []byte, field string) int64 {
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, field); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n << 10
		}
	}
	return 0
}

// freePort is a port of loopback that nobody listened on a moment ago.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// connect waits for the broker at url and makes its streams.
func connect(ctx context.Context, url string) (*bus.Bus, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	b, err := bus.Connect(ctx, bus.Options{URL: url, Name: "pace"})
	if err != nil {
		return nil, err
	}
	if _, err := b.Setup(ctx, bus.SetupOptions{}); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}
