package main

import (
	"context"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/assembly/extracting"
	"tocsin/internal/assembly/fetching"
	"tocsin/internal/newsroom"
	"tocsin/services/extractor/watch/watchlist"
	"tocsin/services/fetcher"
	"tocsin/services/fetcher/feedlist"
)

// sampleEvery is how often the sample's feeds are polled: its stories appear seconds apart.
const sampleEvery = 2 * time.Second

// openNewsroom starts the sample world and makes its feeds and its watchlist those of this instance. Everything in it
// rings.
func (c *runCmd) openNewsroom(ctx context.Context, p *assembly.Process) error {
	room, err := newsroom.Start(newsroom.Options{Seed: 1})
	if err != nil {
		return err
	}
	p.OnStop("newsroom", func(context.Context) error { return room.Close() })
	c.allow("127.0.0.0/8")
	c.Baseline = "ring"
	lists, err := extracting.Watchlists(ctx, p.Bus)
	if err != nil {
		return err
	}
	entries, _, err := watchlist.Parse(watchlist.YAML, "sample.yaml", room.Watchlist())
	if err != nil {
		return err
	}
	if _, err := lists.Import(ctx, "sample", entries); err != nil {
		return err
	}
	return importSampleFeeds(ctx, p, room.Feeds())
}

func importSampleFeeds(ctx context.Context, p *assembly.Process, all []newsroom.Feed) error {
	feeds, err := fetching.Feeds(ctx, p.Bus)
	if err != nil {
		return err
	}
	list, err := sampleFeeds(all)
	if err != nil {
		return err
	}
	_, err = feeds.Import(ctx, "sample", list)
	return err
}

func sampleFeeds(all []newsroom.Feed) ([]fetcher.Feed, error) {
	var list []fetcher.Feed
	for _, f := range all {
		feed, err := fetcher.FromList(feedlist.Entry{
			URL: f.URL, ID: f.Source, Name: f.Name, Source: f.Source, Zone: f.Zone, Country: f.Country, Every: sampleEvery,
		})
		if err != nil {
			return nil, err
		}
		list = append(list, feed)
	}
	return list, nil
}
