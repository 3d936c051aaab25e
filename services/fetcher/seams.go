package fetcher

import (
	"context"
	"time"

	"tocsin/pkg/messages"
)

// Publisher sends one message. It returns nil only after the stream acknowledged it.
type Publisher interface {
	Publish(ctx context.Context, m messages.Outgoing) error
}

// Batcher sends several messages for one disk flush.
type Batcher interface {
	// PublishTogether returns nil only after the stream acknowledged all of ms; after an error any of them may be stored.
	PublishTogether(ctx context.Context, ms []messages.Outgoing) error
}

// Store is a key-value bucket with compare-and-set.
type Store interface {
	// Load returns the value and its revision; absent: nil, 0, nil.
	Load(ctx context.Context, key string) (value []byte, rev uint64, err error)
	// Store writes only when the revision is still rev (0: absent); ok is false when somebody else was first.
	Store(ctx context.Context, key string, value []byte, rev uint64) (newRev uint64, ok bool, err error)
}

// FeedStore is the bucket of configured feeds: feed id → messages.Record whose Value is a Feed.
type FeedStore interface {
	// Load returns the value and its revision; absent: nil, 0, nil.
	Load(ctx context.Context, key string) (value []byte, rev uint64, err error)
	// List returns every key with its value, tombstones included.
	List(ctx context.Context) (map[string][]byte, error)
}

// Objects keeps the pages that are too large for a message.
type Objects interface {
	Put(ctx context.Context, name string, data []byte) error
}

// Scheduler holds at most one pending poll per feed; a new one replaces the old.
type Scheduler interface {
	// Schedule makes the feed due at at; a time in the past means at once.
	Schedule(ctx context.Context, feed string, at time.Time) error
	// Unschedule removes the pending poll, if any.
	Unschedule(ctx context.Context, feed string) error
}

// Client fetches a feed's document.
type Client interface {
	// Fetch makes one conditional GET, redirects included. Every answer of a server is a Response, whatever its status;
	// an error means that no usable answer came and is best a *Failure.
	Fetch(ctx context.Context, r Request) (Response, error)
}

// Pager fetches an article's page.
type Pager interface {
	// Page returns the page of url. An error means that there is no page to use, and is best a *Failure; the article is
	// then published from the feed alone.
	Page(ctx context.Context, url string) (Page, error)
}

// Meter counts and measures. Labels are alternating name, value; names are keys of Metrics.
type Meter interface {
	Add(name string, n float64, labels ...string)
	Set(name string, v float64, labels ...string)
	Observe(name string, v float64, labels ...string)
}

// Request is a conditional GET of a feed. Empty validators make it unconditional.
type Request struct {
	URL          string
	ETag         string
	LastModified string
}

// Response is a server's answer to a Request.
type Response struct {
	// Status is the HTTP status of the last answer of the redirect chain.
	Status int
	// URL is the address that answered, after redirects.
	URL string
	// Moved is the address a chain of permanent redirects alone led to; empty when the feed did not move.
	Moved string
	// ETag and LastModified are the validators exactly as received.
	ETag         string
	LastModified string
	ContentType  string
	// RetryAfter and MaxAge are what the server asked for; zero when it did not.
	RetryAfter time.Duration
	MaxAge     time.Duration
	// Body is the decoded document; nil for 304 and for failures.
	Body []byte
	// Cut says that Body is not the whole document.
	Cut bool
	// Wire counts the bytes that travelled.
	Wire int64
	// Notes are plain sentences on what was cut or guessed.
	Notes []string
}

// Page is an article's page, ready to travel.
type Page struct {
	// URL is the address that answered, after redirects.
	URL string
	// Canonical is the address the page calls its own; empty when it names none.
	Canonical string
	// Body is the page as received, zstd-compressed.
	Body []byte
	// ContentType is the header as received, charset included.
	ContentType string
	// Wire counts the bytes that travelled.
	Wire int64
	// Notes are plain sentences on what was cut or guessed.
	Notes []string
}

// Kinds of Failure.
const (
	FailDNS     = "dns"     // the host's name does not resolve
	FailConnect = "connect" // nothing answers at the address
	FailTLS     = "tls"     // the secure connection is refused
	FailTimeout = "timeout" // the answer did not come in time
	FailAddress = "address" // the address may not be fetched: private, odd port, not http
	FailStatus  = "status"  // the server answered with an error
	FailTooBig  = "too_big" // the answer passes the limits
	FailRobots  = "robots"  // robots.txt asks not to
	FailContent = "content" // the answer is not what was asked for
	FailBusy    = "busy"    // nothing was asked: it is not the host's turn yet; RetryAfter says when it is
	FailOther   = "other"
)

// Failure says in one plain sentence why something could not be fetched.
type Failure struct {
	// Kind is one of the Fail constants.
	Kind string
	// Sentence is for a reader: what happened and, where it helps, what to do.
	Sentence string
	// RetryAfter is how long the host asked to be left alone; zero when it did not.
	RetryAfter time.Duration
	// Err is the cause; may be nil.
	Err error
}

// Error implements error.
func (f *Failure) Error() string { return f.Sentence }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }
