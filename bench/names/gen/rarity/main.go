// Command rarity writes the table of services/extractor/watch/rarity from openly licensed counts.
//
//	go run ./names/gen/rarity -names translit_arabic.tsv.gz,translit_russian.tsv.gz -census dist.all.last,dist.male.first,dist.female.first \
//	  -text cep.txt.gz,sou.txt.gz -out ../services/extractor/watch/rarity/rarity.bin
//
// -names are lines of Latin spelling, native letters and count (CC0, from Wikidata, by way of
// steveash/NETransliteration-COLING2018); -census are the name frequencies of the US census of 1990 (public domain, package
// names 0.3.0); -text are tokenised sentences that teach which words are ordinary. A part's rarity is that of its
// family: everybody whose part would be taken for it.
package main

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"math"
	"math/bits"
	"os"
	"slices"
	"strconv"
	"strings"

	"tocsin/services/extractor/watch/fold"
	"tocsin/services/extractor/watch/rarity"
	"tocsin/services/extractor/watch/sound"
)

func main() {
	names := flag.String("names", "", "comma-separated transliteration tables")
	census := flag.String("census", "", "comma-separated census files")
	text := flag.String("text", "", "comma-separated text files")
	out := flag.String("out", "", "file to write")
	flag.Parse()
	if err := run(split(*names), split(*census), split(*text), *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func split(s string) []string { return strings.FieldsFunc(s, func(r rune) bool { return r == ',' }) }

func run(names, census, text []string, out string) error {
	people, err := countPeople(names, census)
	if err != nil {
		return err
	}
	words, err := countWords(text)
	if err != nil {
		return err
	}
	t := tabulate(people, words)
	fmt.Println("entries:", len(t))
	return os.WriteFile(out, t.bytes(), 0o644) //nolint:gosec // a data file of the repository
}

// people holds the share of name parts by spelling: of Latin spellings, and of abjad spellings.
type people struct {
	latin, abjad map[string]float64
	// other are spellings to give a figure although their carriers are counted under another.
	other map[string]bool
}

func countPeople(names, census []string) (people, error) {
	p := people{latin: map[string]float64{}, abjad: map[string]float64{}, other: map[string]bool{}}
	for _, file := range names {
		here := map[string]float64{}
		err := eachLine(file, func(line string) {
			f := strings.Split(line, "\t")
			if len(f) < 3 {
				return
			}
			n, _ := strconv.ParseFloat(f[2], 64)
			here[letters(f[0])] += n
			native := strings.ReplaceAll(f[1], " ", "")
			latin := fold.Latin(native)
			if words := fold.Words(nil, native); len(words) == 1 && words[0].Has(fold.Abjad) {
				p.abjad[latin] += n
			} else {
				p.other[latin] = true
			}
		})
		if err != nil {
			return p, err
		}
		raise(p.latin, here)
	}
	us := map[string]float64{}
	for _, file := range census {
		err := eachLine(file, func(line string) {
			if f := strings.Fields(line); len(f) > 1 {
				share, _ := strconv.ParseFloat(f[1], 64)
				us[strings.ToLower(f[0])] += share
			}
		})
		if err != nil {
			return p, err
		}
	}
	raise(p.latin, us)
	abjad := p.abjad
	p.abjad = map[string]float64{}
	raise(p.abjad, abjad)
	return p, nil
}

// raise lifts each share to what it is among the counted, if that is more: a name counts as common when it is common
// anywhere, as lists and news each speak of one part of the world at a time.
func raise(shares, counts map[string]float64) {
	total := 0.0
	for _, n := range counts {
		total += n
	}
	for t, n := range counts {
		shares[t] = max(shares[t], n/total)
	}
}

func letters(s string) string {
	var b strings.Builder
	for _, w := range fold.Words(nil, s) {
		b.WriteString(fold.Latin(w.Raw(s)))
	}
	return b.String()
}

// usage is how a word is written inside sentences.
type usage struct{ lower, capital float64 }

// words maps a word to its share of the running text.
type words struct {
	seen     map[string]usage
	capitals float64
}

func countWords(files []string) (words, error) {
	w := words{seen: map[string]usage{}}
	for _, file := range files {
		err := eachLine(file, func(line string) {
			for i, t := range strings.Fields(line) {
				latin := fold.Latin(t)
				if i == 0 || latin == "" || strings.ToUpper(t) == t && len(t) > 1 {
					continue
				}
				u := w.seen[latin]
				if strings.ToLower(t) == t {
					u.lower++
				} else {
					u.capital++
					w.capitals++
				}
				w.seen[latin] = u
			}
		})
		if err != nil {
			return w, err
		}
	}
	return w, nil
}

func (w words) class(t string) rarity.Class {
	u := w.seen[t]
	switch share := u.lower / (u.lower + u.capital + 0.5); {
	case u.lower < 3:
		return rarity.Unknown
	case share >= 0.85:
		return rarity.Ordinary
	case share >= 0.3:
		return rarity.Mixed
	}
	return rarity.Unknown
}

// frequentCapital is the count from which a word that nobody carries is known as a place, office or nationality.
const frequentCapital = 20

// wordShare is how much of a word's share in text counts like a name: text is full of capitals that are no name.
const wordShare = 0.3

// table is hash → packed value.
type result map[uint32]byte

func tabulate(p people, w words) result {
	shares := map[string]float64{}
	for t, s := range p.latin {
		shares[t] += s
	}
	for t, u := range w.seen {
		carried := p.latin[t] > 2e-6
		if w.class(t) != rarity.Unknown || !carried && u.capital >= frequentCapital {
			shares[t] += wordShare * u.capital / w.capitals
		}
	}
	t := result{}
	fillFrames(t, shares)
	latin := newFamily(shares)
	for word := range p.other {
		if _, ok := shares[word]; !ok && len(word) > 1 {
			t.put(rarity.KeyLatin(word), rarity.Unknown, latin.bits(word))
		}
	}
	for word := range shares {
		if len(word) > 1 {
			t.put(rarity.KeyLatin(word), w.class(word), latin.bits(word))
		}
	}
	for word := range w.seen {
		if _, ok := shares[word]; !ok && w.class(word) != rarity.Unknown {
			t.put(rarity.KeyLatin(word), w.class(word), latin.bits(word))
		}
	}
	abjad := newFamily(p.abjad)
	for word := range p.abjad {
		if len(word) > 1 {
			t.put(rarity.KeyAbjad(word), rarity.Unknown, abjad.bits(word))
		}
	}
	return t
}

func (t result) put(key uint32, c rarity.Class, bits float64) { t[key] = rarity.Pack(c, bits) }

func fillFrames(t result, shares map[string]float64) {
	frames := map[string]float64{}
	for word, s := range shares {
		frames[sound.Frame(sound.Encode(nil, word))] += s
	}
	for frame, s := range frames {
		if b := -math.Log2(s); frame != "" && b < rarity.Most-2 {
			t.put(rarity.KeyFrame(frame), rarity.Unknown, b)
		}
	}
}

// family finds the spellings that would be taken for a word.
type family struct {
	words  []string
	codes  []sound.Code
	sigs   []uint16
	shares []float64
	blocks map[uint64][]int32
}

func newFamily(shares map[string]float64) *family {
	f := &family{blocks: map[uint64][]int32{}}
	for w := range shares {
		f.words = append(f.words, w)
	}
	slices.Sort(f.words)
	for i, w := range f.words {
		c := sound.Encode(nil, w)
		f.codes = append(f.codes, c)
		f.sigs = append(f.sigs, sound.Signature(c))
		f.shares = append(f.shares, shares[w])
		sound.Keys(w, c, func(k uint64) {
			if b := f.blocks[k]; len(b) == 0 || b[len(b)-1] != int32(i) { //nolint:gosec // below 2^31
				f.blocks[k] = append(b, int32(i)) //nolint:gosec // below 2^31
			}
		})
	}
	return f
}

// takenFor is the similarity from which one spelling is taken for another.
const takenFor = 0.84

func (f *family) bits(word string) float64 {
	c := sound.Encode(nil, word)
	sig := sound.Signature(c)
	share := 5e-7
	seen := map[int32]bool{}
	sound.Keys(word, c, func(k uint64) {
		for _, i := range f.blocks[k] {
			if seen[i] {
				continue
			}
			seen[i] = true
			if f.words[i] == word || bits.OnesCount16(sig^f.sigs[i]) <= 3 && sound.Similarity(c, f.codes[i], false) >= takenFor {
				share += f.shares[i]
			}
		}
	})
	return -math.Log2(share)
}

func (t result) bytes() []byte {
	type row struct {
		key   uint32
		value byte
	}
	rows := make([]row, 0, len(t))
	for k, v := range t {
		rows = append(rows, row{k, v})
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.key, b.key) })
	out := binary.BigEndian.AppendUint32(nil, uint32(len(rows))) //nolint:gosec // below 2^31
	for _, r := range rows {
		out = binary.BigEndian.AppendUint32(out, r.key)
	}
	for _, r := range rows {
		out = append(out, r.value)
	}
	return out
}

func eachLine(file string, visit func(line string)) error {
	f, err := os.Open(file) //nolint:gosec // a path the caller gave
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // read only
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		visit(sc.Text())
	}
	return sc.Err()
}
