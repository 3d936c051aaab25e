package fetcher

import (
	"fmt"

	"tocsin/services/fetcher/feedlist"
)

// FromList makes a feed of an entry of a list, defaults filled. AddedAt stays zero: who keeps the feeds knows when one
// came first. An error wraps ErrFeed and names the line where the entry has one.
func FromList(e feedlist.Entry) (Feed, error) {
	f := Feed{
		ID: e.ID, URL: e.URL, Source: e.Source, Name: e.Name, Zone: e.Zone, Country: e.Country, Language: e.Language,
		Tags: e.Tags, EverySeconds: int(e.Every.Seconds()), FetchPages: e.Pages,
	}.WithDefaults()
	switch err := f.Validate(); {
	case err == nil:
		return f, nil
	case e.Line > 0:
		return Feed{}, fmt.Errorf("line %d: %w", e.Line, err)
	default: // it came from no file
		return Feed{}, err
	}
}
