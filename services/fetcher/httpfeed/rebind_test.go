package httpfeed

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"tocsin/services/fetcher"
)

// names is a DNS server on loopback. Each name has the answers to its lookups in turn; the last one stands.
type names struct {
	mu    sync.Mutex
	turns map[string][][]netip.Addr
	asked map[string]int
}

// serve answers until the test is over.
func (n *names) serve(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		b := make([]byte, 512)
		for {
			size, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			if out, err := n.answer(b[:size]); err == nil {
				_, _ = conn.WriteTo(out, from) // the asker tries again
			}
		}
	})
	t.Cleanup(func() {
		_ = conn.Close()
		serving.Wait()
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (n *names) answer(query []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil || len(m.Questions) != 1 {
		return nil, errors.New("not one question")
	}
	q := m.Questions[0]
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	for _, a := range n.of(strings.TrimSuffix(q.Name.String(), "."), q.Type) {
		var body dnsmessage.ResourceBody = &dnsmessage.AAAAResource{AAAA: a.As16()}
		if q.Type == dnsmessage.TypeA {
			body = &dnsmessage.AResource{A: a.As4()}
		}
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: body,
		})
	}
	return m.Pack()
}

// of counts lookups by their questions for IPv4; that for IPv6 comes with each.
func (n *names) of(name string, kind dnsmessage.Type) (all []netip.Addr) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.asked == nil {
		n.asked = map[string]int{}
	}
	key := name + kind.String()
	turns := n.turns[name]
	if len(turns) == 0 {
		return nil
	}
	for _, a := range turns[min(n.asked[key], len(turns)-1)] {
		if a.Is4() == (kind == dnsmessage.TypeA) {
			all = append(all, a)
		}
	}
	n.asked[key]++
	return all
}

func addrs(list ...string) (all []netip.Addr) {
	for _, s := range list {
		all = append(all, netip.MustParseAddr(s))
	}
	return all
}

// TestRebinding has names that lead to a site that may be fetched and, once they are trusted, into the house. What counts is
// the address that is connected to, each time.
func TestRebinding(t *testing.T) {
	var served atomic.Int64
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		w.Header().Set("Connection", "close") // the next request looks the name up again
		if r.URL.Path == "/hop" {
			http.Redirect(w, r, "/feed", http.StatusFound)
			return
		}
		_, _ = w.Write([]byte(document))
	})
	port := s.URL[strings.LastIndexByte(s.URL, ':'):]
	for _, c := range []struct {
		why    string
		turns  [][]netip.Addr
		path   string
		tries  int
		served int64
		kind   string // of the last try; "<nil>" when it worked
	}{
		{"the name stays outside", [][]netip.Addr{addrs("127.0.0.1")}, "/feed", 2, 2, "<nil>"},
		{"the second lookup leads inside", [][]netip.Addr{addrs("127.0.0.1"), addrs("10.0.0.1")}, "/feed", 2, 1, fetcher.FailAddress},
		{"the second lookup leads to the cloud's metadata", [][]netip.Addr{addrs("127.0.0.1"), addrs("169.254.169.254")}, "/feed", 2, 1, fetcher.FailAddress},
		{"the second lookup leads inside by IPv6", [][]netip.Addr{addrs("127.0.0.1"), addrs("fd00:ec2::254")}, "/feed", 2, 1, fetcher.FailAddress},
		{"the name changes between a redirect and its target", [][]netip.Addr{addrs("127.0.0.1"), addrs("192.168.1.1")}, "/hop", 1, 1, fetcher.FailAddress},
		{"of two addresses only the one outside is connected to", [][]netip.Addr{addrs("10.0.0.1", "127.0.0.1")}, "/feed", 1, 1, "<nil>"},
		{"an address inside that is written as IPv4 in IPv6", [][]netip.Addr{addrs("::ffff:10.0.0.1")}, "/feed", 1, 0, fetcher.FailAddress},
	} {
		t.Run(c.why, func(t *testing.T) {
			served.Store(0)
			dns := &names{turns: map[string][][]netip.Addr{"rebind.test": c.turns}}
			client := client(t, func(o *Options) { o.Resolver = dns.serve(t) })
			var err error
			for range c.tries {
				_, err = fetch(t, client, "http://rebind.test"+port+c.path)
			}
			if kindOf(err) != c.kind || served.Load() != c.served {
				t.Errorf("the last try gave %v, %d requests were served; want %q and %d", err, served.Load(), c.kind, c.served)
			}
		})
	}
}

// errReached stands for a connection that the guard let through and that is not made.
var errReached = errors.New("the guard let it through")

// TestEveryAddressEveryWay tries every address of the tables as a name's and as a redirect's: none that is not public is
// connected to, all others are.
func TestEveryAddressEveryWay(t *testing.T) {
	list := addresses
	if shared, err := os.ReadFile(filepath.Join(sharedRoot(), "data", "feeds", "addresses.tsv")); err == nil {
		list += string(shared)
	}
	var to atomic.Value
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, to.Load().(string), http.StatusFound)
	})
	home := netip.MustParseAddrPort(strings.TrimPrefix(s.URL, "http://"))
	for line := range strings.Lines(list) {
		fields := strings.Fields(line)
		if len(fields) != 2 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		addr := netip.MustParseAddr(fields[0])
		dns := &names{turns: map[string][][]netip.Addr{"name.test": {{addr.WithZone("")}}}}
		ways := map[string]string{"a redirect to the address": "http://" + (&url.URL{Host: netip.AddrPortFrom(addr, 80).String()}).Host}
		if addr.Zone() == "" {
			ways["its name"], ways["a redirect to its name"] = "http://name.test/feed", "http://name.test/feed"
		}
		for way, target := range ways {
			client := client(t, func(o *Options) {
				o.AllowPrivate, o.Resolver = []netip.Prefix{netip.PrefixFrom(home.Addr(), 32)}, dns.serve(t)
			})
			if addr.Unmap() == home.Addr() {
				continue // allowed by name, for the redirect to come from
			}
			client.stopConnections(home)
			to.Store(strings.Replace(target, "%", "%25", 1))
			ask := s.URL
			if way == "its name" {
				ask = target
			}
			_, err := fetch(t, client, ask)
			refused := kindOf(err) == fetcher.FailAddress
			if reached := errors.Is(err, errReached); reached != (fields[1] == "yes") || refused == reached {
				t.Errorf("%s %s: %v", way, addr, err)
			}
		}
	}
}

// stopConnections lets the guard decide on every connection and makes none but those to home.
func (c *Client) stopConnections(home netip.AddrPort) {
	guard := guard{allow: c.o.AllowPrivate, ports: c.o.Ports}
	dialer := net.Dialer{Resolver: c.o.Resolver, ControlContext: func(ctx context.Context, network, address string, raw syscall.RawConn) error {
		if err := guard.control(ctx, network, address, raw); err != nil || address == home.String() {
			return err
		}
		return errReached
	}}
	c.transport.DialContext = dialer.DialContext
}
