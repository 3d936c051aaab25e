// Package assembly puts the rooms together: it holds the flags of every process as plain structs, opens what they name,
// and starts a service inside a daemon. The four mains parse flags into these structs and call one function each; the
// all-in-one calls them in the order bus, index, indexer, extractor, fetcher, so that consumers stand before producers
// and the undo, which runs backwards, stops the fetcher first and lets the rest drain.
package assembly
