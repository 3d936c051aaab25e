package newsroom

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed sample/*.txt
var sampleTexts embed.FS

// sampleSources are the publishers of the sample, one file of stories and one wire form each.
func sampleSources() []Source {
	return []Source{
		{Slug: "meridian-wire", Name: "Meridian Wire", Format: RSS, Zone: "UTC", Country: "CH"},
		{Slug: "harbour-ledger", Name: "The Harbour Ledger", Format: Atom, Zone: "Europe/Amsterdam", Country: "NL"},
		{Slug: "northgate-courier", Name: "Northgate Courier", Format: RSSFull, Zone: "Europe/London", Country: "GB"},
		{Slug: "lab-and-field", Name: "Lab & Field", Format: JSONFeed, Zone: "America/New_York", Country: "US"},
		{Slug: "touchline-daily", Name: "Touchline Daily", Format: Atom, Zone: "Europe/Berlin", Country: "DE"},
	}
}

// sample reads the built-in stories and gives them their times: those marked late appear one each step in the order of
// their mark, the others lie within the last twenty hours.
func sample(start time.Time, step time.Duration, random *rand.Rand) ([]Item, error) {
	var items []Item
	for _, s := range sampleSources() {
		name := "sample/" + s.Slug + ".txt"
		text, err := sampleTexts.ReadFile(name)
		if err != nil {
			return nil, err
		}
		stories, err := parse(string(text), start)
		if err != nil {
			return nil, fmt.Errorf("newsroom: %s: %w", name, err)
		}
		for _, story := range stories {
			items = append(items, story.times(s.Slug, start, step, random)...)
		}
	}
	random.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	return items, nil
}

// draft is a story of a sample file before it has its times.
type draft struct {
	Item
	late int    // appears after so many steps; 0 from the beginning
	also string // slug of a second publisher that prints the same text
}

// times makes the items of a draft: one, or two when another publisher prints a copy a little later.
func (d draft) times(source string, start time.Time, step time.Duration, random *rand.Rand) []Item {
	item := d.Item
	item.Source = source
	if d.late > 0 {
		item.Appears = time.Duration(d.late) * step
		item.Published = start.Add(item.Appears - step/2).Truncate(time.Second)
	} else {
		ago := time.Duration(30+random.IntN(20*60)) * time.Minute
		item.Published = start.Add(-ago).Truncate(time.Minute)
	}
	if d.also == "" {
		return []Item{item}
	}
	twin := item
	twin.Source, twin.Section = d.also, ""
	twin.Appears += step / 2
	twin.Published = item.Published.Add(step / 2)
	return []Item{item, twin}
}

// parse reads a sample file: "# " and a title begin a story, "key: value" lines follow, then a blank line and the
// paragraphs. Dates in braces are written out relative to start: {-1 Monday} is yesterday's weekday, {+14 2 January}
// the day and month in two weeks; what stands after the number is a layout of package time.
func parse(text string, start time.Time) ([]draft, error) {
	var all []draft
	for part := range strings.SplitSeq("\n"+text, "\n# ") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		head, body, _ := strings.Cut(part, "\n\n")
		d, err := parseHead(head)
		if err != nil {
			return nil, err
		}
		if d.Text, err = writeDates(strings.TrimSpace(body), start); err != nil {
			return nil, fmt.Errorf("%q: %w", d.Title, err)
		}
		all = append(all, d)
	}
	return all, nil
}

func parseHead(head string) (draft, error) {
	title, lines, _ := strings.Cut(head, "\n")
	d := draft{Item: Item{Title: strings.TrimSpace(title)}}
	for line := range strings.Lines(lines) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "section":
			d.Section = value
		case "author":
			d.Author = value
		case "lang":
			d.Language = value
		case "watch":
			d.Watch = strings.Split(value, ", ")
		case "also":
			d.also = value
		case "late":
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				return d, fmt.Errorf("%q: late: %q is no number from 1", d.Title, value)
			}
			d.late = n
		default:
			return d, fmt.Errorf("%q: unknown line %q before the text", d.Title, line)
		}
	}
	return d, nil
}

// writeDates replaces every {offset layout} by that day, counted from start.
func writeDates(text string, start time.Time) (string, error) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		mark, after, closed := strings.Cut(rest, "}")
		offset, layout, ok := strings.Cut(mark, " ")
		days, err := strconv.Atoi(offset)
		if !closed || !ok || err != nil {
			return "", fmt.Errorf("{%s} is no date; want {days layout}", mark)
		}
		out.WriteString(start.AddDate(0, 0, days).Format(layout))
		text = after
	}
}

// lastChange is when the world stops changing, counted from its start.
func (n *Newsroom) lastChange() time.Duration {
	var last time.Duration
	for _, s := range n.sites {
		for _, item := range s.items {
			last = max(last, item.Appears)
			for _, e := range item.Edits {
				last = max(last, e.Appears)
			}
		}
	}
	return last
}

// Over reports whether everything has appeared that ever will.
func (n *Newsroom) Over() bool { return !n.o.Now().Before(n.o.Start.Add(n.lastChange())) }

// byTime orders stories newest first, the order of a feed; equal stamps keep the order of their ids.
func byTime(stories []story) {
	slices.SortFunc(stories, func(a, b story) int {
		if c := b.Published.Compare(a.Published); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}
