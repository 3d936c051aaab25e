package httpfeed

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"

	"tocsin/services/fetcher"
)

// explain turns what the network library says into one plain sentence about host.
func explain(err error, host string) *fetcher.Failure {
	if f, ok := errors.AsType[*fetcher.Failure](err); ok {
		return f
	}
	kind, sentence := fetcher.FailOther, ""
	switch {
	case asRefusal(err) != "":
		kind, sentence = fetcher.FailAddress, asRefusal(err)
	case isDNS(err):
		kind, sentence = fetcher.FailDNS, dnsSentence(err, host)
	case tlsSentence(err, host) != "":
		kind, sentence = fetcher.FailTLS, tlsSentence(err, host)
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || isTimeout(err):
		kind, sentence = fetcher.FailTimeout, host+" did not answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		kind, sentence = fetcher.FailConnect, "nothing listens at "+host+" (connection refused)"
	case errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.ENETUNREACH):
		kind, sentence = fetcher.FailConnect, host+" cannot be reached from here"
	case isReset(err) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		kind, sentence = fetcher.FailConnect, host+" closed the connection without an answer"
	default:
		sentence = host + ": " + bare(err)
	}
	return &fetcher.Failure{Kind: kind, Sentence: sentence, Err: err}
}

func asRefusal(err error) string {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.why
	}
	return ""
}

func isDNS(err error) bool {
	_, ok := errors.AsType[*net.DNSError](err)
	return ok
}

func dnsSentence(err error, host string) string {
	if d, ok := errors.AsType[*net.DNSError](err); ok {
		if d.IsNotFound {
			return "there is no host named " + d.Name + "; check the address"
		}
		host = d.Name // where a redirect led, maybe
	}
	return "the name of " + host + " cannot be looked up right now"
}

// tlsSentence is "" when the secure connection was not the trouble.
func tlsSentence(err error, host string) string {
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if e.Reason == x509.Expired {
			return "the certificate of " + host + " has expired or is not valid yet"
		}
		return "the certificate of " + host + " is not valid: " + e.Error()
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "the certificate of " + host + " is for another name"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "the certificate of " + host + " is not signed by anyone this machine trusts"
	}
	_, plain := errors.AsType[tls.RecordHeaderError](err)
	if plain || strings.Contains(err.Error(), "HTTP response to HTTPS client") { // net/http replaces the one by the other
		return host + " does not speak TLS at this port; try http:// instead of https://"
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok || strings.Contains(err.Error(), "tls: ") {
		return "no secure connection with " + host + " could be agreed on: " + bare(err)
	}
	return ""
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout()
}

func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// bare is the cause without the address, which may hold a password.
func bare(err error) string {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err.Error()
	}
	return err.Error()
}
