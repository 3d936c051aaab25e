package elastic

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"tocsin/internal/retry"
	"tocsin/services/indexer"
)

// itemAnswer is what a bulk request says of one document.
type itemAnswer struct {
	ID     string     `json:"_id"`
	Status int        `json:"status"`
	Error  *itemError `json:"error"`
}

// itemError is the usual error object of Elasticsearch.
type itemError struct {
	Type     string     `json:"type"`
	Reason   string     `json:"reason"`
	CausedBy *itemError `json:"caused_by"`
}

func (e *itemError) Error() string {
	if e.CausedBy != nil && e.CausedBy.Reason != "" {
		return e.Type + ": " + clip(discreet(e.Reason)) + ": " + clip(discreet(e.CausedBy.Reason))
	}
	return e.Type + ": " + clip(discreet(e.Reason))
}

// discreet is a reason without the value that was refused, which may be a watched name.
func discreet(reason string) string {
	for _, quoted := range []string{" Preview of field's value", ": For input string", " The prefix of the first immense term"} {
		reason, _, _ = strings.Cut(reason, quoted)
	}
	return reason
}

// refusalType is the type of the cluster's error in err's chain.
func refusalType(err error) string {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.Type
	}
	return ""
}

// outcome decides what becomes of one document. It forgets the known indices when one of them is gone.
func (x *months) outcome(a itemAnswer) indexer.Outcome {
	if a.Status/100 == 2 && a.Error == nil {
		return indexer.Outcome{}
	}
	var why error = a.Error
	if a.Error == nil {
		why = errors.New("no reason given")
	}
	err := fmt.Errorf("elasticsearch answered %d: %w", a.Status, why)
	switch {
	case a.Status == http.StatusConflict:
		return indexer.Outcome{Known: true}
	case a.Status == http.StatusNotFound:
		x.forget()
		err = retry.After(comeBack, fmt.Errorf("the monthly index is gone and will be made again: %w", err))
	case a.Status == http.StatusForbidden, a.Error != nil && a.Error.Type == "index_closed_exception":
		x.refused.Store(true)
		x.forget() // it may have been replaced
		err = retry.After(comeBack, fmt.Errorf("the index takes no writes; open it, remove its block or grant the privilege: %w", err))
	case a.Status == http.StatusTooManyRequests || a.Status >= 500:
		err = retry.After(comeBack, err)
	default:
		err = retry.Never("mapping", err)
	}
	return indexer.Outcome{Err: err}
}
