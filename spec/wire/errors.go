package wire

import "fmt"

// Error says what is wrong with the bytes of a message.
type Error struct {
	Clause string // id of the clause that the bytes break or that says what a receiver makes of them, such as "FRM-12"
	Field  string // name of the field as in Layout
	Offset int    // of the field, or of the wrong byte in a text, counted from the first byte of the header
	Reason string // what is wrong, without field, offset and clause
}

// Error returns field, offset, reason and clause in one line.
func (e *Error) Error() string {
	return fmt.Sprintf("%s at offset %d: %s (%s)", e.Field, e.Offset, e.Reason, e.Clause)
}
