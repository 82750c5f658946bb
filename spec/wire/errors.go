package wire

import "fmt"

// Error says what is wrong with the bytes of a message.
type Error struct {
	Clause string // id of the clause that the bytes break or that says what a receiver makes of them, such as "FRM-12"
	Field  string // name of the field as in Layout
	Offset int    // of the field, or of the wrong byte in a text, counted from the first byte of the header
	Reason string // what is wrong, without field, offset and clause
}

// codeForClients is the clause about a response with a code that the edition does
// not have. No clause for servers says which codes there are.
const codeForClients = "RTY-4"

// Accuses says whether the clause can be told to whoever sent the bytes: else it only
// says what a receiver makes of them, and binds nobody on the other side.
func (e *Error) Accuses() bool { return e.Clause != codeForClients }

// Error returns field, offset, reason and clause in one line, without a clause that
// is none for whoever sent the bytes.
func (e *Error) Error() string {
	if !e.Accuses() {
		return fmt.Sprintf("%s at offset %d: %s", e.Field, e.Offset, e.Reason)
	}
	return fmt.Sprintf("%s at offset %d: %s (%s)", e.Field, e.Offset, e.Reason, e.Clause)
}
