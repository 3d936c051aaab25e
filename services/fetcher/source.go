package fetcher

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/fetcher/article"
)

// ErrFeed is in the chain of every error that says a configured feed cannot be used.
var ErrFeed = errors.New("feed cannot be used")

// Feed is what to poll and how to label what it brings: the Value of a messages.Record in messages.BucketFeeds.
type Feed struct {
	// ID names the feed for good; when not configured, a hash of the URL.
	ID string `json:"id"`
	// URL is the address of the document, http or https.
	URL string `json:"url"`
	// Source is the publisher's slug, one subject token; when not configured, made of the registrable domain.
	Source string `json:"source"`
	// Name is for readers; may be empty.
	Name string `json:"name,omitempty"`
	// Zone is the publisher's IANA time zone, for stamps that carry none; may be empty.
	Zone string `json:"zone,omitempty"`
	// Country is an ISO 3166-1 alpha-2 code; may be empty.
	Country string `json:"country,omitempty"`
	// Language is a BCP 47 tag, a hint only; may be empty.
	Language string   `json:"language,omitempty"`
	Tags     []string `json:"tags,omitempty"`
	// EverySeconds fixes the interval; 0 lets the feed's own rhythm decide.
	EverySeconds int `json:"every_seconds,omitempty"`
	// AddedAt is when the feed was first configured. Older items are back catalogue.
	AddedAt time.Time `json:"added_at"`
	// FetchPages overrides whether article pages are fetched; nil means they are.
	FetchPages *bool `json:"fetch_pages,omitempty"`
}

// MinEvery is the shortest interval a feed may be given: schedules count whole seconds. Sparing a host is the business of
// its spacing.
const MinEvery = time.Second

// Every returns the fixed interval, 0 when there is none.
func (f Feed) Every() time.Duration { return time.Duration(f.EverySeconds) * time.Second }

// WithDefaults returns the feed with ID and Source filled where they were empty. It does not check anything; an address
// without a host leaves Source empty.
func (f Feed) WithDefaults() Feed {
	if f.ID == "" {
		f.ID = messages.Hash("feed", f.URL)
	}
	if f.Source == "" {
		f.Source = article.Source(f.URL)
	}
	return f
}

// Validate returns nil when the feed can be polled, else an error that wraps ErrFeed, names the field and says what would do.
func (f Feed) Validate() error {
	switch {
	case !messages.IsToken(f.ID):
		return badFeed("id", "is %q; use 1 to 128 ASCII letters, digits, dashes and underscores, or leave it out", f.ID)
	case !messages.IsToken(f.Source):
		return badFeed("source", "is %q; use 1 to 128 ASCII letters, digits, dashes and underscores, or leave it out", f.Source)
	case f.EverySeconds != 0 && f.Every() < MinEvery:
		return badFeed("every", "is %s; the shortest interval is %s", f.Every(), MinEvery)
	case f.Country != "" && len(f.Country) != 2:
		return badFeed("country", "is %q; use two letters such as GB", f.Country)
	}
	if f.Zone != "" {
		if _, err := time.LoadLocation(f.Zone); err != nil {
			return badFeed("zone", "is %q, which is not a time zone; use a name such as Europe/London", f.Zone)
		}
	}
	return checkAddress(f.URL)
}

func checkAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return badFeed("url", "is %q, which is not an address: %v", address, err)
	case u.Scheme != "http" && u.Scheme != "https":
		return badFeed("url", "is %q; it must begin with http:// or https://", address)
	case u.Hostname() == "":
		return badFeed("url", "is %q, which names no host", address)
	}
	return nil
}

func badFeed(field, format string, args ...any) error {
	return fmt.Errorf("%w: %s %s", ErrFeed, field, fmt.Sprintf(format, args...))
}
