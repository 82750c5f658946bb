package store

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// advise makes one line of an error of the database at the start, with what can be
// done about it.
func advise(err error, dir string) error {
	text := strings.Join(strings.Fields(err.Error()), " ")
	code := 0
	if failure, ok := errors.AsType[*sqlite.Error](err); ok {
		code = failure.Code() & 0xff // without the details
	}
	switch code {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%s: another program uses it: end that one first", text)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%s: make room", text)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY:
		return fmt.Errorf("%s%s", text, cause(dir))
	}
	if code == sqlite3.SQLITE_ERROR { // a statement that makes no sense there
		text = "not a database of this server: " + text
	}
	return fmt.Errorf("%s: move it away to start with an empty one", text)
}

// cause says what the system has to say of the folder, or of opening as many files
// as a database takes: SQLite keeps that to itself.
func cause(dir string) string {
	for range 4 {
		file, err := os.Open(dir)
		if err != nil {
			return ": " + err.Error()
		}
		defer func() { _ = file.Close() }()
	}
	return ""
}
