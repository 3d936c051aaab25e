// Package operate is what operators do to a running Tocsin: decide which feeds are read and which names are watched.
//
// Feeds and watch entries have one truth, in NATS. A file is reconciled into it and owns only what it brought; commands
// own what they added; removing by command leaves a tombstone that a later import of the file respects. Everything here
// works on small interfaces that internal/bus satisfies, so the same code serves a command beside a running instance
// and a command that opened the data directory itself.
package operate
