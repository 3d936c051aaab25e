package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"tocsin/internal/retry"
)

// Bounds of waiting for a cluster that does not take a request.
const (
	maxPause  = 5 * time.Second
	maxPauses = 10 // 26 s with the default first pause
	// comeBack is when a document is worth another delivery after the cluster did not take it.
	comeBack = 5 * time.Second
)

// maxReason bounds how much of the cluster's own words goes into an error.
const maxReason = 400

// refusal is an answer other than success to a whole request.
type refusal struct {
	Status int
	Type   string // such as "es_rejected_execution_exception"; empty when the body said nothing
	Reason string
}

func (r *refusal) Error() string {
	text := fmt.Sprintf("elasticsearch answered %d", r.Status)
	if r.Type != "" {
		text += " " + r.Type + ": " + r.Reason
	}
	switch r.Status {
	case http.StatusUnauthorized:
		text += "; check user and password or the API key"
	case http.StatusForbidden:
		text += "; the user needs the privileges manage_index_templates and all on the indices"
	}
	return text
}

// newRefusal reads the usual error body, which may be missing (413) or be a proxy's page.
func newRefusal(status int, body []byte) *refusal {
	var answer struct {
		Error json.RawMessage `json:"error"`
	}
	r := &refusal{Status: status}
	if json.Unmarshal(body, &answer) != nil || len(answer.Error) == 0 {
		return r
	}
	var e itemError
	if json.Unmarshal(answer.Error, &e) != nil {
		r.Type, r.Reason = "error", clip(string(answer.Error))
		return r
	}
	r.Type, r.Reason = e.Type, clip(e.Reason)
	return r
}

func clip(s string) string {
	if len(s) > maxReason {
		return s[:maxReason] + "…"
	}
	return s
}

// status is the HTTP status of a refusal in err's chain, 0 when there is none.
func status(err error) int {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.Status
	}
	return 0
}

// unreachable marks an error of the network: the request may or may not have been carried out.
type unreachable struct{ error }

func (u unreachable) Unwrap() error { return u.error }

// passes reports whether a failed request is worth sending again as it is: writes are idempotent, reads are reads.
func passes(err error) bool {
	if _, ok := errors.AsType[unreachable](err); ok {
		return true
	}
	switch status(err) {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// call sends one request, once, and decodes the answer into out unless that is nil.
func (x *months) call(ctx context.Context, r esapi.Request, out any) error {
	ctx, cancel := context.WithTimeout(ctx, x.o.Timeout)
	defer cancel()
	res, err := r.Do(ctx, x.es)
	if err != nil {
		return unreachable{fmt.Errorf("elasticsearch did not answer: %w", err)}
	}
	defer func() { _ = res.Body.Close() }() // it was read to its end
	body, err := io.ReadAll(res.Body)
	if res.IsError() {
		return newRefusal(res.StatusCode, body)
	}
	if err == nil && out != nil {
		err = json.Unmarshal(body, out)
	}
	if err != nil {
		return unreachable{fmt.Errorf("elasticsearch's answer broke off: %w", err)}
	}
	return nil
}

// ask is call, repeated while the failure passes. newRequest makes the request anew each time, body and all.
func (x *months) ask(ctx context.Context, newRequest func() esapi.Request, out any) error {
	p := x.newPauses()
	for {
		err := x.call(ctx, newRequest(), out)
		if err == nil || !passes(err) {
			return err
		}
		if !p.wait(ctx) {
			return retry.After(comeBack, err)
		}
	}
}

// jsonBody is v as a request body. v is made of types that always encode.
func jsonBody(v any) io.Reader {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("a request that cannot be encoded is a bug: %v", err))
	}
	return bytes.NewReader(data)
}

// pauses are the growing waits of one operation, however many requests it sends. A cluster that answers nothing must
// not hold a batch for pauses × timeout, so there is an end in time too.
type pauses struct {
	o    Options
	next time.Duration
	left int
	end  time.Time
}

func (x *months) newPauses() *pauses {
	return &pauses{o: x.o, next: x.o.Pause, left: maxPauses, end: x.o.Now().Add(x.o.Timeout)}
}

// wait blocks for the next pause, between half and all of its length; false when there is none left or ctx ended.
func (p *pauses) wait(ctx context.Context) bool {
	if p.left == 0 || p.o.Now().After(p.end) {
		return false
	}
	p.left--
	d := p.next/2 + time.Duration(p.o.Jitter()*float64(p.next/2))
	p.next = min(2*p.next, maxPause)
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
