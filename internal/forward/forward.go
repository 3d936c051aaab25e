// Package forward posts alerts to somebody's HTTP endpoint: a ticket system, a chat, a script.
//
// Every alert is posted until the endpoint answers 2xx, at least once: the header Tocsin-Delivery is the same whenever
// the same alert is posted again. While the endpoint is down nothing is fetched from the stream, and nothing is lost. An
// alert that could not be delivered within a day is given up, to the dead letters, from where it can be replayed.
package forward

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// Options of New. URL is required.
type Options struct {
	// URL is where alerts are posted, http or https.
	URL string
	// Format is one of Formats; default FormatJSON.
	Format string
	// Secret signs each request where it is not empty, see Signature.
	Secret []byte
	// Timeout bounds one request; default 10 s.
	Timeout time.Duration
	// GiveUp is how long after it rang an alert is still posted; default 24 h.
	GiveUp time.Duration
	// Version is part of the User-Agent.
	Version string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log gets what was given up; nil means none.
	Log *slog.Logger
	// Meter gets the figures listed by Metrics; nil means none.
	Meter Meter
}

// Meter counts what is forwarded. labels alternate name and value.
type Meter interface {
	Add(name string, n float64, labels ...string)
	Observe(name string, v float64, labels ...string)
}

const (
	metricPosts = "tocsin_forward_posts_total"
	metricLag   = "tocsin_forward_lag_seconds"
)

// Metrics names every metric and says what it means.
func Metrics() map[string]string {
	return map[string]string{
		metricPosts: "Alerts posted, by outcome: delivered, retried, dead.",
		metricLag:   "Seconds from the ring of an alert to the endpoint's 2xx.",
	}
}

// Limits of a receiver that is not well.
const (
	firstPause  = time.Second
	longPause   = time.Minute
	answerShown = 300 // bytes of an answer that an error quotes
)

// Forwarder posts alerts. It is safe for use by many goroutines.
type Forwarder struct {
	o      Options
	client *http.Client
	encode encoder

	mu    sync.Mutex
	pause time.Duration // the last one; 0 while the endpoint is well
	until time.Time     // nothing is posted before
	why   error
}

// New checks the options.
func New(o Options) (*Forwarder, error) {
	o.Format = cmp.Or(o.Format, FormatJSON)
	o.Timeout = cmp.Or(o.Timeout, 10*time.Second)
	o.GiveUp = cmp.Or(o.GiveUp, 24*time.Hour)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Meter == nil {
		o.Meter = noMeter{}
	}
	encode, ok := encoders()[o.Format]
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("forward options: URL %q is no web address; give one such as https://hooks.example/alerts", o.URL)
	case !ok:
		return nil, fmt.Errorf("forward options: Format %q is unknown; there are %v", o.Format, Formats())
	case o.Timeout < 0 || o.GiveUp < 0:
		return nil, fmt.Errorf("forward options: Timeout %v and GiveUp %v; give lengths of time", o.Timeout, o.GiveUp)
	}
	return &Forwarder{o: o, encode: encode, client: &http.Client{
		Timeout: o.Timeout,
		// An answer elsewhere is not a delivery, and the signature is for this endpoint.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 8, ForceAttemptHTTP2: true},
	}}, nil
}

type noMeter struct{}

func (noMeter) Add(string, float64, ...string)     {}
func (noMeter) Observe(string, float64, ...string) {}

// Close lets go of idle connections.
func (f *Forwarder) Close() { f.client.CloseIdleConnections() }

// Ready returns nil while alerts may be posted, else what the endpoint last said. It is quick.
func (f *Forwarder) Ready(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.o.Now().Before(f.until) {
		return fmt.Errorf("the endpoint is tried again at %s: %w", f.until.UTC().Format(time.RFC3339), f.why)
	}
	return nil
}

