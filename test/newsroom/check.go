package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"tocsin/internal/newsroom"
	"tocsin/pkg/messages"
)

// verdict is what the join of the world's ledger with the published articles came to.
type verdict struct {
	Feeds     int    `json:"feeds"`
	Days      int    `json:"days"`
	Seed      uint64 `json:"seed"`
	Mischiefs int    `json:"mischiefs"`
	Planned   int    `json:"planned"`
	Stories   int    `json:"stories"`
	Published int    `json:"published"`
	// Lost stories never came out; Late ones later than a day and the faults of their feed explain. Duplicated ones came out
	// as two articles, or a revision twice. WrongRevision and WrongText are articles whose last revision is not the story's
	// last version, or has other words or dates.
	Lost int `json:"lost"`
	// Withdrawn stories came and went while their feed said that it was gone for good (410).
	Withdrawn     int `json:"withdrawn"`
	Late          int `json:"late"`
	Duplicated    int `json:"duplicated"`
	WrongRevision int `json:"wrong_revision"`
	WrongText     int `json:"wrong_text"`
	Impolite      int `json:"impolite"`
	// UnreportedSilence counts planned silences nobody was told of, FalseSilence feeds called silent that were not.
	UnreportedSilence int `json:"unreported_silence"`
	FalseSilence      int `json:"false_silence"`
	// MeanDelay is from a story's appearance to its first sighting, of feeds in good health.
	MeanDelay    float64 `json:"mean_delay_minutes"`
	PollsFeedDay float64 `json:"polls_per_feed_day"`
	// Kills is how many processes were killed; nothing is late, impolite or silent in such a run.
	Kills    int     `json:"kills,omitempty"`
	Seconds  float64 `json:"seconds"`
	findings []string
}

func (v verdict) clean() bool {
	return v.Lost+v.Late+v.Duplicated+v.WrongRevision+v.WrongText+v.Impolite+v.UnreportedSilence == 0
}

func (v *verdict) find(count *int, format string, args ...any) {
	*count++
	v.findings = append(v.findings, fmt.Sprintf(format, args...))
}

// settling is how long before the end a version must be visible to be expected: the longest pause between two polls of a
// feed in good health, twice.
const settling = 24 * time.Hour

// mark tells a story by the end of its title, whatever else happened to it.
var mark = regexp.MustCompile(`\((f\d+-\d+)\)`)

// story is what the world knows of one, and what came out of it.
type story struct {
	versions []newsroom.Entry
	came     []messages.RawArticle
}

func (w *virtual) check() verdict {
	v := w.verdict()
	w.judge(&v)
	for _, f := range w.room.Impolite() {
		v.find(&v.Impolite, "impolite: %s", f)
	}
	w.checkSilence(&v)
	return v
}

// verdict begins one.
func (w *world) verdict() verdict {
	return verdict{
		Feeds: w.o.Feeds, Days: w.o.Days, Seed: w.o.Seed, Mischiefs: len(newsroom.Mischiefs()), Planned: len(w.made.Plan),
		PollsFeedDay: float64(w.polls) / float64(w.o.Feeds*w.o.Days),
	}
}

// judge joins what the world knows with what was published.
func (w *world) judge(v *verdict) {
	end := w.end()
	delays, n := time.Duration(0), 0
	for id, s := range w.join(v) {
		v.Stories++
		w.checkStory(v, id, s, end)
		if !w.hasty && len(s.came) > 0 && len(w.faultsBetween(s.versions[0].Source, w.begin, end)) == 0 && s.versions[0].Visible.After(w.begin) {
			delays += s.came[0].FirstSeen.Sub(s.versions[0].Visible)
			n++
		}
	}
	if n > 0 {
		v.MeanDelay = delays.Minutes() / float64(n)
	}
	slices.Sort(v.findings)
}

// hear takes one published article.
func (w *world) hear(d messages.Delivery) error {
	raw, err := messages.Decode[messages.RawArticle](d.Data)
	w.raws = append(w.raws, raw)
	return err
}

