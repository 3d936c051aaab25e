package bus

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"tocsin/pkg/messages"
)

func objects(t *testing.T, b *Bus) *Objects {
	t.Helper()
	s, err := b.Objects(deadline(t), messages.ObjectsPages)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLargeObjectComesBackWhole(t *testing.T) {
	t.Parallel()
	s := objects(t, ready(t))
	page := bytes.Repeat([]byte("tocsin "), 1<<20) // 7 MiB, seven messages
	if err := s.Put(deadline(t), "page/1", page); err != nil {
		t.Fatal(err)
	}
	got, err := s.Get(deadline(t), "page/1")
	if err != nil || !bytes.Equal(got, page) {
		t.Errorf("%d of %d bytes came back (%v)", len(got), len(page), err)
	}
}

func TestObjectsWatch(t *testing.T) {
	t.Parallel()
	s := objects(t, ready(t))
	if err := s.Put(deadline(t), "a", []byte("1")); err != nil {
		t.Fatal(err)
	}
	told := make(chan string, 16)
	start(t, func(ctx context.Context) error {
		return s.Watch(ctx, func(o ObjectInfo) error {
			told <- fmt.Sprintf("%s %d removed=%v loaded=%v", o.Name, o.Size, o.Removed, o.Loaded)
			return nil
		})
	})
	expect := func(want string) {
		t.Helper()
		if got := <-told; got != want {
			t.Errorf("told %s, want %s", got, want)
		}
	}
	expect("a 1 removed=false loaded=false")
	expect(" 0 removed=false loaded=true")
	if err := s.Put(deadline(t), "list ä", []byte("22")); err != nil {
		t.Fatal(err)
	}
	expect("list ä 2 removed=false loaded=false")
	if err := s.Delete(deadline(t), "a"); err != nil {
		t.Fatal(err)
	}
	expect("a 0 removed=true loaded=false")
}
