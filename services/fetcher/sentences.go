package fetcher

import (
	"fmt"
	"net/http"
)

// statusSentence says what an HTTP status means for someone who configured a feed.
func statusSentence(status int) string {
	means := map[int]string{
		http.StatusNotModified:                "nothing changed, though nobody asked whether it had",
		http.StatusBadRequest:                 "the server does not understand the request; check the address",
		http.StatusUnauthorized:               "the feed wants a password",
		http.StatusPaymentRequired:            "the feed wants to be paid for",
		http.StatusForbidden:                  "the server refuses this reader, or thinks it asks too often",
		http.StatusNotFound:                   "there is nothing at this address; check it, though some feeds do come back",
		http.StatusNotAcceptable:              "the server has no form of the feed that this reader takes",
		http.StatusGone:                       "the feed is gone for good; it is looked at once a week",
		http.StatusTooManyRequests:            "the server was asked too often and wants to be left alone for a while",
		http.StatusUnavailableForLegalReasons: "the feed may not be shown here for legal reasons",
		http.StatusInternalServerError:        "the server is broken",
		http.StatusBadGateway:                 "the server behind the site does not answer",
		http.StatusServiceUnavailable:         "the server is overloaded or being repaired",
		http.StatusGatewayTimeout:             "the server behind the site is too slow",
	}[status]
	switch {
	case means != "":
	case status >= 500:
		means = "the server is in trouble"
	case status >= 400:
		means = "the server refuses the request"
	case status >= 300:
		means = "the server sends the reader on, but not to a place it can follow"
	default:
		means = "the server answers without a feed"
	}
	return fmt.Sprintf("HTTP %d: %s", status, means)
}
