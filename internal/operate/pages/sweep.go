package pages

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tocsin/pkg/messages"
)

// Page is an object of messages.ObjectsPages.
type Page struct {
	// Name is that of its article and revision: id.revision.
	Name string
	// Stored is when it was written, Revision that writing's number.
	Stored   time.Time
	Revision uint64
}

// Store is where the pages are.
type Store interface {
	// List returns all pages.
	List(ctx context.Context) ([]Page, error)
	// Remove removes the page as it was listed and says whether it was there; one written anew since stays.
	Remove(ctx context.Context, p Page) (bool, error)
}

// Streams are the messages that may name a page.
type Streams interface {
	// MaxAge is the limit of RAW in force, extensions included; 0 when there is none.
	MaxAge(ctx context.Context) (time.Duration, error)
	// Headers tells all messages of a stream (a messages.Stream constant) that were stored since, without their bodies,
	// or returns an error.
	Headers(ctx context.Context, stream string, since time.Time, each func(messages.Delivery) error) error
}

// Margin is how much older than RAW's oldest message a page must be: for clocks that differ, and for a page stored long
// before its article could be published.
const Margin = 24 * time.Hour

// Most is how many pages one sweep removes at most; the next goes on.
const Most = 2000

// overlap is how much of the dead letters is read twice; it covers clocks that differ.
const overlap = time.Hour

// Outcome is what a sweep did.
type Outcome struct {
	// Removed are gone now, Kept still there, those that another sweep may have removed meanwhile left out.
	Removed, Kept int
	// Left are among Kept those that nobody names, which the next sweep removes.
	Left int
}

// Sweep removes pages that are older than anything in RAW can be by Margin and named neither by a message in RAW nor by a
// dead letter, Most of them at most. Several may sweep at once. What was removed before a failure is in the outcome; a
// later sweep does the rest.
func Sweep(ctx context.Context, store Store, streams Streams, now time.Time) (Outcome, error) {
	all, err := store.List(ctx)
	if err != nil {
		return Outcome{}, err
	}
	kept := Outcome{Kept: len(all)}
	maxAge, err := streams.MaxAge(ctx)
	if err != nil || maxAge <= 0 {
		return kept, err
	}
	old := aged(all, now.Add(-maxAge-Margin))
	if err := spare(ctx, streams, old, now); err != nil {
		return kept, fmt.Errorf("who names which page: %w", err)
	}
	return remove(ctx, store, old, kept)
}

// aged are the pages stored before, by name. An object of another name is not the fetcher's, and stays.
func aged(all []Page, before time.Time) map[string]Page {
	old := map[string]Page{}
	for _, p := range all {
		dot := strings.LastIndexByte(p.Name, '.')
		_, err := strconv.Atoi(p.Name[dot+1:])
		if dot > 0 && err == nil && p.Stored.Before(before) {
			old[p.Name] = p
		}
	}
	return old
}

// spare takes out of old what is named. A replay moves a name from the dead letters to RAW and a failure moves it back, so
// what came to the dead letters meanwhile is read once more. Few pages are that old, and without any there is nothing to read.
func spare(ctx context.Context, streams Streams, old map[string]Page, now time.Time) error {
	for _, read := range []struct {
		stream string
		since  time.Time
	}{{messages.StreamDLQ, time.Time{}}, {messages.StreamRaw, time.Time{}}, {messages.StreamDLQ, now.Add(-overlap)}} {
		if len(old) == 0 {
			return nil
		}
		err := streams.Headers(ctx, read.stream, read.since, func(d messages.Delivery) error {
			if d.Header[messages.HeaderDiscarded] == "" { // one put away is never replayed
				delete(old, d.Header[messages.HeaderArticle]+"."+d.Header[messages.HeaderRevision])
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func remove(ctx context.Context, store Store, old map[string]Page, o Outcome) (Outcome, error) {
	var failed []error
	tried := 0
	for _, p := range old {
		if tried == Most || ctx.Err() != nil || len(failed) == 3 { // what three pages ran into, others would too
			break
		}
		tried++
		was, err := store.Remove(ctx, p)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		o.Kept--
		if was {
			o.Removed++
		}
	}
	o.Left = len(old) - tried + len(failed)
	return o, errors.Join(append(failed, ctx.Err())...)
}
