package newsroom

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Fault spoils the answers of one address. The zero Fault spoils nothing.
type Fault struct {
	// Times is how many answers it spoils; all of them when 0.
	Times int
	// Delay passes before anything is answered.
	Delay time.Duration
	// Hang answers nothing until the asker gives up or the world closes.
	Hang bool
	// Reset cuts the connection instead of answering.
	Reset bool
	// Redirect sends the asker to another address, with Status or 302.
	Redirect string
	// Status replaces 200, with an empty body unless Body is set.
	Status int
	// Header is added to whatever is answered, such as Retry-After.
	Header http.Header
	// Body replaces the body that would have been sent; Content-Type stays unless Header gives one.
	Body []byte
	// Truncate cuts the connection after so many bytes of a body that promised more.
	Truncate int
}

// Fault puts f on one address, as Feeds or Ledger give it, in place of an earlier one; the zero Fault lifts it.
func (n *Newsroom) Fault(url string, f Fault) { n.faults.put(url, f) }

type faults struct {
	mu    sync.Mutex
	byURL map[string]Fault
}

func (p *faults) put(url string, f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byURL == nil {
		p.byURL = map[string]Fault{}
	}
	p.byURL[url] = f
}

// take returns the fault for one answer and counts it off.
func (p *faults) take(url string) Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.byURL[url]
	switch f.Times {
	case 0:
	case 1:
		delete(p.byURL, url)
	default:
		left := f
		left.Times--
		p.byURL[url] = left
	}
	return f
}

// wait holds the answer back. It reports false when there will be none: the asker gave up or the world closed.
func (f Fault) wait(r *http.Request, closing <-chan struct{}) bool {
	if f.Delay == 0 && !f.Hang {
		return true
	}
	var due <-chan time.Time // never, for a hang
	if !f.Hang {
		due = time.After(f.Delay)
	}
	select {
	case <-due:
		return true
	case <-r.Context().Done():
	case <-closing:
	}
	return false
}

// spoil turns the answer that would have been sent into the one the fault wants.
func (f Fault) spoil(a answer) answer {
	if f.Status != 0 {
		a = answer{status: f.Status, kind: a.kind}
	}
	if f.Redirect != "" {
		a = answer{status: cmp.Or(f.Status, http.StatusFound), header: http.Header{"Location": {f.Redirect}}}
	}
	if f.Body != nil {
		a.body = f.Body
	}
	if len(f.Header) > 0 {
		a.header = maps.Clone(a.header)
		if a.header == nil {
			a.header = http.Header{}
		}
		for name, values := range f.Header {
			a.header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
		}
	}
	return a
}

// send writes the answer and cuts it off where the fault says so.
func (f Fault) send(w http.ResponseWriter, a answer, head bool) {
	h := w.Header()
	if a.kind != "" {
		h.Set("Content-Type", a.kind)
	}
	maps.Copy(h, a.header)
	if a.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if head || a.status == http.StatusNotModified {
		return
	}
	if f.Truncate > 0 && f.Truncate < len(a.body) {
		_, _ = w.Write(a.body[:f.Truncate])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // the documented way to cut a connection
	}
	_, _ = w.Write(a.body) // the asker went away; nothing depends on it
}
