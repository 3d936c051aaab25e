package reindex_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/internal/operate/reindex"
	"tocsin/services/indexer"
)

// memory is a small store of two generations: the numbers of documents that passes find to copy, and what was done.
type memory struct {
	todo    []int // of each pass; then 0
	refused int   // in each pass
	size    int
	swap    error
	level   error
	done    []string
}

func (m *memory) Mend(_ context.Context, tell func(indexer.Mending)) (indexer.Mended, error) {
	n := 0
	if len(m.todo) > 0 {
		n, m.todo = m.todo[0], m.todo[1:]
	}
	m.done = append(m.done, "mend")
	tell(indexer.Mending{Seen: m.size, Of: m.size, Copied: n})
	return indexer.Mended{Old: m.size, New: m.size - m.refused, Copied: n, Refused: m.refused, Why: errors.New("cause")}, nil
}

func (m *memory) Fence(context.Context) (func(context.Context) error, error) {
	m.done = append(m.done, "fence")
	return func(ctx context.Context) error {
		m.done = append(m.done, "release")
		return ctx.Err()
	}, nil
}

func (m *memory) Swap(context.Context) error {
	m.done = append(m.done, "swap")
	return m.swap
}

func (m *memory) Level(context.Context) error {
	m.done = append(m.done, "level")
	return m.level
}

func TestRun(t *testing.T) {
	tests := []struct {
		why   string
		store memory
		want  string // what was done
		err   string
	}{
		{"little to do: one pass, the feed, the fence, a pass that finds nothing", memory{size: 9, todo: []int{9}}, "mend level fence mend swap", ""},
		{"much to do: passes until one has little", memory{size: 9000, todo: []int{9000, 2000, 10, 3}}, "mend mend mend level fence mend mend swap", ""},
		{"indexers that are faster than passes: the fence comes all the same", memory{size: 9, todo: []int{5000, 5000, 5000, 5000, 5000, 5000}}, "mend mend mend mend mend level fence mend mend swap", ""},
		{"what the new generation refuses stops it before anybody waits", memory{size: 9, refused: 2}, "mend", "refuses 2 of 9"},
		{"a feed that cannot come level stops it before anybody waits", memory{size: 9, level: errors.New("no stream")}, "mend level", "no stream"},
		{"generations that stay different are not swapped, and the indexers go on", memory{size: 9, todo: []int{0, 1, 1, 1}}, "mend level fence mend mend mend release", "differ"},
		{"half a swap is not undone", memory{size: 9, swap: errors.New("no answer")}, "mend level fence mend swap", "no answer"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			m := tt.store
			var steps []string
			report, err := reindex.Run(t.Context(), reindex.Options{Store: &m, Feed: &m, Now: time.Now, Tell: func(p reindex.Progress) {
				if !slices.Contains(steps, p.Step) {
					steps = append(steps, p.Step)
				}
			}})
			if got := strings.Join(m.done, " "); got != tt.want {
				t.Errorf("did %s, want %s", got, tt.want)
			}
			if tt.err == "" && (err != nil || report.Old != tt.store.size || len(steps) != 4) {
				t.Errorf("report %+v after steps %v (%v)", report, steps, err)
			}
			if tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
	if _, err := reindex.Run(t.Context(), reindex.Options{}); err == nil {
		t.Error("options without a store were taken")
	}
}

// stopping is a store whose passes behind the fence are cut short by an operator.
type stopping struct {
	*memory
	stop context.CancelFunc
}

func (s stopping) Mend(ctx context.Context, tell func(indexer.Mending)) (indexer.Mended, error) {
	if slices.Contains(s.done, "fence") {
		s.stop()
		return indexer.Mended{}, ctx.Err()
	}
	return s.memory.Mend(ctx, tell)
}

func TestStoppedBehindTheFenceLetsTheIndexersGoOn(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := stopping{&memory{size: 9}, cancel}
	_, err := reindex.Run(ctx, reindex.Options{Store: s, Feed: s, Now: time.Now})
	if !errors.Is(err, context.Canceled) || s.done[len(s.done)-1] != "release" {
		t.Errorf("did %v, ended with %v", s.done, err)
	}
}
