package messages

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Message is implemented by every message of the contract.
type Message interface {
	// Validate returns nil when the message may be trusted, else an error naming the field and what is wrong.
	Validate() error
}

// ErrInvalid is in the chain of every error that says a message breaks the contract.
var ErrInvalid = errors.New("message breaks the contract")

// Encode validates m and returns its JSON. The same message gives the same bytes.
func Encode(m Message) ([]byte, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return json.Marshal(m)
}

// Decode reads and validates a message. An error wraps ErrInvalid, and the returned value is then not to be used.
func Decode[M Message](data []byte) (M, error) {
	var m M
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("%w: not readable JSON: %w", ErrInvalid, err)
	}
	return m, m.Validate()
}

// Validate implements Message.
func (a RawArticle) Validate() error {
	return first(
		checkVersion(a.Version),
		a.check(),
		a.checkPage(),
	)
}

func (a RawArticle) checkPage() error {
	if len(a.Page) > 0 && a.PageRef != "" {
		return invalid("page_ref", "is set beside page; a page travels in one place")
	}
	return nil
}

// Validate implements Message.
func (a EnrichedArticle) Validate() error {
	if err := first(checkVersion(a.Version), a.check(), checkToken("lang", a.Lang)); err != nil {
		return err
	}
	if !utf8.ValidString(a.Text) {
		return invalid("text", "is not valid UTF-8")
	}
	if a.Published.To.Before(a.Published.From) {
		return invalid("published", "ends before it begins")
	}
	return a.checkSpans()
}

// checkSpans holds every span to the text it claims to point into.
func (a EnrichedArticle) checkSpans() error {
	for i, e := range a.Entities {
		switch e.Kind {
		case KindPerson, KindOrganization, KindPlace:
		default:
			return invalid(fmt.Sprintf("entities[%d].kind", i), "is %q; want person, organization or place", e.Kind)
		}
		for j, s := range e.Mentions {
			if err := s.check(fmt.Sprintf("entities[%d].mentions[%d]", i, j), a.Text); err != nil {
				return err
			}
		}
	}
	for i, d := range a.Dates {
		if err := d.checkQuoted(fmt.Sprintf("dates[%d]", i), a.Text, d.Text); err != nil {
			return err
		}
	}
	for i, w := range a.Watch {
		quote := Span{w.Quote.Start, w.Quote.End}
		if err := first(
			checkToken("watch.list", w.List),
			checkToken("watch.entry", w.Entry),
			quote.checkQuoted(fmt.Sprintf("watch[%d].quote", i), a.Text, w.Quote.Text),
		); err != nil {
			return err
		}
		for j, s := range w.Mentions {
			if err := s.check(fmt.Sprintf("watch[%d].mentions[%d]", i, j), a.Text); err != nil {
				return err
			}
		}
	}
	return nil
}

// Validate implements Message.
func (a Alert) Validate() error {
	if err := first(
		checkVersion(a.Version),
		checkToken("id", a.ID),
		checkToken("list", a.List),
		checkToken("entry", a.Entry),
		checkToken("article.id", a.Article.ID),
		checkTier(a.Tier),
	); err != nil {
		return err
	}
	switch a.Status {
	case StatusNew, StatusChanged, StatusWithdrawn:
	default:
		return invalid("status", "is %q; want new, changed or withdrawn", a.Status)
	}
	if a.Revision < 1 {
		return invalid("revision", "is %d; revisions count from 1", a.Revision)
	}
	return nil
}

// Validate implements Message.
func (r PollReport) Validate() error {
	if err := first(checkVersion(r.Version), checkToken("source", r.Source)); err != nil {
		return err
	}
	if r.Feed == "" {
		return invalid("feed", "is empty")
	}
	return nil
}

// Validate implements Message.
func (e FeedEvent) Validate() error {
	if err := first(checkVersion(e.Version), checkToken("source", e.Source), checkToken("event", e.Event)); err != nil {
		return err
	}
	if e.Feed == "" {
		return invalid("feed", "is empty")
	}
	return nil
}

func (a Article) check() error {
	if err := first(checkToken("id", a.ID), checkToken("source", a.Source)); err != nil {
		return err
	}
	switch {
	case a.Revision < 1:
		return invalid("revision", "is %d; revisions count from 1", a.Revision)
	case a.Feed == "":
		return invalid("feed", "is empty")
	case a.FirstSeen.IsZero():
		return invalid("first_seen", "is missing")
	case a.FetchedAt.IsZero():
		return invalid("fetched_at", "is missing")
	}
	return nil
}

func (s Span) check(field, text string) error {
	if s.Start < 0 || s.End <= s.Start || s.End > len(text) {
		return invalid(field, "spans [%d,%d) of a text of %d bytes", s.Start, s.End, len(text))
	}
	if !utf8.RuneStart(text[s.Start]) || s.End < len(text) && !utf8.RuneStart(text[s.End]) {
		return invalid(field, "spans [%d,%d), which cuts a character", s.Start, s.End)
	}
	return nil
}

// checkQuoted also holds the surface form to what stands there.
func (s Span) checkQuoted(field, text, surface string) error {
	if err := s.check(field, text); err != nil {
		return err
	}
	if text[s.Start:s.End] != surface {
		// Not what either says: a quote may be a watched name, and errors end up in logs.
		return invalid(field, "differs from bytes [%d,%d) of the text", s.Start, s.End)
	}
	return nil
}

func checkVersion(v int) error {
	if v < 1 || v > Version {
		return invalid("version", "is %d; this build reads 1 to %d, update it to read newer messages", v, Version)
	}
	return nil
}

func checkTier(s string) error {
	switch s {
	case TierConfirmed, TierProbable, TierReview:
		return nil
	}
	return invalid("tier", "is %q; want confirmed, probable or review", s)
}

func checkToken(field, s string) error {
	if !IsToken(s) {
		return invalid(field, "is %q; want one subject token (ASCII letters, digits, dash, underscore)", s)
	}
	return nil
}

func invalid(field, format string, args ...any) error {
	return fmt.Errorf("%w: %s %s", ErrInvalid, field, fmt.Sprintf(format, args...))
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
