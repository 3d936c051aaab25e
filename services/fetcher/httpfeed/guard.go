package httpfeed

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"syscall"
)

// guard refuses connections into the house. It stands in the dialer, after the name was resolved and before anything is
// sent, so that redirects and names that resolve differently the second time meet it too.
type guard struct {
	allow []netip.Prefix
	ports []int
}

// refusal is a connection that the guard did not let through.
type refusal struct{ why string }

// Error implements error.
func (r *refusal) Error() string { return r.why }

// control implements net.Dialer.ControlContext; address is the resolved one.
func (g guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return &refusal{"only TCP connections are made, not " + network}
	}
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return &refusal{"the address " + address + " cannot be read"}
	}
	return g.check(target.Addr(), int(target.Port()))
}

// check returns nil when the address may be connected to.
func (g guard) check(addr netip.Addr, port int) error {
	plain := addr.WithZone("").Unmap()
	for _, p := range g.allow {
		if p.Contains(plain) || p.Contains(addr.WithZone("")) {
			return nil
		}
	}
	switch {
	case !isPublic(addr):
		return &refusal{fmt.Sprintf("the address %s is not on the public internet; name its network in --allow-private if that is meant", addr)}
	case port != 80 && port != 443 && !slices.Contains(g.ports, port):
		return &refusal{fmt.Sprintf("port %d is not one that feeds are fetched from (80, 443); name it in --allow-port if that is meant", port)}
	}
	return nil
}

// isPublic reports whether an address belongs to the public internet: of IPv6 only the global unicast block and in it
// nothing that embeds IPv4 or is reserved, of IPv4 all but what the registries list (IANA special-purpose address
// registries, RFC 6890; multicast and class E).
func isPublic(addr netip.Addr) bool {
	if addr.Zone() != "" {
		return false
	}
	addr = addr.Unmap()
	if addr.Is4() {
		return !containsAny(special4, addr)
	}
	return global6.Contains(addr) && !containsAny(special6, addr)
}

func containsAny(list []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(addr) })
}

var (
	special4 = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
		"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4")
	global6 = netip.MustParsePrefix("2000::/3")
	// Teredo and other protocol assignments, documentation, 6to4.
	special6 = prefixes("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}
