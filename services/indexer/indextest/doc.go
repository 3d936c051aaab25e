// Package indextest is the one suite that every index passes, so that the embedded index and Elasticsearch answer the
// same question with the same articles, and the real Elasticsearch that the tests of it share.
package indextest