// listen takes one message of what was told of a source; the report of a poll is none.
func (w *world) listen(d messages.Delivery) error {
	if strings.HasSuffix(d.Subject, "."+messages.EventPolled) {
		return nil
	}
	e, err := messages.Decode[messages.FeedEvent](d.Data)
	if err != nil {
		return err
	}
	w.told[e.Source] = append(w.told[e.Source], e.Event)
	if e.Event == messages.EventSilent {
		w.silent[e.Source] = append(w.silent[e.Source], e.At)
	}
	return nil
}

// join sorts the ledger and the published articles by story.
func (w *world) join(v *verdict) map[string]*story {
	stories := map[string]*story{}
	for _, e := range w.room.Ledger() {
		id := mark.FindString(e.Title)
		if stories[id] == nil {
			stories[id] = &story{}
		}
		stories[id].versions = append(stories[id].versions, e)
	}
	for _, raw := range w.raws {
		v.Published++
		id := mark.FindString(raw.Title)
		switch s := stories[id]; {
		case s != nil:
			s.came = append(s.came, raw)
		case !strings.HasPrefix(raw.Title, "Filler "):
			v.find(&v.WrongText, "wrong text: %s revision %d of %s is no story: %.80q %v", raw.ID, raw.Revision, raw.Feed, raw.Title, raw.Notes)
		}
	}
	return stories
}

// settled is by when a version must be visible to be expected. A hasty world is read until nothing moves.
func (w *world) settled() time.Time {
	if w.hasty {
		return w.end()
	}
	return w.end().Add(-settling)
}

func (w *world) checkStory(v *verdict, id string, s *story, end time.Time) {
	first := s.versions[0]
	expected := slices.DeleteFunc(slices.Clone(s.versions), func(e newsroom.Entry) bool { return e.Visible.After(w.settled()) })
	if len(s.came) == 0 {
		switch {
		case len(expected) == 0:
		case w.withdrawn(first):
			v.Withdrawn++
		default:
			v.find(&v.Lost, "lost: %s, visible from %s, faults %v", id, stamp(first.Visible), w.faultsBetween(first.Source, first.Visible, end))
		}
		return
	}
	articles, revisions := map[string]bool{}, map[int]int{}
	for _, raw := range s.came {
		articles[raw.ID] = true
		revisions[raw.Revision]++
	}
	if len(articles) > 1 {
		v.find(&v.Duplicated, "duplicated: %s came as %d articles: %s", id, len(articles), links(s.came))
		return
	}
	for revision, n := range revisions {
		if n > 1 {
			v.find(&v.Duplicated, "duplicated: %s came %d times as revision %d", id, n, revision)
		}
	}
	if late := w.lateness(first, s.came[0]); !w.hasty && late > 0 {
		v.find(&v.Late, "late: %s came %v later than its faults explain", id, late.Round(time.Minute))
	}
	w.checkLast(v, id, s, expected)
}

// checkLast compares the last revision with the last version that could be expected.
func (w *world) checkLast(v *verdict, id string, s *story, expected []newsroom.Entry) {
	last := s.came[0]
	for _, raw := range s.came {
		if raw.Revision > last.Revision {
			last = raw
		}
	}
	same := func(e newsroom.Entry) bool {
		return e.Title == last.Title && strings.Contains(letters(last.Summary+last.FeedContent), letters(firstWords(e.Text)))
	}
	switch {
	case len(expected) == 0:
	case !slices.ContainsFunc(s.versions, same):
		v.find(&v.WrongText, "wrong text: %s revision %d: %q %.200q %v", id, last.Revision, last.Title, last.Summary+last.FeedContent, last.Notes)
	case !slices.ContainsFunc(s.versions[len(expected)-1:], same) && w.withdrawn(expected[len(expected)-1]):
		v.Withdrawn++
	case !slices.ContainsFunc(s.versions[len(expected)-1:], same):
		v.find(&v.WrongRevision, "wrong revision: %s ended as revision %d, not as its version %d", id, last.Revision, len(expected))
	case last.Revision > len(s.versions):
		v.find(&v.WrongRevision, "wrong revision: %s has %d revisions of %d versions: %s", id, last.Revision, len(s.versions), differences(s.came))
	}
	if !last.Published.IsZero() && !last.Published.Equal(s.versions[0].Published.Truncate(time.Second)) && !w.dateFaults(s.versions[0].Source) {
		v.find(&v.WrongText, "wrong date: %s has %s, not %s", id, stamp(last.Published), stamp(s.versions[0].Published))
	}
}

