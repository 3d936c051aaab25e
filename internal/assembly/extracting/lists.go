package extracting

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch/watchlist"
)

// Watchlists opens the set of watched names.
func Watchlists(ctx context.Context, b *bus.Bus) (*operate.Watchlists, error) {
	s, err := openStores(ctx, b)
	return s.lists, err
}

// followWatchlist keeps what a watchlist brings in step with the file, and with OFAC's alt.csv beside its sdn.csv.
func followWatchlist(ctx context.Context, p *assembly.Process, lists *operate.Watchlists, path string) error {
	paths := ListPaths(path)
	name := filepath.Base(path)
	return p.FollowAll(ctx, paths, lists.Owns, func(ctx context.Context, data [][]byte) error {
		entries, report, err := watchlist.ParseFiles("", listFiles(paths, data)...)
		if err != nil {
			return fmt.Errorf("watchlist %s: %w", name, err)
		}
		changed, err := lists.Import(ctx, name, entries)
		if err != nil {
			return err
		}
		if changed {
			p.Log.Info("watchlist read", "file", name, "entries", len(entries), "skipped", len(report.Skipped))
		}
		return nil
	})
}

// ListPaths are a list file and, for OFAC's sdn.csv, where the alt.csv with its aliases would lie.
func ListPaths(path string) []string {
	folder, base := filepath.Split(path)
	if alt := strings.Replace(base, "sdn", "alt", 1); alt != base && strings.Contains(base, ".csv") {
		return []string{path, filepath.Join(folder, alt)}
	}
	return []string{path}
}

// PrimaryOf is the sdn.csv that an alt.csv belongs to; empty for any other file.
func PrimaryOf(path string) string {
	folder, base := filepath.Split(path)
	if sdn := strings.Replace(base, "alt", "sdn", 1); sdn != base && strings.Contains(base, ".csv") {
		return filepath.Join(folder, sdn)
	}
	return ""
}

// ListFiles reads a list file, with OFAC's alt.csv beside its sdn.csv.
func ListFiles(path string) ([]watchlist.File, error) {
	paths := ListPaths(path)
	data := make([][]byte, len(paths))
	for i, path := range paths {
		one, err := os.ReadFile(path)
		if err != nil && (i == 0 || !errors.Is(err, fs.ErrNotExist)) {
			return nil, err
		}
		data[i] = one
	}
	return listFiles(paths, data), nil
}

// listFiles are the files that exist.
func listFiles(paths []string, data [][]byte) []watchlist.File {
	var files []watchlist.File
	for i, path := range paths {
		if i == 0 || data[i] != nil {
			files = append(files, watchlist.File{Name: filepath.Base(path), Data: data[i]})
		}
	}
	return files
}

// Rejections opens the set of what operators rejected. last is the revision of its newest change.
func Rejections(ctx context.Context, b *bus.Bus) (all *operate.Rejections, last func(context.Context) (uint64, error), err error) {
	bucket, err := b.Bucket(ctx, messages.BucketRejected)
	if err != nil {
		return nil, nil, err
	}
	return operate.NewRejections(assembly.Listed{Bucket: bucket}, time.Now), bucket.Last, nil
}

// BulkRevision is the revision of the newest bulk list.
func BulkRevision(ctx context.Context, b *bus.Bus) (uint64, error) {
	objects, err := b.Objects(ctx, messages.ObjectsLists)
	if err != nil {
		return 0, err
	}
	return objects.Last(ctx)
}
