package article

import "testing"

func TestNormalURL(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"scheme, www, default port and trailing slash make no difference", "HTTPS://www.Example.com:443/a/", "http://example.com/a"},
		{"the mobile and amp hosts are the same site", "https://amp.m.example.com/a", "http://example.com/a"},
		{"a registered domain that looks like a prefix stays", "https://m.co.uk/a", "http://m.co.uk/a"},
		{"a sub-domain that is not a rendering stays", "https://blog.example.com/a", "http://blog.example.com/a"},
		{"another port is another site", "http://example.com:8080/a", "http://example.com:8080/a"},
		{"tracking parameters go, the rest is sorted", "http://e.com/a?utm_source=x&b=2&a=1&fbclid=9", "http://e.com/a?a=1&b=2"},
		{"a source parameter naming the feed goes", "http://e.com/a?source=rss&from=Feed", "http://e.com/a"},
		{"a source parameter that chooses the article stays", "http://e.com/a?source=reuters", "http://e.com/a?source=reuters"},
		{"a fragment goes", "http://e.com/a#top", "http://e.com/a"},
		{"a hash-bang is an address", "http://e.com/#!/a", "http://e.com#!/a"},
		{"needless escapes go, others are upper case", "http://e.com/%7Ea/%e4%2fb", "http://e.com/~a/%E4%2Fb"},
		{"dot segments are resolved", "http://e.com/a/../b/./c", "http://e.com/b/c"},
		{"escaped dots are dots", "http://e.com/a/%2e%2e/b", "http://e.com/b"},
		{"an international host is written in ASCII", "http://Bücher.example/ä", "http://xn--bcher-kva.example/%C3%A4"},
		{"user names do not matter", "http://u:p@e.com/a", "http://e.com/a"},
		{"a redirector that names its target is that target", "https://www.google.com/url?rct=j&url=https://e.com/a%3Fb%3D1&ct=ga", "http://e.com/a?b=1"},
		{"white space around it does not matter", "  http://e.com/a\n", "http://e.com/a"},
		{"a parameter twice is once", "http://e.com/?a=1&a=1", "http://e.com?a=1"},
		{"IPv6 keeps its brackets", "http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"},
		{"mail is not the web", "mailto:a@e.com", ""},
		{"a path alone is no address", "/a/b", ""},
	} {
		if got := NormalURL(c.in); got != c.want {
			t.Errorf("%s: NormalURL(%q) = %q, want %q", c.why, c.in, got, c.want)
		}
	}
}

func FuzzNormalURL(f *testing.F) {
	for _, s := range []string{
		"https://www.Example.com:443/a/?utm_source=x&b=2#!f", "http://e.com/%2e%2e//a;b=c?=&&x=%zz", "http://www.www.com/",
		"https://google.com/url?q=https://google.com/url?q=http://e.com/a", "http://[fe80::1%25en0]/", "http://xn--a/", "http://e.com/a?b?c", "http://Xn--", "http://.",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := NormalURL(s)
		if twice := NormalURL(once); once != "" && twice != once {
			t.Fatalf("NormalURL is not idempotent: %q → %q → %q", s, once, twice)
		}
	})
}

func TestSource(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"the registrable domain, not the host", "https://feeds.bbci.co.uk/news/rss.xml", "bbci-co-uk"},
		{"dashes and dots stay apart", "https://foo-bar.com/rss", "foo_bar-com"},
		{"a bare name", "http://localhost:8080/feed", "localhost"},
		{"an IPv4 address", "http://127.0.0.1:9/feed", "127-0-0-1"},
		{"an international domain", "https://www.bücher.example/", "xn__bcher_kva-example"},
		{"no host, no source", "/feed", ""},
	} {
		if got := Source(c.in); got != c.want {
			t.Errorf("%s: Source(%q) = %q, want %q", c.why, c.in, got, c.want)
		}
	}
	if got := Source("http://[2001:db8::1]/feed"); got == "" || got == Source("http://[2001:db8::2]/feed") {
		t.Errorf("two IPv6 hosts share the source %q", got)
	}
}
