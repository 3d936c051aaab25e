package e2e

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// elasticFlags name a prefix of its own on the Elasticsearch of the test run.
func elasticFlags(t *testing.T) []string {
	t.Helper()
	url := os.Getenv("TOCSIN_ELASTIC_URL")
	if url == "" {
		t.Skip("no Elasticsearch: `make test` starts one where a JDK and Maven are installed, or name one in TOCSIN_ELASTIC_URL")
	}
	prefix := "e2e-" + strings.ToLower(rand.Text()[:10])
	t.Cleanup(func() { dropIndices(t, url, prefix) })
	return []string{"--elastic", url, "--elastic-prefix", prefix}
}

func dropIndices(t *testing.T, url, prefix string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 30*time.Second)
	defer cancel()
	for _, path := range []string{"/" + prefix + "-*", "/_index_template/" + prefix + "*"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodDelete, url+path, http.NoBody)
		if err != nil {
			t.Error(err)
			continue
		}
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Error(err)
			continue
		}
		_ = answer.Body.Close() // nothing to read
	}
}
