package bus

import (
	"errors"
	"fmt"
	"testing"

	"tocsin/pkg/messages"
)

// together are n messages with ids from and up.
func together(from, n int) (ms []messages.Outgoing) {
	for i := range n {
		ms = append(ms, messages.Outgoing{Subject: "raw.a", ID: fmt.Sprint("id", from+i), Data: fmt.Append(nil, from+i)})
	}
	return ms
}

func TestPublishTogetherStoresAllOnceInOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		about   string
		batches [][]messages.Outgoing
		want    int
	}{
		{"nothing to publish is no error", [][]messages.Outgoing{nil}, 0},
		{"one message needs no batch", [][]messages.Outgoing{together(0, 1)}, 1},
		{"a batch is stored in its order", [][]messages.Outgoing{together(0, 20)}, 20},
		{"more than one batch holds are several", [][]messages.Outgoing{together(0, 2*batchMost+3)}, 2*batchMost + 3},
		{"a batch repeated after a lost answer is stored once", [][]messages.Outgoing{together(0, 20), together(0, 20)}, 20},
		{"a batch that holds known ids brings what is new", [][]messages.Outgoing{together(0, 5), together(3, 5)}, 8},
		{"an id twice in one batch is stored once", [][]messages.Outgoing{append(together(0, 3), together(2, 2)...)}, 4},
	} {
		t.Run(c.about, func(t *testing.T) {
			t.Parallel()
			b := ready(t)
			for _, ms := range c.batches {
				if err := b.PublishTogether(deadline(t), ms); err != nil {
					t.Fatal(err)
				}
			}
			ds := raw(t, b)
			if len(ds) != c.want {
				t.Fatalf("%d stored, want %d", len(ds), c.want)
			}
			for i, d := range ds {
				if want := fmt.Sprint(i); string(d.Data) != want || d.Header[messages.HeaderMsgID] != "id"+want || d.Header[headerBatch] != "" {
					t.Fatalf("message %d holds %s, headers %v", i, d.Data, d.Header)
				}
			}
		})
	}
}

func TestPublishTogetherNamesWhatCannotBeSent(t *testing.T) {
	t.Parallel()
	b := ready(t)
	ms := together(0, 3)
	ms[1].Data = make([]byte, b.MaxPayload())
	if err := b.PublishTogether(deadline(t), ms); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a message too large: %v", err)
	}
	if ds := raw(t, b); len(ds) != 2 {
		t.Errorf("%d stored, want its two neighbours", len(ds))
	}
}
