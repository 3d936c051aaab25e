// Package retry holds what a handler says of a failure. A handler returns one of three errors, and the one place that
// obeys is internal/bus:
//
//	nil            done; acknowledge
//	Never(…)       will not work next time either; dead-letter it with its reason
//	After(d, …)    will work later; deliver it again after d
//	any other      deliver it again after a growing pause; one that keeps failing so while others go through is
//	               dead-lettered in the end
package retry

import (
	"errors"
	"time"
)

// Never marks err as permanent. reason is one subject token ("undecodable", "invalid", "mapping") and becomes the last
// token of the dead letter's subject.
func Never(reason string, err error) error { return &never{reason, err} }

// Reason returns the reason given to Never, and whether err is permanent.
func Reason(err error) (string, bool) {
	n, ok := errors.AsType[*never](err)
	if !ok {
		return "", false
	}
	return n.reason, true
}

// After marks err as transient: the message is worth another try after d, which is a matter of seconds.
func After(d time.Duration, err error) error { return &after{d, err} }

// Delay returns the pause given to After, and whether one was given.
func Delay(err error) (time.Duration, bool) {
	a, ok := errors.AsType[*after](err)
	if !ok {
		return 0, false
	}
	return a.delay, true
}

type never struct {
	reason string
	err    error
}

func (n *never) Error() string { return n.err.Error() }
func (n *never) Unwrap() error { return n.err }

type after struct {
	delay time.Duration
	err   error
}

func (a *after) Error() string { return a.err.Error() }
func (a *after) Unwrap() error { return a.err }
