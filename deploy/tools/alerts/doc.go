// Package alerts tests the alerting rules of deploy/prometheus with Prometheus' own parser and query engine: each rule fires
// on the series it is meant for, as long as it says, and keeps quiet on those of a healthy house.
package alerts
