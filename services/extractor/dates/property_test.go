package dates

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// pieces are the invented articles that have a publication date.
func pieces(t testing.TB) []goldDoc {
	var dated []goldDoc
	for _, d := range readGold(t, filepath.Join("testdata", "news.jsonl")) {
		if d.DCT != "" {
			dated = append(dated, d)
		}
	}
	return dated
}

// checkShape holds whatever Find returns to what its comment promises.
func checkShape(t testing.TB, text string, ms []Mention) {
	t.Helper()
	end, whole := 0, utf8.ValidString(text)
	for _, m := range ms {
		if m.Start < end || m.End <= m.Start || m.End > len(text) {
			t.Fatalf("mention [%d,%d) after %d in %d bytes", m.Start, m.End, end, len(text))
		}
		end = m.End
		if whole && !(utf8.RuneStart(text[m.Start]) && (m.End == len(text) || utf8.RuneStart(text[m.End]))) {
			t.Fatalf("[%d,%d) cuts a character", m.Start, m.End)
		}
		if m.Value == "" || m.Type == "" || m.Precision == "" || m.Explicit == "" {
			t.Fatalf("%q has an empty field: %+v", text[m.Start:m.End], m)
		}
		if m.From.IsZero() != m.To.IsZero() || !m.From.IsZero() && !m.From.Before(m.To) {
			t.Fatalf("%q (%s) has the interval %v to %v", text[m.Start:m.End], m.Value, m.From, m.To)
		}
		if m.To.Year() > 9999 || m.From.Year() < 1 {
			t.Fatalf("%q reaches beyond the calendar: %v to %v", text[m.Start:m.End], m.From, m.To)
		}
		if r := m.Range; r != nil && !r.From.IsZero() && !r.To.IsZero() && !r.From.Before(r.To) {
			t.Fatalf("%q has the range %v to %v", text[m.Start:m.End], r.From, r.To)
		}
	}
}

// values lists type and value of the mentions.
func values(ms []Mention) (all []string) {
	for _, m := range ms {
		all = append(all, string(m.Type)+" "+m.Value)
	}
	return all
}

// surfaces lists type and value with the words, white space and case evened out.
func sameValues(t *testing.T, what, text string, a, b []Mention) {
	t.Helper()
	x, y := values(a), values(b)
	for i := range max(len(x), len(y)) {
		switch {
		case i >= len(x):
			t.Errorf("%s: also %s", what, y[i])
		case i >= len(y):
			t.Errorf("%s: lost %s %q", what, x[i], text[a[i].Start:a[i].End])
		case x[i] != y[i]:
			t.Errorf("%s: %q is %s, was %s", what, text[a[i].Start:a[i].End], y[i], x[i])
		default:
			continue
		}
		return
	}
}

// TestDressChangesNothing rewrites the articles as other programs would hand them over; no value may change.
func TestDressChangesNothing(t *testing.T) {
	dresses := []struct {
		why  string
		wear func(string) string
	}{
		{"lines wrapped at 38 columns", func(s string) string { return wrap(s, 38, "\n") }},
		{"lines wrapped as Windows does", func(s string) string { return wrap(s, 46, "\r\n") }},
		{"no-break spaces", func(s string) string { return everyThirdSpace(s, "\u00A0") }},
		{"narrow no-break spaces", func(s string) string { return everyThirdSpace(s, "\u202F") }},
		{"thin spaces", func(s string) string { return everyThirdSpace(s, "\u2009") }},
		{"entities left over", func(s string) string { return everyThirdSpace(s, "&nbsp;") }},
		{"curly quotes", func(s string) string { return strings.ReplaceAll(s, "'", "’") }},
		{"two spaces", func(s string) string { return strings.ReplaceAll(s, " ", "  ") }},
		{"soft hyphens", func(s string) string { return softHyphens(s) }},
	}
	for _, d := range pieces(t) {
		plain := Find(d.Text, d.ref(), Options{Mode: News})
		for _, dress := range dresses {
			worn := dress.wear(d.Text)
			ms := Find(worn, d.ref(), Options{Mode: News})
			checkShape(t, worn, ms)
			sameValues(t, d.ID+" with "+dress.why, d.Text, plain, ms)
		}
	}
}

