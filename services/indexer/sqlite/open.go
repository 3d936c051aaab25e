package sqlite

import (
	"context"
	"errors"
	"log/slog"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// How much a Write survives.
const (
	SyncNormal = "normal" // a killed process loses nothing; a loss of power may lose the last seconds, never more
	SyncFull   = "full"   // a loss of power loses nothing that was acknowledged; every batch waits for the disk
)

// Options of an Index.
type Options struct {
	// Path is the index file; its folder must exist. Required.
	Path string
	// Sync is SyncNormal (the default) or SyncFull.
	Sync string
	// ReadOnly opens an existing index for questions only, beside a process that writes it.
	ReadOnly bool
	// Log receives warnings; nil discards.
	Log *slog.Logger
}

// Index is an open index file.
type Index struct{}

// Open opens the index, creating or migrating it first unless ReadOnly.
func Open(ctx context.Context, o Options) (*Index, error) { return nil, errors.ErrUnsupported }

// Close waits for running calls and closes the file.
func (x *Index) Close() error { return nil }

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
