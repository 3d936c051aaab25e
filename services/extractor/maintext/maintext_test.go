package maintext_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/net/html/charset"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/maintext"
)

func TestFromFeed(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"paragraphs stand apart by a blank line", "<p>One</p><p>Two</p>", "One\n\nTwo"},
		{"a line break is one, two are a paragraph", "One<br>two<br/><br />three", "One\ntwo\n\nthree"},
		{"inline tags do not split words", "Khali<b>mov</b> <i>left</i>", "Khalimov left"},
		{"scripts, styles and frames are dropped", "a<script>if (a<b) x()</script><style>p{}</style><iframe src=x></iframe>b", "ab"},
		{"a script that never ends takes the rest", "a<script>var x = '", "a"},
		{"entities are unescaped once", "Smith &amp; Sons &#8212; &amp;lt;", "Smith & Sons — &lt;"},
		{"list items are paragraphs, cells stand beside each other", "<ul><li>a<li>b</ul><table><tr><td>c<td>d<tr><td>e</table>", "a\n\nb\n\nc | d\n\ne"},
		{"white space of every kind is one space", "<p>a\u00a0 \n\t\u2003b</p>", "a b"},
		{"marks nobody sees go, joiners stay", "<p>Khali\u00admov\u200b\ufeff\u202e, می\u200cرود</p>", "Khalimov, می\u200cرود"},
		{"control characters go", "a\x00\x07\x1b\x7f\u0085b", "a b"},
		{"lines of <pre> stay lines", "<pre>a\nb\n\nc</pre>d\ne", "a\nb\n\nc\n\nd e"},
		{"comments are dropped, wrapped text is freed", "<!-- no --><![CDATA[<p>yes</p>]]>", "yes"},
		{"plain text keeps its lines", "One\r\ntwo\n\n\nthree", "One\ntwo\n\nthree"},
		{"plain text may hold less-than signs", "3 < 4 & 5 > 4", "3 < 4 & 5 > 4"},
		{"a tag that never ends is plain text", "a <b c", "a <b c"},
		{"nothing", "  \n ", ""},
	} {
		if got := maintext.FromFeed(c.in); got != c.want {
			t.Errorf("%s: %q gives %q; want %q", c.why, c.in, got, c.want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		" A\n title\t": "A title", "<b>Bold</b> &amp; true": "Bold & true", "Fish &amp; chips": "Fish & chips", "a < b": "a < b",
		"One<br>two": "One two", "": "",
	} {
		if got := maintext.OneLine(in); got != want {
			t.Errorf("%q gives %q; want %q", in, got, want)
		}
	}
}

func TestLimit(t *testing.T) {
	for _, c := range []struct {
		why, in string
		limit   int
		want    string
	}{
		{"what fits stays", "abc", 3, "abc"},
		{"cut at the end of a paragraph", "aaaa bbbb\n\ncccc", 12, "aaaa bbbb"},
		{"else between words", "aaaa bbbb cccc", 12, "aaaa bbbb"},
		{"else between characters", "ääää", 5, "ää"},
		{"never inside the last quarter's reach", "a bbbbbbbbbbbbbbb", 12, "a bbbbbbbbbb"},
	} {
		got, cut := maintext.Limit(c.in, c.limit)
		if got != c.want || cut != (got != c.in) {
			t.Errorf("%s: %q, %v; want %q", c.why, got, cut, c.want)
		}
	}
}

func TestDecode(t *testing.T) {
	russian := "<p>Командир уехал</p>"
	encoded := func(name, s string) []byte {
		enc, _ := charset.Lookup(name)
		b, err := enc.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, c := range []struct {
		why  string
		body []byte
		kind string
		want string
		note bool
	}{
		{"UTF-8 that says nothing", []byte(russian), "", russian, false},
		{"UTF-8 that says something else", []byte(russian), "text/html; charset=iso-8859-1", russian, true},
		{"a byte order mark is no text", []byte("\xEF\xBB\xBF" + russian), "text/html", russian, false},
		{"the header names the encoding", encoded("windows-1251", russian), "text/html; charset=windows-1251", russian, false},
		{"the page names it", encoded("koi8-r", `<meta charset="koi8-r">`+russian), "text/html", `<meta charset="koi8-r">` + russian, false},
		{"UTF-16 with its mark", append([]byte{0xFF, 0xFE}, encoded("utf-16le", russian)...), "text/html", russian, false},
		{"escapes of ISO-2022-JP are no ASCII", encoded("iso-2022-jp", "<p>首相</p>"), "text/html; charset=iso-2022-jp", "<p>首相</p>", false},
		{"nothing named: windows-1252", []byte("<p>caf\xE9</p>"), "", "<p>café</p>", false},
		{"one broken byte does not turn UTF-8 into something else", []byte(russian + "\xE9"), "", russian + "\uFFFD", false},
		{"a malformed header", []byte(russian), "text/html;;; charset", russian, false},
	} {
		t.Run(c.why, func(t *testing.T) {
			got, note, err := maintext.Decode(c.body, c.kind)
			if err != nil || got != c.want || (note != "") != c.note {
				t.Errorf("got %q, note %q, error %v; want %q, note %v", got, note, err, c.want, c.note)
			}
		})
	}
	for why, in := range map[string][2]string{
		"a PDF": {"%PDF-1.7", ""}, "an image by its type": {"x", "image/png"}, "zero bytes": {"a\x00b\x00", "text/html"},
		"JSON": {"{}", "application/json"},
	} {
		if _, _, err := maintext.Decode([]byte(in[0]), in[1]); !errors.Is(err, maintext.ErrNotHTML) {
			t.Errorf("%s: error %v; want ErrNotHTML", why, err)
		}
	}
}

func TestUnpack(t *testing.T) {
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	whole := bytes.Repeat([]byte("a page "), 100)
	pack := enc.EncodeAll(whole, nil)
	if body, cut, err := maintext.Unpack(pack, 1<<20); err != nil || cut || !bytes.Equal(body, whole) {
		t.Errorf("whole page: %d bytes, cut %v, error %v", len(body), cut, err)
	}
	if body, cut, err := maintext.Unpack(pack, 10); err != nil || !cut || len(body) != 10 {
		t.Errorf("limit 10: %d bytes, cut %v, error %v", len(body), cut, err)
	}
	if body, cut, err := maintext.Unpack(pack, len(whole)); err != nil || cut || len(body) != len(whole) {
		t.Errorf("limit just met: %d bytes, cut %v, error %v", len(body), cut, err)
	}
	bomb := enc.EncodeAll(make([]byte, 512<<20), nil)
	if body, cut, err := maintext.Unpack(bomb, 1<<20); err != nil || !cut || len(body) != 1<<20 {
		t.Errorf("512 MB in %d bytes: %d bytes, cut %v, error %v", len(bomb), len(body), cut, err)
	}
	for _, bad := range [][]byte{[]byte("no zstd"), pack[:len(pack)-3]} {
		if _, _, err := maintext.Unpack(bad, 1<<20); err == nil {
			t.Errorf("%d damaged bytes were unpacked", len(bad))
		}
	}
}

// article is a page whose main text is as long as an article's.
func article(body string) string {
	return "<html><head><title>T</title></head><body><nav><a href=/>Menu entry</a></nav><article>" + body +
		strings.Repeat("<p>A paragraph of the story that is as long as paragraphs of stories are, so that it counts.</p>", 5) +
		"</article><footer>Imprint and contact</footer></body></html>"
}

func TestExtract(t *testing.T) {
	story := "<p>He left on Friday.<br>Nobody knows why.</p><ul><li>One item that is long enough to be kept</li><li>Another item that is long enough</li></ul>"
	many := strings.Repeat("<p>A line of a live ticker, one of very many.</p>", 3500)
	for _, c := range []struct {
		why, page, source string
		has, lacks        string
	}{
		{"an article", article(story), messages.TextFromPage, "He left on Friday.\nNobody knows why.\n\nOne item that is long enough to be kept\n\nAnother", "Menu entry"},
		{"a page over 512 KiB", article(story) + strings.Repeat("<!-- -->", 70<<10), messages.TextFromReadability, "Nobody knows why.", "Menu entry"},
		{"more than 3,000 paragraphs", article(many), messages.TextFromReadability, "live ticker", "Imprint"},
	} {
		t.Run(c.why, func(t *testing.T) {
			text, err := maintext.Extract(c.page, "https://example.test/a")
			if err != nil || text.Source != c.source || !strings.Contains(text.Body, c.has) || strings.Contains(text.Body, c.lacks) {
				t.Errorf("error %v, source %s, text %.300q", err, text.Source, text.Body)
			}
		})
	}
	for why, page := range map[string]string{"nothing": "", "no text": "<html><body><img src=x></body></html>", "too deep": strings.Repeat("<b>", 600)} {
		if text, err := maintext.Extract(page, "::bad address"); err == nil {
			t.Errorf("%s gave %q", why, text.Body)
		}
	}
}

// A page's headline, pointers to other stories and invitations are no part of its text.
func TestExtractLeavesOut(t *testing.T) {
	page := func(body string) string {
		return strings.Replace(article(body), "<title>T</title>", "<title>Ferry runs aground off Nordholm - The Harbour Paper</title>", 1)
	}
	for _, c := range []struct{ why, body, has, lacks string }{
		{"the headline", "<h1>Ferry runs aground off Nordholm</h1><p>Nobody was hurt on Friday.</p>", "Nobody was hurt on Friday.", "Ferry runs aground"},
		{"a pointer to another story", "<p>Nobody was hurt on Friday.</p><p>Read more: <a href=/b>Mayor resigns</a></p>", "Nobody was hurt", "Mayor"},
		{"one in German", "<p>Nobody was hurt on Friday.</p><p>Das könnte Sie auch interessieren!</p>", "Nobody was hurt", "interessieren"},
		{"a label that stands alone", "<p>Nobody was hurt on Friday.</p><p>Advertisement</p><p>The crew stayed.</p>", "The crew stayed.", "Advertisement"},
		{"a notice of rights", "<p>Nobody was hurt on Friday.</p><p>© 2026 The Harbour Paper</p>", "Nobody was hurt", "©"},
		{"but no sentence that begins like a label", "<p>Share prices of the shipping line fell on Friday.</p><p>Read by nobody, the warning lay on a desk.</p>", "Share prices of the shipping line fell on Friday.\n\nRead by nobody", "\n\n\n"},
		{"nor a long paragraph that begins like a pointer", "<p>Read more books, said the minister of Nordholm on Friday, and he meant it: he had brought one along, and read from it for an hour and a half.</p>", "he had brought one along", "\n\n\n"},
	} {
		t.Run(c.why, func(t *testing.T) {
			text, err := maintext.Extract(page(c.body), "https://example.test/a")
			if err != nil || !strings.Contains(text.Body, c.has) || strings.Contains(text.Body, c.lacks) {
				t.Errorf("error %v, text %.300q", err, text.Body)
			}
		})
	}
}

// A teaser beside a story that is much longer is not the story.
func TestSecondOpinion(t *testing.T) {
	box := "<article><p>" + strings.Repeat("A short box beside the story says this. ", 8) + "</p></article>"
	story := "<div>" + strings.Repeat("<div>A paragraph of the long story, written in plain divisions as some sites do it, every one of them a sentence or two.</div>", 40) + "</div>"
	text, err := maintext.Extract("<html><body>"+box+"<div>"+story+"</div></body></html>", "https://example.test/a")
	if err != nil || text.Source != messages.TextFromReadability || !strings.Contains(text.Body, "plain divisions") {
		t.Errorf("error %v, source %s, text %.200q", err, text.Source, text.Body)
	}
}

// sound reports what is wrong with a text that leaves the room.
func sound(s string) error {
	switch {
	case !utf8.ValidString(s):
		return errors.New("it is not valid UTF-8")
	case strings.TrimFunc(s, unicode.IsSpace) != s:
		return errors.New("it has white space at its ends")
	case strings.Contains(s, "\n\n\n") || strings.Contains(s, "  ") || strings.Contains(s, " \n") || strings.Contains(s, "\n "):
		return errors.New("it has runs of white space")
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
		return errors.New("it has control characters")
	}
	return nil
}

func FuzzFromFeed(f *testing.F) {
	f.Add("<p>a<br>b</p><pre> x\n y</pre><td>c<![CDATA[d]]><script>e</script>\xff\x00")
	f.Add("plain\n\n text &amp; &#0; &#xD800; more <")
	f.Fuzz(func(t *testing.T, in string) {
		for _, got := range []string{maintext.FromFeed(in), maintext.OneLine(in)} {
			if err := sound(got); err != nil {
				t.Errorf("%q gives %q: %v", in, got, err)
			}
		}
		if strings.Contains(maintext.OneLine(in), "\n") {
			t.Errorf("%q gives a title of two lines", in)
		}
	})
}

// Any bytes under any type: text that is sound and the same every time, or an error; never a panic.
func FuzzPage(f *testing.F) {
	f.Add([]byte(article("<h1>Title</h1><p>He left.</p>")), "text/html; charset=utf-8")
	f.Add([]byte("<html><meta charset=koi8-r><p>\xCB\xCF\xCD</p><table><tr><td>x</table><b><i><svg><p>"), "")
	f.Add([]byte("\xFF\xFE<\x00p\x00>\x00"), "text/html")
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		page, _, err := maintext.Decode(body, kind)
		if err != nil {
			return
		}
		if !utf8.ValidString(page) {
			t.Fatalf("decoded to %q, which is not UTF-8", page)
		}
		first, err := maintext.Extract(page, "https://example.test/")
		again, err2 := maintext.Extract(page, "https://example.test/")
		if first != again || (err == nil) != (err2 == nil) {
			t.Errorf("first %q (%v), then %q (%v)", first, err, again, err2)
		}
		if err := sound(first.Body); err != nil {
			t.Errorf("%q: %v", first.Body, err)
		}
	})
}

