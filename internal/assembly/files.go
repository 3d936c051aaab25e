package assembly

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// followEvery is how often a configuration file is looked at for changes.
const followEvery = 2 * time.Second

// Distinct refuses two files of one name: a file is known by its name, so that it may lie elsewhere on another machine.
func Distinct(paths []string) error {
	seen := map[string]string{}
	for _, path := range paths {
		name := filepath.Base(path)
		if other, ok := seen[name]; ok {
			return fmt.Errorf("%s and %s have the same name, by which their entries are known; rename one", other, path)
		}
		seen[name] = path
	}
	return nil
}

// Follow applies the file now and whenever its content changes. A file that cannot be used is reported and what it
// brought last stays; when it never brought anything the start is refused.
func (p *Process) Follow(ctx context.Context, path string, owns func(context.Context, string) (bool, error), apply func(context.Context, []byte) error) error {
	return p.FollowAll(ctx, []string{path}, owns, func(ctx context.Context, data [][]byte) error { return apply(ctx, data[0]) })
}

// FollowAll is Follow for a file with others beside it, which make one whole: the first path is the file, and the content
// of another that does not exist is nil. One that goes away stays as it was read until the next start, as a file being
// replaced is gone for a moment.
func (p *Process) FollowAll(ctx context.Context, paths []string, owns func(context.Context, string) (bool, error), apply func(context.Context, [][]byte) error) error {
	data, err := p.first(ctx, paths, owns, apply)
	if err != nil {
		return err
	}
	p.Go("file "+filepath.Base(paths[0]), func(ctx context.Context) error {
		tick := time.NewTicker(followEvery)
		defer tick.Stop()
		last := data
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
			last = p.reapply(ctx, paths, last, apply)
		}
	})
	return nil
}

// readAll reads a file and what is beside it.
func readAll(paths []string) ([][]byte, error) {
	data := make([][]byte, len(paths))
	for i, path := range paths {
		one, err := os.ReadFile(path)
		switch {
		case err == nil:
			data[i] = one
		case i == 0 || !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	return data, nil
}

// first is the first look at the files; it returns the content that was tried.
func (p *Process) first(ctx context.Context, paths []string, owns func(context.Context, string) (bool, error), apply func(context.Context, [][]byte) error) ([][]byte, error) {
	data, err := readAll(paths)
	if err == nil {
		err = apply(ctx, data)
	} else {
		err = fmt.Errorf("configuration: %w", err)
	}
	if err == nil {
		return data, nil
	}
	name := filepath.Base(paths[0])
	if kept, ownErr := owns(ctx, name); ownErr != nil || !kept {
		return nil, err
	}
	p.Log.Error("configuration not taken over; what was read last stays", "file", name, "error", err)
	return data, nil
}

// reapply returns the content that was tried last, so that a broken file is reported once and not at every look.
func (p *Process) reapply(ctx context.Context, paths []string, last [][]byte, apply func(context.Context, [][]byte) error) [][]byte {
	data, err := readAll(paths)
	if err != nil { // a file being replaced is gone for a moment
		return last
	}
	same := true
	for i := range data {
		if i > 0 && data[i] == nil && i < len(last) {
			data[i] = last[i]
		}
		same = same && i < len(last) && bytes.Equal(data[i], last[i])
	}
	if same {
		return last
	}
	if err := apply(ctx, data); err != nil && ctx.Err() == nil {
		p.Log.Error("configuration not taken over; what was read last stays", "file", filepath.Base(paths[0]), "error", err)
	}
	return data
}
