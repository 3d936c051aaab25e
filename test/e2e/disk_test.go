package e2e

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"tocsin/internal/newsroom"
)

// disk is a folder that one process writes to, and that can be made full and free again while it does: a small file
// system of its own where this process may mount one (no space left on device), else a limit on the process's files (file
// too large). Either way every write that would make a file longer fails.
type disk struct {
	dir     string
	mounted bool
}

const diskSize = 48 << 20

func smallDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{dir: t.TempDir()}
	if err := syscall.Mount("tmpfs", d.dir, "tmpfs", 0, fmt.Sprintf("size=%d", diskSize)); err != nil {
		t.Logf("this process may not mount (%v): the process under test gets a limit on its files instead", err)
		return d
	}
	d.mounted = true
	t.Cleanup(func() {
		if err := syscall.Unmount(d.dir, 0); err != nil {
			t.Error(err)
		}
	})
	return d
}

// fill leaves no room for p.
func (d *disk) fill(t *testing.T, p *process) {
	t.Helper()
	if !d.mounted {
		limitFiles(t, p, 1)
		return
	}
	f, err := os.Create(d.ballast())
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 20; size > 0; { // in ever smaller portions, to the last byte
		if _, err = f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	if _ = f.Close(); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
}

// free takes that back.
func (d *disk) free(t *testing.T, p *process) {
	t.Helper()
	if !d.mounted {
		limitFiles(t, p, ^uint64(0))
		return
	}
	if err := os.Remove(d.ballast()); err != nil {
		t.Fatal(err)
	}
}

func (d *disk) ballast() string { return filepath.Join(d.dir, "ballast") }

// limitFiles sets the size beyond which the process cannot make a file longer; see prlimit(2).
func limitFiles(t *testing.T, p *process, size uint64) {
	t.Helper()
	const fileSize = 1 // RLIMIT_FSIZE
	limit := syscall.Rlimit{Cur: size, Max: ^uint64(0)}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(p.cmd.Process.Pid), fileSize, uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	if errno != 0 {
		t.Fatalf("limit the files of %s: %v", p.name, errno)
	}
}

// twoTimes is a world with some stories, and more as soon as later is called; n counts all.
func twoTimes(t *testing.T) (room *newsroom.Newsroom, later func(), n int) {
	t.Helper()
	var passed atomic.Int64
	start := time.Now()
	var items []newsroom.Item
	for i := range 20 {
		item := newsroom.Item{Title: fmt.Sprintf("Ferry %d sails", i), Text: "The ferry sailed."}
		if i >= 5 {
			item.Appears = time.Hour
		}
		items = append(items, item)
	}
	room = serve(t, items, newsroom.Options{Start: start, Now: func() time.Time { return start.Add(time.Duration(passed.Load())) }})
	return room, func() { passed.Store(int64(2 * time.Hour)) }, len(items)
}

// The disk of the all-in-one is full for a while: it says so, and goes on by itself when there is room again. What was
// published meanwhile comes later; nothing becomes a dead letter.
func TestFullDiskOfTheAllInOnePasses(t *testing.T) {
	t.Parallel()
	d := smallDisk(t)
	room, later, n := twoTimes(t)
	data := filepath.Join(d.dir, "data")
	p, at := startTocsin(t, data, "--ner", "none", "--feeds", feedList(t, room.Feeds()))
	flag := "--data=" + data
	eventually(t, func() error {
		if a := books(t, flag); a.Indexed == 0 {
			return errors.New("nothing was indexed yet")
		}
		return nil
	})
	d.fill(t, p)
	later()
	eventually(t, func() error {
		if err := ready(at.Admin); err == nil || !strings.Contains(err.Error(), "take no writes") {
			return fmt.Errorf("with a full disk it says %w; want it to say that the streams take no writes", err)
		}
		return nil
	})
	eventually(t, func() error {
		if out := mustRun(t, "tocsin", "feeds", "list", flag); !strings.Contains(out, "overdue") && !strings.Contains(out, "still under way") {
			return fmt.Errorf("with a full disk the feeds are listed as %s; want them late", out)
		}
		return nil
	})
	books(t, flag) // can be read all the while
	d.free(t, p)
	eventually(t, func() error { return ready(at.Admin) })
	a := even(t, n, flag)
	if a.Indexed != n || a.Quarantined != 0 {
		t.Errorf("after the disk had room again: %+v", a.Balance)
	}
}

// The disk of the index alone is full for a while: the indexer stops fetching and says so, the stages before it go on.
func TestFullDiskOfTheIndexPasses(t *testing.T) {
	t.Parallel()
	d := smallDisk(t)
	room, later, n := twoTimes(t)
	url, admin := natsServer(t).URL(), freeAddress(t)
	flags := []string{"--nats", url, "--sqlite", filepath.Join(d.dir, "index.db")}
	mustRun(t, "tocsin", "setup", "--nats", url)
	p := start(t, "indexer", append([]string{"--admin", admin}, flags...)...)
	start(t, "extractor", "--nats", url, "--ner", "none")
	start(t, "fetcher", "--nats", url, "--feeds", feedList(t, room.Feeds()), "--allow-private", "127.0.0.0/8")
	eventually(t, func() error {
		if a, errs, code := run(t, "tocsin", append([]string{"ledger", "--json"}, flags...)...); code != 0 || !strings.Contains(a, `"indexed":`) || strings.Contains(a, `"indexed":0`) {
			return fmt.Errorf("nothing was indexed yet: %s%s", a, errs)
		}
		return nil
	})
	d.fill(t, p)
	later()
	eventually(t, func() error {
		if err := ready(admin); err == nil || !strings.Contains(err.Error(), "the disk of the index") {
			return fmt.Errorf("with a full disk the indexer says %w; want it to name the disk of the index", err)
		}
		return nil
	})
	eventually(t, func() error {
		if a := books(t, flags...); a.Seen != n || a.Pending == 0 || a.Difference != 0 {
			return fmt.Errorf("with a full disk the ledger says %+v; want all seen and some pending", a.Balance)
		}
		return nil
	})
	d.free(t, p)
	eventually(t, func() error { return ready(admin) })
	if a := even(t, n, flags...); a.Indexed != n || a.Quarantined != 0 {
		t.Errorf("after the disk had room again: %+v", a.Balance)
	}
	if dead := deadLetters(t, connect(t, url)); len(dead) > 0 {
		t.Errorf("dead letters %v; a full disk is nobody's fault", dead)
	}
}
