package article

import (
	"slices"
	"strings"
)

// isTracking reports whether a parameter only says how the reader came. Name and value are lower-case; host is the key's.
func isTracking(name, value, host string) bool {
	for _, prefix := range []string{"utm_", "mtm_", "at_", "mc_", "_hs", "vero_", "ns_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	switch name {
	case "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid", "igshid", "mkt_tok", "srsltid", "cmpid", "ito":
		return true
	case "ref", "source", "origin", "from":
		return slices.Contains([]string{"rss", "feed", host, "www." + host}, value)
	}
	return false
}