// Handle posts one alert. Errors are retry.Never for what is no alert ("undecodable") or could not be delivered in time
// ("undelivered"), and retry.After for what is tried again.
func (f *Forwarder) Handle(ctx context.Context, d messages.Delivery) error {
	a, err := messages.Decode[messages.Alert](d.Data)
	if err != nil {
		return retry.Never("undecodable", fmt.Errorf("alert %s %d: %w", d.Stream, d.Sequence, err))
	}
	err = f.post(ctx, a, d)
	switch {
	case err == nil:
		f.o.Meter.Add(metricPosts, 1, "outcome", "delivered")
		f.o.Meter.Observe(metricLag, f.o.Now().Sub(a.Times.Alerted).Seconds())
		return nil
	case ctx.Err() == nil && f.o.Now().Sub(d.Time) > f.o.GiveUp:
		f.o.Meter.Add(metricPosts, 1, "outcome", "dead")
		return retry.Never("undelivered", fmt.Errorf("alert %s was not taken within %v: %w", a.ID, f.o.GiveUp, err))
	}
	f.o.Meter.Add(metricPosts, 1, "outcome", "retried")
	return retry.After(grown(d.Delivered), fmt.Errorf("alert %s: %w", a.ID, err))
}

// post sends the alert once; nil is a 2xx.
func (f *Forwarder) post(ctx context.Context, a messages.Alert, d messages.Delivery) error {
	body, kind, err := f.encode(a, d.Data)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.o.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("User-Agent", "tocsin/"+cmp.Or(f.o.Version, "dev"))
	req.Header.Set("Tocsin-Delivery", a.ID+":"+strconv.Itoa(a.Revision))
	req.Header.Set("Tocsin-Attempt", strconv.Itoa(d.Delivered))
	if len(f.o.Secret) > 0 {
		req.Header.Set("Tocsin-Signature", Signature(f.o.Secret, f.o.Now(), body))
	}
	res, err := f.client.Do(req)
	if err != nil {
		if ctx.Err() == nil {
			f.rest(0, err)
		}
		return err
	}
	defer func() { _ = res.Body.Close() }() // the connection is lost at worst
	return f.verdict(res)
}

// verdict is nil for a 2xx. What the endpoint says of this alert alone leaves the others going; anything else makes it
// rest.
func (f *Forwarder) verdict(res *http.Response) error {
	said, _ := io.ReadAll(io.LimitReader(res.Body, answerShown)) // only quoted
	if res.StatusCode/100 == 2 {
		f.well()
		return nil
	}
	err := fmt.Errorf("the endpoint answered %s: %s", res.Status, bytes.TrimSpace(said))
	switch res.StatusCode {
	case http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return err
	}
	if res.StatusCode/100 == 3 {
		err = fmt.Errorf("the endpoint moved to %s; forward there instead: %w", res.Header.Get("Location"), err)
	}
	f.rest(retryAfter(res.Header.Get("Retry-After"), f.o.Now()), err)
	return err
}

// rest keeps everybody from the endpoint for a while: as long as it asked for, or twice as long as the last time.
func (f *Forwarder) rest(asked time.Duration, why error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.o.Now().Before(f.until) {
		return // others were in flight beside the first that failed
	}
	f.pause = min(max(2*f.pause, firstPause), longPause)
	f.until = f.o.Now().Add(max(f.pause, min(asked, longPause)))
	f.why = why
	f.o.Log.Warn("the endpoint does not take alerts; they wait in the stream", "again_at", f.until.UTC(), "error", why.Error())
}

func (f *Forwarder) well() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pause, f.until = 0, time.Time{}
}

// grown is the pause after the n-th delivery of one alert.
func grown(n int) time.Duration {
	return min(firstPause<<min(max(n-1, 0), 10), longPause)
}

// retryAfter reads the header of RFC 9110, 10.2.3: seconds or a date; 0 where there is none.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

// Signature is the value of the header Tocsin-Signature, "t=SECONDS,v1=HEX": the time of sending in Unix seconds, and
// HMAC-SHA256 with the secret over that number, a dot, and the body. Both sides compute it.
func Signature(secret []byte, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// ErrSecret says that a secret is too short to protect anything.
var ErrSecret = errors.New("the secret has fewer than 16 bytes; make one with `openssl rand -hex 32`")
