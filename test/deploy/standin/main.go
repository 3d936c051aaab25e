// Command standin takes the place of programs that cannot be pulled, inside images tagged with their public names, so
// that docker-compose.yml runs as it stands. What it is says the name it is started by:
//
//	elasticsearch  asks for the password of the user elastic, keeps that of kibana_system, and hands everything else on
//	               to the real server that the file /upstream names
//	kibana         is well once it can log in to elasticsearch as kibana_system; takes imports of saved objects from whoever
//	               can log in there, and exports them again
//	curl, wget     fetch their last argument, with -u as curl has it: the health checks of both
package main

import (
	"bufio"
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	var err error
	switch name := filepath.Base(os.Args[0]); name {
	case "elasticsearch":
		err = elasticsearch()
	case "kibana":
		err = serve(":5601", &kibana{objects: map[string]json.RawMessage{}})
	case "curl", "wget":
		err = fetch(os.Args[1:])
	default:
		err = fmt.Errorf("nothing is called %s", name)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(addr string, h http.Handler) error {
	server := &http.Server{Addr: addr, Handler: h, ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}

func fetch(args []string) error {
	request, err := http.NewRequest(http.MethodGet, args[len(args)-1], http.NoBody)
	if err != nil {
		return err
	}
	for i, a := range args {
		if a == "-u" && i+1 < len(args) {
			user, password, _ := strings.Cut(args[i+1], ":")
			request.SetBasicAuth(user, password)
		}
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // its status is what counts
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("%s", answer.Status)
	}
	return nil
}

// users are the passwords a cluster knows.
type users struct {
	mu        sync.Mutex
	passwords map[string]string
	next      http.Handler
}

func elasticsearch() error {
	upstream, err := os.ReadFile("/upstream")
	if err != nil {
		return err
	}
	u, err := url.Parse(strings.TrimSpace(string(upstream)))
	if err != nil {
		return err
	}
	return serve(":9200", &users{
		passwords: map[string]string{"elastic": os.Getenv("ELASTIC_PASSWORD")},
		next: &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(u)
			r.Out.Header.Del("Authorization")
		}},
	})
}

// ServeHTTP implements http.Handler.
func (u *users) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	name, password, _ := r.BasicAuth()
	u.mu.Lock()
	known := u.passwords[name]
	u.mu.Unlock()
	if known == "" || subtle.ConstantTimeCompare([]byte(known), []byte(password)) != 1 {
		http.Error(w, `{"error":{"type":"security_exception","reason":"unable to authenticate"},"status":401}`, http.StatusUnauthorized)
		return
	}
	user, changes := strings.CutPrefix(r.URL.Path, "/_security/user/")
	switch {
	case r.URL.Path == "/_security/_authenticate":
		_, _ = io.WriteString(w, `{}`)
	case changes && name == "elastic":
		var body struct{ Password string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		u.mu.Lock()
		u.passwords[strings.TrimSuffix(user, "/_password")] = body.Password
		u.mu.Unlock()
		_, _ = io.WriteString(w, `{}`)
	default:
		u.next.ServeHTTP(w, r)
	}
}

// kibana is what the health check and an import need of it.
type kibana struct {
	mu      sync.Mutex
	objects map[string]json.RawMessage // by type and id
}

// ServeHTTP implements http.Handler.
func (k *kibana) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/api/status":
		if err := login(os.Getenv("ELASTICSEARCH_USERNAME"), os.Getenv("ELASTICSEARCH_PASSWORD")); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	case "/api/saved_objects/_import":
		if admitted(w, r) {
			k.take(w, r)
		}
	case "/api/saved_objects/_export":
		if admitted(w, r) {
			k.give(w)
		}
	default:
		http.NotFound(w, r)
	}
}

// login asks elasticsearch whether it knows a user.
func login(user, password string) error {
	if err := fetch([]string{"-u", user + ":" + password, os.Getenv("ELASTICSEARCH_HOSTS") + "/_security/_authenticate"}); err != nil {
		return fmt.Errorf("log in to elasticsearch: %w", err)
	}
	return nil
}

// admitted reports whether a request may be carried out, and answers it if not.
func admitted(w http.ResponseWriter, r *http.Request) bool {
	if r.Header.Get("Kbn-Xsrf") == "" {
		http.Error(w, `{"statusCode":400,"message":"Request must contain a kbn-xsrf header."}`, http.StatusBadRequest)
		return false
	}
	if user, password, _ := r.BasicAuth(); login(user, password) != nil {
		http.Error(w, `{"statusCode":401,"message":"unable to authenticate"}`, http.StatusUnauthorized)
		return false
	}
	return true
}

// take answers an import: every object replaces the one of its type and id.
func (k *kibana) take(w http.ResponseWriter, r *http.Request) {
	file, _, err := r.FormFile("file")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	taken := []map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Buffer(nil, 1<<20); lines.Scan(); {
		var o struct{ Type, ID string }
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		k.objects[o.Type+" "+o.ID] = bytes.Clone(lines.Bytes())
		taken = append(taken, map[string]string{"type": o.Type, "id": o.ID})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "successCount": len(taken), "successResults": taken})
}

// give answers an export with all there is, one object a line.
func (k *kibana) give(w http.ResponseWriter) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(k.objects)) {
		_, _ = fmt.Fprintf(w, "%s\n", k.objects[key])
	}
}
