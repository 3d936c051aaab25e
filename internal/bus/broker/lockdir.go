package broker

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// dirFormat is the layout of a data directory that this build reads and writes. When it grows, LockDir migrates older
// directories, one step per number.
const dirFormat = 1

// DirLock is the right of this process to use a data directory.
type DirLock struct{ file *os.File }

// LockedError says that another process uses the directory.
type LockedError struct {
	Dir string
	// PID of the holder, 0 when it did not say.
	PID int
}

// Error implements error.
func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("%s is in use by another process; stop it or choose another directory", e.Dir)
	}
	return fmt.Sprintf("%s is in use by process %d; stop it or choose another directory", e.Dir, e.PID)
}

// LockDir makes dir where it is missing, takes it for this process and checks the format number written in it: a newer
// one is refused. A directory that another process holds gives a *LockedError. The lock dies with the process, however
// that ends.
func LockDir(dir string) (*DirLock, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	file, err := lockFile(dir, filepath.Join(dir, "lock"))
	if err != nil {
		return nil, err
	}
	if err := checkFormat(filepath.Join(dir, "format")); err != nil {
		return nil, errors.Join(fmt.Errorf("data directory %s: %w", dir, err), file.Close())
	}
	return &DirLock{file}, nil
}

// Release gives the directory up.
func (l *DirLock) Release() error { return l.file.Close() }

// lockFile takes the advisory lock of path and writes our process id into it. Closing the file releases the lock; the
// file stays, since removing it would let two processes lock two different files of one name.
func lockFile(dir, path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o640) //nolint:gosec // the operator named the directory
	if err != nil {
		return nil, fmt.Errorf("open the lock of %s: %w", dir, err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		held := &LockedError{Dir: dir, PID: readPID(f)}
		_ = f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, held
		}
		return nil, fmt.Errorf("lock %s: %w (a file system without locks will not do)", dir, err)
	}
	if err := writePID(f); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("write the lock of %s: %w", dir, err)
	}
	return f, nil
}

func readPID(f io.Reader) int {
	text, err := io.ReadAll(io.LimitReader(f, 32))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
}

func writePID(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// checkFormat reads the format number at path, or writes ours into a new directory.
func checkFormat(path string) error {
	text, err := os.ReadFile(path) //nolint:gosec // the operator named the directory
	if errors.Is(err, os.ErrNotExist) {
		return os.WriteFile(path, []byte(strconv.Itoa(dirFormat)+"\n"), 0o640) //nolint:gosec // readable by the group
	}
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	switch {
	case err != nil || n < 1:
		return fmt.Errorf("its file format holds %q, not a format number; is it a Tocsin directory?", strings.TrimSpace(string(text)))
	case n > dirFormat:
		return fmt.Errorf("it has format %d and this program knows up to %d; use the newer program that wrote it", n, dirFormat)
	}
	return nil
}
