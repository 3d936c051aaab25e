package elastic

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestOptions(t *testing.T) {
	url := []string{"http://localhost:9200"}
	tests := []struct {
		why  string
		o    Options
		want string
	}{
		{"no node", Options{}, "URLs is empty"},
		{"a node without scheme", Options{URLs: []string{"localhost:9200"}}, "want http:// or https://"},
		{"a prefix with a wildcard", Options{URLs: url, Prefix: "news*"}, `Prefix is "news*"`},
		{"a prefix in capitals", Options{URLs: url, Prefix: "News"}, `Prefix is "News"`},
		{"two ways to say who asks", Options{URLs: url, User: "u", APIKey: "k"}, "give one of them"},
		{"a negative timeout", Options{URLs: url, Timeout: -time.Second}, "cannot be negative"},
		{"requests too small for a document", Options{URLs: url, MaxBytes: 10}, "MaxBytes is 10"},
		{"an authority that is not there", Options{URLs: url, CAFile: filepath.Join(t.TempDir(), "no.pem")}, "CAFile"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			if _, err := Open(tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want it to say %q", err, tt.want)
			}
		})
	}
}

// TestSecureCluster asks a server with an authority of its own, which must be named one way or the other.
func TestSecureCluster(t *testing.T) {
	f := &fake{t: t, versions: map[string]int64{}}
	var headers []string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		headers = append(headers, r.Header.Get("Authorization"))
		f.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of every handshake that fails, as it should
	server.StartTLS()
	defer server.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(server.Certificate().Raw)
	tests := []struct {
		why  string
		o    Options
		want string // Authorization header; empty: refused
	}{
		{"authority from a file, password", Options{CAFile: file, User: "u", Password: "p"}, "Basic dTpw"},
		{"authority by fingerprint, API key", Options{Fingerprint: hex.EncodeToString(sum[:]), APIKey: "a2V5"}, "APIKey a2V5"},
		{"an unknown authority", Options{User: "u", Password: "p"}, ""},
		{"another fingerprint", Options{Fingerprint: strings.Repeat("00", 32)}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			headers = nil
			tt.o.URLs, tt.o.Pause = []string{server.URL}, time.Microsecond
			x, err := Open(tt.o)
			if err != nil {
				t.Fatal(err)
			}
			_, err = x.place(t.Context(), time.Now())
			if (err == nil) != (tt.want != "") {
				t.Fatalf("error %v", err)
			}
			if tt.want != "" && headers[0] != tt.want {
				t.Errorf("Authorization %q, want %q", headers[0], tt.want)
			}
		})
	}
}
