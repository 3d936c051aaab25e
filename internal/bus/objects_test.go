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

func TestAForgottenObjectLeavesNothing(t *testing.T) {
	t.Parallel()
	b := ready(t)
	s := objects(t, b)
	page := bytes.Repeat([]byte("tocsin "), 1<<17)
	put := func() uint64 {
		t.Helper()
		if err := s.Put(deadline(t), "a.1", page); err != nil {
			t.Fatal(err)
		}
		last, err := s.Last(deadline(t))
		if err != nil {
			t.Fatal(err)
		}
		return last
	}
	first := put()
	second := put()
	if was, err := s.Forget(deadline(t), "a.1", first); was || err != nil {
		t.Errorf("what was replaced was there: %v, %v", was, err)
	}
	if got, err := s.Get(deadline(t), "a.1"); err != nil || !bytes.Equal(got, page) {
		t.Errorf("the newer object is gone: %v", err)
	}
	if _, err := s.Forget(deadline(t), "another", second); err == nil {
		t.Error("an object went under another's name")
	}
	for _, want := range []bool{true, false} {
		if was, err := s.Forget(deadline(t), "a.1", second); was != want || err != nil {
			t.Errorf("it was there: %v, want %v (%v)", was, want, err)
		}
	}
	if x, err := b.Extent(deadline(t), "OBJ_"+messages.ObjectsPages); err != nil || x.Messages != 0 || x.Bytes != 0 {
		t.Errorf("%d messages of %d bytes are left (%v)", x.Messages, x.Bytes, err)
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