// wrap breaks lines at spaces.
func wrap(s string, width int, with string) string {
	var b strings.Builder
	column := 0
	for i := range len(s) {
		column++
		switch {
		case s[i] == '\n':
			column = 0
			b.WriteString(with)
		case s[i] == ' ' && column >= width:
			column = 0
			b.WriteString(with)
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func everyThirdSpace(s, with string) string {
	parts := strings.Split(s, " ")
	var b strings.Builder
	for i, p := range parts {
		b.WriteString(p)
		switch {
		case i == len(parts)-1:
		case i%3 == 0:
			b.WriteString(with)
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

var monthName = regexp.MustCompile(`\b(Jan|Febr|Sept|Octo|Novem|Wednes|Satur)([a-z]{2,})`)

func softHyphens(s string) string { return monthName.ReplaceAllString(s, "$1\u00AD$2") }

// TestCapitals writes the articles in capitals: what is found still has its value, and nearly everything is found.
func TestCapitals(t *testing.T) {
	all, kept := 0, 0
	for _, d := range pieces(t) {
		upper := strings.ToUpper(d.Text)
		if len(upper) != len(d.Text) {
			continue // offsets could not be compared
		}
		at := map[int]string{}
		for _, m := range Find(upper, d.ref(), Options{Mode: News}) {
			at[m.End] = m.Value
		}
		for _, m := range Find(d.Text, d.ref(), Options{Mode: News}) {
			all++
			if at[m.End] == m.Value {
				kept++
			} else if at[m.End] != "" {
				t.Errorf("%s: %q is %s in capitals, %s else", d.ID, d.Text[m.Start:m.End], at[m.End], m.Value)
			}
		}
	}
	if kept*100 < all*97 {
		t.Errorf("%d of %d mentions kept in capitals", kept, all)
	}
}

var fullYear = regexp.MustCompile(`\b(19|20)\d\d\b`)

// TestTwentyEightYears moves reference and explicit years by 28 years, after which all weekdays fall as before.
func TestTwentyEightYears(t *testing.T) {
	for _, d := range pieces(t) {
		if strings.ContainsAny(d.Text, "/©") || strings.Contains(d.Text, "ISO") || movable(d.Text) {
			continue
		}
		later := fullYear.ReplaceAllStringFunc(d.Text, func(y string) string {
			n, _ := strconv.Atoi(y) // four digits
			return strconv.Itoa(n + 28)
		})
		now := Find(d.Text, d.ref(), Options{Mode: News})
		then := Find(later, d.ref().AddDate(28, 0, 0), Options{Mode: News})
		if len(now) != len(then) {
			t.Errorf("%s: %d mentions become %d", d.ID, len(now), len(then))
			continue
		}
		for i, m := range now {
			n := then[i]
			if m.Start != n.Start || m.End != n.End {
				t.Errorf("%s: %q moves", d.ID, d.Text[m.Start:m.End])
			}
			if !m.From.IsZero() && m.From.Year() > 1900 && m.Precision != "century" && m.Precision != "decade" &&
				!m.From.AddDate(28, 0, 0).Equal(n.From) {
				t.Errorf("%s: %q is %s and %s 28 years on", d.ID, d.Text[m.Start:m.End], m.Value, n.Value)
			}
		}
	}
}

// movable tells whether a text names a feast or century, which 28 years do not move alike.
func movable(text string) bool {
	return strings.Contains(text, "Easter") || strings.Contains(text, "0s") || strings.Contains(text, "decade")
}

// TestUnion puts two articles together: in news each keeps what it had.
func TestUnion(t *testing.T) {
	all := pieces(t)
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if strings.Contains(a.Text+b.Text, "/0") {
			continue // numeric dates of one text are evidence for the other
		}
		ref := a.ref()
		joined := a.Text + "\n\n" + b.Text
		want := append(values(Find(a.Text, ref, Options{Mode: News})), values(Find(b.Text, ref, Options{Mode: News}))...)
		got := values(Find(joined, ref, Options{Mode: News}))
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s + %s:\n%v\n%v", a.ID, b.ID, got, want)
		}
	}
}

// TestCuts cuts articles anywhere, inside expressions and characters as well.
func TestCuts(t *testing.T) {
	for _, d := range pieces(t) {
		for cut := 0; cut < len(d.Text); cut += 3 {
			text := d.Text[:cut]
			checkShape(t, text, Find(text, d.ref(), Options{}))
			text = d.Text[cut:]
			checkShape(t, text, Find(text, d.ref(), Options{}))
		}
	}
}

// TestWeekdayNearest takes "Wednesday, February 15" over thirty years of references.
func TestWeekdayNearest(t *testing.T) {
	for day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2031; day = day.AddDate(0, 0, 11) {
		ms := Find("He announced on Wednesday, February 15, that the army was ready.", day, Options{})
		if len(ms) != 1 {
			t.Fatalf("found %v", values(ms))
		}
		got := ms[0].From
		if got.Month() != time.February || got.Day() != 15 || got.Weekday() != time.Wednesday {
			t.Fatalf("%s: %s is no Wednesday, February 15", day.Format(time.DateOnly), got.Format(time.DateOnly))
		}
		distance := got.Sub(day).Abs()
		for y := day.Year() - 12; y <= day.Year()+12; y++ {
			other := time.Date(y, 2, 15, 0, 0, 0, 0, time.UTC)
			if other.Weekday() == time.Wednesday && other.Sub(day).Abs() < distance {
				t.Fatalf("%s: %s is nearer than %s", day.Format(time.DateOnly), other.Format(time.DateOnly), got.Format(time.DateOnly))
			}
		}
	}
}

// TestResolveAgain resolves against one date and then another: as if Find had known the second from the start.
func TestResolveAgain(t *testing.T) {
	for _, d := range pieces(t) {
		wrong := Find(d.Text, d.ref().AddDate(-3, 2, 5), Options{Mode: News})
		again := Resolve(wrong, d.ref())
		sameValues(t, d.ID+" resolved again", d.Text, Find(d.Text, d.ref(), Options{Mode: News}), again)
		checkShape(t, d.Text, again)
	}
}

// TestNoReference leaves open what only a reference could say.
func TestNoReference(t *testing.T) {
	for _, d := range pieces(t) {
		ms := Find(d.Text, time.Time{}, Options{})
		checkShape(t, d.Text, ms)
		for _, m := range ms {
			if !m.From.IsZero() && m.Explicit != Full && m.Anchor == "" && !strings.Contains(d.Text[m.Start:m.End], "'") {
				t.Errorf("%s: %q (%s) has an interval without reference", d.ID, d.Text[m.Start:m.End], m.Explicit)
			}
		}
	}
}

// TestAdversarial feeds much of each kind of nonsense; time must grow with length. Work that grew with its square would take
// 64 times as long for eight times the text; half of that is asked in the best of five tries, so that a busy machine does
// not decide.
func TestAdversarial(t *testing.T) {
	ref := time.Date(2015, 5, 29, 0, 0, 0, 0, time.UTC)
	for _, unit := range []string{"1 ", "1-2-", "12:", "12:12 ", "5/6/", "May ", "the ", "last ", "2015 ", "2015-", "a ", "1.2.", "9",
		"'", "\n", "&", "& ", "early ", "from ", "1, ", "1 and ", "May 1, ", "March and ", "é", "\u00AD", "a\u00AD", "a-\n", "Mon. ",
		"half ", "twenty ", "(", "€", "A1-"} {
		small, large := strings.Repeat(unit, 1<<14/len(unit)), strings.Repeat(unit, 1<<17/len(unit))
		best := math.Inf(1)
		for try := 0; try < 5 && best > 16; try++ {
			best = min(best, float64(took(large, ref))/float64(took(small, ref)))
		}
		if best > 4*8 {
			t.Errorf("%q: eight times the text takes %.0f times as long", unit, best)
		}
	}
}

// TestSoup feeds words of dates in any order.
func TestSoup(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("May 5 the 29 last Friday 2015 - / : . , of and from to 12:30 p.m. early two year ago every a ' th BC half " +
		"second quarter summer Christmas that following day night between 1990s GMT ( ) 30 February 1st century fiscal")
	var b strings.Builder
	for b.Len() < 1<<18 {
		b.WriteString(words[random.IntN(len(words))])
		if random.IntN(3) > 0 {
			b.WriteByte(' ')
		}
	}
	for _, mode := range []Mode{News, Narrative} {
		checkShape(t, b.String(), Find(b.String(), time.Date(2015, 5, 29, 0, 0, 0, 0, time.UTC), Options{Mode: mode}))
	}
}

// took is the better of two runs, and a little more, so that it can be divided by.
func took(text string, ref time.Time) time.Duration {
	best := time.Duration(math.MaxInt64)
	for range 2 {
		begin := time.Now()
		Find(text, ref, Options{})
		best = min(best, time.Since(begin))
	}
	return best + time.Microsecond
}

func FuzzFind(f *testing.F) {
	for _, d := range readGold(f, filepath.Join("testdata", "news.jsonl")) {
		f.Add(d.Text, int64(1432857600), "en")
	}
	f.Add("2015年5月29日 ۱۴۰۲/۰۳/۰۵ 29. Mai 2015", int64(0), "fa")
	f.Add("0001-01-01 9999-12-31 31 December 9999 February 29, 2015 99999 BC", int64(-62135596800), "de")
	f.Fuzz(func(t *testing.T, text string, unix int64, lang string) {
		const century = 100 * 365 * 24 * 3600
		ref := time.Unix(unix%(60*century), 0).UTC()
		for _, mode := range []Mode{Auto, News, Narrative} {
			ms := Find(text, ref, Options{Mode: mode, Lang: lang})
			checkShape(t, text, ms)
			again := Find(text, ref, Options{Mode: mode, Lang: lang})
			if strings.Join(values(ms), "|") != strings.Join(values(again), "|") {
				t.Fatal("two runs differ")
			}
		}
	})
}
