package broker

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("BROKER_TEST_HOLD"); dir != "" {
		os.Exit(holdDir(dir))
	}
	goleak.VerifyTestMain(m)
}

// holdDir is what TestMain does in a child process: it holds a directory until its input ends.
func holdDir(dir string) int {
	if _, err := LockDir(dir); err != nil {
		return 1
	}
	_, _ = os.Stdout.WriteString("held\n")
	_, _ = os.Stdin.Read(make([]byte, 1))
	return 0
}

func TestOneProcessPerDataDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	child := exec.Command(os.Args[0]) //nolint:gosec // ourselves
	child.Env = append(os.Environ(), "BROKER_TEST_HOLD="+dir)
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 16)); err != nil {
		t.Fatal(err)
	}
	_, err = LockDir(dir)
	held, ok := errors.AsType[*LockedError](err)
	if !ok || held.Dir != dir || held.PID != child.Process.Pid || !strings.Contains(err.Error(), dir) {
		t.Errorf("a directory that process %d holds: %v", child.Process.Pid, err)
	}
	if err := child.Process.Kill(); err != nil { // the lock dies with the process
		t.Fatal(err)
	}
	_ = child.Wait()
	_ = in.Close()
	l, err := LockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Release(); err != nil {
		t.Error(err)
	}
}

func TestDirectoryFormat(t *testing.T) {
	for _, c := range []struct {
		sentence, format, want string
	}{
		{"a new directory gets our number", "", ""},
		{"ours", "1\n", ""},
		{"one of a newer program", "99\n", "newer"},
		{"something else altogether", "hello", "Tocsin directory"},
		{"an empty file, as a full disk leaves it", "\n", "Tocsin directory"},
	} {
		dir := t.TempDir()
		if c.format != "" {
			write(t, dir, "format", []byte(c.format))
		}
		l, err := LockDir(dir)
		if err == nil {
			_ = l.Release()
		}
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.sentence, err)
		}
		if text, _ := os.ReadFile(filepath.Join(dir, "format")); c.format == "" && string(text) != "1\n" { //nolint:gosec // ours
			t.Errorf("%s: wrote %q", c.sentence, text)
		}
	}
}

// write makes a file that a test finds there.
func write(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}
