package words

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// show writes tokens with a space between them and " | " after each sentence.
func show(s string) string {
	var t Text
	t.Split(s)
	var b strings.Builder
	first := 0
	for k, end := range t.Ends {
		if k > 0 {
			b.WriteString(" | ")
		}
		for i := first; i < end; i++ {
			if i > first {
				b.WriteByte(' ')
			}
			b.WriteString(t.Tokens[i].In(s))
		}
		first = end
	}
	return b.String()
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"a full stop is a token and ends the sentence", "He left. She stayed.", "He left . | She stayed ."},
		{"U.S. keeps its stops inside a sentence", "The U.S. Senate voted.", "The U.S. Senate voted ."},
		{"U.S. ends a sentence before a word that opens one", "He left the U.S. The vote was close.", "He left the U.S. | The vote was close ."},
		{"initials stay with their stop", "J. K. Rowling and J.R.R. Tolkien met.", "J. K. Rowling and J.R.R. Tolkien met ."},
		{"an initial A is no sentence opener", "J. A. Smith spoke.", "J. A. Smith spoke ."},
		{"titles keep their stop", "Col. Gulmurod Khalimov met Dr. Li.", "Col. Gulmurod Khalimov met Dr. Li ."},
		{"a company's form keeps its stop", "Apple Inc. said so. Shares of Foo Corp. The rest", "Apple Inc. said so . | Shares of Foo Corp. | The rest"},
		{"possessives are split, straight and curly", "Iran's and Russia’s teams' bus", "Iran 's and Russia ’s teams ' bus"},
		{"apostrophes inside names stay", "O'Neill met D’Angelo in Sana'a", "O'Neill met D’Angelo in Sana'a"},
		{"clitics are split", "We've said I'm here, they'll go", "We 've said I 'm here , they 'll go"},
		{"hyphenated names stay whole", "Jean-Luc Picard of al-Qaida in Guinea-Bissau", "Jean-Luc Picard of al-Qaida in Guinea-Bissau"},
		{"a number before a name is apart", "1-Silva 20-year-old 2-1", "1 - Silva 20-year-old 2-1"},
		{"a slug before a headline is apart", "BRIEF-Silva buys SPA-FRANCORCHAMPS", "BRIEF - Silva buys SPA-FRANCORCHAMPS"},
		{"a decimal may open with its point", "Boston 7 10 .412 6", "Boston 7 10 .412 6"},
		{"two capitalised names on a slash part, others do not", "Reuters/Ipsos and/or 24/7", "Reuters / Ipsos and/or 24/7"},
		{"a dateline is one sentence with what follows", "KABUL, Afghanistan (AP) — Two men died.", "KABUL , Afghanistan ( AP ) — Two men died ."},
		{"double hyphens are one token", "PARIS -- He won", "PARIS -- He won"},
		{"numbers keep their separators", "It cost $1,234.50, or 5.5%, at 10:30.", "It cost $ 1,234.50 , or 5.5 % , at 10:30 ."},
		{"closing quotes belong to the sentence", `"Go." He went. (Yes.) No`, `" Go . " | He went . | ( Yes . ) | No`},
		{"curly quotes are tokens", "“Go,” he said.", "“ Go , ” he said ."},
		{"web and mail addresses are one token", "See https://a.example/x?y=1, or mail j.doe@a.example.", "See https://a.example/x?y=1 , or mail j.doe@a.example ."},
		{"a blank line ends a sentence, a line break does not", "Storm hits\ncoast\n\nThe storm came.", "Storm hits coast | The storm came ."},
		{"CR LF counts as one break", "a\r\nb\r\n\r\nc", "a b | c"},
		{"NBSP is white space", "United\u00a0States", "United States"},
		{"a lost space after a full stop ends the word", "on Friday.The next", "on Friday . | The next"},
		{"No. before a number", "No. 5 won. Did he? No. He lost.", "No. 5 won . | Did he ? | No . | He lost ."},
		{"dots run together", "Wait... what? Yes!", "Wait ... what ? | Yes !"},
		{"accents stay in the word", "Luiz Inácio Lula da Silva in Škoda", "Luiz Inácio Lula da Silva in Škoda"},
		{"broken bytes are tokens of their own", "a\xffb", "a \xff b"},
		{"ampersand joins letters only", "AT&T and Procter & Gamble", "AT&T and Procter & Gamble"},
		{"handles keep their sign", "@who said #news", "@who said #news"},
		{"a state's abbreviation", "in Pasadena, Calif., on Monday", "in Pasadena , Calif. , on Monday"},
	} {
		t.Run(c.why, func(t *testing.T) {
			if got := show(c.in); got != c.want {
				t.Errorf("Split(%q)\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

func TestSplitAllocatesNothing(t *testing.T) {
	s := strings.Repeat("Col. Gulmurod Khalimov left the U.S. for Sana’a, he said at a.b@c.example. ", 50)
	var x Text
	x.Split(s)
	if n := testing.AllocsPerRun(20, func() { x.Split(s) }); n != 0 {
		t.Errorf("%v allocations in a Split into a used Text, want 0", n)
	}
}

// check holds the properties that every text must have.
func check(t *testing.T, s string) {
	t.Helper()
	var x Text
	x.Split(s)
	valid, pos := utf8.ValidString(s), 0
	for _, k := range x.Tokens {
		if k.Start < pos || k.End <= k.Start || k.End > len(s) {
			t.Fatalf("token %v after %d in %q", k, pos, s)
		}
		if valid && !utf8.ValidString(k.In(s)) {
			t.Fatalf("token %v cuts a rune of %q", k, s)
		}
		pos = k.End
	}
	last := 0
	for _, e := range x.Ends {
		if e <= last {
			t.Fatalf("sentence ends %v in %q", x.Ends, s)
		}
		last = e
	}
	if last != len(x.Tokens) {
		t.Fatalf("last sentence ends at %d of %d tokens in %q", last, len(x.Tokens), s)
	}
	var y Text
	y.Split(s + "\n\nAnother paragraph.")
	if len(y.Tokens) < len(x.Tokens) {
		t.Fatalf("a paragraph more, fewer tokens in %q", s)
	}
	for i, k := range x.Tokens {
		if y.Tokens[i] != k {
			t.Fatalf("appending a paragraph moved token %d of %q", i, s)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "a", "U.S.", "x’s", "a@b", "http://", "www.", "\xff\xfe", "No.", "“a.” B", "a\u2029b", "a.\n\nB", "''.", "a-", "9,", "A.B."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { check(t, s) })
}

func TestWrapsChangeNothing(t *testing.T) {
	a := "The United States and the U.S. Senate met Russia's Mr. Li. He left on Friday. No. 5 came"
	for _, sep := range []string{"\n", "\r\n", "\u00a0", "  ", "\n  "} {
		if got, want := show(strings.ReplaceAll(a, " ", sep)), show(a); got != want {
			t.Errorf("with %q for spaces\n got %s\nwant %s", sep, got, want)
		}
	}
}

func BenchmarkSplit(b *testing.B) {
	s := strings.Repeat("Col. Gulmurod Khalimov left the U.S. for Sana’a, he said at a.b@c.example. The police chief of the city did not say why. ", 50)
	var x Text
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		x.Split(s)
	}
}
