package article

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"tocsin/pkg/messages"
)

// Source makes the slug of a publisher from an address: its registrable domain (Public Suffix List) with dots as dashes
// and dashes as underscores, so that two domains never share one. A host that cannot be written that way (IPv6, over 64
// bytes) is cut and gets a hash; an address without a host gives "".
func Source(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	host := registrable(asciiHost(u.Hostname()))
	slug := strings.NewReplacer("-", "_", ".", "-").Replace(host)
	if len(slug) <= 64 && messages.IsToken(slug) {
		return slug
	}
	cut := messages.Slug(host)
	cut = strings.Trim(cut[:min(len(cut), 40)]+"-"+messages.Hash(host), "-")
	return cut
}

// asciiHost lower-cases a host and writes international names in their ASCII form; what IDNA refuses stays as it is.
func asciiHost(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if ascii, err := idna.Lookup.ToASCII(host); err == nil && ascii != "" {
		return ascii
	}
	return host
}

// registrable cuts a host down to the domain somebody registered; addresses and bare names stay whole.
func registrable(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}
