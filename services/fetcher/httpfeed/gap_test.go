package httpfeed

import (
	"net/netip"
	"net/url"
	"testing"
	"time"
)

func TestOwnNetworksNeedNoSparing(t *testing.T) {
	c, err := New(Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for address, want := range map[string]time.Duration{
		"http://127.0.0.1:8080/rss":           0,
		"http://[::ffff:127.0.0.1]:8080/rss":  0,
		"http://localhost/rss":                0,
		"http://10.0.0.1/rss":                 time.Second,
		"https://127.0.0.1.nip.example/rss":   time.Second,
		"https://feeds.courier.example/world": time.Second,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.gap(u, time.Second); got != want {
			t.Errorf("%s rests %v, want %v", address, got, want)
		}
	}
}
