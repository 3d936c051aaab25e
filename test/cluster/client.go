package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// object is one of the API server's.
type object map[string]any

// at returns what lies on a path of keys, or nil.
func (o object) at(path ...string) any {
	var v any = map[string]any(o)
	for _, key := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

func (o object) text(path ...string) string { s, _ := o.at(path...).(string); return s }

// count reads a number, as JSON or YAML has it.
func (o object) count(path ...string) int {
	switch n := o.at(path...).(type) {
	case float64:
		return int(n)
	case int:
		return n
	}
	return 0
}

// client speaks to the API server as its administrator.
type client struct {
	url, token string
	http       *http.Client
	// plurals finds the path of a kind: apiVersion/Kind → plural and whether it lives in a namespace.
	plurals map[string]resource
}

type resource struct {
	Name       string
	Kind       string
	Namespaced bool
}

func newClient(url, token string, ca []byte) *client {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	return &client{url: url, token: token, http: &http.Client{Transport: transport, Timeout: 30 * time.Second}, plurals: map[string]resource{}}
}

// statusError is an answer that is no success.
type statusError struct {
	code int
	text string
}

func (e *statusError) Error() string { return fmt.Sprintf("%d: %s", e.code, e.text) }

func (c *client) do(ctx context.Context, method, path, kind string, body []byte) (object, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", kind)
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }() // read to its end
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode/100 != 2 {
		return nil, &statusError{answer.StatusCode, string(data)}
	}
	o := object{}
	if len(data) > 0 && data[0] == '{' {
		err = json.Unmarshal(data, (*map[string]any)(&o))
	}
	return o, err
}

func (c *client) get(ctx context.Context, path string) (object, error) {
	return c.do(ctx, http.MethodGet, path, "application/json", nil)
}

// items are the objects of a list, none when it cannot be had right now.
func (c *client) items(ctx context.Context, path string) []object {
	list, err := c.get(ctx, path)
	if err != nil {
		return nil
	}
	raw, _ := list.at("items").([]any)
	out := make([]object, len(raw))
	for i, v := range raw {
		out[i], _ = v.(map[string]any)
	}
	return out
}

// path is where an object of this kind, namespace and name lives.
func (c *client) path(ctx context.Context, o object) (string, error) {
	version := o.text("apiVersion")
	base := "/apis/" + version
	if !strings.Contains(version, "/") {
		base = "/api/" + version
	}
	key := version + "/" + o.text("kind")
	if _, known := c.plurals[key]; !known {
		list, err := c.get(ctx, base)
		if err != nil {
			return "", err
		}
		raw, err := json.Marshal(list.at("resources"))
		if err != nil {
			return "", err
		}
		var resources []resource
		if err := json.Unmarshal(raw, &resources); err != nil {
			return "", err
		}
		for _, r := range resources {
			if !strings.Contains(r.Name, "/") {
				c.plurals[version+"/"+r.Kind] = r
			}
		}
	}
	r, known := c.plurals[key]
	switch {
	case !known:
		return "", errors.New("the API server knows no " + key)
	case r.Namespaced:
		return base + "/namespaces/" + o.text("metadata", "namespace") + "/" + r.Name + "/" + o.text("metadata", "name"), nil
	}
	return base + "/" + r.Name + "/" + o.text("metadata", "name"), nil
}

// apply applies objects on the server's side, as kubectl apply --server-side does.
func (c *client) apply(ctx context.Context, objects ...object) error {
	for _, o := range objects {
		path, err := c.path(ctx, o)
		if err != nil {
			return err
		}
		body, err := yaml.Marshal(map[string]any(o))
		if err != nil {
			return err
		}
		if _, err := c.do(ctx, http.MethodPatch, path+"?fieldManager=cluster&force=true", "application/apply-patch+yaml", body); err != nil {
			return fmt.Errorf("%s %s: %w", o.text("kind"), o.text("metadata", "name"), err)
		}
	}
	return nil
}

// merge changes an object by a JSON merge patch.
func (c *client) merge(ctx context.Context, path, patch string) error {
	_, err := c.do(ctx, http.MethodPatch, path, "application/merge-patch+json", []byte(patch))
	return err
}

// parse reads the objects of a YAML text.
func parse(text []byte) ([]object, error) {
	var all []object
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		o := map[string]any{}
		err := decoder.Decode(&o)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if len(o) > 0 {
			all = append(all, o)
		}
	}
}

func parseFile(path string) ([]object, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parse(text)
}
