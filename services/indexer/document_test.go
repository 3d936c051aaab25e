package indexer_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

func TestAt(t *testing.T) {
	seen := day1.Add(time.Hour)
	tests := []struct {
		why       string
		published time.Time
		want      time.Time
	}{
		{"published before it was seen", day1, day1},
		{"not dated", time.Time{}, seen},
		{"dated in the future", seen.AddDate(1, 0, 0), seen},
		{"another zone, finer than a millisecond", day1.Add(1_999_999).In(time.FixedZone("", 3600)), day1.Add(time.Millisecond)},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			a := valid("a", 1)
			a.FirstSeen, a.Published.From, a.Published.To = seen, tt.published, tt.published
			if got := indexer.NewDocument(a, 0).At; got != tt.want {
				t.Errorf("At %v, want %v", got, tt.want)
			}
		})
	}
}

func TestMentionedDates(t *testing.T) {
	from, to := day1, day1.AddDate(0, 0, 1)
	tests := []struct {
		why          string
		date         messages.Date
		narrow, wide []indexer.Range
	}{
		{"a day", messages.Date{From: from, To: to, Precision: "day"}, []indexer.Range{{From: from, To: to}}, nil},
		{"no interval", messages.Date{Type: "DURATION", Value: "P3D"}, nil, nil},
		{"a vague one, however short", messages.Date{From: from, To: to, Precision: "vague"}, nil, []indexer.Range{{From: from, To: to}}},
		{"a decade", messages.Date{From: from, To: from.AddDate(10, 0, 0), Precision: "decade"}, nil, []indexer.Range{{From: from, To: from.AddDate(10, 0, 0)}}},
		{"as wide as a decade", messages.Date{From: from, To: from.AddDate(10, 0, 0), Precision: "year"}, nil, []indexer.Range{{From: from, To: from.AddDate(10, 0, 0)}}},
		{"nine years", messages.Date{From: from, To: from.AddDate(9, 0, 0), Precision: "year"}, []indexer.Range{{From: from, To: from.AddDate(9, 0, 0)}}, nil},
		{"a joined range counts instead of its parts", messages.Date{From: from, To: to, Range: &messages.Interval{From: from, To: to.AddDate(0, 0, 3)}, Precision: "day"},
			[]indexer.Range{{From: from, To: to.AddDate(0, 0, 3)}}, nil},
		{"a range open on one side counts where it was named", messages.Date{From: from, To: to, Range: &messages.Interval{From: from}, Precision: "day"},
			[]indexer.Range{{From: from, To: to}}, nil},
		{"an open range of which nothing else is known", messages.Date{Range: &messages.Interval{From: from}, Precision: "year"}, nil, []indexer.Range{{From: from}}},
		{"an instant gets a width", messages.Date{From: from, To: from, Precision: "minute"}, []indexer.Range{{From: from, To: from.Add(time.Millisecond)}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			a := valid("a", 1)
			a.Dates = []messages.Date{tt.date, tt.date} // a repeat counts once
			d := indexer.NewDocument(a, 0)
			if diff := cmp.Diff([][]indexer.Range{tt.narrow, tt.wide}, [][]indexer.Range{d.Mentioned, d.MentionedWide}); diff != "" {
				t.Errorf("narrow and wide (-want +got):\n%s", diff)
			}
			if len(d.MentionedFrom) != len(tt.narrow) || len(d.MentionedTo) != len(tt.narrow) {
				t.Errorf("plain ends %v, %v", d.MentionedFrom, d.MentionedTo)
			}
		})
	}
}

func TestNamesCountOncePerKey(t *testing.T) {
	a := valid("a", 1)
	a.Entities = []messages.Entity{
		{Kind: messages.KindPerson, Key: "person:jose nunez", Canonical: "José Núñez"},
		{Kind: messages.KindPlace, Key: "place:geneva", Canonical: "Geneva"},
		{Kind: messages.KindPerson, Key: "person:jose nunez", Canonical: "Jose Nunez"},
		{Kind: messages.KindPerson, Canonical: "Ana Ó"}, // a recogniser without keys
	}
	d := indexer.NewDocument(a, 0)
	if diff := cmp.Diff([][]string{{"José Núñez", "Ana Ó"}, {"person:jose nunez", "person:ana o"}, {"Geneva"}, nil},
		[][]string{d.Persons, d.PersonKeys, d.Places, d.Organizations}); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestVersion(t *testing.T) {
	for _, tt := range []struct {
		revision, replay int
		want             int64
		patchLeft        int
	}{{1, 0, 1000, 0}, {1, 2, 1020, 20}, {3, 5000, 3990, 990}, {3, -1, 3000, 0}} {
		v := indexer.NewDocument(valid("a", tt.revision), tt.replay).Version()
		if v != tt.want || indexer.PatchOf(v) != tt.patchLeft {
			t.Errorf("revision %d replay %d: version %d, want %d", tt.revision, tt.replay, v, tt.want)
		}
	}
}

// TestLooksEnd: a document may be looked at again nine times, always short of the next replay of its revision.
func TestLooksEnd(t *testing.T) {
	d := indexer.NewDocument(valid("a", 2), 1)
	looks := 0
	for next, ok := d.Again(); ok; next, ok = d.Again() {
		if next.Version() != d.Version()+1 {
			t.Fatalf("look %d: version %d after %d", looks, next.Version(), d.Version())
		}
		d, looks = next, looks+1
	}
	if replayed := indexer.NewDocument(valid("a", 2), 2); looks != 9 || d.Version() >= replayed.Version() {
		t.Errorf("%d looks, up to version %d; the next replay is %d", looks, d.Version(), replayed.Version())
	}
}

// TestArticleComesBack: a document holds its whole message.
func TestArticleComesBack(t *testing.T) {
	a := valid("a", 1)
	a.Watch = []messages.Watched{{List: "l", Entry: "e", Name: "N"}}
	a.Sketch = []uint64{1 << 63}
	if diff := cmp.Diff(a, indexer.NewDocument(a, 0).Article()); diff != "" {
		t.Errorf("article (-want +got):\n%s", diff)
	}
}

// FuzzCursor: no cursor is trusted, and a cursor that was given leads back to where it came from.
func FuzzCursor(f *testing.F) {
	f.Add("eyJpIjoiYSIsInEiOiJ4In0", "fire", "relevance", 1.5, int64(7), "a1")
	f.Fuzz(func(t *testing.T, cursor, text, sort string, score float64, at int64, id string) {
		q := indexer.Query{Text: text, Sort: sort, Cursor: cursor}
		_, _, _ = q.Resume() // any bytes are answered, with an error or without
		if score != score || score-score != 0 || at > 1<<52 || at < -1<<52 {
			t.Skip("no index gives such a score or time")
		}
		hit := indexer.Hit{Document: indexer.Document{ID: id, At: time.UnixMilli(at)}, Score: score}
		q.Cursor = q.Next(hit)
		p, ok, err := q.Resume()
		if !ok || err != nil {
			t.Fatalf("cursor %q of %+v: %v", q.Cursor, q, err)
		}
		if q.Ranked() && p.Score != score || !q.Ranked() && p.At != at {
			t.Errorf("cursor leads to %+v, want score %v or time %d", p, score, at)
		}
		other := q
		other.Text += "x"
		if _, _, err := other.Resume(); err == nil {
			t.Errorf("the cursor of %q serves %q too", q.Text, other.Text)
		}
	})
}
