package bus

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"tocsin/internal/bus/broker"
)

// serveWith starts a server of those options over TCP and returns its URL.
func serveWith(t *testing.T, o server.Options) string {
	t.Helper()
	o.Host, o.Port, o.StoreDir, o.NoSigs, o.NoLog = "127.0.0.1", -1, t.TempDir(), true, true
	ns, err := server.NewServer(&o)
	if err != nil {
		t.Fatal(err)
	}
	ns.Start()
	t.Cleanup(func() { ns.Shutdown(); ns.WaitForShutdown() })
	if !ns.ReadyForConnections(patience) {
		t.Fatal("no server")
	}
	return ns.ClientURL()
}

func TestWaysToLogIn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	seed, _ := pair.Seed()
	public, _ := pair.PublicKey()
	nkeyFile := write(t, dir, "user.nk", seed)
	password := serveWith(t, server.Options{JetStream: true, Username: "tocsin", Password: "s3cret"})
	token := serveWith(t, server.Options{JetStream: true, Authorization: "t0ken"})
	nkey := serveWith(t, server.Options{JetStream: true, Nkeys: []*server.NkeyUser{{Nkey: public}}})
	for _, c := range []struct {
		sentence string
		o        Options
		want     string // in the error; "" when it connects
	}{
		{"user and password", Options{URL: password, User: "tocsin", Password: "s3cret"}, ""},
		{"both in the URL", Options{URL: strings.Replace(password, "://", "://tocsin:s3cret@", 1)}, ""},
		{"a token", Options{URL: token, Token: "t0ken"}, ""},
		{"an nkey", Options{URL: nkey, NKeyFile: nkeyFile}, ""},
		{"a wrong password is an error at once, not waited out", Options{URL: password, User: "tocsin", Password: "guess"}, "uthorization"},
		{"so is none", Options{URL: token}, "uthorization"},
		{"a seed that is not there", Options{URL: nkey, NKeyFile: filepath.Join(dir, "none")}, "nkey"},
	} {
		b, err := Connect(deadline(t), c.o)
		switch {
		case err == nil:
			b.Close()
			if c.want != "" {
				t.Errorf("%s: connected", c.sentence)
			}
		case c.want == "" || !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: %v", c.sentence, err)
		case strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "guess"):
			t.Errorf("%s: the error tells the password: %v", c.sentence, err)
		}
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	server1, client := ca.issue(t, "server"), ca.issue(t, "client")
	cert, err := tls.LoadX509KeyPair(server1.cert, server1.key)
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{cert}, ClientCAs: ca.pool, ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS12}
	url := serveWith(t, server.Options{JetStream: true, TLS: true, TLSVerify: true, TLSConfig: config, TLSTimeout: 5})
	for _, c := range []struct {
		sentence string
		o        Options
		ok       bool
	}{
		{"both sides show a certificate", Options{URL: url, CAFile: ca.file, CertFile: client.cert, KeyFile: client.key}, true},
		{"a server nobody vouches for", Options{URL: url, CertFile: client.cert, KeyFile: client.key}, false},
		{"an authority that did not sign it", Options{URL: url, CAFile: newAuthority(t).file, CertFile: client.cert, KeyFile: client.key}, false},
	} {
		b, err := Connect(deadline(t), c.o)
		if err == nil {
			b.Close()
		}
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func TestTooOldServerIsRefusedByName(t *testing.T) {
	t.Parallel()
	url := serveWith(t, server.Options{}) // without JetStream: we answer in its place
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	_, err = nc.Subscribe("$JS.API.INFO", func(m *nats.Msg) {
		_ = m.Respond([]byte(`{"type":"io.nats.jetstream.api.v1.account_info_response","api":{"level":1}}`))
	})
	if err != nil || nc.Flush() != nil {
		t.Fatal(err)
	}
	_, err = Connect(deadline(t), Options{URL: url})
	if err == nil || !strings.Contains(err.Error(), "2.12.0") || !strings.Contains(err.Error(), server.VERSION) {
		t.Errorf("a server of API level 1: %v", err)
	}
}

func TestServerWithoutJetStreamIsWaitedForWithAHint(t *testing.T) {
	t.Parallel()
	var log notes
	ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer cancel()
	_, err := Connect(ctx, Options{URL: serveWith(t, server.Options{}), Log: log.logger()})
	if err == nil || !strings.Contains(err.Error(), "nats-server -js") || log.count("waiting for it") == 0 {
		t.Errorf("without JetStream: %v; the log: %s", err, log.text.String())
	}
}

func TestOptionsNameWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		sentence string
		o        Options
		want     string
	}{
		{"nowhere to go", Options{}, "URL or Server"},
		{"two places to go", Options{URL: "nats://x", Server: &broker.Server{}}, "URL or Server"},
		{"two ways to log in", Options{URL: "nats://x", User: "u", Token: "t"}, "not several"},
		{"a password for nobody", Options{URL: "nats://x", Password: "p"}, "without User"},
		{"a certificate without its key", Options{URL: "nats://x", CertFile: "c"}, "KeyFile"},
	} {
		if _, err := c.o.withDefaults(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func write(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// authority signs certificates for 127.0.0.1.
type authority struct {
	file string
	pool *x509.CertPool
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

type files struct{ cert, key string }

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{pool: x509.NewCertPool(), cert: cert, key: key}
	a.pool.AddCert(cert)
	a.file = write(t, t.TempDir(), "ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return a
}

func (a *authority) issue(t *testing.T, name string) files {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return files{
		write(t, dir, name+".pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		write(t, dir, name+".key", pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})),
	}
}
