package pubdate

import (
	"slices"
	"strings"
	"unicode"
)

// guess is a date that the text itself gives. sure says that it stands where datelines and bylines do.
type guess struct {
	stamp
	sure       bool
	confidence float64
}

// How much of a text is searched: for datelines its first lines, for the day it speaks of and the years it names more.
const (
	headLines, headBytes = 8, 1200
	storyBytes           = 16 << 10
)

// datelines returns the dates in the first lines of a text that stand where a dateline or byline does, and after them the
// first day of the story that is named with its weekday.
func datelines(text string, b Bounds, address []stamp) []guess {
	if text == "" {
		return nil
	}
	story := strings.ToValidUTF8(text[:min(len(text), storyBytes)], "")
	y := years{bounds: b, address: address, atLeast: latestYear(story, b)}
	var all []guess
	lines := 0
	for line := range strings.Lines(story[:min(len(story), headBytes)]) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if lines++; lines > headLines {
			break
		}
		for _, w := range findWritten(line, y.monthFirst()) {
			if !inByline(line, w) && !inDateline(line, w) {
				continue
			}
			if g, ok := y.guess(w, line); ok {
				all = append(all, g)
			}
		}
	}
	slices.SortStableFunc(all, func(x, y guess) int { return int(100*y.confidence) - int(100*x.confidence) })
	if g, ok := y.dayOfStory(story); ok {
		all = append(all, g)
	}
	return firstOf(all, maxCandidates)
}

// maxByline is how long a line may be that is only a date or a byline.
const maxByline = 90

// inByline reports whether a line is a date and little more, or an author's line with a date.
func inByline(line string, w written) bool {
	if len(line) > maxByline || strings.HasSuffix(line, ".") && !strings.HasSuffix(strings.ToLower(line), ".m.") {
		return false
	}
	before, after := strings.TrimSpace(line[:w.start]), strings.TrimSpace(line[w.end:])
	if !strings.ContainsFunc(before, unicode.IsLetter) || !strings.ContainsFunc(after, unicode.IsLetter) {
		return true
	}
	opening := strings.ToLower(before)
	return slices.ContainsFunc(bylines, func(w string) bool { return strings.HasPrefix(opening, w) })
}

// bylines are how lines begin that name an author or say when something appeared.
var bylines = []string{"by ", "posted", "published", "von ", "par ", "por ", "di ", "veröffentlicht", "publié", "publicado", "from ", "date", "datum", "stand"}

// inDateline reports whether a date stands between the place and the dash that open a story: "LONDON, May 29 (Reuters) -",
// "(Reuters) - May 29", "KABUL — May 29 —".
func inDateline(line string, w written) bool {
	const furthest, longest = 90, 40
	if w.start > furthest {
		return false
	}
	before, after := line[:w.start], line[w.end:min(len(line), w.end+longest)]
	after, _, _ = strings.Cut(after, ".")
	if dashAt(after) >= 0 && opensStory(before) {
		return true
	}
	// After the dash the agency must stand before it, or "- May 29 was" would be one.
	return strings.HasSuffix(strings.TrimRight(before, " -–—"), ")") && dashAt(before) >= 0
}

// opensStory reports whether words before a date can be a place: the first is capitalised, and no more than eight.
func opensStory(before string) bool {
	words := strings.Fields(before)
	if len(words) == 0 {
		return true
	}
	r := []rune(words[0])[0]
	return len(words) <= 8 && (unicode.IsUpper(r) || !unicode.IsLetter(r))
}

// dashAt is where a dash that is none within a word stands, −1 for nowhere.
func dashAt(s string) int {
	for _, dash := range []string{"—", "–", " - ", "--"} {
		if i := strings.Index(s, dash); i >= 0 {
			return i
		}
	}
	if strings.HasSuffix(s, " -") {
		return len(s) - 2
	}
	return -1
}

// years completes dates that were written without one.
type years struct {
	bounds  Bounds
	address []stamp
	atLeast int // the story names this year, so it is not older
}

// monthFirst is how 5/6 is read in a text of unknown origin: the day first, as most of the world does.
func (y years) monthFirst() bool { return false }

// guess makes a stamp of a date in a dateline.
func (y years) guess(w written, line string) (guess, bool) {
	confidence := trust["dateline"]
	if w.year == 0 {
		if confidence = 0.5; w.weekday >= 0 {
			confidence = 0.7
		}
		if w.year = y.of(w); w.year == 0 {
			return guess{}, false
		}
	}
	s := w.stamp("dateline", line)
	return guess{s, true, confidence}, y.bounds.believes(s.at)
}

// dayOfStory is the first day that a story names with weekday and without year, as news does of the days around it.
func (y years) dayOfStory(story string) (guess, bool) {
	for _, w := range findWritten(story, y.monthFirst()) {
		if w.weekday < 0 || w.year != 0 {
			continue
		}
		if w.year = y.of(w); w.year == 0 {
			continue
		}
		w.clock, w.zoned = -1, false
		return guess{w.stamp("dateline", story), false, 0.3}, true
	}
	return guess{}, false
}

// of returns the year of a date without one: what the address says, else the latest in which the day was before the
// article was read and fell on the weekday beside it; 0 when that is before a year the story names.
func (y years) of(w written) int {
	for _, a := range y.address {
		w.year = a.at.Year()
		if real(w.year, w.month, w.day) && w.agrees() && agreesWith(a, w.midnight()) {
			return w.year
		}
	}
	for year := y.bounds.FetchedAt.Year() + 1; year >= max(earliest, y.atLeast); year-- {
		w.year = year
		if real(year, w.month, w.day) && y.bounds.believes(w.midnight()) && w.agrees() {
			return year
		}
	}
	return 0
}

// latestYear is the latest year before the reading that a text names, 0 for none.
func latestYear(text string, b Bounds) int {
	latest := 0
	for i := 0; i+4 <= len(text); i++ {
		n, digits := leading(text[i:], 4)
		if digits == 0 {
			continue
		}
		if digits == 4 && year(n) && n <= b.FetchedAt.Year() {
			latest = max(latest, n)
		}
		i += digits - 1
		for i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9' {
			i++
		}
	}
	return latest
}
