package article

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// NormalURL writes an address in the one form under which it is known as a key; it is not meant to be fetched. Scheme,
// "www." and its like, default ports, user names, tracking parameters, the order of parameters, a trailing slash, needless
// escapes and fragments (but "#!…") make no difference. Redirectors that carry their target are replaced by it.
//
// It is idempotent. Anything but an absolute http or https address gives "".
func NormalURL(address string) string {
	u := parseWeb(address)
	if u == nil {
		return ""
	}
	host := plainHost(u)
	var b strings.Builder
	b.WriteString("http://")
	b.WriteString(host)
	b.WriteString(normalPath(u.EscapedPath()))
	if q := normalQuery(u.RawQuery, host); q != "" {
		b.WriteByte('?')
		b.WriteString(q)
	}
	if f := u.EscapedFragment(); strings.HasPrefix(f, "!") {
		b.WriteByte('#')
		b.WriteString(normalEscapes(f))
	}
	return b.String()
}

// parseWeb parses an http or https address and follows redirectors that name their target; nil when it is neither.
func parseWeb(address string) *url.URL {
	for {
		u, err := url.Parse(strings.TrimSpace(address))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || !isHost(asciiHost(u.Hostname())) {
			return nil
		}
		target := redirectTarget(u)
		if target == "" || len(target) >= len(address) {
			return u
		}
		address = target
	}
}

// isHost reports whether a host in ASCII can be a name or an address; what cannot is nobody's page.
func isHost(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.IsValid()
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" {
			return false
		}
	}
	return !strings.ContainsFunc(host, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
	})
}

// redirectTarget returns the address a known redirector carries in its own, or "".
func redirectTarget(u *url.URL) string {
	var names []string
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	switch {
	case host == "google.com" && u.Path == "/url":
		names = []string{"url", "q"}
	case host == "bing.com" && u.Path == "/news/apiclick.aspx":
		names = []string{"url"}
	case strings.HasSuffix(host, "facebook.com") && u.Path == "/l.php":
		names = []string{"u"}
	}
	for _, name := range names {
		target := strings.TrimSpace(u.Query().Get(name))
		if t, err := url.Parse(target); err == nil && t.Hostname() != "" && (t.Scheme == "http" || t.Scheme == "https") {
			return target
		}
	}
	return ""
}

// plainHost is the host without the prefixes that name another rendering of the same site, and without default ports.
func plainHost(u *url.URL) string {
	host := asciiHost(u.Hostname())
	domain := registrable(host)
	for cut := true; cut; {
		cut = false
		for _, prefix := range []string{"www.", "m.", "amp."} {
			if rest, ok := strings.CutPrefix(host, prefix); ok && host != domain && rest != "" {
				host, cut = rest, true
			}
		}
	}
	if strings.Contains(host, ":") {
		host, _, _ = strings.Cut(host, "%") // the zone of a link-local address is this machine's own affair
		host = "[" + host + "]"
	}
	if port := strings.TrimLeft(u.Port(), "0"); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	return host
}

// normalPath resolves dot segments (RFC 3986, 5.2.4) and drops the trailing slash.
func normalPath(escaped string) string {
	var out []string
	for segment := range strings.SplitSeq(normalEscapes(escaped), "/") {
		switch segment {
		case ".":
		case "..":
			if len(out) > 1 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, segment)
		}
	}
	path := strings.TrimRight(strings.Join(out, "/"), "/")
	if path != "" && path[0] != '/' {
		path = "/" + path
	}
	return path
}

// normalQuery drops parameters that only say how the reader came, and sorts the rest.
func normalQuery(raw, host string) string {
	var keep []string
	for pair := range strings.SplitSeq(raw, "&") {
		pair = normalEscapes(pair)
		name, value, _ := strings.Cut(pair, "=")
		if pair != "" && pair != "=" && !isTracking(strings.ToLower(name), strings.ToLower(value), host) {
			keep = append(keep, pair)
		}
	}
	slices.Sort(keep)
	return strings.Join(slices.Compact(keep), "&")
}

// normalEscapes decodes what needs no escape (RFC 3986, 2.3), writes other escapes in upper case, and escapes bytes that
// may not stand in an address.
func normalEscapes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		escaped := c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
		if escaped {
			c = unhex(s[i+1])<<4 | unhex(s[i+2])
			i += 2
		}
		if isUnreserved(c) || !escaped && strings.IndexByte("!$&'()*+,;=:@/?", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		writeEscape(&b, c)
	}
	return b.String()
}

func writeEscape(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.WriteByte('%')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}

func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}
