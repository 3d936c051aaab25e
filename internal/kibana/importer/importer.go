// Package importer brings saved objects into a Kibana through its saved-objects API, the same in every 8.x and later:
// POST /api/saved_objects/_import. It replaces what an earlier import brought, waits for a Kibana that is not ready, and
// believes no answer that does not account for every object: a status of 200 alone says nothing.
package importer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"tocsin/internal/kibana"
)

// Options say where Kibana is and how long to be patient.
type Options struct {
	// URL is Kibana's address with its base path, if it has one: "https://kibana:5601", or "https://kibana:5601/s/news" for
	// the space news. Required.
	URL string
	// User and Password, or APIKey (base64, as Kibana shows it), say who asks; none for a Kibana without security.
	User, Password string
	APIKey         string
	// CAFile is a PEM file with the authority that signed Kibana's certificate; empty is the system's authorities.
	CAFile string
	// Wait is how long to try while Kibana does not answer, starts, or is busy; default 5 min.
	Wait time.Duration
	// Timeout bounds one request; default 1 min.
	Timeout time.Duration
	// Pause is the first pause between two tries; each further one is twice as long, ten times the first at most. Default 1 s.
	Pause time.Duration
	// Progress is told, in a sentence, what is waited for; nil discards.
	Progress func(sentence string)
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

func (o Options) withDefaults() (Options, error) {
	if o.Wait == 0 {
		o.Wait = 5 * time.Minute
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	if o.Pause == 0 {
		o.Pause = time.Second
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o, o.validate()
}

func (o Options) validate() error {
	u, err := url.Parse(o.URL)
	switch {
	case o.URL == "":
		return errors.New("URL is empty; give Kibana's address, such as http://localhost:5601")
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return errors.New("URL is not http:// or https:// and a host")
	case u.User != nil:
		return errors.New("URL holds a password; give user and password on their own")
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("URL holds more than an address; leave out what follows ? or #")
	case o.APIKey != "" && o.User != "":
		return errors.New("APIKey and User are both set; give one of them")
	case o.Wait < 0 || o.Timeout < 0 || o.Pause < 0:
		return errors.New("Wait, Timeout and Pause are lengths of time and cannot be negative")
	}
	return nil
}

// Report is what an import did.
type Report struct {
	// Imported is the number of objects that are in Kibana now, all that were sent.
	Imported int `json:"imported"`
	// Notes say, in sentences, what is not as it was asked for, though everything was imported.
	Notes []string `json:"notes,omitempty"`
}

// Import brings all objects into Kibana, replacing those of the same ids, and returns when Kibana has accounted for each.
// After an error some may be there and some not; importing again mends that.
func Import(ctx context.Context, o Options, objects []kibana.Object) (Report, error) {
	o, err := o.withDefaults()
	if err != nil {
		return Report{}, fmt.Errorf("kibana import: %w", err)
	}
	client, err := o.client()
	if err != nil {
		return Report{}, fmt.Errorf("kibana import: %w", err)
	}
	file, err := kibana.Encode(objects)
	if err != nil {
		return Report{}, fmt.Errorf("kibana import: %w", err)
	}
	a, err := o.untilTaken(ctx, func(ctx context.Context) (answer, error) { return o.send(ctx, client, file) })
	if err != nil {
		return Report{}, fmt.Errorf("import into Kibana at %s: %w", o.URL, err)
	}
	if err := a.accountsFor(objects); err != nil {
		return Report{}, fmt.Errorf("import into Kibana at %s: %w", o.URL, err)
	}
	return Report{Imported: len(objects), Notes: a.notes()}, nil
}

// untilTaken tries again while the failure is one that passes, until Wait is over.
func (o Options) untilTaken(ctx context.Context, try func(context.Context) (answer, error)) (answer, error) {
	start, pause := o.Now(), o.Pause
	for {
		a, err := try(ctx)
		if err == nil {
			err = a.failed()
		}
		passing, passes := errors.AsType[passingError](err)
		if err == nil || !passes || ctx.Err() != nil {
			return a, err
		}
		waited := o.Now().Sub(start)
		if waited+pause > o.Wait {
			return a, fmt.Errorf("gave up after %v: %w", waited.Round(time.Second), passing.error)
		}
		o.Progress(fmt.Sprintf("waiting for Kibana, %v so far: %v", waited.Round(time.Second), passing))
		select {
		case <-ctx.Done():
			return a, ctx.Err()
		case <-time.After(pause):
		}
		pause = min(2*pause, 10*o.Pause)
	}
}

// passingError is a failure worth another try: the objects are the same each time, and writing them twice changes nothing.
type passingError struct{ error }

// Unwrap is what failed.
func (e passingError) Unwrap() error { return e.error }

func (o Options) client() (*http.Client, error) {
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, errors.New("the process replaced http.DefaultTransport with something unknown")
	}
	transport = transport.Clone()
	if o.CAFile != "" {
		pem, err := os.ReadFile(o.CAFile)
		if err != nil {
			return nil, fmt.Errorf("CAFile: %w", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("CAFile %s holds no certificate in PEM", o.CAFile)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{
		Transport: transport, Timeout: o.Timeout,
		// A redirect would turn the request into one without a body.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// endpoint is where objects are sent. Replacing is what makes an import repeatable.
func (o Options) endpoint() string {
	return strings.TrimRight(o.URL, "/") + "/api/saved_objects/_import?overwrite=true"
}
