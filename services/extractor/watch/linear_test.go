package watch_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"tocsin/services/extractor/watch"
)

// TestTimeIsLinearInText searches texts of growing length that hold many watched names. Work that grew with the square
// of the text would take 64 times as long for a text 8 times as long; what is asked is less than half of that, in the
// best of several tries, so that a busy machine does not decide.
func TestTimeIsLinearInText(t *testing.T) {
	x, _ := watch.Compile(sampleEntries(), watch.Options{})
	tests := []struct{ sentence, text string }{
		{"the same mentions over and over", strings.Join(sampleTexts, " ")},
		{"one run of names without end", "Gulmurod Khalimov Amir Khan Muttaqi "},
		{"lone surnames and places", "Gulmurod Khalimov said. Khalimov, of Tajikistan, born 1975. Then Khalimov left Tajikistan. "},
		{"no spaces at all", "张伟明김여정"},
		{"nothing but marks", "&amp;'-,.\n"},
	}
	for _, tt := range tests {
		short, long := strings.Repeat(tt.text, 40), strings.Repeat(tt.text, 320)
		best := 1e9
		for range 5 {
			best = min(best, float64(took(x, long))/float64(took(x, short)))
			if best < 16 {
				break
			}
		}
		if best > 30 {
			t.Errorf("%s: eight times the text takes %.0f times as long", tt.sentence, best)
		}
	}
}

func took(x *watch.Index, text string) time.Duration {
	x.Find(watch.Doc{Text: text})
	runtime.GC()
	start := time.Now()
	x.Find(watch.Doc{Text: text})
	return time.Since(start) + time.Microsecond
}
