package fetcher

import "testing"

func TestHeldPagesAreBounded(t *testing.T) {
	var h held
	big := Page{Body: make([]byte, heldBytes/4+1)}
	for n := range 10 {
		h.keep("a", n, big)
		h.keep("a", n, big) // fetched again
	}
	if len(h.pages) != 3 || h.bytes > heldBytes || len(h.order) != 3 {
		t.Errorf("%d pages, %d in order, %d bytes", len(h.pages), len(h.order), h.bytes)
	}
	if _, there := h.page("a", 9); !there {
		t.Error("the newest page is gone")
	}
	h.keep("huge", 1, Page{Body: make([]byte, heldBytes+1)})
	for n := range 10 {
		h.forget("a", n)
	}
	if h.bytes != 0 || len(h.order) != 0 {
		t.Errorf("%d bytes are counted for nothing", h.bytes)
	}
}
