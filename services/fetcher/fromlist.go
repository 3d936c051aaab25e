package fetcher

import (
	"fmt"

	"tocsin/services/fetcher/feedlist"
)

// FromList makes a feed of an entry of a list, defaults filled. AddedAt stays zero: who keeps the feeds knows when one
// came first. An error wraps ErrFeed and names the line.
func FromList(e feedlist.Entry) (Feed, error) {
	f := Feed{
		ID: e.ID, URL: e.URL, Source: e.Source, Name: e.Name, Zone: e.Zone, Country: e.Country, Language: e.Language,
		Tags: e.Tags, EverySeconds: int(e.Every.Seconds()), FetchPages: e.Pages,
	}.WithDefaults()
	if err := f.Validate(); err != nil {
		return Feed{}, fmt.Errorf("line %d: %w", e.Line, err)
	}
	return f, nil
}
