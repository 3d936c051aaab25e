package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"
	_ "modernc.org/sqlite" // the database/sql driver "sqlite"
)

// How much an acknowledged Write survives.
const (
	// SyncNormal survives a killed process; a loss of power may take the last seconds, and never damages the file.
	SyncNormal = "normal"
	// SyncFull survives a loss of power too; every batch waits for the disk.
	SyncFull = "full"
)

// Options of an Index.
type Options struct {
	// Path is the index file; its folder must exist. Required.
	Path string
	// Sync is SyncNormal (the default) or SyncFull.
	Sync string
	// ReadOnly opens an existing index for questions only, beside a process that writes it.
	ReadOnly bool
	// CacheMiB bounds the page cache of the writer; default 64.
	CacheMiB int
	// Log receives one line per migration; nil discards.
	Log *slog.Logger
}

func (o Options) withDefaults() (Options, error) {
	if o.Sync == "" {
		o.Sync = SyncNormal
	}
	if o.CacheMiB == 0 {
		o.CacheMiB = 64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	switch {
	case o.Path == "":
		return o, errors.New("sqlite options: Path is empty; name the index file")
	case o.Sync != SyncNormal && o.Sync != SyncFull:
		return o, fmt.Errorf("sqlite options: Sync is %q; want %s or %s", o.Sync, SyncNormal, SyncFull)
	case o.CacheMiB < 1:
		return o, fmt.Errorf("sqlite options: CacheMiB is %d; the cache needs at least 1", o.CacheMiB)
	}
	return o, nil
}

// Index is an open index file. Its methods may be called by any number of goroutines; writes queue up for each other.
type Index struct {
	path   string
	write  *sql.DB // one connection; nil when read-only
	read   *sql.DB
	pack   *zstd.Encoder
	open   *zstd.Decoder
	put    *statements
	names  knownNames
	family family
	turn   sync.Mutex  // held by a Write
	full   atomic.Bool // the disk was full at the last Write
}

// Open opens the index, creating or migrating it first unless ReadOnly. It blocks for the disk, and while another
// process writes.
func Open(ctx context.Context, o Options) (*Index, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := checkPath(o); err != nil {
		return nil, err
	}
	x := &Index{path: o.Path, names: knownNames{}}
	if err := x.start(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("open index %s: %w", o.Path, err), x.Close())
	}
	return x, nil
}

func checkPath(o Options) error {
	place := o.Path
	if !o.ReadOnly {
		place = filepath.Dir(o.Path)
	}
	_, err := os.Stat(place)
	switch {
	case errors.Is(err, fs.ErrNotExist) && o.ReadOnly:
		return fmt.Errorf("there is no index at %s yet; it is made by the process that writes it: %w", o.Path, err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the folder of the index %s does not exist; make it first: %w", o.Path, err)
	}
	return err
}

func (x *Index) start(ctx context.Context, o Options) (err error) {
	if x.pack, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)); err != nil {
		return err
	}
	if x.open, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0)); err != nil {
		return err
	}
	if !o.ReadOnly {
		if err := x.startWriter(ctx, o); err != nil {
			return err
		}
	}
	if x.read, err = sql.Open("sqlite", dsn(o.Path, "query_only(1)", "cache_size(-16384)")); err != nil {
		return err
	}
	x.read.SetMaxOpenConns(max(2, runtime.GOMAXPROCS(0)))
	if err := checkFormat(ctx, x.read); err != nil || o.ReadOnly {
		return err
	}
	return x.startFamily(ctx, o.Log)
}

// checkpointPages is after how many pages of 4 KB the write-ahead log goes into the file. Batches write the same pages again
// and again, so a longer log writes each less often; a reader finds its pages in the log until then.
const checkpointPages = 4000

func (x *Index) startWriter(ctx context.Context, o Options) (err error) {
	x.write, err = sql.Open("sqlite", dsn(o.Path, "journal_mode(WAL)", "synchronous("+o.Sync+")",
		"cache_size(-"+strconv.Itoa(o.CacheMiB<<10)+")", "journal_size_limit(67108864)", "wal_autocheckpoint("+strconv.Itoa(checkpointPages)+")", "temp_store(2)"))
	if err != nil {
		return err
	}
	x.write.SetMaxOpenConns(1)
	if err := migrate(ctx, x.write, o.Log); err != nil {
		return err
	}
	x.put, err = prepare(ctx, x.write)
	return err
}

// startFamily reads the family, run by run where an older format left runs to be written.
func (x *Index) startFamily(ctx context.Context, log *slog.Logger) error {
	err := x.look(ctx, func(tx *sql.Tx) error { return x.family.load(ctx, tx) })
	for err == nil {
		complete := x.family.next-x.family.recent.from >= runLength
		if err = x.look(ctx, func(tx *sql.Tx) error { return x.family.readRecent(ctx, tx) }); err != nil || !complete {
			return err
		}
		if err = x.shelveOlder(ctx); err == nil {
			log.InfoContext(ctx, "sketches put in order", "done", x.family.recent.from, "all", x.family.next)
		}
	}
	return err
}

// shelveOlder writes the one run that was read.
func (x *Index) shelveOlder(ctx context.Context) error {
	tx, err := x.write.BeginTx(ctx, nil)
	if err != nil {
		return explain(err)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	b := newBatch(ctx, tx, x)
	b.kin.next = x.family.next
	if err := errors.Join(b.shelveRun(x.family.recent.from), tx.Commit()); err != nil {
		return explain(err)
	}
	x.family.adopt(b.kin)
	return nil
}

// dsn names the file for the driver. A connection waits 10 s for another process's lock; a write takes the lock at its
// beginning, so that it never fails half way.
func dsn(path string, pragmas ...string) string {
	v := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{"busy_timeout(10000)"}, pragmas...)}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: v.Encode()}).String()
}

// Close waits for running calls and closes the file. It may be called again.
func (x *Index) Close() error {
	var errs []error
	if x.read != nil {
		errs = append(errs, x.read.Close())
	}
	if x.write != nil {
		x.turn.Lock()
		defer x.turn.Unlock()
		errs = append(errs, x.write.Close())
	}
	if x.open != nil {
		x.open.Close()
	}
	return errors.Join(errs...)
}
