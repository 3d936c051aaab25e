package bio

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const sample = "-DOCSTART-\tO\n\nJohn\tB-PER\nSmith\tI-PER\nleft\tO\nRome\tI-LOC\n\nHi\tO\n-DOCSTART-\tO\n\nUN\tB-ORG\n"

func TestReadSplitsDocuments(t *testing.T) {
	docs, err := Read(strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	if len(docs) != 2 || len(docs[0]) != 2 || len(docs[1]) != 1 || Tokens(docs) != 6 {
		t.Fatalf("got %v", docs)
	}
	want := []Span{{0, 2, "PER"}, {3, 4, "LOC"}}
	if got := Spans(docs[0][0].Tags); !reflect.DeepEqual(got, want) {
		t.Errorf("spans %v, want %v: an I that continues nothing opens a name", got, want)
	}
}

func TestReadUnpacksGzip(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(sample)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	docs, err := Read(&b)
	if err != nil || Tokens(docs) != 6 {
		t.Errorf("%d tokens, %v", Tokens(docs), err)
	}
}

func TestReadNamesTheBrokenLine(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a\tO\nb\n", "line 2"},
		{"a\tX-PER\n", "line 1"},
		{"a\tO\n\nb\tB\n", "line 3"},
	} {
		if _, err := Read(strings.NewReader(c.in)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Read(%q): %v, want an error that names %s", c.in, err, c.want)
		}
	}
}

func TestReadTakesWhatConllevalTakes(t *testing.T) {
	for _, c := range []struct{ why, in, tokens, names string }{
		{"columns between token and tag, spaces, IOB1", "-DOCSTART- -X- -X- O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\nGerman JJ I-NP I-MISC\nEnglish JJ I-NP B-MISC\n", "EU|rejects|German|English", "[{0 1 ORG} {2 3 MISC} {3 4 MISC}]"},
		{"a document line of one column", "-DOCSTART-\n\nEU\tB-ORG\n", "EU", "[{0 1 ORG}]"},
		{"a token with a space, columns by tab", "1 000\tCD\tO\nNew York\tNNP\tB-LOC\n", "1 000|New York", "[{1 2 LOC}]"},
		{"spaces and a return at the end of lines", "EU B-ORG \r\nsaid O\r\n", "EU|said", "[{0 1 ORG}]"},
		{"a mark of byte order", "\ufeffEU\tB-ORG\n", "EU", "[{0 1 ORG}]"},
		{"ends of names are marked, as in IOBES", "A\tB-PER\nB\tI-PER\nC\tE-PER\nD\tS-PER\n", "A|B|C|D", "[{0 3 PER} {3 4 PER}]"},
		{"ends of names are marked, as in BILOU", "A\tB-PER\nC\tL-PER\nD\tU-LOC\n", "A|C|D", "[{0 2 PER} {2 3 LOC}]"},
	} {
		docs, err := Read(strings.NewReader(c.in))
		if err != nil || len(docs) != 1 || len(docs[0]) != 1 {
			t.Errorf("%s: %v, %v", c.why, docs, err)
			continue
		}
		s := docs[0][0]
		if got, names := strings.Join(s.Tokens, "|"), fmt.Sprint(Spans(s.Tags)); got != c.tokens || names != c.names {
			t.Errorf("%s: %s with %s, want %s with %s", c.why, got, names, c.tokens, c.names)
		}
	}
}

func TestCheckNamesTheTypesOfAFile(t *testing.T) {
	docs, err := Read(strings.NewReader("A\tB-PERSON\nB\tO\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(docs, []string{Person}); err == nil || !strings.Contains(err.Error(), "PERSON") {
		t.Errorf("%v, want an error that names PERSON", err)
	}
	if err := Check(docs, []string{Person, "PERSON"}); err != nil {
		t.Error(err)
	}
	if err := Check([]Document{{{Tokens: []string{"a"}, Tags: []string{"O"}}}}, []string{Person}); err != nil {
		t.Errorf("%v for a text without names", err)
	}
}

func TestWriteThenReadIsTheSame(t *testing.T) {
	docs, err := Read(strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, docs); err != nil {
		t.Fatal(err)
	}
	again, err := Read(&b)
	if err != nil || !reflect.DeepEqual(docs, again) {
		t.Errorf("%v (%v), want %v", again, err, docs)
	}
}

func TestScoreCountsAsConlleval(t *testing.T) {
	var s Score
	gold := []Span{{0, 2, "PER"}, {3, 4, "LOC"}, {5, 6, "MISC"}, {7, 8, "ORG"}}
	found := []Span{{0, 2, "PER"}, {3, 4, "ORG"}, {5, 6, "MISC"}, {7, 9, "ORG"}}
	s.Add(gold, found, []string{"PER", "ORG", "LOC"})
	if got, want := fmt.Sprint(s.Of(""), s.Of("PER"), s.Of("ORG"), s.Of("LOC"), s.Of("MISC")), "{1 2 2} {1 0 0} {0 2 1} {0 0 1} {0 0 0}"; got != want {
		t.Errorf("right, wrong, missed: %s, want %s", got, want)
	}
	if f := s.Of("").F1(); f != 1.0/3 {
		t.Errorf("F1 %g, want a third", f)
	}
}

// bySpace is a cutter for tests: words between spaces, one sentence.
func bySpace(text string) (tokens [][2]int, ends []int) {
	at := 0
	for w := range strings.FieldsSeq(text) {
		i := at + strings.Index(text[at:], w)
		tokens = append(tokens, [2]int{i, i + len(w)})
		at = i + len(w)
	}
	return tokens, []int{len(tokens)}
}

func TestMarkup(t *testing.T) {
	in := "# a remark\n== one\n[Ada Lovelace|P] left [London|L] .\n\n== two\nThe [Royal Society|O]\n"
	docs, err := ReadMarkup(strings.NewReader(in), bySpace)
	if err != nil {
		t.Fatal(err)
	}
	if len(docs) != 2 || strings.Join(docs[0][0].Tags, " ") != "B-PER I-PER O B-LOC O" || strings.Join(docs[1][0].Tags, " ") != "O B-ORG I-ORG" {
		t.Errorf("got %v", docs)
	}
}

func TestMarkupNamesTheBrokenLine(t *testing.T) {
	for _, in := range []string{"a\n[b|X]", "a\n[b", "a\n[b]", "a\nx[b|P]y", "a\n[|P]"} {
		if _, err := ReadMarkup(strings.NewReader(in), bySpace); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("ReadMarkup(%q): %v, want an error that names line 2", in, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Add("a b O\n")
	f.Fuzz(func(t *testing.T, s string) {
		docs, err := Read(strings.NewReader(s))
		if err != nil {
			return
		}
		for _, d := range docs {
			for _, x := range d {
				for _, n := range Spans(x.Tags) {
					if n.Start < 0 || n.End <= n.Start || n.End > len(x.Tokens) {
						t.Fatalf("span %v of %v", n, x)
					}
				}
			}
		}
	})
}