// letters are what must be the same however a text was written.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ReplaceAll(strings.ReplaceAll(s, "&amp;", ""), "&lt;", ""))
}

func firstWords(text string) string { return text[:min(60, len(text))] }

// faultsBetween are the mischiefs planned for a source between two moments.
func (w *world) faultsBetween(source string, from, until time.Time) (names []string) {
	for _, p := range w.made.Plan {
		if p.Source == source && w.begin.Add(p.From).Before(until) && w.begin.Add(p.Until).After(from) {
			names = append(names, p.Mischief)
		}
	}
	return names
}

// withdrawn reports whether a story may be missing because its feed said that it was gone for good, was looked at once a week
// from then on, as it asked, and came back all the same; the operator was told of it.
func (w *world) withdrawn(e newsroom.Entry) bool {
	for _, p := range w.made.Plan {
		from, until := w.begin.Add(p.From-settling), w.begin.Add(p.Until+8*24*time.Hour)
		if p.Source == e.Source && p.Mischief == "410" && e.Visible.After(from) && e.Visible.Before(until) {
			return slices.Contains(w.told[e.Source], messages.EventGone)
		}
	}
	return false
}

// lateness is how much later than its feed's faults explain a story came: up to a day passes without any.
func (w *world) lateness(e newsroom.Entry, raw messages.RawArticle) time.Duration {
	allowed := settling
	for _, p := range w.made.Plan {
		if p.Source == e.Source && w.begin.Add(p.From).Before(raw.FirstSeen) && w.begin.Add(p.Until).After(e.Visible.Add(-7*24*time.Hour)) {
			allowed += p.Until - p.From
			if p.Mischief == "410" {
				allowed += 8 * 24 * time.Hour
			}
		}
	}
	return raw.FirstSeen.Sub(e.Visible) - allowed
}

func (w *world) dateFaults(source string) bool {
	return slices.ContainsFunc(w.made.Plan, func(p newsroom.Planned) bool { return p.Source == source && strings.HasPrefix(p.Mischief, "dates-") })
}

// checkSilence holds the events to the planned silences.
func (w *world) checkSilence(v *verdict) {
	told := w.silent
	for _, s := range w.made.Silences {
		from, until := w.begin.Add(s.From), w.begin.Add(s.Until)
		in := func(t time.Time) bool { return t.After(from) && t.Before(until) }
		if !slices.ContainsFunc(told[s.Source], in) {
			v.find(&v.UnreportedSilence, "unreported silence: %s from %s to %s", s.Source, stamp(from), stamp(until))
		}
		told[s.Source] = slices.DeleteFunc(told[s.Source], in)
	}
	for source, times := range told {
		for _, t := range times {
			v.find(&v.FalseSilence, "called silent: %s at %s", source, stamp(t))
		}
	}
}

func stamp(t time.Time) string { return t.UTC().Format("01-02 15:04") }

func links(all []messages.RawArticle) string {
	var out []string
	for _, r := range all {
		out = append(out, fmt.Sprintf("%s r%d %s guid=%s at %s", r.ID, r.Revision, r.URL, r.GUID, stamp(r.FetchedAt)))
	}
	return strings.Join(out, " | ")
}

func differences(all []messages.RawArticle) string {
	var out []string
	for _, r := range all {
		out = append(out, fmt.Sprintf("r%d at %s %q %.90q", r.Revision, stamp(r.FetchedAt), r.Title, r.Summary))
	}
	return strings.Join(out, " | ")
}
