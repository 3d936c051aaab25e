package main

import (
	"encoding/json"
	"fmt"
	"io"
)

// pendingOf reads from the answer of NATS' /jsz how many messages a consumer has not finished.
func pendingOf(r io.Reader, consumer string) (int, error) {
	var answer struct {
		Accounts []struct {
			Streams []struct {
				Consumers []struct {
					Name       string
					NumPending int `json:"num_pending"`
					AckPending int `json:"num_ack_pending"`
				} `json:"consumer_detail"`
			} `json:"stream_detail"`
		} `json:"account_details"`
	}
	if err := json.NewDecoder(r).Decode(&answer); err != nil {
		return -1, err
	}
	for _, a := range answer.Accounts {
		for _, s := range a.Streams {
			for _, c := range s.Consumers {
				if c.Name == consumer {
					return c.NumPending + c.AckPending, nil
				}
			}
		}
	}
	return -1, fmt.Errorf("no consumer %s", consumer)
}
