package sketch

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tocsin/pkg/messages"
)

// prose is n words that no other call with another seed has in the same order.
func prose(seed uint64, n int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("w%d", r.IntN(2000))
	}
	return strings.Join(list, " ")
}

func words30(text string) string {
	return strings.Join(strings.Fields(text)[:len(strings.Fields(text))*3/10], " ")
}

func TestNear(t *testing.T) {
	story := prose(1, 400)
	for _, c := range []struct {
		why, a, b string
		near      bool
	}{
		{"the same text", story, story, true},
		{"case and punctuation are no difference", story, strings.ToUpper(strings.ReplaceAll(story, " ", ", ")), true},
		{"an agency's beginning and end", story, "LONDON (Agency) - " + story + " Reporting by Jane Doe; editing by John Roe.", true},
		{"cut to a third", story, words30(story), true},
		{"half of it another text", story, story + " " + prose(2, 400), true},
		{"a short text within a long one", prose(3, 60), prose(4, 300) + " " + prose(3, 60) + " " + prose(5, 300), true},
		{"a text within one seven times as long", prose(6, 200), prose(7, 700) + " " + prose(6, 200) + " " + prose(8, 500), true},
		{"another text", story, prose(9, 400), false},
		{"one shared paragraph in two long texts", story + " " + prose(10, 60), prose(11, 400) + " " + prose(10, 60), false},
		{"nine words, the same: too little to say anything", prose(12, 9), prose(12, 9), false},
		{"ten words, the same", prose(12, 10), prose(12, 10), true},
		{"no text", "", "", false},
		{"a script without spaces, cut to half", "国家主席今天上午在人民大会堂会见来访的外国客人并发表重要讲话", "国家主席今天上午在人民大会堂会见来访的", true},
		{"another text in it", "国家主席今天上午在人民大会堂会见来访的外国客人并发表重要讲话", "昨日凌晨一辆载有二十名乘客的大巴在高速公路上发生严重交通事故", false},
	} {
		a, b := Of(c.a), Of(c.b)
		if got := messages.NearCopies(a, b); got != c.near || messages.NearCopies(b, a) != got {
			t.Errorf("%s: near = %v, want %v (%d shared, containment %.2f)", c.why, got, c.near, messages.SharedHashes(a, b), messages.Containment(a, b))
		}
	}
}

// TestStable holds the hashes: sketches of a week ago lie in indexes and buckets.
func TestStable(t *testing.T) {
	got := Of("The Minister’s café, réopened in 2024.")
	want := Of("the minister s cafe\u0301 re\u0301opened; in 2024")
	if !reflect.DeepEqual(got, want) {
		t.Errorf("two spellings of one text: %v and %v", got, want)
	}
	if golden := []uint64{533194723699282, 2767947413080874, 4246329438953797, 5870721076829134, 6678959178937920}; !reflect.DeepEqual(got, golden) {
		t.Errorf("got %v, want %v: sketches that are stored already can no longer be compared", got, golden)
	}
}

func FuzzOf(f *testing.F) {
	f.Add("one two three four", "one two three")
	f.Add("ไทยไม่เว้นวรรค", "\xff\xfe a \u0301 b")
	f.Fuzz(func(t *testing.T, a, b string) {
		sa, sb := Of(a), Of(b)
		if len(sa) > messages.SketchMost || !slices.IsSorted(sa) || len(slices.Compact(slices.Clone(sa))) != len(sa) {
			t.Fatalf("no sketch: %v", sa)
		}
		if len(sa) > 0 && sa[len(sa)-1] >= 1<<messages.SketchBits {
			t.Fatalf("a hash that JSON may lose: %d", sa[len(sa)-1])
		}
		if messages.SharedHashes(sa, sb) != messages.SharedHashes(sb, sa) || messages.SharedHashes(sa, sa) != len(sa) {
			t.Fatal("shared hashes depend on the order")
		}
		if c := messages.Containment(sa, sb); c < 0 || c > 1 || c != messages.Containment(sb, sa) {
			t.Fatalf("containment %v", c)
		}
		if len(sa) > 0 && messages.Containment(sa, sa) != 1 {
			t.Fatal("a text does not contain itself")
		}
	})
}

func BenchmarkOf(b *testing.B) {
	text := prose(1, 500)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Of(text)
	}
}
