// Package assembly makes a process out of its flags: a daemon, its bus, and the configuration files it follows. The
// packages below it put one stage together each (fetching, extracting, indexing), so that a program links only the
// stages it runs. The all-in-one adds them in the order bus, index, indexer, extractor, fetcher: consumers stand before
// producers, and the undo, which runs backwards, stops the fetcher first and lets the rest drain.
package assembly
