// Package limited reads the files that a user names, and that someone else may
// have made, without taking more memory than they are worth.
package limited

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrTooLong is wrapped by the error for a file that is longer than it may be.
var ErrTooLong = errors.New("the file is too long")

// Sizes in bytes of the files that there are.
const (
	Setting = 1 << 20  // a configuration, a fault plan, a key: written by hand
	Report  = 64 << 20 // a report, a matrix, a conversation of the fuzzer: written by this program
)

// ReadFile is os.ReadFile for a file of at most most bytes, whatever it is: a
// device without an end, too.
func ReadFile(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(text)) > most {
		err = &os.PathError{Op: "read", Path: path, Err: fmt.Errorf("%w: more than %d KiB", ErrTooLong, most>>10)}
	}
	if err != nil {
		return nil, err
	}
	return text, nil
}
