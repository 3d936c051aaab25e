package importer

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
)

// maxAnswer bounds what is read of an answer: Kibana's names every object in some hundred bytes.
const maxAnswer = 4 << 20

// maxWords bounds how much of somebody else's words goes into an error.
const maxWords = 300

// send posts the file once.
func (o Options) send(ctx context.Context, client *http.Client, file []byte) (answer, error) {
	body, kind, err := form(file)
	if err != nil {
		return answer{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, o.endpoint(), body)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Kbn-Xsrf", "true")
	switch {
	case o.APIKey != "":
		r.Header.Set("Authorization", "ApiKey "+o.APIKey)
	case o.User != "":
		r.SetBasicAuth(o.User, o.Password)
	}
	res, err := client.Do(r)
	if err != nil {
		return answer{}, unanswered(err)
	}
	defer func() { _ = res.Body.Close() }() // it was read as far as it matters
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return answer{}, passingError{fmt.Errorf("the answer broke off: %w", err)}
	}
	if res.StatusCode != http.StatusOK {
		return answer{}, refused(res, text)
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return answer{}, fmt.Errorf("it answered 200 with something else than Kibana does (%s); is that Kibana's own address?", words(text))
	}
	return a, nil
}

// form is the file as a browser would send it; Kibana wants the name to end in .ndjson.
func form(file []byte) (body io.Reader, kind string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "tocsin.ndjson")
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = w.Close()
	}
	return &b, w.FormDataContentType(), err
}

// unanswered sorts failures of the network: a certificate that is not trusted will not be in a minute.
func unanswered(err error) error {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fmt.Errorf("%w; check the address, or name the authority that signed Kibana's certificate", err)
	}
	if strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		return errors.New("it speaks http, not https; mend the address")
	}
	return passingError{fmt.Errorf("no answer: %w", err)}
}

// refused makes an error of an answer other than 200, which may be Kibana's or that of something before it.
func refused(res *http.Response, text []byte) error {
	var said struct{ Message string }
	if json.Unmarshal(text, &said) != nil || said.Message == "" {
		said.Message = words(text)
	}
	err := fmt.Errorf("it answered %d: %s", res.StatusCode, words([]byte(said.Message)))
	switch status := res.StatusCode; {
	case status == http.StatusUnauthorized:
		return fmt.Errorf("%w; check user and password, or the API key", err)
	case status == http.StatusForbidden:
		return fmt.Errorf("%w; the user needs a role that may manage saved objects, such as kibana_admin", err)
	case status == http.StatusNotFound:
		return fmt.Errorf("%w; is that Kibana's address, with its base path and an existing space?", err)
	case status == http.StatusRequestEntityTooLarge:
		return fmt.Errorf("%w; raise savedObjects.maxImportPayloadBytes, or the limit of the proxy before it", err)
	case status/100 == 3:
		return fmt.Errorf("it sends on to %s; give that address, without its path of a page", res.Header.Get("Location"))
	case status == http.StatusConflict, status == http.StatusTooManyRequests, status/100 == 5:
		return passingError{err}
	}
	return err
}

// words is text on one line, cut to what a reader can use.
func words(text []byte) string {
	s := strings.Join(strings.Fields(string(text)), " ")
	if s == "" {
		return "nothing"
	}
	if len(s) > maxWords {
		s = strings.ToValidUTF8(s[:maxWords], "") + "…"
	}
	return s
}
