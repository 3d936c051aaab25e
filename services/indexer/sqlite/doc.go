// Package sqlite keeps the index in one SQLite file beside the process: nothing to install, full-text search by FTS5.
package sqlite
