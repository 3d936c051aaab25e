package extractor

import (
	"context"

	"tocsin/pkg/messages"
)

// Handle enriches one RawArticle.
func (x *Extractor) Handle(ctx context.Context, d messages.Delivery) error { return nil }
