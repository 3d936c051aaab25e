// Package elastic keeps the index in Elasticsearch 8.
package elastic
