package elastic

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// Options of an Index.
type Options struct {
	// URLs are the cluster's nodes, such as "https://es-1:9200"; requests go to them in turn. Required.
	URLs []string
	// User and Password, or APIKey (base64, as Kibana shows it), say who asks; none for an open cluster.
	User     string
	Password string
	APIKey   string
	// CAFile is a PEM file with the authority that signed the nodes' certificates; Fingerprint is the SHA-256
	// fingerprint of that authority, hex. Either is enough for a cluster with its own authority.
	CAFile      string
	Fingerprint string
	// Prefix is the read alias, and what templates and indices are named from; default "tocsin-articles".
	Prefix string
	// Replicas of every monthly index; nil leaves it to the cluster.
	Replicas *int
	// DeleteAfter lets the cluster's lifecycle management delete an index this long after it was created; 0 never.
	DeleteAfter time.Duration
	// Timeout bounds one request; default 60 s, at least 30 s in production: bulk requests have a long tail.
	Timeout time.Duration
	// Log receives warnings; nil discards.
	Log *slog.Logger
}

// Index is a cluster that holds the articles.
type Index struct{}

// Open checks the options and returns the index. It sends nothing.
func Open(o Options) (*Index, error) { return nil, errors.ErrUnsupported }

// Setup creates or updates templates, mapping, alias and this month's index. It may be called any number of times.
func (x *Index) Setup(ctx context.Context) error { return errors.ErrUnsupported }

// Warnings says in plain sentences what is legal but dangerous about the cluster as it is.
func (x *Index) Warnings(ctx context.Context) ([]string, error) { return nil, errors.ErrUnsupported }

// Write implements indexer.Writer.
func (x *Index) Write(ctx context.Context, docs []indexer.Document) ([]indexer.Outcome, error) {
	return nil, errors.ErrUnsupported
}

// Ping implements indexer.Pinger.
func (x *Index) Ping(ctx context.Context) error { return errors.ErrUnsupported }

// Search implements indexer.Reader.
func (x *Index) Search(ctx context.Context, q indexer.Query) (indexer.Page, error) {
	return indexer.Page{}, errors.ErrUnsupported
}

// Facets implements indexer.Reader.
func (x *Index) Facets(ctx context.Context, q indexer.Query, o indexer.FacetOptions) (indexer.Facets, error) {
	return indexer.Facets{}, errors.ErrUnsupported
}

// Timeline implements indexer.Reader.
func (x *Index) Timeline(ctx context.Context, q indexer.Query, o indexer.TimelineOptions) ([]indexer.Bucket, error) {
	return nil, errors.ErrUnsupported
}

// Article implements indexer.Archive.
func (x *Index) Article(ctx context.Context, id string) (messages.EnrichedArticle, error) {
	return messages.EnrichedArticle{}, errors.ErrUnsupported
}
