package main

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"tocsin/internal/newsroom"
	"tocsin/services/fetcher"
	"tocsin/services/fetcher/httpfeed"
)

// TestMischiefsAreMet has the fetcher's client meet mischiefs of the wire, each of which must be what it says.
func TestMischiefsAreMet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ mischief, kind, says string }{
		{"gzip-bomb", fetcher.FailTooBig, ""},
		{"brotli-bomb", fetcher.FailTooBig, ""},
		{"zstd-bomb", fetcher.FailTooBig, ""},
		{"to-nowhere", fetcher.FailDNS, "nowhere.invalid"},
		{"to-no-tls", fetcher.FailTLS, ""},
		{"to-private", fetcher.FailAddress, "10.0.0.1"},
		{"to-file", fetcher.FailAddress, "file:"},
		{"reset", fetcher.FailConnect, ""},
	} {
		t.Run(c.mischief, func(t *testing.T) {
			t.Parallel()
			room, err := newsroom.Serve([]newsroom.Item{{Source: "s", Title: "One"}}, newsroom.Options{
				Domain: domain, Plan: []newsroom.Planned{{Source: "s", Mischief: c.mischief, Until: time.Hour}},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = room.Close() }()
			client, err := httpfeed.New(httpfeed.Options{
				AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Resolver: noNames(),
				Resolve: map[string]string{"*." + domain: room.Addr()},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			r, err := client.Fetch(t.Context(), fetcher.Request{URL: room.Feeds()[0].URL})
			f, ok := err.(*fetcher.Failure) //nolint:errorlint // the client's own type, unwrapped
			if !ok || f.Kind != c.kind || !strings.Contains(f.Sentence, c.says) {
				t.Errorf("%+v with %d bytes, error %v; want a failure of kind %s", r.Notes, len(r.Body), err, c.kind)
			}
		})
	}
}
