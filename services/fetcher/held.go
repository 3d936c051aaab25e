package fetcher

import (
	"slices"
	"strconv"
	"sync"
)

// held keeps the pages of articles whose publish was not acknowledged yet, so that a stream that is away for an hour does
// not make every page be fetched at every try. It holds heldBytes at most; the oldest go first and are fetched again.
type held struct {
	mu    sync.Mutex
	pages map[string]Page
	order []string
	bytes int
}

const heldBytes = 32 << 20

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
	key := heldKey(id, revision)
	h.drop(key)
	h.pages[key] = p
	h.order = append(h.order, key)
	for h.bytes += len(p.Body); h.bytes > heldBytes; {
		h.drop(h.order[0])
	}
}

func (h *held) forget(id string, revision int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(heldKey(id, revision))
}

func (h *held) drop(key string) {
	p, there := h.pages[key]
	if !there {
		return
	}
	h.bytes -= len(p.Body)
	delete(h.pages, key)
	h.order = slices.DeleteFunc(h.order, func(k string) bool { return k == key })
}
