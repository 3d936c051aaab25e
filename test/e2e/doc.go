// Package e2e runs the real programs on real input: binaries built here, NATS over TCP, feeds over HTTP on loopback, an
// index on disk or in Elasticsearch. Nothing in it is imported by the product.
package e2e
