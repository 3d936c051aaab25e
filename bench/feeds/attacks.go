package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
)

// attack is a document made to cost its reader more than it cost its writer.
type attack struct {
	name string
	make func() []byte
}

// most is the largest document that reaches the parser.
const most = 8 << 20

// filled repeats s up to the largest document, between head and tail.
func filled(head, s, tail string) func() []byte {
	return func() []byte {
		return []byte(head + strings.Repeat(s, (most-len(head)-len(tail))/len(s)) + tail)
	}
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

const (
	rssHead = `<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>`
	rssTail = `</channel></rss>`
)

// attacks are those of the study and more, by what they strain.
func attacks() []attack {
	var all []attack
	for _, some := range [][]attack{structure(), items(), texts(), encodings(), others()} {
		all = append(all, some...)
	}
	return all
}

func structure() []attack {
	return []attack{
		{"elements nested 1.6 million deep", filled(rssHead, "<x:a>", "")},
		{"elements nested deep in one item", filled(rssHead+"<item><description>", "<b>", "")},
		{"20,000 namespaces on one tag", func() []byte {
			return []byte("<rss" + numbered(20000, ` xmlns:n%d="u"`) + "><channel>" + strings.Repeat("<n1:a/>", 2000) + rssTail)
		}},
		{"namespaces level by level", func() []byte { return []byte("<rss><channel>" + numbered(10000, `<a xmlns:n%d="u" xmlns="v">`)) }},
		{"a namespace on each of many siblings", filled(rssHead+"<item>", `<a xmlns:n="u"/>`, "</item>"+rssTail)},
		{"many elements of other vocabularies", filled(rssHead+"<item>", `<a:b>c</a:b>`, "</item>"+rssTail)},
		{"many different elements", func() []byte {
			return []byte(rssHead + "<item>" + numbered(400000, "<x:a%d>c</x:a%[1]d>") + "</item>" + rssTail)
		}},
		{"an attribute of 8 MB", filled(`<rss a="`, "x", `">`)},
		{"a quote that never closes", filled(rssHead, `<a b="c`, "")},
		{"tags that never close", filled(rssHead, `<a `, "")},
		{"a comment of 8 MB before the root", filled("<!--", "<rss>", "-->"+rssHead+rssTail)},
		{"comments that never end", filled(rssHead, "<!--", "")},
		{"CDATA that never ends", filled(rssHead+"<item><title>", "<![CDATA[", "")},
		{"a DOCTYPE of 8 MB", filled("<!DOCTYPE r [", `<!ENTITY a "b">`, "]>"+rssHead+rssTail)},
		{"billion laughs", func() []byte {
			return []byte(`<!DOCTYPE r [<!ENTITY a "ha">` + numbered(20, `<!ENTITY b%d "&a;&a;&a;&a;&a;&a;&a;&a;">`) + `]>` + rssHead + `<item><title>&b19;</title></item>` + rssTail)
		}},
		{"a file of the machine as an entity", func() []byte {
			return []byte(`<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + rssHead + `<item><title>&a;</title></item>` + rssTail)
		}},
		{"a head of 8 MB with a damaged item", filled(rssHead, "<image><url>u</url></image>", `<item><title>a<b</title></item>`+rssTail)},
	}
}

func items() []attack {
	return []attack{
		{"tiny items", filled(rssHead, "<item><title>a</title></item>", rssTail)},
		{"self-closing items", filled(rssHead, "<item/>", rssTail)},
		{"items without an end", filled(rssHead, "<item><title>a</title>", rssTail)},
		{"items opened only", filled(rssHead, "<item>", "")},
		{"items of other vocabularies", filled(rssHead, "<x:item></x:item>", rssTail)},
		{"bad dates", filled(rssHead, "<item><pubDate>31 Febtober 20x6 99:99</pubDate><dc:date>soon</dc:date></item>", rssTail)},
		{"bad dates in Atom", filled(`<feed xmlns="http://www.w3.org/2005/Atom">`, "<entry><id>a</id><updated>2006-99-99T99:99:99Z</updated><published>x</published></entry>", "</feed>")},
		{"damaged items under a large root", func() []byte {
			return []byte("<rss" + numbered(200, ` a%d="`+strings.Repeat("x", 250)+`"`) + "><channel>" + strings.Repeat(`<item><title>a<b</title></item>`, 2000) + rssTail)
		}},
		{"large damaged items", filled(rssHead, "<item><title>"+strings.Repeat("word ", 700)+" a < b <c d</title></item>", rssTail)},
		{"2,000 items of 4 KB", filled(rssHead, "<item><title>t</title><description>"+strings.Repeat("&lt;p&gt;some words&lt;/p&gt; ", 130)+"</description></item>", rssTail)},
		{"a long list of authors", filled(rssHead+"<item>", "<dc:creator>Somebody Else</dc:creator>", "</item>"+rssTail)},
		{"a long list of links", filled(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id>`, `<link href="/a"/>`, "</entry></feed>")},
		{"a long list of categories", filled(rssHead+"<item>", "<category>news</category>", "</item>"+rssTail)},
	}
}

func texts() []attack {
	in := func(name, s string) attack {
		return attack{name, filled(rssHead+"<item><title>", s, "</title></item>"+rssTail)}
	}
	return []attack{
		in("a title of 8 MB", "a title "),
		in("ampersands", "&"),
		in("entities", "&amp;"),
		in("entities that are none", "&nosuchentity;"),
		in("character references", "&#x41;"),
		in("escaped tags", "&lt;b&gt;"),
		in("escaped scripts", "&lt;script&gt;"),
		in("brackets", "< "),
		in("many CDATA sections", "<![CDATA[a]]>"),
		in("accents upon accents", "\u0301"),
		{"a description of tags", filled(rssHead+"<item><description><![CDATA[", "<img src=x><a href=y>", "]]></description></item>"+rssTail)},
		{"an Atom entry of XHTML", filled(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><content type="xhtml"><div>`, `<p><a href="x">y</a></p>`, "</div></content></entry></feed>")},
		{"an Atom entry of base64", filled(`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><content mode="base64" type="image/png">`, `QUJD`, "</content></entry></feed>")},
		{"a guid of 8 MB", filled(rssHead+"<item><guid>", "http://e.com/", "</guid></item>"+rssTail)},
	}
}

func encodings() []attack {
	return []attack{
		{"bytes of no charset", filled(rssHead+"<item><title>", "\xff\xfe\x80", "</title></item>"+rssTail)},
		{"control characters", filled(rssHead+"<item><title>", "a\x01\x02", "</title></item>"+rssTail)},
		{"zero bytes", filled(rssHead, "\x00", rssTail)},
		{"UTF-16", func() []byte {
			var b bytes.Buffer
			b.Write([]byte{0xff, 0xfe})
			for _, u := range utf16.Encode([]rune(rssHead + "<item><title>" + strings.Repeat("字", most/2-200) + "</title></item>" + rssTail)) {
				b.Write([]byte{byte(u), byte(u >> 8)})
			}
			return b.Bytes()
		}},
		{"a charset of one byte, all of them high", filled(`<?xml version="1.0" encoding="windows-1251"?>`+rssHead[21:]+"<item><title>", "\xe0\xe1\xe2", "</title></item>"+rssTail)},
		{"GB 18030", filled(`<?xml version="1.0" encoding="gb2312"?>`+rssHead[21:]+"<item><title>", "\xd6\xd0", "</title></item>"+rssTail)},
		{"ISO 2022 with its shifts", filled(`<?xml version="1.0" encoding="iso-2022-jp"?>`+rssHead[21:]+"<item><title>", "\x1b$BF|\x1b(B", "</title></item>"+rssTail)},
		{"a charset nobody knows", filled(`<?xml version="1.0" encoding="x-none"?>`+rssHead[21:]+"<item><title>", "\xe9", "</title></item>"+rssTail)},
	}
}

func others() []attack {
	return []attack{
		{"JSON nested deep", filled(`{"version":"https://jsonfeed.org/version/1","items":`, "[", "")},
		{"JSON of tiny items", filled(`{"version":"https://jsonfeed.org/version/1","items":[`, `{"id":1},`, `{"id":2}]}`)},
		{"a JSON item of 8 MB", filled(`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","content_html":"`, `\u003cp\u003e`, `"}]}`)},
		{"JSON of many members", func() []byte { return []byte("{" + numbered(400000, `"m%d":[1,2],`) + `"items":[]}`) }},
		{"JSON cut in an item", filled(`{"version":"https://jsonfeed.org/version/1","items":[`, `{"id":"a","title":"b"},`, `{"id":`)},
		{"a sitemap of tiny entries", filled(`<urlset>`, `<url><loc>http://e.com/</loc><news:news><news:title>a</news:title></news:news></url>`, `</urlset>`)},
		{"a sitemap index of many maps", filled(`<sitemapindex>`, `<sitemap><loc>http://e.com/</loc></sitemap>`, `</sitemapindex>`)},
		{"a page of feed links", filled(`<html><head>`, `<link rel="alternate" type="application/rss+xml" href="/a">`, `</head></html>`)},
		{"brackets alone", filled("", "<", "")},
		{"tags without names", filled("", "</>", "")},
		{"white space", filled("", " \n", "")},
	}
}