func ExampleExtract() {
	page := `<html><body><nav><a href="/">Home</a></nav><article><p>The talks went on for a third day.</p></article></body></html>`
	text, err := maintext.Extract(page, "https://example.test/talks")
	fmt.Println(text.Body, err)
	// Output: The talks went on for a third day. <nil>
}

func ExampleFromFeed() {
	fmt.Printf("%q\n", maintext.FromFeed("<p>Fish &amp; chips<br>are back</p><p>At last.</p>"))
	// Output: "Fish & chips\nare back\n\nAt last."
}

func ExampleOneLine() {
	fmt.Println(maintext.OneLine(" Fish &amp; <b>chips</b>\n are back"))
	// Output: Fish & chips are back
}

func ExampleDecode() {
	page, note, err := maintext.Decode([]byte("<p>caf\xE9</p>"), "text/html")
	fmt.Println(page, note == "", err)
	// Output: <p>café</p> true <nil>
}

func ExampleLimit() {
	short, cut := maintext.Limit("The talks went on for a third day.", 16)
	fmt.Printf("%q %v\n", short, cut)
	// Output: "The talks went" true
}

func ExampleUnpack() {
	_, _, err := maintext.Unpack([]byte("not compressed"), 1<<20)
	fmt.Println(err != nil)
	// Output: true
}
