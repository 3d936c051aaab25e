package httpfeed

import (
	"bufio"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"code.dny.dev/ssrf"
)

// addresses are one or more of every block that is not the public internet, and neighbours that are.
const addresses = `
8.8.8.8 yes
1.1.1.1 yes
172.15.255.255 yes
172.32.0.0 yes
100.63.255.255 yes
100.128.0.0 yes
2606:4700::1111 yes
::ffff:8.8.8.8 yes
127.0.0.1 no
127.9.9.9 no
10.1.1.1 no
172.16.0.1 no
172.31.255.255 no
192.168.1.1 no
169.254.169.254 no
169.254.170.2 no
100.64.0.1 no
100.100.100.200 no
192.0.0.192 no
192.0.2.1 no
198.18.0.1 no
198.51.100.1 no
203.0.113.1 no
0.0.0.0 no
0.1.2.3 no
224.0.0.1 no
240.0.0.1 no
255.255.255.255 no
:: no
::1 no
::ffff:127.0.0.1 no
::ffff:169.254.169.254 no
::127.0.0.1 no
64:ff9b::7f00:1 no
64:ff9b:1::1 no
2001:0:7f00:1:: no
2001:db8::1 no
2002:7f00:1:: no
3fff::1 no
5f00::1 no
100::1 no
fc00::1 no
fd00:ec2::254 no
fe80::1 no
fe80::1%eth0 no
fec0::1 no
ff02::1 no
`

func TestIsPublic(t *testing.T) { checkAddresses(t, addresses) }

func TestSharedAddresses(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(sharedRoot(), "data", "feeds", "addresses.tsv"))
	if err != nil {
		t.Skipf("development data is not here (set TOCSIN_SHARED to its folder): %v", err)
	}
	checkAddresses(t, string(data))
}

// sharedRoot is where the development data is.
func sharedRoot() string {
	if root := os.Getenv("TOCSIN_SHARED"); root != "" {
		return root
	}
	return filepath.Join("..", "..", "..", "..", "shared")
}

func checkAddresses(t *testing.T, list string) {
	t.Helper()
	n := 0
	for in := bufio.NewScanner(strings.NewReader(list)); in.Scan(); {
		fields := strings.Fields(in.Text())
		if len(fields) != 2 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		n++
		addr := netip.MustParseAddr(fields[0])
		if got, want := isPublic(addr), fields[1] == "yes"; got != want {
			t.Errorf("isPublic(%s) = %v, want %v", addr, got, want)
		}
	}
	if n == 0 {
		t.Error("no address was checked")
	}
}

// TestGuardIsNoLaxer holds the table to an independent one: what the library refuses is refused here.
func TestGuardIsNoLaxer(t *testing.T) {
	library := ssrf.New()
	for line := range strings.Lines(addresses) {
		fields := strings.Fields(line)
		if len(fields) != 2 {
			continue
		}
		addr := netip.MustParseAddr(fields[0])
		addr = addr.Unmap() // as the kernel dials it
		network := "tcp4"
		if addr.Is6() {
			network = "tcp6"
		}
		if library.Safe(network, netip.AddrPortFrom(addr, 443).String(), nil) != nil && isPublic(addr) {
			t.Errorf("%s is refused by the library and allowed here", addr)
		}
	}
}

func TestGuardPorts(t *testing.T) {
	g := guard{allow: prefixes("127.0.0.0/8"), ports: []int{8080}}
	for _, c := range []struct {
		why, addr string
		port      int
		ok        bool
	}{
		{"the web's ports", "8.8.8.8", 443, true},
		{"a configured port", "8.8.8.8", 8080, true},
		{"another port", "8.8.8.8", 25, false},
		{"an allowed network, any port", "127.0.0.1", 9999, true},
		{"an allowed network written as IPv6", "::ffff:127.0.0.1", 9999, true},
		{"a private network that is not the allowed one", "10.0.0.1", 443, false},
	} {
		if err := g.check(netip.MustParseAddr(c.addr), c.port); (err == nil) != c.ok {
			t.Errorf("%s: %s:%d gives %v", c.why, c.addr, c.port, err)
		}
	}
}
