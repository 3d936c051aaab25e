package extractor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// A list may want one ring per story instead of one per article (messages.GroupStory): the first article of a story
// rings, its near-copies go to the updates with a counter, unless one is stronger evidence than all before.
//
// What rang for an entry is kept by day, in the bucket of stories. An article's line is written before its alert is
// decided on, by compare-and-set: any number of extractors agree on which article was first, and a redelivery finds its
// own line and repeats what it says.

// How many days before and after an article's own are searched for its near-copies. Copies that were seen later may be
// handled earlier, hence the day after.
const (
	storyDaysBefore = 7
	storyDaysAfter  = 1
)

// storyDay is what the bucket keeps of one entry and day.
type storyDay struct {
	Version int         `json:"version"`
	Lines   []storyLine `json:"lines"`
}

const storyVersion = 1

// storyLine is one alert of an entry that rings per story.
type storyLine struct {
	Article string `json:"article"`
	// Revision is that of the alert.
	Revision int `json:"revision"`
	// Story is the id of the first article of the story that was handled.
	Story string `json:"story"`
	// Count is how many articles of the story rang up to this one.
	Count int    `json:"count"`
	Tier  string `json:"tier"`
	Loud  bool   `json:"loud,omitempty"`
	// Retro says that the ring was about the past; news of the same story rings all the same.
	Retro  bool     `json:"retro,omitempty"`
	Sketch []uint64 `json:"sketch"`
}

// group gives the changes of lists that ring per story their story, in place.
func (x *Extractor) group(ctx context.Context, a messages.EnrichedArticle, changes []change) error {
	for i, c := range changes {
		if c.group != messages.GroupStory || len(a.Sketch) < messages.SketchLeast {
			continue
		}
		line, note, err := x.story(ctx, a, c)
		if err != nil {
			return fmt.Errorf("story of article %s: %w", a.ID, err)
		}
		changes[i].Story, changes[i].Count, changes[i].loud = line.Story, line.Count, line.Loud
		if note != "" {
			changes[i].notes = append(changes[i].notes, note)
		}
	}
	return nil
}

// story finds or writes the article's line. note is a plain sentence when there was no room for it.
func (x *Extractor) story(ctx context.Context, a messages.EnrichedArticle, c change) (line storyLine, note string, err error) {
	for range maxConflicts {
		known, today, rev, err := x.stories(ctx, a, c)
		if err != nil {
			return line, "", err
		}
		line, there := tellStory(known, a, c)
		if there {
			return line, "", nil
		}
		today.Version, today.Lines = storyVersion, append(today.Lines, line)
		data, err := json.Marshal(today)
		if err != nil {
			return line, "", fmt.Errorf("encode: %w", err)
		}
		if len(data) > x.o.MaxMessage {
			line.Loud = c.loud
			return line, "This name rang so often today that its stories are no longer told apart; each article rings.", nil
		}
		_, ok, err := x.o.Stories.Store(ctx, storyKey(c, a.FirstSeen, 0), data, rev)
		if err != nil {
			return line, "", fmt.Errorf("store: %w", err)
		}
		if ok {
			return line, "", nil
		}
		x.o.Meter.Add(metricConflicts, 1)
	}
	return line, "", errBusy
}

// stories loads the lines of the days around an article's own, in their order, and the article's own day apart with its
// revision in the bucket.
func (x *Extractor) stories(ctx context.Context, a messages.EnrichedArticle, c change) (known []storyLine, today storyDay, rev uint64, err error) {
	for offset := -storyDaysBefore; offset <= storyDaysAfter; offset++ {
		value, at, err := x.o.Stories.Load(ctx, storyKey(c, a.FirstSeen, offset))
		if err != nil {
			return nil, today, 0, fmt.Errorf("load: %w", err)
		}
		day, err := readStoryDay(value)
		if err != nil {
			return nil, today, 0, err
		}
		if offset == 0 {
			today, rev = day, at
		}
		known = append(known, day.Lines...)
	}
	return known, today, rev, nil
}

func readStoryDay(value []byte) (storyDay, error) {
	var day storyDay
	if value == nil {
		return day, nil
	}
	err := json.Unmarshal(value, &day)
	if err == nil && (day.Version < 1 || day.Version > storyVersion) {
		err = fmt.Errorf("version is %d; this build reads 1 to %d", day.Version, storyVersion)
	}
	if err != nil {
		return day, retry.Never("stories", fmt.Errorf(
			"what rang by story cannot be read; update this build, or delete the key to begin anew: %w", err))
	}
	return day, nil
}

// storyKey is the key of an entry and a day, counted from that of t.
func storyKey(c change, t time.Time, days int) string {
	return c.List + "." + c.Entry + "." + t.UTC().AddDate(0, 0, days).Format("20060102")
}

// tellStory is the line of a change among those that are known; there says that it is one of them.
func tellStory(known []storyLine, a messages.EnrichedArticle, c change) (line storyLine, there bool) {
	line = storyLine{
		Article: a.ID, Revision: c.Revision, Story: a.ID, Count: 1,
		Tier: c.Tier, Loud: c.loud, Retro: a.Baseline, Sketch: a.Sketch,
	}
	nearest := 0
	for _, k := range known {
		switch {
		case k.Article == a.ID && k.Revision == c.Revision:
			return k, true
		case k.Article == a.ID: // a revision stays in its story, whatever became of its text
			line.Story, nearest = k.Story, messages.SketchMost+1
		case messages.NearCopies(k.Sketch, a.Sketch) && messages.SharedHashes(k.Sketch, a.Sketch) > nearest:
			line.Story, nearest = k.Story, messages.SharedHashes(k.Sketch, a.Sketch)
		}
	}
	members := []string{a.ID}
	for _, k := range known {
		if k.Story != line.Story {
			continue
		}
		if !slices.Contains(members, k.Article) {
			members = append(members, k.Article)
		}
		if k.Loud && (!k.Retro || line.Retro) && rank(k.Tier) >= rank(c.Tier) {
			line.Loud = false
		}
	}
	line.Count = len(members)
	return line, false
}
