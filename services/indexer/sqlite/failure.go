package sqlite

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"tocsin/internal/retry"
)

// How long to leave the index alone after a failure that passes by itself.
const (
	pauseFull = 30 * time.Second
	pauseBusy = 2 * time.Second
)

// primary is the primary result code of SQLite (https://sqlite.org/rescode.html) behind err, 0 when there is none.
func primary(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

// explain adds to an error of SQLite what to do about it.
func explain(err error) error {
	switch primary(err) {
	case lib.SQLITE_FULL:
		return retry.After(pauseFull, fmt.Errorf("the disk of the index is full; free some space, writing then goes on by itself: %w", err))
	case lib.SQLITE_IOERR:
		return retry.After(pauseFull, fmt.Errorf("the disk of the index fails to write or to read; look at its space, its limits and its health, writing then goes on by itself: %w", err))
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return retry.After(pauseBusy, fmt.Errorf("another process is writing the index; stop one of them if this goes on: %w", err))
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return fmt.Errorf("the index file is damaged; move it away and index the enriched articles again: %w", err)
	case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM:
		return fmt.Errorf("the index file cannot be written; check who owns it and its folder: %w", err)
	}
	return err
}

// blocked reports whether err is about the disk, so that no write will go through until that is mended.
func blocked(err error) bool {
	code := primary(err)
	return code == lib.SQLITE_FULL || code == lib.SQLITE_IOERR
}

// refused reports whether err is about what was to be written, and not about the index.
func refused(err error) bool {
	switch primary(err) {
	case lib.SQLITE_CONSTRAINT, lib.SQLITE_MISMATCH, lib.SQLITE_TOOBIG:
		return true
	}
	_, unencodable := errors.AsType[*json.MarshalerError](err)
	return unencodable
}
