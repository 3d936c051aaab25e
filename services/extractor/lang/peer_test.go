package lang

import (
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/RadhiFadlillah/whatlanggo"
)

// same expects what whatlanggo says. Where two languages are level it names either by chance.
func same(t *testing.T, text string) {
	t.Helper()
	want := whatlanggo.Detect(text)
	got, sure := detect(text)
	if sure != want.Confidence || got != want.Lang && sure > 0 {
		t.Errorf("%q: %v with %v; whatlanggo says %v with %v", text, got, sure, want.Lang, want.Confidence)
	}
	var letters *unicode.RangeTable
	if s := scriptOf(text); s != nil {
		letters = s.letters
	}
	if want := whatlanggo.DetectScript(text); (want == nil) != (letters == nil) || want != nil && letters != kana && letters != want {
		t.Errorf("%q: script %s; whatlanggo says %s", text, whatlanggo.Scripts[letters], whatlanggo.Scripts[want])
	}
}

// TestSameAsWhatlanggo holds the table made from whatlanggo's profiles to whatlanggo, on words of every profile.
func TestSameAsWhatlanggo(t *testing.T) {
	all := strings.Split(strings.TrimSpace(profilesText), "\n")
	r := rand.New(rand.NewPCG(1, 2))
	for _, line := range all {
		trigrams := strings.Split(strings.Split(line, "\t")[2], "|")
		for range 8 {
			var b strings.Builder
			for range 1 + r.IntN(150) {
				some := trigrams
				if r.IntN(8) == 0 {
					some = strings.Split(strings.Split(all[r.IntN(len(all))], "\t")[2], "|")
				}
				b.WriteString(some[r.IntN(len(some))])
				b.WriteString([]string{" ", "", "", ", ", "7"}[r.IntN(5)])
			}
			same(t, b.String())
			same(t, strings.ToUpper(b.String()))
		}
	}
	for _, text := range []string{"", " ", "a", "ab c", "\x00\x01AB", "\xff\xfe", "日本の首相", "日本人中国人", "カ日本", "日カ本", "Ελλάδα abc", "3:2", "q q q", "Жя z"} {
		same(t, text)
	}
}

// TestSameOnSets holds it to whatlanggo on what the development sets are written in, markup, labels and all.
func TestSameOnSets(t *testing.T) {
	root := shared(t)
	texts := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n, err := sameInFile(t, path)
		texts += n
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if texts < 1000 {
		t.Errorf("only %d texts were found below %s", texts, root)
	}
}

func shared(t *testing.T) string {
	root := os.Getenv("TOCSIN_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	root = filepath.Join(root, "data")
	if _, err := os.Stat(root); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no development sets at %s; name their folder in TOCSIN_SHARED", root)
	}
	return root
}

// samplesOfFile is how many pieces of one file are compared at most.
const samplesOfFile = 100

func sameInFile(t *testing.T, path string) (n int, err error) {
	f, err := os.Open(path) //nolint:gosec // of the development sets
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }() // read only
	var in io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return 0, err
		}
	}
	piece := make([]byte, 2*sample)
	for ; n < samplesOfFile; n++ {
		got, err := io.ReadFull(in, piece[:20+2*n])
		if err != nil {
			return n, nil //nolint:nilerr // the file is over
		}
		same(t, string(piece[:got]))
	}
	return n, nil
}

func FuzzSameAsWhatlanggo(f *testing.F) {
	for _, text := range []string{"The talks go on", "Переговоры", "カ日本", "\x00A\xff", "šč Жя"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { same(t, text) })
}

func BenchmarkDetect(b *testing.B) {
	text := strings.Repeat("The commander of the special police left the capital on Friday with three men, officials said. ", 10)
	for range b.N {
		Detect("Commander leaves", text, "en")
	}
}

func BenchmarkWhatlanggo(b *testing.B) {
	text := head(strings.Repeat("The commander of the special police left the capital on Friday with three men, officials said. ", 10), sample)
	for range b.N {
		whatlanggo.Detect(text)
	}
}
