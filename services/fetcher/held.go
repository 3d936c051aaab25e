package fetcher

import (
	"strconv"
	"sync"
)

// held keeps the pages of articles whose publish was not acknowledged yet, so that a stream that is away for an hour does
// not make every page be fetched at every try. It holds 64 pages; of more the oldest are fetched again.
type held struct {
	mu    sync.Mutex
	pages map[string]Page
	order []string
}

const heldPages = 64

func heldKey(id string, revision int) string { return id + "." + strconv.Itoa(revision) }

func (h *held) page(id string, revision int) (Page, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, there := h.pages[heldKey(id, revision)]
	return p, there
}

func (h *held) keep(id string, revision int, p Page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pages == nil {
		h.pages = map[string]Page{}
	}
	if len(h.order) == heldPages {
		delete(h.pages, h.order[0])
		h.order = h.order[1:]
	}
	key := heldKey(id, revision)
	h.pages[key] = p
	h.order = append(h.order, key)
}

func (h *held) forget(id string, revision int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := heldKey(id, revision)
	delete(h.pages, key)
	for i, k := range h.order {
		if k == key {
			h.order = append(h.order[:i], h.order[i+1:]...)
			return
		}
	}
}
