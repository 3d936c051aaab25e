package elastic

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/elastic/go-elasticsearch/v8"
)

// DefaultPrefix is the read alias when Options name none.
const DefaultPrefix = "tocsin-articles"

// Options of an Index.
type Options struct {
	// URLs are the cluster's nodes, such as "https://es-1:9200"; requests go to them in turn. Required.
	URLs []string
	// User and Password, or APIKey (base64, as Kibana shows it), say who asks; none for an open cluster.
	User     string
	Password string
	APIKey   string
	// CAFile is a PEM file with the authority that signed the nodes' certificates; Fingerprint is the SHA-256
	// fingerprint of that authority, hex. Either is enough for a cluster with its own authority.
	CAFile      string
	Fingerprint string
	// Prefix is the read alias, and what templates and indices are named from; default DefaultPrefix.
	Prefix string
	// Replicas of every monthly index; nil leaves it to the cluster.
	Replicas *int
	// DeleteAfter lets the cluster's lifecycle management delete an index this long after it was created; 0 never.
	DeleteAfter time.Duration
	// Timeout bounds one request; default 60 s. Bulk requests have a long tail: give them 30 s at least.
	Timeout time.Duration
	// Pause is the first pause before a request is tried again; each further one is twice as long, 5 s at most, ten
	// of them in all. Default 100 ms.
	Pause time.Duration
	// MaxBytes bounds the body of one bulk request; default 6 MiB. A single larger document still goes alone.
	MaxBytes int
	// Gzip compresses requests: for networks; on one machine it only costs time.
	Gzip bool
	// Log receives warnings; nil discards.
	Log *slog.Logger
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Jitter returns a number in [0, 1) that spreads pauses; nil is random.
	Jitter func() float64
}

// validPrefix is what Elasticsearch allows in names of both aliases and templates, wildcards apart.
var validPrefix = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,127}$`)

func (o Options) withDefaults() (Options, error) {
	if o.Prefix == "" {
		o.Prefix = DefaultPrefix
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	if o.Pause == 0 {
		o.Pause = 100 * time.Millisecond
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 6 << 20
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return o, o.validate()
}

func (o Options) validate() error {
	switch {
	case len(o.URLs) == 0:
		return errors.New("elastic options: URLs is empty; name at least one node, such as https://localhost:9200")
	case !validPrefix.MatchString(o.Prefix):
		return fmt.Errorf("elastic options: Prefix is %q; want lower-case letters, digits, dot, dash or underscore", o.Prefix)
	case o.APIKey != "" && o.User != "":
		return errors.New("elastic options: APIKey and User are both set; give one of them")
	case o.Timeout < 0 || o.Pause < 0 || o.DeleteAfter < 0:
		return errors.New("elastic options: Timeout, Pause and DeleteAfter are lengths of time and cannot be negative")
	case o.MaxBytes < 1024:
		return fmt.Errorf("elastic options: MaxBytes is %d; a request needs room for a document, give it 1024 at least", o.MaxBytes)
	}
	for _, u := range o.URLs {
		if p, err := url.Parse(u); err != nil || p.Scheme != "http" && p.Scheme != "https" || p.Host == "" {
			return fmt.Errorf("elastic options: URLs holds %q; want http:// or https:// and a host", u)
		}
	}
	return nil
}

// Index is a cluster that holds the articles. Its methods may be called by any number of goroutines.
type Index struct{ *months }

// Alerts is a cluster that holds the alerts, in monthly indices beside the articles'. Its methods may be called by any
// number of goroutines.
type Alerts struct{ *months }

// months are monthly indices of one mapping behind one read alias, which Options.Prefix names: what articles and alerts
// have in common.
type months struct {
	o       Options
	es      *elasticsearch.BaseClient
	mapping []byte
	// build is set on the generation that a Rebuild is making, and nil on the one that is in use.
	build *build

	// refused says that a write met an index that takes none.
	refused atomic.Bool

	mu sync.Mutex
	// made are the monthly indices known to exist; nil until the template was seen, and with it the generation.
	made       map[string]bool
	generation int
}

// Open checks the options and returns the index. It reads CAFile and sends nothing.
func Open(o Options) (*Index, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, errors.New("elastic: the process replaced http.DefaultTransport with something unknown")
	}
	transport = transport.Clone()
	transport.MaxIdleConnsPerHost = 16
	config := elasticsearch.Config{
		Addresses: o.URLs, Username: o.User, Password: o.Password, APIKey: o.APIKey, CertificateFingerprint: o.Fingerprint,
		Transport: transport, CompressRequestBody: o.Gzip, DisableRetry: true, // retries are ours: see pauses
	}
	if o.CAFile != "" {
		if config.CACert, err = os.ReadFile(o.CAFile); err != nil {
			return nil, fmt.Errorf("elastic options: CAFile: %w", err)
		}
	}
	es, err := elasticsearch.NewBaseClient(config)
	if err != nil {
		return nil, fmt.Errorf("elastic options: %w", err)
	}
	return &Index{&months{o: o, es: es, mapping: mapping}}, nil
}

// Alerts is the index of alerts in the same cluster, with the same options but for its alias: see AlertPrefix. It sends
// nothing.
func (x *Index) Alerts() *Alerts {
	o := x.o
	o.Prefix = AlertPrefix(o.Prefix)
	return &Alerts{&months{o: o, es: x.es, mapping: alertMapping}}
}

// AlertPrefix is the read alias of the alerts beside articles of a prefix: "news-articles" has "news-alerts", and "news"
// has it too.
func AlertPrefix(prefix string) string {
	return strings.TrimSuffix(prefix, "-articles") + "-alerts"
}
